"""What use cases need from the world, as protocols. Real ones live in `adapters`; tests hand in fakes that pass the same contract suites."""

from __future__ import annotations  # a function imports the types that it uses, not those of every port

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta

    from regulars.domain.campaigns.execution import Execution
    from regulars.domain.campaigns.run import Run, RunsPage
    from regulars.domain.curation.state import CurateState
    from regulars.domain.definitions import Definition, DefinitionKind
    from regulars.domain.documents import JsonObject
    from regulars.domain.errors import InfrastructureError
    from regulars.domain.lake.migrations import AppliedStatement
    from regulars.domain.operations import Alarm, LogPage
    from regulars.domain.people.profile import Profile
    from regulars.domain.queries import Query, ResultRow

T = TypeVar("T")


@dataclass(frozen=True)
class Stored(Generic[T]):
    """What is kept, and the version that a write must expect (0: not there yet)."""

    value: T
    version: int


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, in UTC, with its zone."""
        ...


class EventQueue(Protocol):
    def send(self, body: str) -> None:
        """Returns only when the queue has the message durably. Raises QueueUnavailableError."""
        ...

    def depth(self) -> int:
        """How many messages wait, are delayed or are being worked on. Approximate on AWS."""
        ...

    def give_back(self, receipts: Mapping[str, timedelta]) -> None:
        """Messages that somebody has in hand may be taken again after so long, in place of the queue's own time, which stays where that fails."""
        ...


class ObjectStore(Protocol):
    """The lake's bucket. Keys have no leading slash. Raises StoreUnavailableError."""

    def put(self, key: str, body: bytes, *, only_if_absent: bool = False) -> bool:
        """False (and nothing written) where `only_if_absent` and the key is there already."""
        ...

    def get(self, key: str) -> bytes:
        """Raises NotFoundError."""
        ...

    def chunks(self, key: str) -> Iterator[bytes]:
        """What `get` gives, in pieces: as much of it is in memory as one has, and a reader may take its time. Raises NotFoundError, at once."""
        ...

    def keys(self, prefix: str, *, after: str = "") -> Iterator[str]:
        """Every key under the prefix that comes after `after`, in order."""
        ...


class ProfileStore(Protocol):
    """One profile a person."""

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored[Profile]]:
        """The known ones among them, strongly consistent; unknown ids are absent."""
        ...

    def put(self, profile: Profile, *, expected: int) -> None:
        """Writes version `expected + 1`. Raises ConflictError if another write came first."""
        ...

    def put_many(self, profiles: Sequence[Stored[Profile]]) -> Collection[str]:
        """Writes each on its own, as the version after the one that it has; whose another write came before. Their people must differ.

        Raises StoreUnavailableError, after which any of them may have been written.
        """
        ...


class EventNames(Protocol):
    """Which names of events have a partition of their own in the lake."""

    def admitted(self, source: str, names: Collection[str]) -> Collection[str]:
        """Those among the names that have one: the first so many of a source, and whichever had one once keeps it. Raises StoreUnavailableError."""
        ...


class DefinitionStore(Protocol):
    """Segments and campaigns; every put is a new version and old ones stay."""

    def put(self, kind: DefinitionKind, identity: str, document: JsonObject, *, at: datetime, by: str) -> Definition:
        """The newest from now on, not archived; versions count from 1."""
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

    def create(self, run: Run) -> None:
        """Raises ConflictError if the run is there."""
        ...

    def get(self, run_id: str) -> Stored[Run]:
        """Raises NotFoundError."""
        ...

    def goes_on(self, run_id: str) -> bool:
        """Run.goes_on of what is kept now, for less than `get` costs. Raises NotFoundError."""
        ...

    def put(self, run: Run, *, expected: int) -> None:
        """Raises ConflictError if another write came first."""
        ...

    def unfinished(self) -> Sequence[Run]:
        """Every run that has not ended. Where there is none, this costs next to nothing."""
        ...

    def listed(self, *, campaign_id: str = "", page: str = "", limit: int = 50) -> RunsPage:
        """Runs by their launch, the newest first: of one campaign, or of all. Raises InvalidRequestError for what is no page."""
        ...


class ClaimStore(Protocol):
    """Names that are taken once, for a month: longer than anything that claims can be repeated. Raises StoreUnavailableError."""

    def claim(self, name: str, *, holder: str) -> bool:
        """True for the first caller of this name; False for each later one, whoever it is."""
        ...

    def hold(self, name: str, *, holder: str) -> bool:
        """True for whoever was the first holder of this name, also when they ask again."""
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


class TableCatalog(Protocol):
    """The lake's tables as Glue knows them."""

    def columns(self, table: str) -> Mapping[str, str]:
        """Name to Hive type, both in lower case without blanks; nothing where there is no such table. Raises StoreUnavailableError."""
        ...


class QueryEngine(Protocol):
    """Athena in our work group and database. Raises QueryFailedError."""

    def start(self, sql: str, *, token: str = "") -> str:
        """Returns the query id at once. The same token and text never start a second query."""
        ...

    def look(self, query_id: str) -> Query: ...

    def rows(self, query_id: str, *, page: str = "", size: int = 1000) -> tuple[Sequence[ResultRow], str]:
        """One page of a finished SELECT and the name of the next page ("" at the end). Raises InvalidRequestError for what is no page."""
        ...

    def fetched(self, query_id: str) -> Iterator[ResultRow]:
        """Every row of a finished SELECT."""
        ...

    def wait(self, query_id: str, *, within: timedelta) -> Query:
        """The query when it is over, whatever came of it, or as it stands after so long. Raises NotFoundError where nobody knows it."""
        ...

    def run(self, sql: str) -> Query:
        """Starts and waits. Raises QueryFailedError with Athena's reason if it did not succeed."""
        ...

    def all_rows(self, sql: str) -> Iterator[ResultRow]:
        """Runs a SELECT and gives its rows."""
        ...


class CampaignRunner(Protocol):
    """The campaign state machine."""

    def start(self, run_id: str) -> str:
        """Starts the run's execution once, named by its run id; returns its ARN. Starting it again is a no-op."""
        ...

    def look(self, run_id: str) -> Execution:
        """How the run's execution stands. Raises RunnerUnavailableError."""
        ...


class CurateTrigger(Protocol):
    def start(self) -> None:
        """Asks for a curate run and does not wait for it."""
        ...


@dataclass(frozen=True, slots=True)
class Push:
    """One FCM message: `body` is the JSON of `{"message": {...}}`, `key` says whose it is."""

    key: int
    body: bytes


@dataclass(frozen=True, slots=True)
class PushResult:
    """What became of one push. `reason` is empty when sent, else one of `domain.reasons`."""

    key: int
    outcome: Literal["sent", "failed", "unknown"]
    reason: str = ""
    provider_id: str = ""
    dead_token: bool = False


class PushSession(Protocol):
    """One stretch of sending, in one thread. Each push that was taken gives one result, in the order they finish, unless the session
    ends before its turn: because of the deadline, or of a `failure`."""

    @property
    def hungry(self) -> bool:
        """It could send more than it was given. False for good once the deadline has come or something failed."""
        ...

    @property
    def busy(self) -> bool:
        """More results may come."""
        ...

    @property
    def failure(self) -> InfrastructureError | None:
        """Why nothing more is sent: PushConfigurationError when FCM refuses our credentials, PushUnavailableError when it can't be reached at all."""
        ...

    def take(self, pushes: Iterable[Push]) -> None:
        """Sends each of them once, as soon as the pace allows."""
        ...

    def results(self) -> Sequence[PushResult]:
        """What has ended since the last call; waits a moment where nothing has."""
        ...


class PushSender(Protocol):
    def open(self, *, per_second: float, deadline: datetime | None = None) -> AbstractContextManager[PushSession]:
        """A session that starts no push after `deadline`. Leaving it drops what is still under way."""
        ...


class LogReader(Protocol):
    """What the functions logged. Raises StoreUnavailableError."""

    def functions(self) -> Sequence[str]:
        """Whose logs there are."""
        ...

    def events(self, functions: Sequence[str], *, since: datetime, page: str = "", limit: int = 1000) -> LogPage:
        """Lines since then, at most `limit` of each function. Raises InvalidRequestError for a function or a page that is none."""
        ...


class AlarmReader(Protocol):
    """The platform's alarms. Raises StoreUnavailableError."""

    def all(self) -> Sequence[Alarm]:
        """Each of them, by name."""
        ...
