"""What is kept, in memory: one fake a port, which passes the same contract suite as the adapter (tests/contracts)."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Generic, TypeVar

import orjson

from regulars.domain.campaigns.run import Run, RunsPage
from regulars.domain.collection.source import Source, SourceKey
from regulars.domain.curation.state import CurateState
from regulars.domain.definitions import Definition, DefinitionKind, require_newest
from regulars.domain.delivery.caps import Contacts
from regulars.domain.delivery.progress import Progress
from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError, NotFoundError, StoreUnavailableError
from regulars.domain.evaluations import Evaluation
from regulars.domain.imports.job import Import, Part
from regulars.domain.people.device import Device
from regulars.domain.people.profile import Profile
from regulars.domain.refreshes import Refresh
from regulars.ports import Stored

T = TypeVar("T")


class MemoryCurateState:
    def __init__(self) -> None:
        self.stored = Stored(CurateState(), 0)

    def get(self) -> Stored[CurateState]:
        return self.stored

    def put(self, state: CurateState, *, expected: int) -> None:
        if self.stored.version != expected:
            raise ConflictError("curate's state")
        self.stored = Stored(state, expected + 1)


class MemoryRuns:
    def __init__(self) -> None:
        self._stored: dict[str, Stored[Run]] = {}
        self._latest: dict[str, str] = {}

    def create(self, run: Run, *, after: str | None = None) -> None:
        if run.run_id in self._stored or after not in (None, self.latest(run.campaign.id)):
            raise ConflictError(run.run_id)
        self._stored[run.run_id] = Stored(run, 1)
        self._latest[run.campaign.id] = run.run_id

    def latest(self, campaign_id: str) -> str:
        return self._latest.get(campaign_id, "")

    def get(self, run_id: str) -> Stored[Run]:
        if run_id not in self._stored:
            raise NotFoundError(run_id)
        return self._stored[run_id]

    def goes_on(self, run_id: str, execution: int | None = None) -> bool:
        run = self.get(run_id).value
        return run.goes_on and execution in (None, run.executions)

    def unfinished(self) -> Sequence[Run]:
        return [stored.value for stored in self._stored.values() if not stored.value.has_ended]

    def under_way(self) -> Sequence[Run]:
        return [run for run in self.unfinished() if run.goes_on]

    def put(self, run: Run, *, expected: int) -> None:
        if run.run_id not in self._stored or self._stored[run.run_id].version != expected:
            raise ConflictError(run.run_id)
        self._stored[run.run_id] = Stored(run, expected + 1)

    def listed(self, *, campaign_id: str = "", segment_id: str = "", page: str = "", limit: int = 50) -> RunsPage:
        every = [stored.value for stored in self._stored.values()]
        kept = {_place(run): run for run in every if campaign_id in ("", run.campaign.id) and (not segment_id or segment_id in run.segments)}
        places = [place for place in sorted(kept, reverse=True) if not page or place < page]
        return RunsPage([kept[place] for place in places[:limit]], places[limit - 1] if len(places) > limit else "")


def _place(run: Run) -> str:
    return f"{run.launched_at.isoformat(timespec='microseconds')}#{run.run_id}"


class MemoryClaims:
    """`taken` has the holder of each name."""

    def __init__(self) -> None:
        self.taken: dict[str, str] = {}

    def hold(self, name: str, *, holder: str) -> bool:
        return self.taken.setdefault(name, holder) == holder


class MemoryProgress:
    """`writes` counts them; `fails` has each raise StoreUnavailableError."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, int], Stored[Progress]] = {}
        self.writes, self.fails = 0, False

    def get(self, run_id: str, shard: int) -> Stored[Progress]:
        return self.stored.get((run_id, shard), Stored(Progress(run_id, shard), 0))

    def get_many(self, run_id: str, shards: Sequence[int]) -> Sequence[Progress]:
        return [self.stored[run_id, shard].value for shard in shards if (run_id, shard) in self.stored]

    def put(self, progress: Progress, *, expected: int) -> None:
        if self.fails:
            raise StoreUnavailableError("the table of claims failed: it is a test")
        if self.get(progress.run_id, progress.shard).version != expected:
            raise ConflictError(f"shard {progress.shard}")
        self.stored[progress.run_id, progress.shard] = Stored(progress, expected + 1)
        self.writes += 1


class MemoryDefinitions:
    def __init__(self) -> None:
        self._versions: dict[tuple[DefinitionKind, str], list[Definition]] = {}

    def put(self, kind: DefinitionKind, identity: str, document: JsonObject, *, at: datetime, by: str, after: int | None = None) -> Definition:
        versions = self._versions.setdefault((kind, identity), [])
        require_newest(kind, identity, len(versions), after)
        kept = orjson.loads(orjson.dumps(document))
        versions[:] = [replace(each, archived=False) for each in versions]
        versions.append(Definition(kind, identity, len(versions) + 1, kept, at, by))
        return versions[-1]

    def get(self, kind: DefinitionKind, identity: str, version: int | None = None) -> Definition:
        versions = self._versions.get((kind, identity), [])
        number = len(versions) if version is None else version
        if not 1 <= number <= len(versions):
            raise NotFoundError(f"{kind} {identity}")
        return versions[number - 1]

    def all(self, kind: DefinitionKind) -> Sequence[Definition]:
        return [self.get(kind, identity) for found, identity in sorted(self._versions) if found == kind]

    def versions(self, kind: DefinitionKind, identity: str) -> Sequence[Definition]:
        self.get(kind, identity)
        return self._versions[kind, identity][::-1]

    def archive(self, kind: DefinitionKind, identity: str) -> Definition:
        archived = replace(self.get(kind, identity), archived=True)
        self._versions[kind, identity][-1] = archived
        return archived


class MemoryEvaluations:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Evaluation] = {}

    def put(self, evaluation: Evaluation) -> None:
        self.kept[evaluation.segment_id, evaluation.id] = evaluation

    def get(self, segment_id: str, evaluation_id: str) -> Evaluation:
        if (segment_id, evaluation_id) not in self.kept:
            raise NotFoundError(f"there is no evaluation {evaluation_id} of segment {segment_id}")
        return self.kept[segment_id, evaluation_id]

    def listed(self, segment_id: str, *, limit: int = 50) -> Sequence[Evaluation]:
        return [self.kept[key] for key in sorted(self.kept, reverse=True) if key[0] == segment_id][:limit]


class MemoryObjects:
    """`fails` says of which keys a put raises StoreUnavailableError, `lost` of which a get does; `chunk` is how many bytes come at a time."""

    chunk = 1000

    def __init__(self, content: Mapping[str, bytes] | None = None) -> None:
        self.content = dict(content or {})
        self.fails: Callable[[str], bool] = lambda key: False
        self.lost: Callable[[str], bool] = lambda key: False

    def put(self, key: str, body: bytes, *, only_if_absent: bool = False) -> bool:
        if self.fails(key):
            raise StoreUnavailableError(f"the lake's bucket failed at {key}: it is a test")
        if only_if_absent and key in self.content:
            return False
        self.content[key] = body
        return True

    def get(self, key: str) -> bytes:
        if self.lost(key):
            raise StoreUnavailableError(f"the lake's bucket failed at {key}: it is a test")
        if key not in self.content:
            raise NotFoundError(f"no object {key} in the lake")
        return self.content[key]

    def chunks(self, key: str, *, start: int = 0) -> Iterator[bytes]:
        body = self.get(key)
        return iter([body[place : place + self.chunk] for place in range(start, len(body), self.chunk)] or [b""])

    def copy(self, key: str, to: str) -> None:
        self.content[to] = self.get(key)

    def keys(self, prefix: str, *, after: str = "") -> Iterator[str]:
        return iter(sorted(key for key in self.content if key.startswith(prefix) and key > after))

    def versions(self, prefix: str) -> Iterator[tuple[str, str]]:
        return ((key, hashlib.md5(self.content[key]).hexdigest()) for key in self.keys(prefix))


class MemoryRefreshes:
    """`fails` makes a put raise StoreUnavailableError; `before_put` is what somebody else does just before our next one."""

    def __init__(self) -> None:
        self.kept: dict[str, Stored[Refresh]] = {}
        self.fails = False
        self.before_put: Callable[[], object] | None = None

    def get(self, segment_id: str) -> Stored[Refresh]:
        return self.kept.get(segment_id, Stored(Refresh(segment_id), 0))

    def put(self, state: Refresh, *, expected: int) -> None:
        if self.fails:
            raise StoreUnavailableError("the table of state failed: it is a test")
        if self.before_put is not None:
            act, self.before_put = self.before_put, None
            act()
        if self.get(state.segment_id).version != expected:
            raise ConflictError(state.segment_id)
        self.kept[state.segment_id] = Stored(state, expected + 1)


class MemoryImports:
    def __init__(self) -> None:
        self._jobs: dict[str, Import] = {}
        self._parts: dict[tuple[str, int], Stored[Part]] = {}

    def create(self, job: Import) -> bool:
        return job.id not in self._jobs and self._jobs.setdefault(job.id, job) == job

    def get(self, import_id: str) -> Import:
        if import_id not in self._jobs:
            raise NotFoundError(import_id)
        return self._jobs[import_id]

    def close(self, import_id: str, parts: int) -> None:
        self._jobs[import_id] = replace(self.get(import_id), parts=parts)

    def listed(self, *, limit: int = 50) -> Sequence[Import]:
        return sorted(self._jobs.values(), key=lambda job: (job.started_at, job.id), reverse=True)[:limit]

    def add_part(self, part: Part) -> bool:
        place = part.import_id, part.number
        return place not in self._parts and self._parts.setdefault(place, Stored(part, 1)).value == part

    def part(self, import_id: str, number: int) -> Stored[Part]:
        if (import_id, number) not in self._parts:
            raise NotFoundError(import_id)
        return self._parts[import_id, number]

    def put_part(self, part: Part, *, expected: int) -> None:
        if self.part(part.import_id, part.number).version != expected:
            raise ConflictError(part.import_id)
        self._parts[part.import_id, part.number] = Stored(part, expected + 1)

    def parts(self, import_id: str) -> Sequence[Part]:
        return [stored.value for (job, _), stored in sorted(self._parts.items(), key=lambda each: each[0]) if job == import_id]


class MemorySources:
    """The sources and their keys. `fails` is raised by every look for a key."""

    def __init__(self, *sources: Source) -> None:
        self._stored: dict[str, Stored[Source]] = {}
        self._keys: dict[str, SourceKey] = {}
        self.fails: Exception | None = None
        for source in sources:
            self.put(source, expected=0)

    def get(self, name: str) -> Stored[Source]:
        if name not in self._stored:
            raise NotFoundError(f"there is no source {name}")
        return self._stored[name]

    def all(self) -> Sequence[Source]:
        return [self._stored[name].value for name in sorted(self._stored)]

    def put(self, source: Source, *, expected: int) -> None:
        there = self._stored.get(source.name)
        if (there.version if there else 0) != expected:
            raise ConflictError(f"there is a source {source.name} already")
        if any((known.source, known.made_at) != (key.source, key.made_at) for key in source.keys if (known := self._keys.get(key.digest))):
            raise ConflictError("this write key is in use, or was")
        self._stored[source.name] = Stored(source, expected + 1)
        self._keys.update({key.digest: key for key in source.keys})

    def find(self, digest: str) -> SourceKey | None:
        if self.fails:
            raise self.fails
        return self._keys.get(digest)


class MemoryEventNames:
    """`limit` is the most names of a source."""

    def __init__(self, *, limit: int = 200) -> None:
        self.names: dict[str, list[str]] = {}
        self.limit = limit
        self.fails = False

    def admitted(self, source: str, names: Collection[str]) -> Collection[str]:
        if self.fails:
            raise StoreUnavailableError("the table of state failed: it is a test")
        known = self.names.setdefault(source, [])
        for name in names:
            if name not in known and len(known) < self.limit:
                known.append(name)
        return {name for name in names if name in known}


class _MemoryDocuments(Generic[T]):
    """`rivals` are what others write just before our next writes: one a write, each makes that write a conflict."""

    def __init__(self, things: Sequence[T], rivals: Sequence[T], *, key: str) -> None:
        self._key = key
        self.stored = {self._key_of(thing): Stored(thing, 1) for thing in things}
        self.writes = 0
        self.fails = False
        self._rivals = list(rivals)

    def get_many(self, keys: Sequence[str]) -> Mapping[str, Stored[T]]:
        if self.fails:
            raise StoreUnavailableError("the table failed: it is a test")
        return {key: self.stored[key] for key in keys if key in self.stored}

    def put(self, thing: T, *, expected: int) -> None:
        if self._rivals:
            self._write(self._rivals.pop(0))
        if self._version(self._key_of(thing)) != expected:
            raise ConflictError("another write came first")
        self._write(thing)
        self.writes += 1

    def put_many(self, things: Sequence[Stored[T]]) -> Collection[str]:
        lost = set()
        for stored in things:
            try:
                self.put(stored.value, expected=stored.version)
            except ConflictError:
                lost.add(self._key_of(stored.value))
        return lost

    def _key_of(self, thing: T) -> str:
        return str(getattr(thing, self._key))

    def _version(self, key: str) -> int:
        return self.stored[key].version if key in self.stored else 0

    def _write(self, thing: T) -> None:
        key = self._key_of(thing)
        self.stored[key] = Stored(thing, self._version(key) + 1)


class MemoryProfiles(_MemoryDocuments[Profile]):
    def __init__(self, profiles: Sequence[Profile] = (), *, rivals: Sequence[Profile] = ()) -> None:
        super().__init__(profiles, rivals, key="user_id")


class MemoryDevices(_MemoryDocuments[Device]):
    def __init__(self, devices: Sequence[Device] = (), *, rivals: Sequence[Device] = ()) -> None:
        super().__init__(devices, rivals, key="device_id")


class MemoryContacts:
    """`kept` has what is known of each user."""

    def __init__(self) -> None:
        self.kept: dict[str, Contacts] = {}

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Contacts]:
        return {user_id: self.kept[user_id] for user_id in user_ids if user_id in self.kept}

    def put_many(self, changes: Sequence[tuple[Contacts | None, Contacts]]) -> Collection[str]:
        lost = set()
        for before, after in changes:
            if self.kept.get(after.user_id) == before:
                self.kept[after.user_id] = after
            else:
                lost.add(after.user_id)
        return lost
