"""Counting the outcomes of each run whose window is open, or closed a few days ago, so that `results` and every run's newest report are current
without anybody asking. What came late, from phones without a network, is counted until then.

Each run for itself: what is wrong with one is told, and the others go on. Repeated, it asks only what may have another answer by now.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.run import Run
from regulars.domain.errors import RegularsError
from regulars.domain.measure.kept import window_end
from regulars.domain.tickets import ReportTicket, unsealed
from regulars.ports import Clock, ObjectStore, QueryEngine, RunStore, TableCatalog
from regulars.usecases.report_run import ReportLook, look_at_report, start_report

LATE: Final = timedelta(days=7)
"""So long after its window has closed, or it has ended, a run is counted again: nearly all that comes late has come by then."""

LOOKED_BACK: Final = timedelta(days=100)
"""Runs launched before are left to whoever asks for their report: a goal that takes a quarter is counted to its end, and the list of all runs is not
read to its own."""

AT_ONCE: Final = 20
"""As `refresh.AT_ONCE`: Athena runs 150 queries or more of an account at once, and others ask too."""

MARGIN: Final = timedelta(seconds=90)
"""With less time left nothing is begun or waited for: the next night goes on."""


@dataclass
class Measured:
    """Ids of runs: those that were counted, now or since anything changed; those whose query goes on; those for which no time was left; and those
    that failed, each with the reason."""

    measured: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def measure(
    *, time_left: Callable[[], timedelta], runs: RunStore, queries: QueryEngine, catalog: TableCatalog, lake: ObjectStore, clock: Clock
) -> Measured:
    """Raises StoreUnavailableError where the runs cannot be listed."""
    night = _Night(time_left, runs, queries, catalog, lake, clock)
    due = iter(_due(runs, clock.now(), night.done))
    while some := list(islice(due, AT_ONCE)):
        night.count(some)
    return night.done


def _due(runs: RunStore, now: datetime, done: Measured) -> Iterator[Run]:
    """The newest first."""
    for run in _launched_since(now - LOOKED_BACK, runs):
        try:
            if run.has_ended and _counts_until(run) > now:
                yield run
        except RegularsError as error:  # a document that an earlier version took
            done.failed[run.run_id] = str(error)


def _counts_until(run: Run) -> datetime:
    over = run.concluded_at or run.launched_at
    return max(window_end(run, parse_campaign(run.campaign.document)) or over, over) + LATE


def _launched_since(moment: datetime, runs: RunStore) -> Iterator[Run]:
    page = ""
    while True:
        found = runs.listed(page=page)
        for run in found.runs:
            if run.launched_at < moment:
                return
            yield run
        if not found.next:
            return
        page = found.next


@dataclass(frozen=True)
class _Night:
    time_left: Callable[[], timedelta]
    runs: RunStore
    queries: QueryEngine
    catalog: TableCatalog
    lake: ObjectStore
    clock: Clock
    done: Measured = field(default_factory=Measured)

    def count(self, some: Sequence[Run]) -> None:
        """Asks for all of them, then waits for each."""
        if self.time_left() < MARGIN:
            self.done.left += [run.run_id for run in some]
            return
        begun = [(run.run_id, look) for run in some if (look := self._begin(run.run_id))]
        for run_id, look in begun:
            self._finish(run_id, look)

    def _begin(self, run_id: str) -> ReportLook | None:
        try:
            return start_report(run_id, runs=self.runs, queries=self.queries, catalog=self.catalog, lake=self.lake, clock=self.clock)
        except RegularsError as error:
            self.done.failed[run_id] = str(error)
            return None

    def _finish(self, run_id: str, look: ReportLook) -> None:
        try:
            if look.state != "succeeded":
                self.queries.wait(unsealed(look.ticket, ReportTicket).query_id, within=max(self.time_left() - MARGIN, timedelta()))
                look = look_at_report(look.ticket, runs=self.runs, queries=self.queries, lake=self.lake)
        except RegularsError as error:
            self.done.failed[run_id] = str(error)
            return
        match look.state:
            case "succeeded":
                self.done.measured.append(run_id)
            case "queued" | "running":
                self.done.waiting.append(run_id)
            case _:
                self.done.failed[run_id] = look.reason or look.state
