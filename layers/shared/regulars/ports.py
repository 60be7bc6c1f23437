"""What use cases need from the world, as protocols. Real ones live in `adapters`; tests hand in fakes that pass the same contract suites."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from regulars.domain.lake.migrations import AppliedStatement

Document = dict[str, Any]
"""A JSON object."""


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


class ObjectStore(Protocol):
    """The lake's bucket. Keys have no leading slash. Raises StoreUnavailableError."""

    def put(self, key: str, body: bytes, *, only_if_absent: bool = False) -> bool:
        """False (and nothing written) where `only_if_absent` and the key is there already."""
        ...

    def get(self, key: str) -> bytes:
        """Raises NotFoundError."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key under the prefix, in order."""
        ...


@dataclass(frozen=True)
class Stored:
    """A document and the version that a write must expect (0: not there yet)."""

    document: Document
    version: int


class ProfileStore(Protocol):
    """One document a person: merged traits and devices. The rules are in `domain.profiles`."""

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored]:
        """The known ones among them, strongly consistent; unknown ids are absent."""
        ...

    def put(self, user_id: str, document: Document, *, expected: int) -> None:
        """Writes version `expected + 1`. Raises ConflictError if another write came first."""
        ...


DefinitionKind = Literal["segment", "campaign"]


class DefinitionStore(Protocol):
    """Segments and campaigns; every put is a new version and old ones stay."""

    def put(self, kind: DefinitionKind, identity: str, document: Document, *, at: datetime, by: str) -> int:
        """Returns the new version, from 1."""
        ...

    def get(self, kind: DefinitionKind, identity: str, version: int | None = None) -> Stored:
        """The newest unless a version is named. Raises NotFoundError."""
        ...

    def all(self, kind: DefinitionKind) -> Sequence[Stored]:
        """The newest of each, by id."""
        ...


class RunStore(Protocol):
    """Run records, and the small state that must be claimed once."""

    def create(self, run_id: str, document: Document) -> None:
        """Raises ConflictError if the run is there."""
        ...

    def get(self, run_id: str) -> Stored:
        """Raises NotFoundError."""
        ...

    def put(self, run_id: str, document: Document, *, expected: int) -> None:
        """Raises ConflictError if another write came first."""
        ...

    def claim(self, name: str, owner: str) -> bool:
        """True for the first caller of this name, ever; False for each later one, whoever it is."""
        ...


class StateStore(Protocol):
    """Watermarks and leases, by name."""

    def get(self, name: str) -> Stored:
        """An empty document of version 0 where there is none."""
        ...

    def put(self, name: str, document: Document, *, expected: int) -> None:
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


QueryState = Literal["queued", "running", "succeeded", "failed", "cancelled"]


@dataclass(frozen=True)
class Query:
    """One Athena query execution, as it stands."""

    query_id: str
    state: QueryState
    reason: str = ""
    bytes_scanned: int = 0
    manifest: str = ""
    """UNLOAD only: the s3 URL of the CSV that lists what was written."""


Row = Mapping[str, str | None]


class QueryEngine(Protocol):
    """Athena in our work group and database. Raises QueryFailedError."""

    def start(self, sql: str, *, token: str = "") -> str:
        """Returns the query id at once. The same token and text never start a second query."""
        ...

    def look(self, query_id: str) -> Query: ...

    def rows(self, query_id: str, *, page: str = "", size: int = 1000) -> tuple[Sequence[Row], str]:
        """One page of a finished SELECT and the name of the next page ("" at the end)."""
        ...

    def run(self, sql: str) -> Query:
        """Starts and waits. Raises QueryFailedError with Athena's reason if it did not succeed."""
        ...

    def all_rows(self, sql: str) -> Iterator[Row]:
        """Runs a SELECT and gives its rows."""
        ...


class CampaignRunner(Protocol):
    """The campaign state machine."""

    def start(self, run_id: str) -> str:
        """Starts the run's execution once, named by its run id; returns its ARN. Starting it again is a no-op."""
        ...


class CurateTrigger(Protocol):
    def start(self) -> None:
        """Asks for a curate run and does not wait for it."""
        ...


Outcome = Literal["sent", "failed", "unknown"]


@dataclass(frozen=True)
class Push:
    """One FCM message: `body` is the JSON of `{"message": {...}}`, `key` says whose it is."""

    key: int
    body: bytes


@dataclass(frozen=True)
class PushResult:
    """What became of one push. `reason` is empty when sent, else one of `domain.delivery.REASONS`."""

    key: int
    outcome: Outcome
    reason: str = ""
    provider_id: str = ""
    dead_token: bool = False


class PushSender(Protocol):
    def send(self, pushes: Iterable[Push], *, per_second: float, deadline: datetime | None = None) -> Iterator[PushResult]:
        """Sends each push once and gives each one's result, in the order they finish.

        Takes no new push after `deadline`: those are simply not in the results.
        Raises PushConfigurationError when FCM refuses our credentials, PushUnavailableError when it can't be reached at all.
        """
        ...
