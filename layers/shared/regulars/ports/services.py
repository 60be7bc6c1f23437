"""What does or knows something for us: the clock, the queue, Athena and its catalogue, the state machine, CloudWatch."""

from __future__ import annotations  # a function imports the types that it uses, not those of every port

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from regulars.domain.analysis.answers import LakeShown, QueryExport, QueryLook, QueryRows
    from regulars.domain.analysis.bound import LakeFile, QueryPlan
    from regulars.domain.campaigns.execution import Execution
    from regulars.domain.campaigns.schedule import Schedule
    from regulars.domain.costs import Statement
    from regulars.domain.dead_letters import Move, TakenLetter
    from regulars.domain.documents import JsonObject
    from regulars.domain.lake.snapshots import Snapshot
    from regulars.domain.messages.checks import FcmAnswer, MessageQuestion, MessagesChecked
    from regulars.domain.messages.topics import TopicChange, TopicChanged
    from regulars.domain.operations import Alarm, LogPage
    from regulars.domain.queries import Query, ResultRow, ResultTable


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, in UTC, with its zone."""
        ...


class EventQueue(Protocol):
    def send(self, body: str) -> None:
        """Returns only when the queue has the message durably. Raises QueueUnavailableError, TooManyRequestsError, and PayloadTooLargeError for one
        of more than a mebibyte, which no queue ever takes."""
        ...

    def depth(self) -> int:
        """How many messages wait, are delayed or are being worked on. Approximate on AWS."""
        ...

    def give_back(self, receipts: Mapping[str, timedelta]) -> None:
        """Messages that somebody has in hand may be taken again after so long, in place of the queue's own time, which stays where that fails."""
        ...


class DeadLetterQueue(Protocol):
    """A queue of what nobody tries any more. Raises QueueUnavailableError."""

    def depth(self) -> int:
        """How many letters there are, in somebody's hands or not. Approximate on AWS."""
        ...

    def take(self, limit: int) -> Sequence[TakenLetter]:
        """Up to so many that nobody else has in hand: nobody else gets them for a minute, unless they are given back."""
        ...

    def give_back(self, receipts: Sequence[str]) -> None:
        """They can be taken again at once; where that fails, within a minute."""
        ...

    def remove(self, receipts: Sequence[str]) -> None:
        """For good."""
        ...

    def move(self) -> Move | None:
        """The last move of all letters, None where there was none, or long ago."""
        ...

    def move_all(self) -> Move:
        """Has all letters moved to where they came from, unless that goes on already; does not wait for it."""
        ...


class TableCatalog(Protocol):
    """The lake's tables as Glue knows them. Raises StoreUnavailableError."""

    def columns(self, table: str) -> Mapping[str, str]:
        """Name to Hive type, both in lower case without blanks; nothing where there is no such table."""
        ...

    def snapshots(self, table: str) -> Sequence[Snapshot]:
        """Those of an Iceberg table that can be read, the oldest first. Raises NotFoundError where there is no such Iceberg table."""
        ...

    def view(self, name: str) -> str:
        """The SELECT of a view; empty for what is none."""
        ...

    def files(self, table: str) -> Iterable[LakeFile]:
        """What a table consists of now. Raises NotFoundError where there is no such table."""
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

    def table(self, query_id: str, *, page: str = "", size: int = 1000) -> ResultTable:
        """As `rows`, of any statement and with the names and types of its columns, which may have one name twice."""
        ...

    def stop(self, query_id: str) -> None:
        """Ends a query; one that is over stays as it ended. Raises NotFoundError where nobody knows it."""
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


class LakeAnalyst(Protocol):
    """Asks the lake in somebody's own SQL, with rights to read it and no more; `by` is who asks, and what one asked is shown to nobody else.

    Raises InvalidRequestError, NotFoundError, QueryFailedError, StoreUnavailableError, and RunnerUnavailableError where nobody answers.
    """

    def plan(self, sql: str) -> QueryPlan:
        """What it would read at most, and what that costs."""
        ...

    def start(self, sql: str, by: str) -> QueryLook: ...

    def look(self, ticket: str, by: str) -> QueryLook: ...

    def stop(self, ticket: str, by: str) -> QueryLook: ...

    def rows(self, ticket: str, by: str, page: str = "") -> QueryRows: ...

    def export(self, ticket: str, by: str, page: str = "") -> QueryExport: ...

    def tables(self) -> LakeShown:
        """What there is to ask."""
        ...


class CampaignRunner(Protocol):
    """The campaign state machine."""

    def start(self, run_id: str, number: int = 1) -> str:
        """Starts the run's execution of this number once, named by `execution_name`; returns its ARN. Starting it again is a no-op."""
        ...

    def look(self, run_id: str, number: int = 1) -> Execution:
        """How that execution of the run stands. Raises RunnerUnavailableError."""
        ...


class CampaignScheduler(Protocol):
    """What calls `start_occurrence` when a campaign is due. A schedule of it never changes: another timing has another name
    (`occurrences.schedule_name`). Raises SchedulerUnavailableError."""

    def names(self, prefix: str = "") -> Collection[str]:
        """Of every schedule that there is, or of those whose name begins so."""
        ...

    def create(self, name: str, campaign_id: str, schedule: Schedule, *, first: datetime) -> None:
        """Calls from `first` on, its next occurrence. One of this name that is there already stays as it is."""
        ...

    def delete(self, name: str) -> None:
        """Calls no more. What is not there is deleted already."""
        ...


class CurateTrigger(Protocol):
    def start(self) -> None:
        """Asks for a curate run and does not wait for it."""
        ...


class RefreshTrigger(Protocol):
    def start(self, segment_id: str) -> None:
        """Asks for a look at this segment now, and does not wait for it. Raises RunnerUnavailableError."""
        ...


class PreflightTrigger(Protocol):
    def start(self, preflight_id: str, campaign_id: str, as_of: datetime | None, document: JsonObject | None = None) -> None:
        """Asks for a preflight, of the `document` where that is not saved, and does not wait for it. Raises RunnerUnavailableError."""
        ...


class LookBackRunner(Protocol):
    def start(self, look_back_id: str, asked: JsonObject) -> None:
        """Begins a look back, which is `asked` for by what `plan_replay` is told, and does not wait for it. Raises RunnerUnavailableError."""
        ...


class FcmAdmin(Protocol):
    """FCM, asked for one message at a time by its own library. Raises PushConfigurationError where it takes nothing from us, PushUnavailableError
    where it can't be reached."""

    def validate(self, message: JsonObject) -> FcmAnswer:
        """`message` is FCM's own; nobody gets it."""
        ...

    def send(self, message: JsonObject) -> FcmAnswer:
        """Sends it once, whatever the answer is: nothing is tried again."""
        ...

    def change_topic(self, topic: str, registrations: Sequence[str], *, subscribe: bool) -> Sequence[str]:
        """Subscribes these tokens and installation ids, or ends that; of each FCM's code where it refused, else "". At most 1,000
        (https://firebase.google.com/docs/cloud-messaging/manage-topic-subscriptions)."""
        ...


class MessageChecks(Protocol):
    def ask(self, question: MessageQuestion) -> MessagesChecked:
        """Has the function that has FCM's library answer. Raises what `usecases.check_message` does, and RunnerUnavailableError."""
        ...


class TopicChanges(Protocol):
    def ask(self, change: TopicChange) -> TopicChanged:
        """As `MessageChecks.ask`, of `usecases.change_topic`."""
        ...


class QueueAges(Protocol):
    """How long what waits in the queues has waited. Raises StoreUnavailableError."""

    def oldest(self, now: datetime) -> Mapping[str, timedelta]:
        """The age of the oldest message of each queue that has one, a minute or two late on AWS."""
        ...


class QueryHistory(Protocol):
    """Which statements the platform gave Athena. Raises StoreUnavailableError."""

    def statements(self) -> Iterator[Statement]:
        """The newest first, as far back as Athena remembers. Asked for as they are taken."""
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
