"""A report is started by one call and looked at by others."""

import json
from datetime import UTC, datetime, timedelta
from statistics import mean, variance
from typing import Any

import pytest

from regulars.domain.campaigns.run import RunState
from regulars.domain.errors import ConflictError, InvalidRequestError, NotFoundError, StoreUnavailableError
from regulars.domain.lake.tables import RESULTS
from regulars.domain.measure.report import Report
from regulars.domain.queries import ResultRow
from regulars.domain.tickets import EvaluationTicket, ReportTicket, sealed
from regulars.usecases.report_run import ReportLook, look_at_report, newest_report, start_report
from tests.domain.measure import rows
from tests.examples import campaign_run
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryObjects, MemoryRuns
from tests.fakes.tables import MemoryTables

CAMPAIGN = {
    "id": "spring",
    "audience": {"include": ["x"]},
    "message": {"push": {"body": "x"}},
    "goal": {"event": "Order Completed", "within": "7d", "value": "revenue"},
}
PAST = datetime(2017, 10, 1, tzinfo=UTC)
LATER = MOMENT + timedelta(days=4)


def row(arm: str, outcome: str | None, reason: str | None, people: int, converted: int) -> ResultRow:
    return rows.row(arm, outcome, reason, people, converted, 1.0, 2.0)


ROWS = [row("control", None, None, 50, 5), row("treated", "sent", "", 400, 60), row("treated", "skipped", "no_device", 50, 4)]


class World:
    """A run that has ended, whose window closed long ago, and a lake of which each table has one snapshot."""

    def __init__(self, **run: Any) -> None:
        self.runs = MemoryRuns()
        cost = {"athena": 0.00005, "total": 0.0001}
        self.runs.create(campaign_run("r1", CAMPAIGN, **{"as_of": PAST, "state": "succeeded", "cost": cost, **run}))
        self.queries = ScriptedQueries({"assignments": ROWS})
        self.catalog = MemoryTables(snapshots={name: ["1"] for name in ("assignments", "deliveries", "events", "identities")})
        self.lake = MemoryObjects()
        self.clock = MovableClock()

    def start(self, run_id: str = "r1") -> ReportLook:
        return start_report(run_id, runs=self.runs, queries=self.queries, catalog=self.catalog, lake=self.lake, clock=self.clock)

    def look(self, ticket: str) -> ReportLook:
        return look_at_report(ticket, runs=self.runs, queries=self.queries, lake=self.lake)

    def reported(self) -> Report:
        report = self.look(self.start().ticket).report
        assert report is not None
        return report

    def newest(self) -> Report:
        return newest_report("r1", runs=self.runs, lake=self.lake)

    def results(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lake.get("lake/results/r1.json").splitlines()]


@pytest.fixture
def world() -> World:
    return World()


def test_the_query_counts_from_the_planned_moment_in_the_lake_of_now(world: World) -> None:
    world.start()
    assert "2017-10-01 00:00:00.000000" in world.queries.ran[0]
    assert "2017-10-08 00:00:00.000000" in world.queries.ran[0]
    assert world.queries.ran[0].count("FOR VERSION AS OF 1") == world.queries.ran[0].count("FROM assignments") + 6


def test_a_report_is_there_once_its_query_has_succeeded(world: World) -> None:
    ticket = world.start().ticket
    world.queries.state = "running"
    assert world.look(ticket).report is None
    world.queries.state = "succeeded"
    found = world.look(ticket)
    assert found.state == "succeeded"
    assert found.report is not None
    assert [(arm.arm, arm.people, arm.sent) for arm in found.report.arms] == [("control", 50, 0), ("treated", 450, 400)]
    assert found.report.as_of == MOMENT
    assert found.report.cost["report"] > 0
    assert found.report.cost["athena"] == 0.00005
    assert found.report.cost["total"] == pytest.approx(0.0001 + found.report.cost["report"])


def test_a_failed_query_is_told_with_its_reason_and_changes_nothing_that_is_kept(world: World) -> None:
    before = world.reported()
    world.catalog.commit("events", "2")
    ticket = world.start().ticket
    world.queries.state = "failed"
    found = world.look(ticket)
    assert (found.state, found.reason, found.report) == ("failed", "because", None)
    assert world.newest() == before


def test_what_was_counted_last_is_there_at_once_and_without_athena(world: World) -> None:
    with pytest.raises(NotFoundError, match=r"the outcomes of run r1 were not counted yet: start a report"):
        world.newest()
    found = world.reported()
    world.queries.refuses = StoreUnavailableError("Athena is out of reach")
    assert world.newest() == found
    assert world.start().report == found, "nor is it asked where nothing can have changed since"
    assert world.look(world.start().ticket).report == found


@pytest.mark.parametrize("table", ["assignments", "deliveries", "events", "identities"])
def test_it_is_counted_again_as_soon_as_anything_it_is_read_from_was_written(world: World, table: str) -> None:
    world.reported()
    world.catalog.commit(table, "2")
    world.clock.moment = LATER
    assert world.start().state == "queued"
    assert world.reported().as_of == LATER
    assert world.newest().as_of == LATER


def test_while_the_window_is_open_it_is_counted_each_time() -> None:
    world = World(as_of=MOMENT - timedelta(days=6), launched_at=MOMENT - timedelta(days=6))
    world.reported()
    assert world.start().state == "queued"
    world.clock.moment = MOMENT + timedelta(days=1)
    assert world.start().state == "queued", "as of the last time it was open"
    assert world.reported().window.closed  # type: ignore[union-attr]
    assert world.start().state == "succeeded"


def test_only_the_newest_query_that_was_asked_for_is_kept(world: World) -> None:
    """Whoever may read may bring any ticket."""
    first = world.start().ticket
    world.clock.moment = LATER
    second = world.start().ticket
    assert world.look(second).report and world.look(first).report
    assert world.newest().as_of == LATER
    others = world.queries.start("SELECT arm, largest FROM assignments")
    assert world.look(sealed(ReportTicket(others, "r1", MOMENT))).report
    assert world.newest().as_of == LATER and world.results()[0]["as_of_ts"].startswith("2026-11-25")


def test_the_table_of_results_has_a_row_for_each_arm(world: World) -> None:
    report = world.reported()
    control, treated = world.results()
    assert list(treated) == list(RESULTS.types)
    assert (control["arm"], control["people"], control["conversion_difference"], control["caused"]) == ("control", 50, None, None)
    assert (treated["people"], treated["sent"], treated["converted"], treated["final"], treated["rehearsal"]) == (450, 400, 64, True, False)
    assert (treated["conversion_difference"], treated["conversion_low"]) == (report.effect[0].difference, report.effect[0].low)
    assert (treated["window_end_ts"], treated["cost_usd"]) == ("2017-10-08 00:00:00.000000", report.cost["total"])


def test_a_launch_that_sent_nobody_anything_stands_among_the_results_as_a_rehearsal_does(world: World) -> None:
    nobody = rows.row("treated", "skipped", "no_device", 450, 150)
    world.queries.answers = {"assignments": [rows.row("control", None, None, 50), nobody]}
    assert world.reported().sentence.startswith("Nothing was sent: none of 450 people")
    assert [(row["rehearsal"], row["caused"], row["conversion_verdict"]) for row in world.results()] == [(True, None, None)] * 2


def test_a_look_that_is_cut_short_before_all_is_written_is_done_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, put = world.start().ticket, world.lake.put

    def broken(key: str, body: bytes) -> None:
        if key.startswith("lake/results/"):
            raise StoreUnavailableError("S3 is out of reach")
        put(key, body)

    with monkeypatch.context() as patched, pytest.raises(StoreUnavailableError):
        patched.setattr(world.lake, "put", broken)
        world.look(ticket)
    assert world.look(ticket).report == world.newest()
    assert len(world.results()) == 2


def spent(arm: str, outcome: str | None, people: int, more: float) -> ResultRow:
    """Of people who spend about what they had spent before."""
    pairs = [(each % 7 * 10 + each % 3 + more, each % 7 * 10.0) for each in range(people)]
    after, before = zip(*pairs, strict=True)
    both = [sum(pair) for pair in pairs]
    means = {"before_mean": mean(before), "before_variance": variance(before), "both_variance": variance(both), "largest": json.dumps(pairs)}
    return rows.row(arm, outcome, None, people, people // 5, mean(after), variance(after), **means)


def test_the_rows_of_results_have_the_bounds_of_the_estimate_that_what_was_caused_is_from(world: World) -> None:
    world.queries.answers = {"assignments": [spent("control", None, 50, 0.0), spent("treated", "sent", 450, 1.0)]}
    money, (_, treated) = world.reported().effect[1], world.results()
    assert money.judged_by == "adjusted" and money.adjusted and money.adjusted.low != money.low
    told = (money.adjusted.difference, money.adjusted.low, money.adjusted.high, "cuped", money.verdict)
    assert tuple(treated[f"value_{name}"] for name in ("difference", "low", "high", "method", "verdict")) == told
    assert treated["caused_value"] == pytest.approx(450 * treated["value_difference"])


def test_a_run_without_anybody_has_a_report(world: World) -> None:
    world.queries.answers = {}
    assert world.reported().sentence == "Nobody was in the audience."


@pytest.mark.parametrize("state", ["planned", "running"])
def test_a_run_that_has_not_ended_has_no_report_rather_than_a_false_one(state: RunState) -> None:
    with pytest.raises(ConflictError, match=f"has not ended \\({state}\\)"):
        World(state=state).start()


def test_a_ticket_that_names_another_query_is_refused(world: World) -> None:
    world.queries.answers = {"people": [{"people": "7"}]}
    forged = sealed(ReportTicket(world.queries.start("SELECT count(*) AS people"), "r1", MOMENT))
    with pytest.raises(InvalidRequestError, match=r"^ticket: is not of a report's query"):
        world.look(forged)


def test_an_unknown_run_has_none(world: World) -> None:
    with pytest.raises(NotFoundError):
        world.start("nobody")


def test_a_ticket_of_another_kind_is_no_report(world: World) -> None:
    with pytest.raises(InvalidRequestError, match=r"^ticket: this ticket is of kind evaluation, not report"):
        world.look(sealed(EvaluationTicket("twice", "0")))
