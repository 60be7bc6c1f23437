"""Why, from a request to an answer."""

from dataclasses import replace
from datetime import datetime

import pytest

from regulars.domain.campaigns.plan import Plan, Statements
from regulars.domain.campaigns.run import Run
from regulars.domain.errors import InvalidRequestError, NotFoundError, QueryFailedError
from regulars.usecases.explain_outcome import WhyLook, look_at_outcome_explained, start_explaining_outcome
from tests.examples import SEEN, campaign_run, person, phone
from tests.fakes.clock import MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryDefinitions, MemoryDevices, MemoryProfiles, MemoryRuns
from tests.fakes.tables import lake_tables

EVERYONE = {"id": "x", "name": "x", "rule": {"everyone": True}}
RECORDED = {"arm": "treated", "bucket": "5000", "device_id": "d1", "outcome": "sent", "reason": None, "delivered_ts": "2026-11-21 22:15:00.000000"}
PLANNED = replace(campaign_run("r1", segments=[EVERYONE], state="succeeded", manifest="m"), plan=Plan({"people": "1"}, Statements("", "", "")))


class World:
    def __init__(self, run: Run = PLANNED) -> None:
        self.runs, self.catalog, self.profiles = MemoryRuns(), lake_tables(people="1"), MemoryProfiles([person("ann")])
        self.queries = ScriptedQueries({"FROM deliveries": [RECORDED], "AS segment": [{"segment": "x"}]})
        self.runs.create(run)
        self.devices, self.definitions, self.clock = MemoryDevices(), MemoryDefinitions(), MovableClock()

    def start(self, user_id: str = "ann") -> WhyLook:
        return start_explaining_outcome("r1", user_id, runs=self.runs, queries=self.queries, catalog=self.catalog)

    def look(self, ticket: str) -> WhyLook:
        return look_at_outcome_explained(
            ticket,
            runs=self.runs,
            queries=self.queries,
            profiles=self.profiles,
            devices=self.devices,
            definitions=self.definitions,
            clock=self.clock,
        )


def test_both_questions_are_asked_at_once_and_answered_together() -> None:
    world = World()
    begun = world.start()
    assert (begun.state, len(world.queries.ran)) == ("queued", 2)
    why = world.look(begun.ticket).why
    assert why is not None and (why.user_id, why.run_id, why.outcome) == ("ann", "r1", "sent")
    assert why.gates[0].because == "in the audience by the segment x"
    assert "FOR VERSION AS OF 1" in world.queries.ran[1]


@pytest.mark.parametrize("run", [replace(PLANNED, plan=None), replace(PLANNED, plan=Plan({"people": "gone"}, Statements("", "", "")))])
def test_without_the_lake_of_then_the_segments_are_not_asked_about(run: Run) -> None:
    world = World(run)
    why = world.look(world.start().ticket).why
    assert len(world.queries.ran) == 1
    assert why is not None and why.gates[0].because == "in the audience as it was recorded"


def test_segments_that_cannot_be_asked_about_take_nothing_away() -> None:
    world = World()
    world.queries.answers["AS segment"] = QueryFailedError("no")
    why = world.look(world.start().ticket).why
    assert why is not None and why.outcome == "sent"


def test_a_query_that_failed_is_told() -> None:
    world = World()
    begun = world.start()
    world.queries.answers["FROM deliveries"] = QueryFailedError("TABLE_NOT_FOUND")
    assert (world.look(begun.ticket).state, world.look(begun.ticket).why) == ("failed", None)


def test_nobody_and_no_run_are_refused() -> None:
    world = World()
    with pytest.raises(InvalidRequestError, match="user_id: of whom"):
        world.start("")
    with pytest.raises(NotFoundError):
        start_explaining_outcome("r9", "ann", runs=world.runs, queries=world.queries, catalog=world.catalog)
    assert world.queries.ran == []


NIGHT = {"quiet_hours": {"from": "21:00", "to": "08:00"}}


def waiting(world: World, zone: str) -> None:
    """Ann has a phone in the zone, and nothing is recorded of her."""
    world.queries.answers["FROM deliveries"] = [RECORDED | {"device_id": None, "outcome": None, "delivered_ts": None}]
    world.profiles = MemoryProfiles([replace(person("ann"), devices={"d1": SEEN})])
    mine = phone("d1", "ann", "t1")
    world.devices = MemoryDevices([replace(mine, use=replace(mine.use, timezone=zone))])


def test_whoever_waits_for_their_hour_is_told_until_when() -> None:
    document = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"title": "Hi"}}, "delivery": NIGHT}
    run = replace(campaign_run("r1", document, segments=[EVERYONE], state="running", manifest="m"), plan=PLANNED.plan)
    for begun, zone, gate, told in (
        (run, "Europe/Berlin", "quiet_hours", "it is quiet until 2026-11-22T07:00:00Z, which is 08:00 by their own clock"),
        (replace(run, local_time=datetime(2026, 11, 22, 18)), "Asia/Kolkata", "local_time", "waits until 2026-11-22T12:30:00Z, which is 18:00"),
    ):
        world = World(begun)
        waiting(world, zone)
        why = world.look(world.start().ticket).why
        assert why is not None and why.outcome == "pending"
        (stop,) = [each for each in why.gates if each.gate == gate]
        assert (stop.passed, told in stop.because) == (None, True)


def test_whoever_may_have_it_now_waits_for_their_turn_alone() -> None:
    document = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"title": "Hi"}}, "delivery": NIGHT}
    world = World(replace(campaign_run("r1", document, segments=[EVERYONE], state="running", manifest="m"), plan=PLANNED.plan))
    waiting(world, "America/Los_Angeles")
    why = world.look(world.start().ticket).why
    assert why is not None and "nothing is recorded of them yet" in next(each.because for each in why.gates if each.gate == "turn")


def test_of_a_message_that_could_not_be_made_it_is_told_what_is_wrong_where() -> None:
    push = {"title": "Hi", "body": "{% assign n = 1 %}\n{{ n | divided_by: person.traits.nothing }}"}
    document = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": push}}
    world = World(replace(campaign_run("r1", document, segments=[EVERYONE], state="succeeded", manifest="m"), plan=PLANNED.plan))
    world.queries.answers["FROM deliveries"] = [RECORDED | {"outcome": "failed", "reason": "render_failed"}]
    why = world.look(world.start().ticket).why
    assert why is not None and (why.outcome, why.reason, why.arm) == ("failed", "render_failed", "treated")
    told = next(gate.because for gate in why.gates if gate.passed is False)
    assert told.startswith("The template could not be rendered with this person's traits. in message.push.body, line 2: ")
    assert told.endswith("they lack nothing")
