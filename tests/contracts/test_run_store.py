"""What every RunStore does, real or fake."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.adapters.dynamo_runs import DynamoRuns
from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.plan import Plan, Statements
from regulars.domain.campaigns.run import Run, RunError
from regulars.domain.errors import ConflictError, NotFoundError, StoreUnavailableError
from regulars.domain.segments.rule import ConversionGoal
from regulars.ports import RunStore
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.examples import CAMPAIGN, campaign_run
from tests.fakes.clock import MOMENT
from tests.fakes.stores import MemoryRuns

COUNTS = Counts(audience=10, control=1, treated=9, sent=6, unknown=1, failed={"unregistered": 1}, skipped={"no_device": 1}, pushes=7)


@pytest.fixture
def dynamo(table: Tables) -> RunStore:
    return DynamoRuns(table("RunsTable"))


runs = suite(RunStore, adapter="dynamo", fake=MemoryRuns)

LAUNCHED = campaign_run("r1", segments=[{"id": "buyers", "name": "Buyers", "rule": {"everyone": True}}])
RUNNING = LAUNCHED.planned(Plan({"events": "9007199254740993", "people": None}, Statements("INSERT", "UNLOAD", "INSERT"))).sharded(
    "runs/r1/manifest.json", 3
)
LIVES = {
    "planned": LAUNCHED,
    "running": RUNNING,
    "running without snapshots": LAUNCHED.planned(Plan({}, Statements("INSERT", "UNLOAD", "INSERT"))),
    "of the past": campaign_run("r1", as_of=MOMENT - timedelta(days=365)),
    "stopped": RUNNING.stopped(RunError("push_configuration", "no permission"), MOMENT),
    "paused": RUNNING.paused(Pause(MOMENT, "ina")),
    "in a pause of FCM's": RUNNING.paused(Pause(MOMENT), RunError("message_refused", "no")).asked({"assign": 7}),
    "aborted": RUNNING.aborted(RunError("aborted", "aborted by ina"), "ina", MOMENT),
    "with the goals of others": replace(RUNNING, goals={"autumn": ConversionGoal("Order Completed", timedelta(hours=36)), "winter": None}),
    "a rehearsal": replace(RUNNING, sends=False, intention="ab12"),
    "of an occurrence": replace(RUNNING, occurrence=datetime(2026, 12, 3, 4, tzinfo=UTC), local_time=datetime(2026, 12, 3, 18)),
    "going on with others": replace(RUNNING, continues=("r0", "r00")),
    "failed to start": LAUNCHED.failed_to_start(RunError("queue_unavailable", "full"), MOMENT),
    "succeeded": RUNNING.concluded(COUNTS, error=None, bytes_scanned={"assign": 7}, cost={"athena": 0.1, "total": 0.2}, now=MOMENT),
}


@pytest.mark.parametrize("life", LIVES)
def test_a_run_comes_back_as_it_was_whatever_became_of_it(runs: RunStore, life: str) -> None:
    runs.create(LIVES[life])
    found = runs.get("r1")
    assert (found.value, found.version) == (LIVES[life], 1)


def test_a_run_is_created_once(runs: RunStore) -> None:
    runs.create(LAUNCHED)
    with pytest.raises(ConflictError):
        runs.create(replace(LAUNCHED, launched_by="another"))
    assert runs.get("r1").value == LAUNCHED
    assert listed(runs) == ["r1"]


def test_of_two_who_launch_after_the_same_run_one_does(runs: RunStore) -> None:
    assert runs.latest("spring") == ""
    runs.create(LAUNCHED, after="")
    with pytest.raises(ConflictError):
        runs.create(replace(LAUNCHED, run_id="r2"), after="")
    assert (runs.latest("spring"), listed(runs)) == ("r1", ["r1"])
    runs.create(replace(LAUNCHED, run_id="r2"), after="r1")
    assert (runs.latest("spring"), runs.latest("autumn")) == ("r2", "")


def test_the_latest_run_is_that_which_was_created_last_whatever_it_says_of_its_launch(runs: RunStore) -> None:
    launched(runs, "fast-clock", seconds=5)
    launched(runs, "right-clock")
    assert runs.latest("spring") == "right-clock"


def test_an_unknown_run_is_not_found(runs: RunStore) -> None:
    with pytest.raises(NotFoundError):
        runs.get("nobody")


def test_a_put_on_the_version_that_was_read_wins_and_the_next_one_on_it_loses(runs: RunStore) -> None:
    runs.create(LAUNCHED)
    runs.put(RUNNING, expected=1)
    with pytest.raises(ConflictError):
        runs.put(LIVES["failed to start"], expected=1)
    assert (runs.get("r1").value, runs.get("r1").version) == (RUNNING, 2)


def test_a_run_that_was_never_created_cannot_be_put(runs: RunStore) -> None:
    with pytest.raises(ConflictError):
        runs.put(LAUNCHED, expected=1)
    with pytest.raises(NotFoundError):
        runs.get("r1")


@pytest.mark.parametrize("life", LIVES)
def test_whether_a_run_goes_on_is_what_it_says(runs: RunStore, life: str) -> None:
    runs.create(LIVES[life])
    assert runs.goes_on("r1") is runs.goes_on("r1", LIVES[life].executions) is LIVES[life].goes_on
    assert not runs.goes_on("r1", LIVES[life].executions + 1)


def test_a_run_goes_on_until_it_is_stopped_or_ends(runs: RunStore) -> None:
    runs.create(LAUNCHED)
    runs.put(RUNNING, expected=1)
    assert runs.goes_on("r1")
    runs.put(LIVES["stopped"], expected=2)
    assert not runs.goes_on("r1")
    with pytest.raises(NotFoundError):
        runs.goes_on("nobody")


def test_the_unfinished_runs_are_those_that_have_not_ended_however_often_one_looks(runs: RunStore) -> None:
    assert runs.unfinished() == []
    for run_id, seconds in (("a", 0), ("b", 1), ("c", 2)):
        launched(runs, run_id, seconds=seconds)
    runs.put(replace(runs.get("b").value, state="failed"), expected=1)
    for _ in range(2):
        assert sorted(run.run_id for run in runs.unfinished()) == ["a", "c"]
    runs.put(replace(runs.get("a").value, state="aborted"), expected=1)
    runs.put(replace(runs.get("c").value, state="succeeded"), expected=1)
    for _ in range(2):
        assert runs.unfinished() == []
    assert listed(runs) == ["c", "b", "a"]


def test_a_run_that_has_ended_before_it_was_kept_is_listed_and_never_unfinished(runs: RunStore) -> None:
    runs.create(replace(LIVES["failed to start"], run_id="missed"))
    assert (listed(runs), runs.unfinished(), runs.under_way(), runs.goes_on("missed")) == (["missed"], [], [], False)


def test_the_runs_under_way_are_those_that_may_send(runs: RunStore) -> None:
    for run_id, seconds in (("a", 0), ("b", 1), ("c", 2), ("d", 3)):
        launched(runs, run_id, seconds=seconds)
    runs.put(runs.get("b").value.paused(Pause(MOMENT, "ann")), expected=1)
    runs.put(runs.get("c").value.stopped(RunError("aborted", "by ann"), MOMENT), expected=1)
    runs.put(replace(runs.get("d").value, state="succeeded"), expected=1)
    assert [run.run_id for run in runs.under_way()] == ["a"]


# ------------------------------------------------------------------------------------------------------- listed


def launched(runs: RunStore, run_id: str, campaign: str = "spring", seconds: float = 0) -> None:
    runs.create(campaign_run(run_id, {**CAMPAIGN, "id": campaign}, launched_at=MOMENT + timedelta(seconds=seconds)))


def listed(runs: RunStore, *, campaign_id: str = "", limit: int = 50) -> list[str]:
    """The ids, page by page to the end."""
    found: list[Run] = []
    page = ""
    while True:
        answer = runs.listed(campaign_id=campaign_id, page=page, limit=limit)
        assert len(answer.runs) <= limit
        found += answer.runs
        page = answer.next
        if not page:
            return [run.run_id for run in found]


def test_where_nobody_launched_anything_the_list_is_empty(runs: RunStore) -> None:
    assert runs.listed().runs == []
    assert runs.listed().next == ""
    launched(runs, "spring-1")
    assert listed(runs, campaign_id="autumn") == []


def test_the_newest_run_comes_first_whatever_it_is_called(runs: RunStore) -> None:
    for run_id, seconds in (("z", 0), ("a", 5), ("m", 3600), ("b", 0.25)):
        launched(runs, run_id, seconds=seconds)
    assert listed(runs) == ["m", "a", "b", "z"]


def test_a_campaigns_list_has_its_own_runs_and_no_others(runs: RunStore) -> None:
    for number, campaign in enumerate(["spring", "autumn", "spring", "spring-2", "autumn"]):
        launched(runs, f"{campaign}-{number}", campaign, number)
    assert listed(runs, campaign_id="spring") == ["spring-2", "spring-0"]
    assert listed(runs, campaign_id="autumn") == ["autumn-4", "autumn-1"]
    assert listed(runs, campaign_id="spring-2") == ["spring-2-3"]
    assert len(listed(runs)) == 5


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_pages_follow_each_other_without_gap_or_repetition(runs: RunStore, limit: int) -> None:
    expected: Sequence[str] = [f"r{number}" for number in range(7)]
    for number, run_id in enumerate(expected):
        launched(runs, run_id, seconds=-number)
    assert listed(runs, limit=limit) == expected
    assert listed(runs, campaign_id="spring", limit=limit) == expected


def test_the_last_page_says_that_it_is_the_last_also_where_it_is_full(runs: RunStore) -> None:
    launched(runs, "a")
    launched(runs, "b", seconds=1)
    assert runs.listed(limit=2).next == ""
    assert runs.listed(limit=1).next != ""


def test_runs_of_one_moment_have_one_order_and_none_is_left_out(runs: RunStore) -> None:
    for run_id in ("b", "a", "c"):
        launched(runs, run_id)
    assert listed(runs, limit=1) == listed(runs) == ["c", "b", "a"]


def test_the_list_shows_a_run_as_it_stands_now(runs: RunStore) -> None:
    runs.create(LAUNCHED)
    runs.put(LIVES["succeeded"], expected=1)
    (shown,) = runs.listed().runs
    assert shown == LIVES["succeeded"]


def test_a_run_that_comes_meanwhile_moves_nothing_on_the_pages_to_come(runs: RunStore) -> None:
    for number in range(4):
        launched(runs, f"r{number}", seconds=number)
    first = runs.listed(limit=2)
    launched(runs, "newer", seconds=60)
    second = runs.listed(limit=2, page=first.next)
    assert [run.run_id for run in [*first.runs, *second.runs]] == ["r3", "r2", "r1", "r0"]


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoRuns("nothing").create(LAUNCHED)
    with pytest.raises(StoreUnavailableError):
        DynamoRuns("nothing").listed()


def test_runs_are_listed_by_each_segment_that_their_audience_depends_on(runs: RunStore) -> None:
    everyone = {"rule": {"everyone": True}}
    for run_id, names in {"r1": ["a", "b"], "r2": ["b"]}.items():
        runs.create(campaign_run(run_id, segments=[{"id": name, "name": name, **everyone} for name in names]))
    assert [run.run_id for run in runs.listed(segment_id="a").runs] == ["r1"]
    assert [run.run_id for run in runs.listed(segment_id="b").runs] == ["r2", "r1"]
    assert runs.listed(segment_id="c").runs == []
