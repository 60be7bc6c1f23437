"""What is told of a person's way: in the order in which it happened, each under its run, and the same however it came about."""

from datetime import timedelta
from typing import Any

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.state import Happened, State
from regulars.domain.journeys.step import step
from regulars.domain.journeys.trail import trail_events
from tests.domain.journeys.documents import PUSH, after, book, clock, event, small

STEPS = {"wait": {"wait": "1d", "then": None}}


def told(journey: Book, state: State | None, this: Happened) -> tuple[State | None, list[tuple[str, str]], set[str]]:
    outcome = step(journey, state, this, this.at)
    events = list(trail_events("small", state, outcome, "ann"))
    names = [(each["event"], str(each["properties"].get("because", ""))) for each in events]
    return outcome.state, names, {each["properties"]["run"] for each in events}


def begun(**more: Any) -> tuple[Book, State | None]:
    journey = book(small(STEPS, **more))
    return journey, told(journey, None, event("A", after(0)))[0]


def test_an_event_that_ends_a_run_and_begins_the_next_is_told_as_both_in_that_order() -> None:
    journey, state = begun(exit=[{"event": "A"}], reentry={"while_in": "restart"})
    _, names, runs = told(journey, state, event("A", after(5)))
    assert names == [("Journey Left", "exit"), ("Journey Entered", ""), ("Journey Step", "entered")]
    assert len(runs) == 2


def test_a_wait_that_ended_before_somebody_came_in_again_is_told_first() -> None:
    journey, state = begun(reentry={"after": "1h"})
    _, names, _ = told(journey, state, event("A", after(48)))
    assert names == [("Journey Left", "done"), ("Journey Entered", ""), ("Journey Step", "entered")]


def test_whoever_begins_anew_leaves_the_run_before() -> None:
    journey, state = begun(reentry={"while_in": "restart"})
    _, names, _ = told(journey, state, event("A", after(1)))
    assert names == [("Journey Left", "restarted"), ("Journey Entered", ""), ("Journey Step", "entered")]


def test_whoever_is_held_out_came_in_as_control() -> None:
    journey = book(small(STEPS, holdout={"percent": 100}))
    outcome = step(journey, None, event("A", after(0)), after(0))
    first, second = trail_events("small", None, outcome, "ann")
    assert (first["event"], first["properties"]["arm"]) == ("Journey Entered", "control")
    assert (second["event"], second["properties"]["because"]) == ("Journey Noted", "held out")


def test_a_timer_that_a_sweep_found_and_one_that_the_next_event_caught_up_are_one_event() -> None:
    journey, state = begun(reentry={"after": "1h"})
    swept = step(journey, state, clock(after(24)), after(24) + timedelta(minutes=1))
    by_sweep = [each["messageId"] for each in trail_events("small", state, swept, "ann")]
    caught = step(journey, state, event("A", after(48)), after(48))
    assert by_sweep == [each["messageId"] for each in trail_events("small", state, caught, "ann")][:1]


def test_what_was_done_in_one_moment_says_in_which_order() -> None:
    steps = {"hi": {"message": PUSH, "then": "try"}, "try": {"split": [{"id": "a", "then": "wait"}]}, "wait": {"wait": "1d", "then": None}}
    journey = book(small(steps))
    entered = step(journey, None, event("A", after(0)), after(0))
    left = step(journey, entered.state, clock(after(24)), after(24))
    told = [(each["event"], each["properties"].get("order", 0)) for each in trail_events("small", None, entered, "ann")]
    assert told == [("Journey Entered", 0), ("Journey Step", 0), ("Journey Step", 1), ("Journey Step", 2)]
    assert [each["properties"].get("order", 0) for each in trail_events("small", entered.state, left, "ann")] == [0]
