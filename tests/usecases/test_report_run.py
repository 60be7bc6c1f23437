"""A report is started by one call and looked at by others."""

from datetime import UTC, datetime

import pytest

from regulars.domain.campaigns.run import RunState
from regulars.domain.errors import ConflictError, InvalidRequestError, NotFoundError
from regulars.domain.queries import ResultRow
from regulars.domain.tickets import EvaluationTicket, ReportTicket, sealed
from regulars.usecases.report_run import look_at_report, start_report
from tests.domain.measure import rows
from tests.examples import campaign_run
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryRuns

CAMPAIGN = {
    "id": "spring",
    "audience": {"include": ["x"]},
    "message": {"push": {"body": "x"}},
    "goal": {"event": "Order Completed", "within": "7d", "value": "revenue"},
}
PAST = datetime(2017, 10, 1, tzinfo=UTC)


def row(arm: str, outcome: str | None, reason: str | None, people: int, converted: int) -> ResultRow:
    return rows.row(arm, outcome, reason, people, converted, 1.0, 2.0)


ROWS = [row("control", None, None, 50, 5), row("treated", "sent", "", 400, 60), row("treated", "skipped", "no_device", 50, 4)]


@pytest.fixture
def runs() -> MemoryRuns:
    runs = MemoryRuns()
    runs.create(campaign_run("r1", CAMPAIGN, as_of=PAST, state="succeeded", cost={"athena": 0.00005, "total": 0.0001}))
    return runs


def test_the_query_counts_from_the_planned_moment(runs: MemoryRuns) -> None:
    queries = ScriptedQueries()
    start_report("r1", runs=runs, queries=queries, clock=MovableClock())
    assert "2017-10-01 00:00:00.000000" in queries.ran[0]
    assert "2017-10-08 00:00:00.000000" in queries.ran[0]


def test_a_report_is_there_once_its_query_has_succeeded(runs: MemoryRuns) -> None:
    queries = ScriptedQueries({"assignments": ROWS})
    ticket = start_report("r1", runs=runs, queries=queries, clock=MovableClock()).ticket
    queries.state = "running"
    assert look_at_report(ticket, runs=runs, queries=queries).report is None
    queries.state = "succeeded"
    found = look_at_report(ticket, runs=runs, queries=queries)
    assert found.state == "succeeded"
    assert found.report is not None
    assert [(arm.arm, arm.people, arm.sent) for arm in found.report.arms] == [("control", 50, 0), ("treated", 450, 400)]
    assert found.report.as_of == MOMENT
    assert found.report.cost["report"] > 0
    assert found.report.cost["athena"] == 0.00005
    assert found.report.cost["total"] == pytest.approx(0.0001 + found.report.cost["report"])


def test_a_failed_query_is_told_with_its_reason(runs: MemoryRuns) -> None:
    queries = ScriptedQueries()
    ticket = start_report("r1", runs=runs, queries=queries, clock=MovableClock()).ticket
    queries.state = "failed"
    found = look_at_report(ticket, runs=runs, queries=queries)
    assert (found.state, found.reason, found.report) == ("failed", "because", None)


def test_a_run_without_anybody_has_a_report(runs: MemoryRuns) -> None:
    queries = ScriptedQueries()
    ticket = start_report("r1", runs=runs, queries=queries, clock=MovableClock()).ticket
    found = look_at_report(ticket, runs=runs, queries=queries)
    assert found.report is not None
    assert found.report.sentence == "Nobody was in the audience."


@pytest.mark.parametrize("state", ["planned", "running"])
def test_a_run_that_has_not_ended_has_no_report_rather_than_a_false_one(state: RunState) -> None:
    runs = MemoryRuns()
    runs.create(campaign_run("r1", CAMPAIGN, state=state))
    with pytest.raises(ConflictError, match=f"has not ended \\({state}\\)"):
        start_report("r1", runs=runs, queries=ScriptedQueries(), clock=MovableClock())


def test_a_ticket_that_names_another_query_is_refused(runs: MemoryRuns) -> None:
    queries = ScriptedQueries({"people": [{"people": "7"}]})
    forged = sealed(ReportTicket(queries.start("SELECT count(*) AS people"), "r1", MOMENT))
    with pytest.raises(InvalidRequestError, match=r"^ticket: is not of a report's query"):
        look_at_report(forged, runs=runs, queries=queries)


def test_an_unknown_run_has_none() -> None:
    with pytest.raises(NotFoundError):
        start_report("nobody", runs=MemoryRuns(), queries=ScriptedQueries(), clock=MovableClock())


def test_a_ticket_of_another_kind_is_no_report(runs: MemoryRuns) -> None:
    with pytest.raises(InvalidRequestError, match=r"^ticket: this ticket is of kind evaluation, not report"):
        look_at_report(sealed(EvaluationTicket("twice", "0")), runs=runs, queries=ScriptedQueries())
