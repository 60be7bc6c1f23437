"""Why, from a request to an answer."""

from dataclasses import replace

import pytest

from regulars.domain.campaigns.plan import Plan, Statements
from regulars.domain.campaigns.run import Run
from regulars.domain.errors import InvalidRequestError, NotFoundError, QueryFailedError
from regulars.usecases.explain_outcome import WhyLook, look_at_outcome_explained, start_explaining_outcome
from tests.examples import campaign_run, person
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryProfiles, MemoryRuns
from tests.fakes.tables import lake_tables

EVERYONE = {"id": "x", "name": "x", "rule": {"everyone": True}}
RECORDED = {"arm": "treated", "bucket": "5000", "device_id": "d1", "outcome": "sent", "reason": None, "delivered_ts": "2026-11-21 22:15:00.000000"}
PLANNED = replace(campaign_run("r1", segments=[EVERYONE], state="succeeded", manifest="m"), plan=Plan({"people": "1"}, Statements("", "", "")))


class World:
    def __init__(self, run: Run = PLANNED) -> None:
        self.runs, self.catalog, self.profiles = MemoryRuns(), lake_tables(people="1"), MemoryProfiles([person("ann")])
        self.queries = ScriptedQueries({"FROM deliveries": [RECORDED], "AS segment": [{"segment": "x"}]})
        self.runs.create(run)

    def start(self, user_id: str = "ann") -> WhyLook:
        return start_explaining_outcome("r1", user_id, runs=self.runs, queries=self.queries, catalog=self.catalog)

    def look(self, ticket: str) -> WhyLook:
        return look_at_outcome_explained(ticket, runs=self.runs, queries=self.queries, profiles=self.profiles)


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
