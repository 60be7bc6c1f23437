"""Journeys over the past, and the index that says whom an event concerns."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.past import PastRow
from regulars.domain.journeys.replay import Replay
from regulars.domain.journeys.simulation import Arrival, Life, Lived
from regulars.domain.journeys.state import Happened
from regulars.domain.journeys.steps import Wait, WaitUntil
from tests.domain.journeys.documents import ANN, BEGIN, PUSH, after, book, event, example, person, small
from tests.domain.journeys.lives import END, ideal, lives
from tests.drawn import drawn


def replayed(books: Mapping[str, Book], events: Sequence[Happened], until: datetime = END, user: str = "ann") -> Sequence[Lived]:
    """By the moments of the events, which have come at once."""
    rows = [PastRow(this.at, this.name, this.id, this.at, is_own=False, properties=this.properties, traits=None) for this in events]
    return Replay(books, Index(books), person(user).history, timedelta(days=1)).through(rows, until)


@drawn(60)
@given(first=lives(), second=lives())
def test_a_replay_does_for_each_person_and_journey_what_is_right(first: tuple[Book, list[Happened]], second: tuple[Book, list[Happened]]) -> None:
    (one, anns), (other, bos) = first, second
    for user, events in (("ann", anns), ("bo", bos)):
        found = replayed({"one": one, "other": other}, events, user=user)
        theirs = [this._replace(person=person(user)) for this in events]
        for name, journey in (("one", one), ("other", other)):
            wanted = [(action.step, action.at) for action in ideal(journey, theirs).actions]
            mine = [each.outcome for each in found if (each.user_id, each.journey_id) == (user, name)]
            assert [(action.step, action.at) for outcome in mine for action in outcome.actions] == wanted


@drawn(60)
@given(life=lives(), lags=st.lists(st.integers(0, 80), min_size=12, max_size=12))
def test_what_arrives_within_the_grace_and_in_order_is_as_if_it_had_arrived_at_once(life: tuple[Book, list[Happened]], lags: list[int]) -> None:
    """Only waits for events have a grace: a plain wait that is over is over, whatever is under way."""
    journey, events = life
    if any(isinstance(each, Wait | WaitUntil) for each in journey.latest.steps.values()):
        lags = [0] * len(lags)
    arrivals = [Arrival(this.at + timedelta(seconds=lag), this) for this, lag in zip(events, lags, strict=False)]
    in_order = [Arrival(max(each.received for each in arrivals[: number + 1]), this) for number, (_, this) in enumerate(arrivals)]
    books = {"one": journey}
    lived = list(Life(books, Index(books), ANN.history).through(in_order, END))
    assert [(action.key, action.at) for one in lived for action in one.outcome.actions] == ideal(journey, events).sent


CART = book(example("abandoned-cart"))
KEYED = book(small({"s": {"wait": "1h", "then": "m"}, "m": {"message": PUSH, "then": None}}, entry={"event": "A", "key": "order"}))


def test_what_came_too_late_is_told_also_of_whoever_has_left_since() -> None:
    journey = book(
        small({"w": {"wait_for": {"event": "B"}, "within": "2m", "then": "y", "else": "n"}, "y": {"exit": "y"}, "n": {"message": PUSH, "then": None}})
    )
    late, later = event("B", after(minutes=1)), event("B", after(minutes=3))
    arrivals = [Arrival(after(0), event("A", after(0))), Arrival(after(0.5), late), Arrival(after(0.6), late), Arrival(after(0.7), later)]
    lived = Life({"small": journey}, Index({"small": journey}), ANN.history).through(arrivals, END)
    noted = [(move.because, move.at) for one in lived for move in one.outcome.trail if move.kind == "noted"]
    assert set(noted) == {("late", after(minutes=1))}


def test_people_have_a_run_for_each_key() -> None:
    events = [event("A", after(0), order="o1"), event("A", after(0.5), order="o2"), event("A", after(0.6), order="o1"), event("A", after(0.7))]
    found = [each.outcome for each in replayed({"small": KEYED}, events)]
    assert [(action.key.split("/")[2], action.at) for outcome in found for action in outcome.actions] == [("o1", after(1)), ("o2", after(1.5))]


def test_what_is_due_after_the_end_does_not_come() -> None:
    events = [event("A", BEGIN, order="o1")]
    assert not [each for each in replayed({"small": KEYED}, events, after(0.9)) if each.outcome.actions]


def test_the_index_knows_whom_an_event_may_begin_and_whom_it_may_move() -> None:
    index = Index({"abandoned-cart": CART, "small": KEYED, "stopped": book(example("win-back"), standing="stopped")})
    assert [*index.concerned(event("Product Added", BEGIN, price=30))] == ["abandoned-cart"]
    assert [*index.concerned(event("Product Added", BEGIN, price=10))] == []
    assert [*index.concerned(event("Order Completed", BEGIN))] == []
    assert [*index.concerned(event("Order Completed", BEGIN), ["small", "abandoned-cart", "stopped"])] == ["abandoned-cart", "stopped"]
    assert [*index.concerned(event("Page Viewed", BEGIN), ["abandoned-cart"])] == []
    assert [*index.concerned(event("Product Added", BEGIN, price=30), closed=["abandoned-cart"])] == []
    assert index.interest("event", "Page Viewed") is None


@pytest.mark.parametrize("between", ["A", "B", "C", "Z"])
@pytest.mark.parametrize("lag", [13, 80])
def test_what_is_nothing_to_a_run_leaves_the_grace_of_its_wait_whole(between: str, lag: int) -> None:
    """A: it is inside; B: of another order; C: begins another journey; Z: of no journey. All after the deadline, and here before the yes."""
    steps = {"s": {"wait_for": {"event": "B", "same": "order"}, "within": "1m", "then": "y", "else": "n"}}
    books = {"small": book(small({**steps, **{name: {"message": PUSH, "then": None} for name in "yn"}}))}
    books["other"] = book({**small({"m": {"message": PUSH, "then": None}}, entry={"event": "C"}), "id": "other"})
    minute, second = timedelta(minutes=1), timedelta(seconds=1)
    yes = Arrival(BEGIN + minute + lag * second, event("B", BEGIN + 50 * second, order=1))
    arrivals = [Arrival(BEGIN, event("A", BEGIN, order=1)), Arrival(BEGIN + minute + 3 * second, event(between, BEGIN + minute + 3 * second)), yes]
    lived = Life(books, Index(books), ANN.history).through(arrivals, END)
    assert [action.step for one in lived if one.journey_id == "small" for action in one.outcome.actions] == ["y"]


def test_what_is_late_is_told_of_a_wait_that_was_given_up_though_it_begins_nothing_any_more() -> None:
    waits = book(small({"s": {"wait_for": {"event": "A"}, "within": "1h", "then": None, "else": None}}))
    happened = [(0, 0), (0.5, 3), (4, 4)]
    arrivals = [Arrival(after(received), event("A", after(at), f"e{at}")) for at, received in happened]
    lived = list(Life({"small": waits}, Index({"small": waits}), ANN.history).through(arrivals, END))
    assert [move.because for one in lived for move in one.outcome.trail if move.kind == "noted"] == ["late"]


def test_the_index_tells_events_from_what_else_has_their_names() -> None:
    index = Index({"lapsed": book(small({"m": {"message": PUSH, "then": None}}, entry={"segment": "lapsing"}))})
    assert [*index.concerned(event("lapsing", BEGIN))] == []
    assert [*index.concerned(Happened("segment", "lapsing", BEGIN, "1", ANN))] == ["lapsed"]


def test_an_old_version_is_moved_by_its_own_names() -> None:
    first = small({"s": {"wait_for": {"event": "B"}, "within": "1h", "then": None, "else": None}}, version=1)
    second = small({"s": {"wait_for": {"event": "C"}, "within": "1h", "then": None, "else": None}}, version=2, entry={"event": "D"})
    index = Index({"small": book(first, second)})
    assert [bool(index.concerned(event(name, BEGIN), ["small"])) for name in "ABCD"] == [False, True, True, True]
