"""The end of a run: counts that add up, what it cost, and an error kept where there was one."""

from typing import Any

import pytest

from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.run import Run, RunError
from regulars.domain.errors import ConflictError, QueryFailedError
from regulars.domain.queries import Query
from regulars.usecases.conclude import conclude
from tests.examples import campaign_run
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryRuns


def fate(arm: str, outcome: str | None, reason: str | None, people: str, pushes: str | None) -> dict[str, str | None]:
    return {"arm": arm, "outcome": outcome, "reason": reason, "people": people, "pushes": pushes}


ROWS = [
    fate("control", None, None, "10", None),
    fate("a", "sent", "", "70", "75"),
    fate("b", "sent", "", "5", "5"),
    fate("a", "failed", "unregistered", "8", "0"),
    fate("b", "failed", "unregistered", "1", "0"),
    fate("a", "skipped", "no_device", "4", "0"),
    fate("a", "unknown", "interrupted", "1", "0"),
    fate("b", "skipped", "device_gone", "1", "0"),
]
FAILURE = RunError("States.TaskFailed", "Query exhausted resources")


@pytest.fixture
def runs() -> MemoryRuns:
    runs = MemoryRuns()
    runs.create(campaign_run("r1", state="running", shards=2))
    return runs


def concluded(runs: MemoryRuns, queries: ScriptedQueries, **given: Any) -> Run:
    answer = conclude("r1", runs=runs, queries=queries, clock=MovableClock(), **given)
    assert runs.get("r1").value == answer
    return answer


def test_counts_are_of_people_and_add_up(runs: MemoryRuns) -> None:
    run = concluded(runs, ScriptedQueries({"assignments": ROWS}))
    assert run.state == "succeeded"
    assert run.counts == Counts(
        audience=100,
        control=10,
        treated=90,
        sent=75,
        unknown=1,
        failed={"unregistered": 9},
        skipped={"no_device": 4, "device_gone": 1},
        pushes=80,
    )
    assert run.concluded_at == MOMENT
    assert run.error is None


def test_the_cost_is_in_dollars_by_service(runs: MemoryRuns) -> None:
    run = concluded(runs, ScriptedQueries({"assignments": ROWS}), bytes_scanned={"assign": 10**12, "unload": 0, "record": 0})
    cost = run.cost
    assert cost is not None
    # A terabyte at 5 dollars, and three queries at Athena's least of 10 MB.
    assert cost["athena"] == pytest.approx(5 + 3 * 10e6 / 1e12 * 5)
    assert cost["total"] == pytest.approx(sum(value for name, value in cost.items() if name != "total"))
    assert all(value > 0 for value in cost.values())
    assert run.bytes_scanned["assign"] == 10**12


def test_a_failed_run_keeps_why_and_what_went_out(runs: MemoryRuns) -> None:
    run = concluded(runs, ScriptedQueries({"assignments": ROWS}), error=FAILURE)
    assert (run.state, run.error) == ("failed", FAILURE)
    assert run.counts.sent == 75


def test_what_deliver_wrote_down_says_more_than_the_state_machine(runs: MemoryRuns) -> None:
    stored = runs.get("r1")
    told = RunError("push_configuration", "the service account has no permission")
    runs.put(stored.value.stopped(told, MOMENT), expected=stored.version)
    assert concluded(runs, ScriptedQueries({"assignments": ROWS}), error=RunError("States.X", "map failed")).error == told


def test_a_failed_run_ends_even_if_it_cannot_be_counted(runs: MemoryRuns) -> None:
    run = concluded(runs, ScriptedQueries({"assignments": QueryFailedError("no table")}), error=FAILURE)
    assert run.state == "failed"
    assert run.counts.audience == 0


def test_a_failure_of_a_run_that_has_shards_is_left_to_sweep_and_to_whoever_resumes_it() -> None:
    runs, queries = MemoryRuns(), ScriptedQueries({"assignments": ROWS})
    runs.create(campaign_run("r1", state="running", shards=2, manifest="runs/r1/manifest.json"))
    before = runs.get("r1")
    concluded(runs, queries, error=FAILURE)
    assert (runs.get("r1"), queries.ran) == (before, [])


def test_a_run_that_sent_to_somebody_is_not_ended_without_its_counts_although_it_failed() -> None:
    runs = MemoryRuns()
    runs.create(campaign_run("r1", state="running", shards=2, manifest="runs/r1/manifest.json", error=FAILURE))
    with pytest.raises(QueryFailedError):
        concluded(runs, ScriptedQueries({"assignments": QueryFailedError("throttled")}))
    assert concluded(runs, ScriptedQueries({"assignments": ROWS})).counts.sent == 75


def paused_at(runs: MemoryRuns) -> None:
    stored = runs.get("r1")
    runs.put(stored.value.paused(Pause(MOMENT, "ina")), expected=stored.version)


def test_a_paused_run_does_not_end_with_its_execution_and_keeps_what_its_queries_read(runs: MemoryRuns) -> None:
    paused_at(runs)
    queries = ScriptedQueries({"assignments": ROWS})
    run = concluded(runs, queries, bytes_scanned={"assign": 5})
    assert (run.state, run.pause, run.bytes_scanned, run.concluded_at) == ("paused", Pause(MOMENT, "ina"), {"assign": 5}, None)
    assert queries.ran == []


@pytest.mark.parametrize("error", [None, FAILURE])
def test_an_execution_that_is_not_the_newest_ends_nothing(runs: MemoryRuns, error: RunError | None) -> None:
    paused_at(runs)
    stored, queries = runs.get("r1"), ScriptedQueries({"assignments": ROWS})
    runs.put(stored.value.resumed(2, MOMENT), expected=stored.version)
    before = runs.get("r1")
    concluded(runs, queries, execution=1, error=error)
    assert (runs.get("r1"), queries.ran) == (before, [])
    assert concluded(runs, queries, execution=2, error=error).has_ended


def test_a_pause_while_a_run_is_being_concluded_is_not_lost(runs: MemoryRuns) -> None:
    queries = ScriptedQueries({"assignments": ROWS})
    run = queries.run

    def pausing(sql: str) -> Query:
        paused_at(runs)
        return run(sql)

    queries.run = pausing  # type: ignore[method-assign]
    with pytest.raises(ConflictError):
        concluded(runs, queries)
    assert runs.get("r1").value.state == "paused"


def test_a_paused_run_whose_planning_failed_has_failed(runs: MemoryRuns) -> None:
    paused_at(runs)
    run = concluded(runs, ScriptedQueries({"assignments": ROWS}), error=FAILURE)
    assert (run.state, run.pause, run.error) == ("failed", None, FAILURE)


def test_a_run_that_has_succeeded_stays_as_it_is(runs: MemoryRuns) -> None:
    run = concluded(runs, ScriptedQueries({"assignments": ROWS}))
    assert concluded(runs, ScriptedQueries(), error=FAILURE) == run


def test_one_that_ended_otherwise_is_counted_anew_for_another_execution_may_have_sent_since(runs: MemoryRuns) -> None:
    rows = [*ROWS, fate("a", None, None, "3", None)]
    run = concluded(runs, ScriptedQueries({"assignments": rows}))
    later = concluded(runs, ScriptedQueries({"assignments": [*ROWS, fate("a", "sent", "", "3", "3")]}))
    assert (run.counts.sent, later.counts.sent) == (75, 78)
    assert (later.state, later.error, later.concluded_at) == (run.state, run.error, run.concluded_at)


def test_a_run_that_is_another_than_the_caller_decided_on_is_not_ended(runs: MemoryRuns) -> None:
    with pytest.raises(ConflictError):
        concluded(runs, ScriptedQueries({"assignments": ROWS}), expected=7)
    assert concluded(runs, ScriptedQueries({"assignments": ROWS}), expected=1).state == "succeeded"


@pytest.mark.parametrize(("when_unsure", "state"), [("skip", "succeeded"), ("resend", "failed")])
def test_a_run_that_was_resumed_has_failed_with_people_in_doubt_where_they_are_to_be_sent_to_again(when_unsure: str, state: str) -> None:
    runs = MemoryRuns()
    document = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"body": "x"}}, "delivery": {"when_unsure": when_unsure}}
    runs.create(campaign_run("r1", document, state="running", shards=2, executions=2))
    run = concluded(runs, ScriptedQueries({"assignments": ROWS}))
    assert (run.state, run.error.code if run.error else "") == (state, "unfinished" if state == "failed" else "")


def test_a_run_that_went_well_is_not_ended_without_its_counts(runs: MemoryRuns) -> None:
    with pytest.raises(QueryFailedError):
        concluded(runs, ScriptedQueries({"assignments": QueryFailedError("throttled")}))
    assert runs.get("r1").value.state == "running"


def test_nobody_in_the_audience_is_a_success(runs: MemoryRuns) -> None:
    run = concluded(runs, ScriptedQueries())
    assert (run.state, run.counts.audience) == ("succeeded", 0)


def test_a_run_that_left_somebody_out_did_not_succeed(runs: MemoryRuns) -> None:
    rows = [*ROWS, fate("a", None, None, "3", None)]
    run = concluded(runs, ScriptedQueries({"assignments": rows}))
    assert run.state == "failed"
    assert run.counts.skipped["not_reached"] == 3
    assert run.error is not None and run.error.code == "unfinished"
    assert run.error.message.startswith("3 people were not reached")


@pytest.mark.parametrize(("when_unsure", "state"), [("skip", "succeeded"), ("resend", "failed")])
def test_a_shard_that_failed_with_people_in_doubt_leaves_a_run_to_go_on_with_where_they_are_to_be_sent_to_again(when_unsure: str, state: str) -> None:
    runs = MemoryRuns()
    document = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"body": "x"}}, "delivery": {"when_unsure": when_unsure}}
    runs.create(campaign_run("r1", document, state="running", shards=2))
    run = concluded(runs, ScriptedQueries({"assignments": ROWS}), failed_shards=["Lambda.Unknown"])
    assert run.state == state
    told = "0 people were not reached, and of 1 nobody knows: 1 of 2 shards could not be delivered (Lambda.Unknown)"
    assert run.error == (RunError("unfinished", told) if state == "failed" else None)
