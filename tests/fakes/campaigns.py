"""Ports of campaigns, in memory. They pass the same contract suites as the real ones (tests/contracts)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from regulars.domain.errors import ConflictError, NotFoundError, StoreUnavailableError
from regulars.ports import DefinitionKind, Document, Push, PushResult, Query, Row, Stored

MOMENT = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)


class MovableClock:
    def __init__(self, moment: datetime = MOMENT) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def advance(self, span: timedelta) -> None:
        self.moment += span


class MemoryState:
    def __init__(self) -> None:
        self._stored: dict[str, Stored] = {}

    def get(self, name: str) -> Stored:
        return self._stored.get(name, Stored({}, 0))

    def put(self, name: str, document: Document, *, expected: int) -> None:
        if self.get(name).version != expected:
            raise ConflictError(name)
        self._stored[name] = Stored(_copy(document), expected + 1)


class MemoryRuns:
    def __init__(self) -> None:
        self._stored: dict[str, Stored] = {}
        self.claims: dict[str, str] = {}

    def create(self, run_id: str, document: Document) -> None:
        if run_id in self._stored:
            raise ConflictError(run_id)
        self._stored[run_id] = Stored(_copy(document), 1)

    def get(self, run_id: str) -> Stored:
        if run_id not in self._stored:
            raise NotFoundError(run_id)
        return self._stored[run_id]

    def put(self, run_id: str, document: Document, *, expected: int) -> None:
        if run_id not in self._stored or self._stored[run_id].version != expected:
            raise ConflictError(run_id)
        self._stored[run_id] = Stored(_copy(document), expected + 1)

    def claim(self, name: str, owner: str) -> bool:
        if name in self.claims:
            return False
        self.claims[name] = owner
        return True


class MemoryDefinitions:
    def __init__(self) -> None:
        self._stored: dict[tuple[str, str], list[Document]] = {}

    def put(self, kind: DefinitionKind, identity: str, document: Document, *, at: datetime, by: str) -> int:
        versions = self._stored.setdefault((kind, identity), [])
        versions.append(_copy(document))
        return len(versions)

    def get(self, kind: DefinitionKind, identity: str, version: int | None = None) -> Stored:
        versions = self._stored.get((kind, identity), [])
        number = len(versions) if version is None else version
        if not 1 <= number <= len(versions):
            raise NotFoundError(f"{kind} {identity}")
        return Stored(versions[number - 1], number)

    def all(self, kind: DefinitionKind) -> Sequence[Stored]:
        return [self.get(kind, identity) for found, identity in sorted(self._stored) if found == kind]


class MemoryLake:
    """`fails` says of which keys a put raises StoreUnavailableError."""

    def __init__(self, objects: Mapping[str, bytes] | None = None) -> None:
        self.objects = dict(objects or {})
        self.fails: Callable[[str], bool] = lambda key: False

    def put(self, key: str, body: bytes, *, only_if_absent: bool = False) -> bool:
        if self.fails(key):
            raise StoreUnavailableError(key)
        if only_if_absent and key in self.objects:
            return False
        self.objects[key] = body
        return True

    def get(self, key: str) -> bytes:
        if key not in self.objects:
            raise NotFoundError(key)
        return self.objects[key]

    def keys(self, prefix: str) -> Iterator[str]:
        return iter(sorted(key for key in self.objects if key.startswith(prefix)))


class MemoryProfiles:
    def __init__(self, documents: Mapping[str, Document] | None = None) -> None:
        self.stored = {user: Stored(document, 1) for user, document in (documents or {}).items()}
        self.fails = False

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored]:
        if self.fails:
            raise StoreUnavailableError("profiles")
        return {user: self.stored[user] for user in user_ids if user in self.stored}

    def put(self, user_id: str, document: Document, *, expected: int) -> None:
        if self.stored[user_id].version != expected:
            raise ConflictError(user_id)
        self.stored[user_id] = Stored(document, expected + 1)


class ScriptedSender:
    """Sends every push, unless `answer` says otherwise of its message; remembers what went out in `sent`, in order.

    `answer` gets the message and how many were sent before. It may return a result, None for "not taken before the deadline", or raise.
    """

    def __init__(self, answer: Callable[[Push, int], PushResult | None] | None = None) -> None:
        self.answer = answer or (lambda push, _: PushResult(push.key, "sent", provider_id="projects/p/messages/1"))
        self.sent: list[Document] = []
        self.rates: list[float] = []

    def send(self, pushes: Iterable[Push], *, per_second: float, deadline: datetime | None = None) -> Iterator[PushResult]:
        self.rates.append(per_second)
        for push in pushes:
            result = self.answer(push, len(self.sent))
            if result is None:
                return
            self.sent.append(orjson.loads(push.body)["message"])
            yield result

    @property
    def tokens(self) -> list[str]:
        return [message["token"] for message in self.sent]


class ScriptedQueries:
    """Answers each statement that matches a pattern with its rows; `ran` has every statement's text."""

    def __init__(self, answers: Mapping[str, Sequence[Row] | Exception] | None = None, *, bytes_scanned: int = 7) -> None:
        self.answers = dict(answers or {})
        self.ran: list[str] = []
        self.bytes_scanned = bytes_scanned
        self.state: Any = "succeeded"

    def start(self, sql: str, *, token: str = "") -> str:
        self.ran.append(sql)
        return str(len(self.ran) - 1)

    def look(self, query_id: str) -> Query:
        return Query(query_id, self.state, reason="" if self.state == "succeeded" else "because", bytes_scanned=self.bytes_scanned)

    def rows(self, query_id: str, *, page: str = "", size: int = 1000) -> tuple[Sequence[Row], str]:
        found = self._answer(self.ran[int(query_id)])
        # Two rows a page, so that whoever forgets the next page is found out.
        start = int(page or 0)
        following = str(start + 2) if start + 2 < len(found) else ""
        return found[start : start + 2], following

    def run(self, sql: str) -> Query:
        self._answer(sql)
        return self.look(self.start(sql))

    def all_rows(self, sql: str) -> Iterator[Row]:
        return iter(self._answer(sql))

    def _answer(self, sql: str) -> Sequence[Row]:
        for pattern, answer in self.answers.items():
            if re.search(pattern, sql):
                if isinstance(answer, Exception):
                    raise answer
                return answer
        return ()


class MemoryRunner:
    def __init__(self) -> None:
        self.started: list[str] = []

    def start(self, run_id: str) -> str:
        self.started.append(run_id)
        return f"arn:aws:states:us-east-1:123456789012:execution:campaign:{run_id}"


def _copy(document: Document) -> Document:
    """As a store gives it back: through JSON."""
    copied: Document = orjson.loads(orjson.dumps(document))
    return copied
