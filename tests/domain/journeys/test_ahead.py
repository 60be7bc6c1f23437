"""What is told before the older entry of the run that it concerns: an order by the shop's server, and then the cart by the telephone."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.journeys.ahead import KEPT_FOR, MOST, MOST_BYTES, Ahead, remembered
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.simulation import Arrival, Life, Lived
from regulars.domain.journeys.state import Happened, Moment
from regulars.domain.journeys.steps import Message
from tests.domain.journeys.documents import ANN, BEGIN, PUSH, after, book, event, example, small
from tests.domain.journeys.lives import END, documents
from tests.drawn import drawn

REST = {"rest": {"wait": "1d", "then": "nudge"}, "nudge": {"message": PUSH, "then": None}}
TOLD = {"nudge": {"message": PUSH, "then": "mark"}, "mark": {"set": {"traits": {"t": 1}}, "then": "rest"}, "rest": {"wait": "1d", "then": None}}
BOUGHT = {"exit": [{"event": "B", "as": "goal"}]}


def lived(journey: Book, *told: tuple[Happened, datetime]) -> list[Lived]:
    """Of events, each when it arrives."""
    books = {journey.latest.id: journey}
    return list(Life(books, Index(books), ANN.history).through([Arrival(received, this) for this, received in told], END))


def came(journey: Book, *told: tuple[Happened, datetime]) -> tuple[list[str], list[str]]:
    """What is done, step by step, and why they left."""
    found = [one.outcome for one in lived(journey, *told)]
    return [each.step for one in found for each in one.actions], [move.because for one in found for move in one.trail if move.kind == "left"]


def test_whoever_is_known_to_have_bought_is_not_reminded_of_the_cart_that_is_told_later() -> None:
    order, cart = event("Order Completed", after(0.3)), event("Product Added", BEGIN, price=30)
    for journey in (example("abandoned-cart"), small(REST, entry={"event": "Product Added"}, exit=[{"event": "Order Completed", "as": "goal"}])):
        assert came(book(journey), (order, after(0.3)), (cart, after(0.9))) in (([], ["bought"]), ([], ["goal"]))


def test_an_exit_that_came_ahead_prevents_also_what_comes_before_the_first_wait_and_nothing_but_messages() -> None:
    assert came(book(small(TOLD, **BOUGHT)), (event("B", after(1)), after(1)), (event("A", BEGIN), after(2))) == (["mark"], ["goal"])


def test_what_came_ahead_ends_the_wait_that_it_would_have_ended() -> None:
    steps = {"w": {"wait_for": {"event": "B"}, "within": "3h", "then": "thank", "else": "nudge"}, **dict.fromkeys(("thank", "nudge"), REST["nudge"])}
    assert came(book(small(steps)), (event("B", after(1)), after(1)), (event("A", BEGIN), after(2)))[0] == ["thank"]
    assert came(book(small(steps)), (event("B", after(4)), after(4)), (event("A", BEGIN), after(5)))[0] == ["nudge"]


def test_what_happened_before_the_entry_concerns_no_run_however_late_that_is_told() -> None:
    assert came(book(small(REST, **BOUGHT)), (event("B", after(1)), after(1)), (event("A", after(2)), after(9)))[0] == ["nudge"]


def test_of_several_runs_it_ends_the_one_that_it_speaks_of() -> None:
    keyed = book(small(REST, entry={"event": "A", "key": "cart"}, exit=[{"event": "B", "same": "cart"}]))
    told = [(event("B", after(1), cart=2), after(1)), (event("A", BEGIN, "a1", cart=1), after(3)), (event("A", BEGIN, "a2", cart=2), after(3))]
    assert came(keyed, *told) == (["nudge"], ["exit", "done"])


def test_what_no_pattern_takes_is_not_remembered_nor_what_moves_a_run() -> None:
    index = Index({"small": book(small(REST, exit=[{"event": "B", "where": [{"property": "x", "gte": 2}]}]))})
    assert [index.comes_ahead(event("B", BEGIN, x=x), ()) for x in (1, 2)] == [False, True]
    assert not index.comes_ahead(event("B", BEGIN, x=2), {"small"})
    assert not index.comes_ahead(event("A", BEGIN, x=2), ())
    assert not Index({"small": book(small(REST, **BOUGHT), standing="stopped")}).comes_ahead(event("B", BEGIN), ())


def test_a_days_newest_are_remembered_once_each_in_their_order_and_within_bounds() -> None:
    ahead: tuple[Ahead, ...] = ()
    for hour in [*range(30), 29, 28]:
        ahead = remembered(ahead, event("B", after(hour)), after(30))
    assert [each.moment.at for each in ahead] == [after(hour) for hour in range(30 - MOST, 30)]
    assert remembered(ahead, event("B", after(30)), after(29) + KEPT_FOR) == (Ahead(Moment(after(30), f"B@{after(30).isoformat()}"), "B", "{}"),)
    large = [remembered((), event("B", BEGIN, order=7, note="n" * size), BEGIN)[0].properties for size in (100, MOST_BYTES)]
    assert [len(each or "") < MOST_BYTES and '"order": 7' in (each or "").replace('":7', '": 7') for each in large] == [True, True]


def test_what_happens_tomorrow_happened_when_it_came() -> None:
    (found,) = remembered((), event("B", after(48)), after(1))
    assert found.moment.at == after(1)


@drawn(100)
@given(document=documents(), data=st.data())
def test_wherever_the_entry_arrives_after_an_exit_nobody_is_told_anything_of_that_run(document: dict[str, Any], data: st.DataObject) -> None:
    """Of drawn journeys that end by any D: the entry is told up to a day late, everything else at once."""
    journey = book({**document, "exit": [{"event": "D"}]})
    hours = data.draw(st.integers(1, 23))
    told = [(event("D", after(data.draw(st.integers(1, hours)))), after(hours)), (event("A", BEGIN, x=3), after(hours) + timedelta(minutes=1))]
    assert [action for one in lived(journey, *told) for action in one.outcome.actions if isinstance(action.does, Message)] == []
