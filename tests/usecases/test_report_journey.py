"""The report of a journey is started by one call and looked at by others, and computed once."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidRequestError
from regulars.domain.journeys.errand import Kept
from regulars.domain.journeys.state import Moment, State
from regulars.domain.measure.journey_report import JourneyReport
from regulars.ports import StateWrite
from regulars.usecases.render_report import render_journey_report
from regulars.usecases.report_journey import JourneyReportLook, look_at_journey_report, start_journey_report
from tests.domain.measure import rows
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.journeys import MemoryJourneys
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryObjects
from tests.fakes.tables import MemoryTables

JOURNEY = {
    "id": "welcome",
    "version": 2,
    "entry": {"event": "Signed Up"},
    "holdout": {"percent": 10},
    "goal": {"event": "Order Completed", "within": "7d"},
    "start": "pause",
    "steps": {"pause": {"wait": "1d", "then": "hello"}, "hello": {"message": {"push": {"body": "x"}}, "then": None}},
}
CAME_IN = {"first_start_ts": "2025-09-01 00:00:00.000000", "last_start_ts": "2025-09-20 00:00:00.000000"}
ROWS = [
    {**rows.row("control", None, None, 50, 5), **CAME_IN},
    {**rows.row("treated", "sent", "", 400, 60), **CAME_IN},
    {**rows.row("treated", "skipped", "no_device", 50, 4), **CAME_IN},
]
STEPS = [
    {"name": name, "step": step, "because": because, "times": times}
    for name, step, because, times in (
        ("Journey Step", "pause", "entered", "450"),
        ("Journey Left", "pause", "exit", "30"),
        ("Journey Step", "hello", "time", "400"),
        ("Message Sent", "hello", "", "410"),
        ("Message Skipped", "hello", "no_device", "50"),
        ("Journey Noted", "gone", "too late to enter", "2"),
    )
]


class World:
    def __init__(self) -> None:
        self.queries = ScriptedQueries({"entered_ts": ROWS, "SELECT event_name AS name": STEPS})
        self.catalog = MemoryTables(snapshots={name: ["1"] for name in ("events", "identities")})
        self.lake, self.journeys, self.clock = MemoryObjects(), MemoryJourneys(), MovableClock()

    def start(self, since: Any = None) -> JourneyReportLook:
        using = {"queries": self.queries, "catalog": self.catalog, "lake": self.lake, "journeys": self.journeys, "clock": self.clock}
        return start_journey_report(JOURNEY, "live", since=since, **using)  # type: ignore[arg-type]

    def look(self, ticket: str, document: Any = JOURNEY) -> JourneyReportLook:
        return look_at_journey_report(ticket, document, "live", queries=self.queries, lake=self.lake, journeys=self.journeys)

    def reported(self) -> JourneyReport:
        report = self.look(self.start().ticket).report
        assert report
        return report


def test_it_says_what_the_journey_changed_and_what_became_of_people_at_each_step() -> None:
    world = World()
    state = State("u1", "", 2, Moment(MOMENT), "pause", Moment(MOMENT), MOMENT + timedelta(days=1), "in", 1)
    world.journeys.put([StateWrite(Kept("welcome", state), state.due, None, 0)])
    found = world.reported()
    assert (found.journey, found.version, found.effect.run_id, found.effect.state) == ("welcome", 2, "welcome", "running")
    assert [(arm.arm, arm.people, arm.sent) for arm in found.effect.arms] == [("control", 50, 0), ("treated", 450, 400)]
    assert found.effect.sample_ratio.ok and found.effect.effect[0].method == "newcombe"
    pause, hello, gone = found.steps
    assert (pause.step, pause.came, pause.waiting, pause.left) == ("pause", 450, 1, {"exit": 30})
    assert (hello.came, hello.waiting, hello.sent, hello.skipped) == (400, None, 410, {"no_device": 50})
    assert (gone.step, gone.noted) == ("gone", {"too late to enter": 2})


def test_its_page_tells_the_same_with_the_steps() -> None:
    world = World()
    ticket = world.start().ticket
    page = render_journey_report(ticket, JOURNEY, "live", queries=world.queries, lake=world.lake, journeys=world.journeys)
    assert page.state == "succeeded" and page.html
    for told in ("Step by step", "What welcome changed", "Counted in runs", "30 exit", "version 2"):
        assert told in page.html, told
    world.queries.state = "running"
    late = world.start(MOMENT - timedelta(days=1)).ticket
    assert render_journey_report(late, JOURNEY, "live", queries=world.queries, lake=world.lake, journeys=world.journeys).html is None


def test_where_nothing_can_have_changed_it_is_answered_at_once() -> None:
    world = World()
    first, asked = world.reported(), len(world.queries.ran)
    again = world.start()
    assert (again.state, again.report, len(world.queries.ran)) == ("succeeded", first, asked)
    world.catalog.commit("events", "2")
    assert world.start().state == "queued"


def test_without_a_moment_it_is_of_ninety_whole_days() -> None:
    since = World().reported().since
    assert (since.hour, since.minute) == (0, 0) and timedelta(days=90) <= MOMENT - since < timedelta(days=91)


def test_a_moment_that_is_not_past_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="is not past"):
        World().start(MOMENT + timedelta(days=1))


def test_a_ticket_of_another_journey_or_of_a_report_that_was_asked_for_anew_is_refused() -> None:
    world = World()
    world.queries.state = "running"
    old = world.start().ticket
    assert world.look(old).state == "running"
    with pytest.raises(InvalidRequestError, match="version 2 of the journey welcome"):
        world.look(old, {**JOURNEY, "id": "other"})
    world.start()
    with pytest.raises(InvalidRequestError, match="asked for anew"):
        world.look(old)
