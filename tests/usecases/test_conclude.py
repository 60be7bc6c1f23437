"""The end of a run: counts that add up, what it cost, and an error kept where there was one."""

from typing import Any

import pytest

from regulars.domain.campaigns.run import new_record
from regulars.domain.errors import QueryFailedError
from regulars.usecases.conclude import conclude
from tests.fakes.campaigns import MOMENT, MemoryRuns, MovableClock, ScriptedQueries

CAMPAIGN = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"body": "x"}}}
ROWS = [
    {"arm": "control", "fate": None, "people": "10", "pushes": None},
    {"arm": "a", "fate": "0|sent|", "people": "70", "pushes": "75"},
    {"arm": "b", "fate": "0|sent|", "people": "5", "pushes": "5"},
    {"arm": "a", "fate": "2|failed|unregistered", "people": "8", "pushes": "0"},
    {"arm": "b", "fate": "2|failed|unregistered", "people": "1", "pushes": "0"},
    {"arm": "a", "fate": "3|skipped|no_device", "people": "4", "pushes": "0"},
    {"arm": "a", "fate": "1|unknown|interrupted", "people": "1", "pushes": "0"},
    {"arm": "b", "fate": "3|skipped|device_gone", "people": "1", "pushes": "0"},
]
FAILURE = {"code": "States.TaskFailed", "message": "Query exhausted resources"}


@pytest.fixture
def runs() -> MemoryRuns:
    runs = MemoryRuns()
    record = new_record("r1", campaign=CAMPAIGN, version=1, segments={}, as_of=None, now=MOMENT, by="tests")
    runs.create("r1", {**record, "state": "running", "shards": 2})
    return runs


def concluded(runs: MemoryRuns, queries: ScriptedQueries, **given: Any) -> dict[str, Any]:
    answer = conclude("r1", runs=runs, queries=queries, clock=MovableClock(), **given)
    assert runs.get("r1").document == answer
    return answer


def test_counts_are_of_people_and_add_up(runs: MemoryRuns) -> None:
    record = concluded(runs, ScriptedQueries({"assignments": ROWS}))
    assert record["state"] == "succeeded"
    assert record["counts"] == {
        "audience": 100,
        "control": 10,
        "treated": 90,
        "sent": 75,
        "unknown": 1,
        "failed": {"unregistered": 9},
        "skipped": {"no_device": 4, "device_gone": 1},
        "pushes": 80,
    }
    assert record["concluded_at"] == MOMENT.isoformat()
    assert record["error"] is None


def test_the_cost_is_in_dollars_by_service(runs: MemoryRuns) -> None:
    statistics = {"assign": {"DataScannedInBytes": 10**12}, "unload": {"DataScannedInBytes": 0}, "record": {}}
    record = concluded(runs, ScriptedQueries({"assignments": ROWS}), statistics=statistics)
    cost = record["cost"]
    # A terabyte at 5 dollars, and three queries at Athena's least of 10 MB.
    assert cost["athena"] == pytest.approx(5 + 3 * 10e6 / 1e12 * 5)
    assert cost["total"] == pytest.approx(sum(value for name, value in cost.items() if name != "total"))
    assert all(value > 0 for value in cost.values())
    assert record["statistics"]["assign"] == {"bytes_scanned": 10**12}


def test_a_failed_run_keeps_why_and_what_went_out(runs: MemoryRuns) -> None:
    record = concluded(runs, ScriptedQueries({"assignments": ROWS}), error=FAILURE)
    assert (record["state"], record["error"]) == ("failed", FAILURE)
    assert record["counts"]["sent"] == 75


def test_what_deliver_wrote_down_says_more_than_the_state_machine(runs: MemoryRuns) -> None:
    stored = runs.get("r1")
    told = {"code": "push_configuration", "message": "the service account has no permission"}
    runs.put("r1", {**stored.document, "error": told}, expected=stored.version)
    assert concluded(runs, ScriptedQueries({"assignments": ROWS}), error={"code": "States.X", "message": "map failed"})["error"] == told


def test_a_failed_run_ends_even_if_it_cannot_be_counted(runs: MemoryRuns) -> None:
    record = concluded(runs, ScriptedQueries({"assignments": QueryFailedError("no table")}), error=FAILURE)
    assert record["state"] == "failed"
    assert record["counts"]["audience"] == 0


def test_a_run_that_went_well_is_not_ended_without_its_counts(runs: MemoryRuns) -> None:
    with pytest.raises(QueryFailedError):
        concluded(runs, ScriptedQueries({"assignments": QueryFailedError("throttled")}))
    assert runs.get("r1").document["state"] == "running"


def test_nobody_in_the_audience_is_a_success(runs: MemoryRuns) -> None:
    record = concluded(runs, ScriptedQueries())
    assert (record["state"], record["counts"]["audience"]) == ("succeeded", 0)


def test_a_run_that_left_somebody_out_did_not_succeed(runs: MemoryRuns) -> None:
    rows = [*ROWS, {"arm": "a", "fate": None, "people": "3", "pushes": None}]
    record = concluded(runs, ScriptedQueries({"assignments": rows}))
    assert record["state"] == "failed"
    assert record["counts"]["skipped"]["not_reached"] == 3
    assert record["error"]["code"] == "unfinished"
    assert record["error"]["message"].startswith("3 people were not reached")
