"""In-memory ports of collection. They pass the same contract suites as the adapters (tests/contracts)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from regulars.domain.errors import ConflictError, NotFoundError, QueueUnavailableError, StoreUnavailableError
from regulars.ports import Stored


class FixedClock:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class MemoryQueue:
    """`fail_after` sends, the queue is unreachable."""

    def __init__(self, *, fail_after: int | None = None) -> None:
        self.bodies: list[str] = []
        self._fail_after = fail_after

    def send(self, body: str) -> None:
        if self._fail_after is not None and len(self.bodies) >= self._fail_after:
            raise QueueUnavailableError("the event queue took nothing: it is a test")
        self.bodies.append(body)

    def depth(self) -> int:
        return len(self.bodies)


class MemoryObjects:
    def __init__(self, *, broken: bool = False) -> None:
        self.content: dict[str, bytes] = {}
        self._broken = broken

    def put(self, key: str, body: bytes, *, only_if_absent: bool = False) -> bool:
        if self._broken:
            raise StoreUnavailableError(f"the lake's bucket failed at {key}: it is a test")
        if only_if_absent and key in self.content:
            return False
        self.content[key] = body
        return True

    def get(self, key: str) -> bytes:
        if key not in self.content:
            raise NotFoundError(f"no object {key} in the lake")
        return self.content[key]

    def keys(self, prefix: str) -> Iterator[str]:
        return iter(sorted(key for key in self.content if key.startswith(prefix)))


class MemoryProfiles:
    """`rivals` are documents that others write just before our next writes: one a write, each makes that write a conflict."""

    def __init__(self, *, rivals: Sequence[dict[str, Any]] = ()) -> None:
        self.stored: dict[str, Stored] = {}
        self.writes = 0
        self._rivals = list(rivals)

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored]:
        return {user_id: self.stored[user_id] for user_id in user_ids if user_id in self.stored}

    def put(self, user_id: str, document: dict[str, Any], *, expected: int) -> None:
        if self._rivals:
            self._write(user_id, self._rivals.pop(0))
        if self._version(user_id) != expected:
            raise ConflictError("another write of this profile came first")
        self._write(user_id, document)
        self.writes += 1

    def _version(self, user_id: str) -> int:
        return self.stored[user_id].version if user_id in self.stored else 0

    def _write(self, user_id: str, document: dict[str, Any]) -> None:
        self.stored[user_id] = Stored(orjson.loads(orjson.dumps(document)), self._version(user_id) + 1)
