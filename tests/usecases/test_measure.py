"""A night's look at the runs of the last days."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from regulars.domain.campaigns.run import Run
from regulars.domain.errors import QueryFailedError
from regulars.usecases.measure import LATE, LOOKED_BACK, Measured, measure
from tests.examples import campaign_run
from tests.fakes.clock import MOMENT
from tests.usecases.test_report_run import CAMPAIGN, World

WEEK = timedelta(days=7)
MOST = timedelta(minutes=14)


class Night(World):
    def __init__(self) -> None:
        super().__init__(as_of=MOMENT, state="running")

    def run(self, run_id: str, launched_at: datetime, **more: Any) -> None:
        known = {"state": "succeeded", "concluded_at": launched_at, **more}
        self.runs.create(campaign_run(run_id, CAMPAIGN, launched_at=launched_at, **known))

    def count(self, left: timedelta = MOST) -> Measured:
        return measure(time_left=lambda: left, runs=self.runs, queries=self.queries, catalog=self.catalog, lake=self.lake, clock=self.clock)


def test_runs_are_counted_while_their_window_is_open_and_for_some_days_after() -> None:
    night = Night()
    for run_id, ago in (("open", timedelta(days=2)), ("just", WEEK), ("late", WEEK + LATE - timedelta(seconds=1)), ("past", WEEK + LATE)):
        night.run(run_id, MOMENT - ago)
    assert sorted(night.count().measured) == ["just", "late", "open"]
    assert set(night.lake.keys("lake/results/")) == {f"lake/results/{run_id}.json" for run_id in ("just", "late", "open")}


def test_a_run_that_has_not_ended_is_left_until_it_has() -> None:
    night = Night()
    night.run("paused", MOMENT - WEEK, state="paused")
    assert night.count() == Measured()


def test_a_rehearsal_on_history_is_counted_for_some_days_too() -> None:
    night = Night()
    night.run("new", MOMENT - timedelta(days=6), as_of=MOMENT - timedelta(days=800))
    night.run("old", MOMENT - LATE, as_of=MOMENT - timedelta(days=800))
    assert night.count().measured == ["new"]


def test_what_cannot_have_changed_is_not_asked_again() -> None:
    night = Night()
    night.run("closed", MOMENT - WEEK)
    night.run("open", MOMENT - timedelta(days=1))
    night.count()
    assert sorted(night.count().measured) == ["closed", "open"]
    assert len(night.queries.ran) == 3


def test_one_bad_run_costs_its_neighbours_nothing() -> None:
    night = Night()
    for number in range(3):
        night.run(f"good{number}", MOMENT - timedelta(days=number))
    night.run("bad", MOMENT - timedelta(days=1))
    night.run("odd", MOMENT - timedelta(days=1))
    night.runs.put(_spoiled(night.runs.get("odd").value), expected=1)
    night.queries.answers = {"'bad'": QueryFailedError("HIVE_BAD_DATA"), **night.queries.answers}
    found = night.count()
    assert sorted(found.measured) == ["good0", "good1", "good2"]
    assert found.failed.keys() == {"bad", "odd"} and "HIVE_BAD_DATA" in found.failed["bad"]


def test_where_tables_cannot_be_looked_at_every_run_says_so_and_is_tried() -> None:
    night = Night()
    night.run("one", MOMENT - WEEK)
    night.catalog.fails = True
    assert night.count().failed.keys() == {"one"}


def test_without_time_nothing_is_begun_and_what_takes_longer_is_left_to_the_next_night() -> None:
    night = Night()
    night.run("one", MOMENT - WEEK)
    assert night.count(timedelta(seconds=89)).left == ["one"] and not night.queries.ran
    night.queries.state = "running"
    assert night.count().waiting == ["one"]


def test_runs_of_long_ago_are_not_even_listed() -> None:
    night = Night()
    for number in range(60):
        night.run(f"old{number}", MOMENT - LOOKED_BACK - timedelta(days=1), as_of=MOMENT - timedelta(days=800), concluded_at=MOMENT)
    assert night.count() == Measured()


def _spoiled(run: Run) -> Run:
    return replace(run, campaign=replace(run.campaign, document={"id": "spring"}))
