"""What is asked of others, scripted: one fake a port, which passes the same contract suite as the adapter (tests/contracts)."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from regulars.domain.campaigns.execution import Execution, execution_name
from regulars.domain.campaigns.schedule import Schedule
from regulars.domain.collection.message import MAX_MESSAGE_BYTES
from regulars.domain.content.announcement import Announcement
from regulars.domain.documents import JsonObject
from regulars.domain.errors import (
    InfrastructureError,
    InvalidRequestError,
    NotFoundError,
    PayloadTooLargeError,
    QueryFailedError,
    QueueUnavailableError,
)
from regulars.domain.queries import Query, QueryState, ResultRow, ResultTable
from regulars.ports import Clock, Push, PushResult
from tests.fakes.clock import MovableClock


class MemoryQueue:
    """`fail_after` sends, the queue is unreachable."""

    def __init__(self, *, fail_after: int | None = None) -> None:
        self.bodies: list[str] = []
        self.given_back: dict[str, timedelta] = {}
        self._fail_after = fail_after

    def send(self, body: str) -> None:
        if len(body.encode("utf-8", "surrogatepass")) > MAX_MESSAGE_BYTES:
            raise PayloadTooLargeError("too much for one message: it is a test")
        if self._fail_after is not None and len(self.bodies) >= self._fail_after:
            raise QueueUnavailableError("the event queue took nothing: it is a test")
        self.bodies.append(body)

    def depth(self) -> int:
        return len(self.bodies)

    def give_back(self, receipts: Mapping[str, timedelta]) -> None:
        self.given_back.update(receipts)


class MemoryRunner:
    """`refuses` is raised in place of a start; `started` and `executions` go by name, and the latter say how those stand that do not run."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.executions: dict[str, Execution] = {}
        self.refuses: InfrastructureError | None = None

    def start(self, run_id: str, number: int = 1) -> str:
        if self.refuses is not None:
            raise self.refuses
        name = execution_name(run_id, number)
        if name not in self.started:
            self.started.append(name)
        return f"arn:aws:states:us-east-1:123456789012:execution:campaign:{name}"

    def look(self, run_id: str, number: int = 1) -> Execution:
        if self.refuses is not None:
            raise self.refuses
        name = execution_name(run_id, number)
        return self.executions.get(name, Execution("running" if name in self.started else "missing"))


class MemoryCurateTrigger:
    """`refuses` is raised in place of a start."""

    def __init__(self) -> None:
        self.starts = 0
        self.refuses: InfrastructureError | None = None

    def start(self) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.starts += 1


class MemoryPreflightTrigger:
    """`refuses` is raised in place of a start."""

    def __init__(self) -> None:
        self.started: list[tuple[str, str, datetime | None]] = []
        self.drafts: list[JsonObject | None] = []
        self.refuses: InfrastructureError | None = None

    def start(self, preflight_id: str, campaign_id: str, as_of: datetime | None, document: JsonObject | None = None) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.started.append((preflight_id, campaign_id, as_of))
        self.drafts.append(document)


class MemoryLookBackRunner:
    """`refuses` is raised in place of a start."""

    def __init__(self) -> None:
        self.started: dict[str, JsonObject] = {}
        self.refuses: InfrastructureError | None = None

    def start(self, look_back_id: str, asked: JsonObject) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.started.setdefault(look_back_id, asked)


class MemoryWakeTrigger:
    """`refuses` is raised in place of a start."""

    def __init__(self) -> None:
        self.starts = 0
        self.refuses: InfrastructureError | None = None

    def start(self) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.starts += 1


class MemoryScheduler:
    """`kept` has the campaign and the schedule of each name; `refuses` is raised in place of an answer."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, Schedule]] = {}
        self.refuses: InfrastructureError | None = None

    def names(self, prefix: str = "") -> Collection[str]:
        self._reach()
        return [name for name in self.kept if name.startswith(prefix)]

    def create(self, name: str, campaign_id: str, schedule: Schedule, *, first: datetime) -> None:
        self._reach()
        self.kept.setdefault(name, (campaign_id, schedule))

    def delete(self, name: str) -> None:
        self._reach()
        self.kept.pop(name, None)

    def _reach(self) -> None:
        if self.refuses is not None:
            raise self.refuses


class MemoryRefreshTrigger:
    """`refuses` is raised in place of a start."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.refuses: InfrastructureError | None = None

    def start(self, segment_id: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.started.append(segment_id)


class MemoryAnnounceTrigger:
    """`refuses` is raised in place of a start."""

    def __init__(self) -> None:
        self.started: list[Announcement] = []
        self.refuses: InfrastructureError | None = None

    def start(self, announcement: Announcement) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.started.append(announcement)


class MemoryPollTrigger:
    """`refuses` is raised in place of a start."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.refuses: InfrastructureError | None = None

    def start(self, feed_id: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.started.append(feed_id)


def result_key(query_id: str) -> str:
    """Where Athena writes the rows of a query."""
    return f"query-results/{query_id}.csv"


class ScriptedQueries:
    """Answers each statement that matches a pattern with its rows, or its error; `ran` has every statement's text.

    An error that is a QueryFailedError is the query's own; `state` is what a look finds of a query that has none. `refuses` is raised whatever
    is asked, as if Athena were out of reach.
    """

    def __init__(self, answers: Mapping[str, Sequence[ResultRow] | Exception] | None = None, *, bytes_scanned: int = 7) -> None:
        self.answers = dict(answers or {})
        self.ran: list[str] = []
        self.bytes_scanned = bytes_scanned
        self.state: QueryState = "succeeded"
        self.refuses: InfrastructureError | None = None
        self._tokens: dict[tuple[str, str], str] = {}

    def start(self, sql: str, *, token: str = "") -> str:
        self._reach()
        if token and (token, sql) in self._tokens:
            return self._tokens[token, sql]
        self.ran.append(sql)
        query_id = self._tokens[token, sql] = str(len(self.ran) - 1)
        return query_id

    def look(self, query_id: str) -> Query:
        sql = self._sql(query_id)
        try:
            self._answer(sql)
        except QueryFailedError as error:
            return Query(query_id, "failed", reason=str(error), text=sql)
        reason = "" if self.state == "succeeded" else "because"
        result = f"s3://lake/{result_key(query_id)}"
        return Query(query_id, self.state, reason=reason, bytes_scanned=self.bytes_scanned, result=result, text=sql)

    def rows(self, query_id: str, *, page: str = "", size: int = 1000) -> tuple[Sequence[ResultRow], str]:
        found = self._answer(self._sql(query_id))
        if page and not page.isdigit():
            raise InvalidRequestError("is no page of these rows", field="page")
        # Two rows a page, so that whoever forgets the next page is found out.
        start, most = int(page or 0), min(size, 2)
        return found[start : start + most], str(start + most) if start + most < len(found) else ""

    def fetched(self, query_id: str) -> Iterator[ResultRow]:
        return iter(self._answer(self._sql(query_id)))

    def table(self, query_id: str, *, page: str = "", size: int = 1000) -> ResultTable:
        rows, after = self.rows(query_id, page=page, size=size)
        names = [*self._answer(self._sql(query_id))[0]] if self._answer(self._sql(query_id)) else []
        return ResultTable([(name, "varchar") for name in names], [[*row.values()] for row in rows], after)

    def stop(self, query_id: str) -> None:
        self._sql(query_id)
        self.state = "cancelled"

    def wait(self, query_id: str, *, within: timedelta) -> Query:
        return self.look(query_id)

    def run(self, sql: str) -> Query:
        query_id = self.start(sql)
        self._answer(sql)
        return replace(self.look(query_id), state="succeeded", reason="")

    def all_rows(self, sql: str) -> Iterator[ResultRow]:
        return self.fetched(self.run(sql).query_id)

    def _reach(self) -> None:
        if self.refuses is not None:
            raise self.refuses

    def _sql(self, query_id: str) -> str:
        self._reach()
        if not query_id.isdigit() or int(query_id) >= len(self.ran):
            raise NotFoundError(f"there is no query {query_id}")
        return self.ran[int(query_id)]

    def _answer(self, sql: str) -> Sequence[ResultRow]:
        for pattern, answer in self.answers.items():
            if re.search(pattern, sql):
                if isinstance(answer, Exception):
                    raise answer
                return answer
        return ()


Answer = Callable[[Push, int], PushResult | None]


class ScriptedSender:
    """Sends every push, unless `answer` says otherwise of its message; remembers what went out, or may have, in `sent`, in order.

    `answer` gets the message and how many were sent before. It may return a result, None for "the deadline has come", or raise: an
    InfrastructureError is the session's failure, anything else goes through, as if the process were gone. A deadline is the clock's. `rest`,
    `waits_for` and `refused` are what its sessions say.
    """

    def __init__(self, answer: Answer | None = None, *, clock: Clock | None = None) -> None:
        self.answer = answer or (lambda push, _: PushResult(push.key, "sent"))
        self.clock = clock or MovableClock()
        self.sent: list[Mapping[str, Any]] = []
        self.rates: list[float] = []
        self.rest, self.waits_for, self.refused = 0.0, "", 1.0

    @contextmanager
    def open(self, *, per_second: float, deadline: datetime | None = None, refused: float = 1.0) -> Iterator["ScriptedSession"]:
        self.rates.append(per_second)
        yield ScriptedSession(self, deadline)

    @property
    def tokens(self) -> list[str]:
        return [message["token"] for message in self.sent]


class ScriptedSession:
    """Gives one result at a time, so that whoever takes the next block too late or too early is found out."""

    def __init__(self, sender: ScriptedSender, deadline: datetime | None) -> None:
        self._sender, self._deadline, self._waiting = sender, deadline, list[Push]()
        self.failure: InfrastructureError | None = None
        self.rest, self.waits_for, self.refused = sender.rest, sender.waits_for, sender.refused
        self._stopped = False

    @property
    def hungry(self) -> bool:
        return not (self._waiting or self._over)

    @property
    def busy(self) -> bool:
        return bool(self._waiting)

    @property
    def _over(self) -> bool:
        return self._stopped or (self._deadline is not None and self._sender.clock.now() >= self._deadline)

    def take(self, pushes: Iterable[Push]) -> None:
        self._waiting += pushes

    def halt(self) -> None:
        self._stopped = True

    def results(self) -> Sequence[PushResult]:
        if not self._waiting:
            return []
        if self._over:
            return [PushResult(self._waiting.pop(0).key, "later") for _ in list(self._waiting)]
        push = self._waiting[0]
        try:
            result = self._sender.answer(push, len(self._sender.sent))
        except InfrastructureError as error:
            self.failure, self._stopped = error, True
            return []
        if result is None:
            self._stopped = True
            return []
        self._waiting.pop(0)
        if result.outcome != "later":
            self._sender.sent.append(orjson.loads(push.body)["message"])
        return [result]
