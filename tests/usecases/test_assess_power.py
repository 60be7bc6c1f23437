"""How many people and days an effect needs, asked and answered by a ticket."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidCampaignError, InvalidRequestError, NotFoundError
from regulars.domain.measure.power_figures import AskedEffect
from regulars.domain.queries import ResultRow
from regulars.usecases.assess_power import PowerLook, look_at_power, start_assessing_power
from tests.domain.segments.judges import accepted
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryDefinitions
from tests.fakes.tables import lake_tables

GOAL = {"event": "Paid", "within": "7d", "value": "revenue"}
ROW: ResultRow = {
    "people": "12000",
    "control": "1200",
    "held_out": "0",
    "past_people": "10000",
    "goal_events": "500",
    "goal_values": "490",
    "value_mean": "4.2",
    "value_variance": "400.0",
    **{f"did_{days * 86_400}": str(people) for days, people in {1: 100, 2: 180, 3: 220, 7: 410, 14: 700, 28: 1200}.items()},
}


class World:
    def __init__(self, **campaign: Any) -> None:
        self.definitions, self.queries, self.clock = MemoryDefinitions(), ScriptedQueries({"past_people": [ROW]}), MovableClock()
        self.definitions.put("segment", "all", {"id": "all", "name": "All", "rule": {"everyone": True}}, at=MOMENT, by="mara")
        document = {"id": "spring", "audience": {"include": ["all"]}, "message": {"push": {"body": "x"}}, "goal": GOAL, **campaign}
        self.definitions.put("campaign", "spring", document, at=MOMENT, by="mara")

    def start(self, campaign_id: str = "spring", **asked: Any) -> PowerLook:
        stores: dict[str, Any] = {"definitions": self.definitions, "queries": self.queries, "catalog": lake_tables(events="7"), "clock": self.clock}
        return start_assessing_power(campaign_id, **{"as_of": None, **asked}, **stores)

    def look(self, ticket: str) -> PowerLook:
        return look_at_power(ticket, definitions=self.definitions, queries=self.queries)


def test_a_ticket_leads_to_figures_a_sentence_and_what_it_cost() -> None:
    world = World()
    begun = world.start(asked=AskedEffect(difference=0.005))
    (sql,) = world.queries.ran
    accepted(sql)
    assert "FOR VERSION AS OF 7" in sql
    done = world.look(begun.ticket)
    assert done.power is not None
    assert (done.state, done.power.audience, done.power.control, done.power.rate, done.power.version) == ("succeeded", 12_000, 1_200, 0.041, 1)
    assert (done.power.effect.lift, done.power.effect.difference) == (None, 0.005)
    assert done.sentence.startswith("Of 12,000 people 1,200 would be held back (10 %).")
    assert (done.notes, done.bytes_scanned) == (["of 500 times Paid, 10 had no readable value, and are left out"], 7)


def test_a_lift_of_ten_per_cent_is_asked_about_where_nobody_says() -> None:
    world = World()
    done = world.look(world.start().ticket)
    assert done.power and (done.power.effect.lift, done.power.effect.difference) == (0.1, pytest.approx(0.0041))


def test_the_figures_are_of_the_version_that_was_asked_about() -> None:
    world = World()
    begun = world.start()
    other = {**world.definitions.get("campaign", "spring").document, "control": {"percent": 0}}
    world.definitions.put("campaign", "spring", other, at=MOMENT, by="mara")
    done = world.look(begun.ticket)
    assert done.power and (done.power.version, done.power.control_percent) == (1, 10)


def test_what_cannot_be_known_is_refused_with_what_to_do() -> None:
    without = World()
    document = {key: value for key, value in without.definitions.get("campaign", "spring").document.items() if key != "goal"}
    without.definitions.put("campaign", "spring", document, at=MOMENT, by="mara")
    with pytest.raises(InvalidCampaignError, match=r'^goal: the campaign has none, .* add one, as in {"event"'):
        without.start()
    with pytest.raises(InvalidRequestError, match="days: 3 days of the past are fewer than the goal's window has"):
        World().start(days=3)
    with pytest.raises(InvalidRequestError, match="as_of: lies in the future"):
        World().start(as_of=MOMENT + timedelta(days=1))
    with pytest.raises(NotFoundError):
        World().start("autumn")


def test_a_query_that_failed_says_why_and_one_of_another_kind_is_no_answer() -> None:
    world = World()
    begun = world.start()
    world.queries.state = "failed"
    assert (world.look(begun.ticket).state, world.look(begun.ticket).reason) == ("failed", "because")
    world.queries.state = "succeeded"
    world.queries.answers = {"past_people": [{"people": "1"}]}
    with pytest.raises(InvalidRequestError, match="ticket"):
        world.look(begun.ticket)
