"""From a document to a run that says all about itself: put, launch, plan."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.campaigns import plan as plan_module
from regulars.domain.campaigns.audience import statements
from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.intention import ANSWERED_FOR
from regulars.domain.campaigns.plan import ATTEMPT, Plan, Statements
from regulars.domain.campaigns.relaunch import RELAUNCH_WITHIN
from regulars.domain.campaigns.run import ABORTED, Run, RunError, RunSummary, new_run_id
from regulars.domain.errors import (
    InvalidCampaignError,
    InvalidRequestError,
    InvalidRuleError,
    LaunchedMeanwhileError,
    NotFoundError,
    QueueUnavailableError,
    RunEndedError,
    RunUnderWayError,
    StoreUnavailableError,
)
from regulars.domain.lake.snapshots import Snapshots
from regulars.usecases.launch_campaign import launch_campaign
from regulars.usecases.plan import Planned, plan
from regulars.usecases.put_campaign import put_campaign
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import MemoryRunner, MemoryScheduler
from tests.fakes.stores import MemoryDefinitions, MemoryObjects, MemoryRuns
from tests.fakes.tables import MemoryTables, lake_tables

BUYERS: dict[str, Any] = {"id": "buyers", "name": "Buyers", "rule": {"event": "Order Completed"}}
LAPSING: dict[str, Any] = {
    "id": "lapsing",
    "name": "Lapsing",
    "rule": {"all": [{"segment": "buyers"}, {"not": {"event": "Order Completed", "within": "30d"}}]},
}
SPRING: dict[str, Any] = {"id": "spring", "audience": {"include": ["lapsing"]}, "message": {"push": {"title": "Hi {{ person.traits.name }}"}}}


class World:
    def __init__(self) -> None:
        self.definitions, self.runs, self.runner, self.clock = MemoryDefinitions(), MemoryRuns(), MemoryRunner(), MovableClock()
        self.catalog = lake_tables(events="9007199254740993", identities="8")
        for segment in (BUYERS, LAPSING):
            self.definitions.put("segment", segment["id"], segment, at=MOMENT, by="tests")

    def put(self, **changes: Any) -> int:
        return put_campaign(
            {**SPRING, **changes}, by="mara", definitions=self.definitions, scheduler=MemoryScheduler(), lake=MemoryObjects(), clock=self.clock
        ).version

    def launch(
        self,
        identity: str = "spring",
        *,
        as_of: datetime | None = None,
        send: bool | None = None,
        last: str | None = None,
        request: str = "request-1",
    ) -> RunSummary:
        return launch_campaign(
            identity,
            as_of=as_of,
            send=send,
            last=last,
            request=request,
            by="mara",
            definitions=self.definitions,
            runs=self.runs,
            campaign_runner=self.runner,
            clock=self.clock,
        )

    def plan(self, run_id: str) -> Planned:
        return plan(run_id, bucket="lake", runs=self.runs, catalog=self.catalog, clock=self.clock)

    def run(self, run_id: str) -> Run:
        return self.runs.get(run_id).value

    def snapshots(self, run_id: str) -> Snapshots:
        planned = self.run(run_id).plan
        assert planned is not None
        return planned.snapshots


@pytest.fixture
def world() -> World:
    return World()


def test_a_run_keeps_who_is_held_out_of_all_campaigns_and_a_later_setting_moves_nobody(world: World) -> None:
    world.put()
    world.definitions.put("settings", "settings", {"id": "settings", "global_control": {"percent": 5}}, at=MOMENT, by="mara")
    run_id = world.launch().run_id
    world.definitions.put("settings", "settings", {"id": "settings", "global_control": {"percent": 50}}, at=MOMENT, by="mara")
    world.plan(run_id)
    run = world.run(run_id)
    assert run.plan and "global-control-2026Q4:" in run.plan.statements.assign and "< 500 THEN 'global control'" in run.plan.statements.assign
    assert run.plan.statements == statements(run, "lake", snapshots=run.plan.snapshots)


def test_the_group_is_that_of_the_quarter_in_which_people_would_be_reached(world: World) -> None:
    world.put()
    world.definitions.put("settings", "settings", {"id": "settings", "global_control": {"percent": 5}}, at=MOMENT, by="mara")
    group = world.run(world.launch(as_of=MOMENT - timedelta(days=90)).run_id).global_control
    assert group and group.salt == "global-control-2026Q4"


def test_what_people_wait_for_reaches_everybody_and_settings_that_cannot_be_read_let_nothing_go(world: World) -> None:
    world.put(delivery={"purpose": "transactional"})
    world.definitions.put("settings", "settings", {"id": "settings", "global_control": {"percent": 5}}, at=MOMENT, by="mara")
    assert world.run(world.launch().run_id).global_control is None
    world.put()
    world.definitions.put("settings", "settings", {"id": "settings", "global_control": "of a later version"}, at=MOMENT, by="mara")
    with pytest.raises(StoreUnavailableError, match="the settings cannot be read"):
        world.launch(request="request-2")
    assert len(world.runs.listed().runs) == 1


def test_what_fcm_would_refuse_of_everybody_is_not_saved_and_not_launched() -> None:
    world = World()
    message = {"push": {"title": "Hi", "android": {"no_such_field": "x"}}}
    with pytest.raises(InvalidCampaignError, match=r"^message\.push\.android\.no_such_field: "):
        world.put(message=message)
    world.definitions.put("campaign", "spring", {**SPRING, "message": message}, at=MOMENT, by="before this was checked")
    with pytest.raises(InvalidCampaignError, match="no_such_field"):
        world.launch()
    assert world.runner.started == []


def test_each_put_is_a_new_version(world: World) -> None:
    assert [world.put(), world.put(name="Spring sale")] == [1, 2]
    assert world.definitions.get("campaign", "spring").document["name"] == "Spring sale"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"audience": {"include": ["lapsing", "nobody"]}}, r"audience.include\[1\]: there is no segment nobody"),
        ({"audience": {"include": ["lapsing"], "exclude": ["nobody"]}}, r"audience.exclude\[0\]: there is no segment nobody"),
        ({"message": {"push": {"title": "{{ person.traits.name"}}}, "message.push.title: not Liquid"),
        ({"schedule": {"rate": "1d"}}, "schedule.rate: a number and minutes, hours or days are needed"),
    ],
)
def test_what_could_not_be_sent_is_not_saved(world: World, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidCampaignError, match=told):
        world.put(**changes)
    with pytest.raises(NotFoundError):
        world.definitions.get("campaign", "spring")


def test_a_launch_answers_the_run_and_starts_it(world: World) -> None:
    world.put()
    answer = world.launch()
    assert answer.run_id.startswith("spring-20261121T221500-")
    assert answer.state == "planned"
    assert answer.counts.audience == 0
    assert world.runner.started == [answer.run_id]


def test_the_record_keeps_every_version_that_the_audience_depends_on(world: World) -> None:
    world.put()
    world.put(name="newer")
    run = world.run(world.launch().run_id)
    assert (run.campaign.version, run.campaign.document["name"]) == (2, "newer")
    assert {identity: kept.version for identity, kept in run.segments.items()} == {"lapsing": 1, "buyers": 1}
    assert run.launched_by == "mara"
    assert run.as_of == run.planned_at == run.launched_at == MOMENT


def test_a_rehearsal_takes_audience_and_outcomes_from_the_past(world: World) -> None:
    world.put()
    past = datetime(2017, 10, 1, tzinfo=UTC)
    run = world.run(world.launch(as_of=past).run_id)
    assert (run.as_of, run.planned_at) == (past, past)
    assert run.launched_at == MOMENT


def test_nobody_knows_the_audience_of_tomorrow(world: World) -> None:
    world.put()
    with pytest.raises(InvalidRequestError, match="as_of: lies in the future"):
        world.launch(as_of=MOMENT + timedelta(seconds=1))
    assert world.runner.started == []


def test_an_unknown_campaign_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError):
        world.launch("nobody")


def test_a_run_that_is_about_to_begin_is_under_way(world: World) -> None:
    world.put()
    run_id = world.launch(request="a").run_id
    with pytest.raises(RunUnderWayError, match=f"run {run_id} of this campaign is under way.*`regulars campaign resume {run_id}`") as refused:
        world.launch(request="b")
    assert refused.value.run_id == run_id
    assert world.runner.started == [run_id]


def test_an_audience_that_could_not_be_compiled_starts_nothing(world: World) -> None:
    world.put()
    users = {"any": [{"users": [f"{n:0>60}{part}" for n in range(900)]} for part in range(4)]}
    world.definitions.put("segment", "buyers", {**BUYERS, "rule": users}, at=MOMENT, by="tests")
    with pytest.raises(InvalidRuleError, match="bytes of SQL"):
        world.launch()
    assert world.runner.started == []


REFUSED = "the campaign state machine did not take it"


def test_a_run_that_could_not_be_started_has_failed(world: World) -> None:
    world.put()
    world.runner.refuses = QueueUnavailableError(REFUSED)
    with pytest.raises(QueueUnavailableError):
        world.launch(request="request-1")
    run = world.run(new_run_id("spring", MOMENT, "request-1"))
    assert (run.state, run.concluded_at) == ("failed", MOMENT)
    assert run.error == RunError("queue_unavailable", REFUSED)


def test_why_a_run_was_not_started_is_told_even_where_it_cannot_be_recorded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(run: Run, *, expected: int) -> None:
        raise StoreUnavailableError("the table is gone")

    world.put()
    world.runner.refuses = QueueUnavailableError(REFUSED)
    monkeypatch.setattr(world.runs, "put", break_down)
    with pytest.raises(QueueUnavailableError):
        world.launch()


def test_planning_compiles_the_recorded_versions_not_the_newest(world: World) -> None:
    world.put()
    run_id = world.launch().run_id
    world.definitions.put("segment", "buyers", {**BUYERS, "rule": {"event": "Something Else"}}, at=MOMENT, by="tests")
    planned = world.plan(run_id)
    assert "'Order Completed'" in planned.assign_sql
    assert "Something Else" not in planned.assign_sql
    assert planned.unload_before.endswith(f" TO 's3://lake/runs/{run_id}/recipients/")
    assert planned.unload_after.startswith("/' WITH (")
    assert "INSERT INTO deliveries" in planned.record_sql


def test_planning_marks_the_run_and_keeps_its_sql_and_can_be_done_again(world: World) -> None:
    world.put()
    run_id = world.launch().run_id
    first = world.plan(run_id)
    run = world.run(run_id)
    assert run.state == "running"
    assert run.plan is not None and run.plan.statements == Statements(
        first.assign_sql, f"{first.unload_before}{ATTEMPT}{first.unload_after}", first.record_sql
    )
    assert world.plan(run_id) == first


def test_a_run_reads_every_table_as_of_the_snapshots_that_its_record_keeps(world: World) -> None:
    world.put()
    run_id = world.launch().run_id
    planned = world.plan(run_id)
    assert world.snapshots(run_id) == {"events": "9007199254740993", "identities": "8"}
    for table, snapshot in world.snapshots(run_id).items():
        assert planned.assign_sql.count(f"FROM {table}") == planned.assign_sql.count(f"FROM {table} FOR VERSION AS OF {snapshot}") > 0


def test_a_launch_leaves_room_for_the_snapshots(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.put()
    size = statements(world.run(world.launch().run_id), "lake", snapshots={}).size
    world.runs = MemoryRuns()
    monkeypatch.setattr(plan_module, "MAX_STATEMENTS_BYTES", size + 50)
    with pytest.raises(InvalidRuleError, match="bytes of SQL"):
        world.launch()


def test_the_tables_are_read_as_of_one_moment(world: World) -> None:
    world.put()
    run_id = world.launch().run_id
    world.catalog.commit("identities", "9", world.clock.now() + timedelta(seconds=1))
    world.plan(run_id)
    assert world.snapshots(run_id)["identities"] == "8"


def test_planning_again_keeps_the_snapshots_although_the_lake_went_on(world: World) -> None:
    world.put()
    run_id = world.launch().run_id
    first = world.plan(run_id)
    world.catalog.commit("events", "9007199254740995")
    assert world.plan(run_id) == first
    assert world.snapshots(run_id)["events"] == "9007199254740993"


def test_a_run_of_which_a_snapshot_has_expired_cannot_be_planned_again_and_says_what_to_do(world: World) -> None:
    world.put()
    run_id = world.launch().run_id
    world.plan(run_id)
    world.catalog.commit("identities", "9")
    world.catalog.expire("identities")
    with pytest.raises(NotFoundError, match=r"8 of `identities` has expired.* Launch the campaign again"):
        world.plan(run_id)


def test_of_a_table_without_a_snapshot_no_row_is_read(world: World) -> None:
    world.put()
    run_id = world.launch().run_id
    world.catalog = MemoryTables(snapshots={"events": ["7"], "identities": []})
    assert "FROM (SELECT * FROM identities WHERE FALSE) AS identities" in world.plan(run_id).assign_sql
    assert world.snapshots(run_id) == {"events": "7", "identities": None}


def test_snapshots_that_cannot_be_read_leave_the_run_as_it_was(world: World) -> None:
    world.put()
    run_id = world.launch().run_id
    world.catalog.fails = True
    with pytest.raises(StoreUnavailableError):
        world.plan(run_id)
    assert world.run(run_id).state == "planned"


# ------------------------------------------------------------------------------------------------------- once per intention


def test_the_same_request_answers_the_run_that_it_started_as_it_stands_now(world: World) -> None:
    world.put()
    run_id = world.launch(request="a key").run_id
    world.clock.advance(timedelta(minutes=5))
    assert world.launch(request="a key") == world.run(run_id).summary
    ended(world, run_id, error=None)
    world.clock.advance(timedelta(hours=23))
    assert (world.launch(request="a key").run_id, world.launch(request="a key").state) == (run_id, "succeeded")
    assert world.runner.started == [run_id]


def test_a_day_later_the_same_request_is_another_launch(world: World) -> None:
    world.put()
    first = ended(world, world.launch().run_id, error=None)
    world.clock.advance(ANSWERED_FOR + timedelta(seconds=1))
    assert world.launch().run_id != first
    assert len(world.runner.started) == 2


def test_a_key_is_its_campaigns_own(world: World) -> None:
    world.put()
    world.put(id="summer")
    assert world.launch("spring").run_id != world.launch("summer").run_id


def test_a_key_that_asked_for_something_else_is_refused(world: World) -> None:
    world.put()
    rehearsal = world.launch(as_of=MOMENT - timedelta(days=1))
    with pytest.raises(InvalidRequestError, match=f"Idempotency-Key: was used for another launch, which is run {rehearsal.run_id}"):
        world.launch()
    assert world.runner.started == [rehearsal.run_id]


class Beaten(MemoryRuns):
    """Somebody else launches it between our look and our write."""

    def __init__(self, other: Callable[[], object]) -> None:
        super().__init__()
        self.other: Callable[[], object] | None = other

    def create(self, run: Run, *, after: str | None = None) -> None:
        if self.other:
            other, self.other = self.other, None
            other()
        super().create(run, after=after)


@pytest.mark.parametrize("as_of", [None, MOMENT - timedelta(days=1)])
def test_of_two_that_ask_for_the_same_at_the_same_instant_one_starts_a_run(world: World, as_of: datetime | None) -> None:
    world.put()
    world.runs = Beaten(lambda: world.launch(as_of=as_of))
    world.clock.advance(timedelta(milliseconds=1))
    answer = world.launch(as_of=as_of)
    assert world.runner.started == [answer.run_id]


def test_of_two_launches_at_the_same_instant_the_later_hears_of_the_other(world: World) -> None:
    world.put()
    world.runs = Beaten(lambda: world.launch(request="theirs"))
    with pytest.raises(RunUnderWayError) as refused:
        world.launch(request="ours")
    assert world.runner.started == [refused.value.run_id]


def test_where_a_run_could_not_be_started_the_same_request_may_be_made_again(world: World) -> None:
    world.put()
    world.runner.refuses = QueueUnavailableError(REFUSED)
    with pytest.raises(QueueUnavailableError):
        world.launch()
    world.runner.refuses = None
    world.clock.advance(timedelta(milliseconds=1))
    assert world.runner.started == [world.launch().run_id]


# ------------------------------------------------------------------------------------------------------- rehearsals


def test_as_of_the_past_nothing_is_sent_unless_the_launch_says_so(world: World) -> None:
    world.put()
    past = MOMENT - timedelta(days=1)
    assert [world.launch(as_of=past, request="a").rehearsal, world.launch(as_of=past, send=True, request="b").rehearsal] == [True, False]
    assert world.launch(send=False, request="c").rehearsal


def test_a_rehearsal_is_in_nobodys_way_and_nobody_is_in_its(world: World) -> None:
    world.put()
    past = MOMENT - timedelta(days=1)
    world.launch(as_of=past, request="a")
    launch = world.launch(request="b")
    assert not launch.rehearsal
    assert world.launch(as_of=past, request="c").rehearsal


def test_nobody_goes_on_with_a_rehearsal_and_a_rehearsal_with_nobody(world: World) -> None:
    world.put()
    failed = ended(world, launched(world).run_id)
    world.clock.advance(timedelta(minutes=1))
    rehearsal = ended(world, world.launch(as_of=MOMENT, request="a").run_id)
    assert world.run(rehearsal).continues == ()
    assert launched(world).continues == (failed,)


# ------------------------------------------------------------------------------------------------------- after a run that failed


FAILED = RunError("unfinished", "4 people were not reached")


def ended(world: World, run_id: str, *, error: RunError | None = FAILED) -> str:
    """The run came to sending, and then to its end."""
    stored = world.runs.get(run_id)
    run = stored.value.planned(Plan({}, Statements("", "", ""))).sharded(f"runs/{run_id}/manifest.json", 2)
    counts = Counts(audience=4, treated=4, sent=4)
    world.runs.put(run.concluded(counts, error=error, bytes_scanned={}, cost={}, now=world.clock.now()), expected=stored.version)
    return run_id


def launched(world: World, after: timedelta = timedelta(minutes=5)) -> Run:
    world.clock.advance(after)
    return world.run(world.launch(request=str(world.clock.now())).run_id)


def test_a_launch_goes_on_with_the_runs_that_failed_since_the_last_one_that_succeeded(world: World) -> None:
    world.put()
    ended(world, launched(world).run_id)
    ended(world, launched(world).run_id, error=None)
    failed = ended(world, launched(world).run_id)
    stopped = ended(world, launched(world).run_id, error=RunError(ABORTED, "stopped by hand"))
    run = launched(world)
    assert run.continues == (stopped, failed)
    sql = world.plan(run.run_id).unload_before
    assert all(f"raw_deliveries WHERE run_id = '{run_id}'" in sql for run_id in run.continues)
    ended(world, run.run_id, error=None)
    assert launched(world).continues == ()


def test_a_launch_after_the_week_end_goes_on_and_next_weeks_is_a_new_one(world: World) -> None:
    world.put()
    failed = ended(world, launched(world).run_id)
    again = launched(world, RELAUNCH_WITHIN)
    assert again.continues == (failed,)
    ended(world, again.run_id)
    assert launched(world, timedelta(days=4)).continues == ()


def test_a_run_that_never_came_to_sending_is_nothing_to_go_on_with(world: World) -> None:
    world.put()
    stored = world.runs.get(launched(world).run_id)
    world.runs.put(stored.value.failed_to_start(RunError("runner_unavailable", "no"), MOMENT), expected=stored.version)
    assert launched(world).continues == ()


def test_no_second_run_is_launched_while_one_is_under_way(world: World) -> None:
    world.put()
    run_id = launched(world).run_id
    world.plan(run_id)
    with pytest.raises(RunUnderWayError, match=f"run {run_id} of this campaign is under way"):
        launched(world)
    assert world.runner.started == [run_id]
    stored = world.runs.get(run_id)
    world.runs.put(stored.value.stopped(RunError(ABORTED, "by hand"), MOMENT), expected=stored.version)
    with pytest.raises(RunUnderWayError, match="what it sent is being counted: launch again when it has ended"):
        launched(world)
    ended(world, run_id)
    launched(world)
    assert len(world.runner.started) == 2


def test_two_who_look_at_the_same_review_do_not_send_it_twice(world: World) -> None:
    world.put()
    mine = ended(world, world.launch(request="a", last="").run_id, error=None)
    world.clock.advance(timedelta(seconds=5))
    with pytest.raises(LaunchedMeanwhileError, match="UTC by mara") as refused:
        world.launch(request="b", last="")
    assert refused.value.run_id == mine
    assert world.launch(request="a", last="").run_id == mine
    assert world.launch(request="b", last=mine).run_id != mine


def test_what_reached_nobody_is_in_no_later_launchs_way(world: World) -> None:
    world.put()
    world.launch(request="rehearsal", as_of=MOMENT - timedelta(days=1))
    world.runner.refuses = QueueUnavailableError(REFUSED)
    with pytest.raises(QueueUnavailableError):
        world.launch(last="")
    world.runner.refuses = None
    world.clock.advance(timedelta(seconds=1))
    assert world.launch(last="").rehearsal is False


def test_a_run_that_has_ended_is_not_planned_again(world: World) -> None:
    world.put()
    run_id = ended(world, launched(world).run_id)
    with pytest.raises(RunEndedError, match="has ended, and is failed"):
        world.plan(run_id)
