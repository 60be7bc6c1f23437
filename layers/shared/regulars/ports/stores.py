"""What keeps something for us: the lake's objects, and the tables."""

from __future__ import annotations  # a function imports the types that it uses, not those of every port

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from regulars.domain.campaigns.run import Run, RunsPage
    from regulars.domain.collection.source import Source, SourceKey
    from regulars.domain.curation.state import CurateState
    from regulars.domain.definitions import Definition, DefinitionKind
    from regulars.domain.documents import JsonObject
    from regulars.domain.evaluations import Evaluation
    from regulars.domain.imports.job import Import, Part
    from regulars.domain.lake.migrations import AppliedStatement
    from regulars.domain.people.device import Device
    from regulars.domain.people.profile import Profile
    from regulars.domain.refreshes import Refresh

T = TypeVar("T")


@dataclass(frozen=True)
class Stored(Generic[T]):
    """What is kept, and the version that a write must expect (0: not there yet)."""

    value: T
    version: int


class ObjectStore(Protocol):
    """The lake's bucket. Keys have no leading slash. Raises StoreUnavailableError."""

    def put(self, key: str, body: bytes, *, only_if_absent: bool = False) -> bool:
        """False (and nothing written) where `only_if_absent` and the key is there already."""
        ...

    def get(self, key: str) -> bytes:
        """Raises NotFoundError."""
        ...

    def chunks(self, key: str, *, start: int = 0) -> Iterator[bytes]:
        """What `get` gives from byte `start` on, in pieces, at least one, be it empty: as much of it is in memory as one has, and a reader may take
        its time. Raises NotFoundError, at once."""
        ...

    def copy(self, key: str, to: str) -> None:
        """Within the bucket, in the place of whatever is there. Raises NotFoundError."""
        ...

    def keys(self, prefix: str, *, after: str = "") -> Iterator[str]:
        """Every key under the prefix that comes after `after`, in order."""
        ...

    def versions(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Every key under the prefix, in order, with a text that is another one whenever the object's content is (its ETag). Raises NotFoundError
        where there is no bucket that may be listed."""
        ...


class ProfileStore(Protocol):
    """One profile a person, and one an anonymous id that told something."""

    def get_many(self, keys: Sequence[str]) -> Mapping[str, Stored[Profile]]:
        """The known ones among these user ids, strongly consistent; unknown ids are absent."""
        ...

    def put(self, thing: Profile, *, expected: int) -> None:
        """Writes version `expected + 1`. Raises ConflictError if another write came first."""
        ...

    def put_many(self, things: Sequence[Stored[Profile]]) -> Collection[str]:
        """Writes each on its own, as the version after the one that it has; whose another write came before. Their people must differ.

        Raises StoreUnavailableError, after which any of them may have been written.
        """
        ...


class SourceStore(Protocol):
    """Who may send. Raises StoreUnavailableError."""

    def get(self, name: str) -> Stored[Source]:
        """Strongly consistent. Raises NotFoundError."""
        ...

    def all(self) -> Sequence[Source]:
        """Every source, by name; the revoked ones too."""
        ...

    def put(self, source: Source, *, expected: int) -> None:
        """Writes version `expected + 1`, and its keys with it.

        Raises ConflictError if another write came first, or if its newest key is or was a key already.
        """
        ...


class DeviceStore(Protocol):
    """What is known of each device, and whose it is."""

    def get_many(self, keys: Sequence[str]) -> Mapping[str, Stored[Device]]:
        """The known ones among these device ids, strongly consistent; unknown ids are absent."""
        ...

    def put(self, thing: Device, *, expected: int) -> None:
        """Writes version `expected + 1`. Raises ConflictError if another write came first."""
        ...

    def put_many(self, things: Sequence[Stored[Device]]) -> Collection[str]:
        """Writes each on its own, as the version after the one that it has; which another write came before. They must differ.

        Raises StoreUnavailableError, after which any of them may have been written.
        """
        ...


class WriteKeys(Protocol):
    """The keys of all sources, as collection looks them up. Raises StoreUnavailableError, TooManyRequestsError."""

    def find(self, digest: str) -> SourceKey | None:
        """The key of this digest, also one that has ended; what was so a few seconds ago may be taken for what is so."""
        ...


class EventNames(Protocol):
    """Which names of events have a partition of their own in the lake."""

    def admitted(self, source: str, names: Collection[str]) -> Collection[str]:
        """Those among the names that have one: the first so many of a source, and whichever had one once keeps it. Raises StoreUnavailableError."""
        ...


class DefinitionStore(Protocol):
    """Segments and campaigns; every put is a new version and old ones stay."""

    def put(self, kind: DefinitionKind, identity: str, document: JsonObject, *, at: datetime, by: str, after: int | None = None) -> Definition:
        """The newest from now on, not archived; versions count from 1. Raises StaleVersionError if the newest is not `after` (0: there is none),
        and then changes nothing; None: whichever it is."""
        ...

    def get(self, kind: DefinitionKind, identity: str, version: int | None = None) -> Definition:
        """The newest unless a version is named. Raises NotFoundError."""
        ...

    def all(self, kind: DefinitionKind) -> Sequence[Definition]:
        """The newest of each, by id; the archived ones too."""
        ...

    def versions(self, kind: DefinitionKind, identity: str) -> Sequence[Definition]:
        """Every version, the newest first. Raises NotFoundError."""
        ...

    def archive(self, kind: DefinitionKind, identity: str) -> Definition:
        """The newest version, archived from now on. Raises NotFoundError, ConflictError where somebody saves it meanwhile."""
        ...


class RunStore(Protocol):
    """Runs of campaigns."""

    def create(self, run: Run, *, after: str | None = None) -> None:
        """The latest of its campaign from now on. Raises ConflictError if the run is there, or the campaign's latest is not `after` any more (None:
        whichever it is), and then changes nothing."""
        ...

    def latest(self, campaign_id: str) -> str:
        """The id of the campaign's run that was created last, whatever its launch says, or empty."""
        ...

    def get(self, run_id: str) -> Stored[Run]:
        """Raises NotFoundError."""
        ...

    def goes_on(self, run_id: str, execution: int | None = None) -> bool:
        """Run.goes_on of what is kept now, and in the execution of this number where one is named, for less than `get` costs. Raises
        NotFoundError."""
        ...

    def put(self, run: Run, *, expected: int) -> None:
        """Raises ConflictError if another write came first."""
        ...

    def unfinished(self) -> Sequence[Run]:
        """Every run that has not ended. Where there is none, this costs next to nothing."""
        ...

    def under_way(self) -> Sequence[Run]:
        """Those that go on."""
        ...

    def listed(self, *, campaign_id: str = "", segment_id: str = "", page: str = "", limit: int = 50) -> RunsPage:
        """Runs by their launch, the newest first: of one campaign, or whose audience depends on a segment, or all.

        Raises InvalidRequestError for what is no page.
        """
        ...


class EvaluationStore(Protocol):
    """Evaluations of segments, for 90 days. Raises StoreUnavailableError."""

    def put(self, evaluation: Evaluation) -> None:
        """In the place of what is kept of it: what became of a query is the same whoever looks."""
        ...

    def get(self, segment_id: str, evaluation_id: str) -> Evaluation:
        """Raises NotFoundError."""
        ...

    def listed(self, segment_id: str, *, limit: int = 50) -> Sequence[Evaluation]:
        """By their start, the newest first."""
        ...


class RefreshStore(Protocol):
    """How the refreshing of each segment stands. Raises StoreUnavailableError."""

    def get(self, segment_id: str) -> Stored[Refresh]:
        """That of a segment which nobody looked at yet, at version 0, where there is none."""
        ...

    def put(self, state: Refresh, *, expected: int) -> None:
        """Writes version `expected + 1`. Raises ConflictError if another write came first."""
        ...


class ImportStore(Protocol):
    """Imports and their parts. Raises StoreUnavailableError."""

    def create(self, job: Import) -> bool:
        """False (and nothing written) where it is there already."""
        ...

    def get(self, import_id: str) -> Import:
        """Raises NotFoundError."""
        ...

    def close(self, import_id: str, parts: int) -> None:
        """From now on there are so many parts, and no more. Raises NotFoundError."""
        ...

    def listed(self, *, limit: int = 50) -> Sequence[Import]:
        """By their start, the newest first."""
        ...

    def add_part(self, part: Part) -> bool:
        """False (and nothing written) where a part of this number is there already."""
        ...

    def part(self, import_id: str, number: int) -> Stored[Part]:
        """Raises NotFoundError."""
        ...

    def put_part(self, part: Part, *, expected: int) -> None:
        """Raises ConflictError if another write came first."""
        ...

    def parts(self, import_id: str) -> Sequence[Part]:
        """All that there are, by number."""
        ...


class CurateStateStore(Protocol):
    """Where curate stands."""

    def get(self) -> Stored[CurateState]:
        """The state of one that never ran, at version 0, where there is none."""
        ...

    def put(self, state: CurateState, *, expected: int) -> None:
        """Raises ConflictError if another write came first."""
        ...


class MigrationLog(Protocol):
    """Which statements of infra/migrations the lake has. Raises StoreUnavailableError."""

    def applied(self) -> Sequence[AppliedStatement]:
        """All of them, strongly consistent, by number and place."""
        ...

    def record(self, statement: AppliedStatement) -> None:
        """Kept for ever. The same statement again changes nothing. Raises ConflictError if another one is recorded in its place."""
        ...
