"""Drawn journeys and what happens to a person in them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.state import Action, Clock, Happened, State
from regulars.domain.journeys.step import step
from tests.domain.journeys.documents import ANN, BEGIN, EXAMPLES, PUSH, book, event, example

END = BEGIN + timedelta(days=4_000)
HALF_HOUR = timedelta(minutes=30)
"""All moments and waits are multiples of it, so that deadlines and events often meet."""

NAMES = ("A", "B", "C", "D")
_SPANS = ("30m", "1h", "5h", "1d")
_EVENING = {"time": "18:30", "timezone": "UTC"}
_WHERE = [{"property": "x", "gte": 2}]


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A journey that begins with A and may end with D, of up to seven steps of all kinds, with loops through waits."""
    count = draw(st.integers(1, 7))
    steps = {f"s{number}": draw(_step(number, count)) for number in range(count)}
    reached, waiting = set(), ["s0"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += [to for to in _targets(steps[name]) if to is not None and to not in reached]
    document: dict[str, Any] = {
        "id": "drawn",
        "entry": {"event": "A", **draw(st.sampled_from([{}, {"where": _WHERE}]))},
        "start": "s0",
        "steps": {name: each for name, each in steps.items() if name in reached},
        "max_hops": draw(st.integers(3, 15)),
    }
    return document | draw(st.sampled_from(_ENDS)) | draw(st.sampled_from(_REENTRY))


_ENDS: list[dict[str, Any]] = [{}, {"exit": [{"event": "D", "as": "goal"}]}, {"exit": [{"event": "D", "where": _WHERE}]}, {"exit": [{"event": "A"}]}]
_REENTRY: list[dict[str, Any]] = [
    {},
    {"reentry": {"after": "1h"}},
    {"reentry": {"after": "2d", "max": 3}},
    {"reentry": {"while_in": "restart"}},
    {"reentry": {"while_in": "restart", "after": "1h"}},
]


@st.composite
def _step(draw: st.DrawFn, number: int, count: int) -> dict[str, Any]:
    """Whoever waits may be led back."""
    ahead = [None, *(f"s{other}" for other in range(number + 1, count))]
    back = [f"s{other}" for other in range(number + 1)]
    span, on, anywhere = st.sampled_from(_SPANS), st.sampled_from(ahead), st.sampled_from([*ahead, *back])
    pattern = {"event": draw(st.sampled_from("BC")), **draw(st.sampled_from([{}, {"where": _WHERE}, {"same": "x"}]))}
    match draw(st.sampled_from(["wait", "wait_for", "wait_for", "collect", "until", "message", "message", "branch", "split", "set", "exit"])):
        case "wait":
            return {"wait": draw(span), "then": draw(anywhere)}
        case "wait_for":
            return {"wait_for": pattern, "within": draw(span), "then": draw(anywhere), "else": draw(anywhere)}
        case "collect":
            ends = draw(st.sampled_from([{"for": "5h"}, {"for": "1d"}, {"until": _EVENING}, {"for": "5h", "until": _EVENING}]))
            return {"collect": pattern, **ends, "max": draw(st.integers(1, 3)), "then": draw(anywhere)}
        case "until":
            return {"wait_until": {"time": draw(st.sampled_from(["09:00", "18:30"])), "timezone": "UTC"}, "then": draw(anywhere)}
        case "branch":
            return {"branch": [{"if": {"entry": "x", "gte": 2}, "then": draw(on)}], "else": draw(on)}
        case "split":
            return {"split": [{"id": "a", "then": draw(on)}, {"id": "b", "then": draw(on)}]}
        case "set":
            return {"set": {"traits": {"t": 1}}, "then": draw(on)}
        case "exit":
            return {"exit": "drawn"}
    return {"message": PUSH, "then": draw(on)}


def _targets(drawn: dict[str, Any]) -> list[Any]:
    return [drawn.get("then"), drawn.get("else"), *(each["then"] for key in ("branch", "split") for each in drawn.get(key, ()))]


_SAID = {"abandoned-cart": ("Product Added", "Order Completed"), "win-back": ("Order Completed",)}
_OF_SHOPS = {name: book(example(name)) for name in _SAID}


@st.composite
def lives(draw: st.DrawFn) -> tuple[Book, list[Happened]]:
    """A journey, drawn or one of the examples, and up to twelve events in the order in which they happen."""
    shop = draw(st.sampled_from([None, None, None, *_SAID]))
    journey = book(draw(documents())) if shop is None else _OF_SHOPS[shop]
    names = st.sampled_from(NAMES if shop is None else _SAID[shop])
    # short gaps twice as often as long ones; none at all, too
    gaps = draw(st.lists(st.sampled_from([0, 1, 1, 2, 2, 10, 11, 48, 96, 1400]), min_size=1, max_size=12))
    at, found = BEGIN, []
    for number, gap in enumerate(gaps):
        at += gap * HALF_HOUR
        found.append(event(draw(names), at, f"e{number:02}", x=draw(st.integers(1, 3)), price=draw(st.sampled_from([10, 30, 200]))))
    return journey, found


class Played:
    """A state that inputs move, and the actions that came of it."""

    def __init__(self, journey: Book) -> None:
        self.book = journey
        self.state: State | None = None
        self.actions: list[Action] = []

    def play(self, this: Happened | Clock, now: datetime) -> bool:
        """Whether it changed anything."""
        before = self.state
        outcome = step(self.book, before, this, now)
        self.state = outcome.state
        self.actions += outcome.actions
        return outcome.state is not before or bool(outcome.actions)

    def on_time(self, until: datetime) -> None:
        """Each timer at its moment, up to just before `until`."""
        while self.state is not None and self.state.due is not None and self.state.due < until:
            self.play(Clock(self.state.due, ANN), self.state.due)

    @property
    def sent(self) -> list[tuple[str, datetime]]:
        return [(action.key, action.at) for action in self.actions]


def ideal(journey: Book, events: Iterable[Happened]) -> Played:
    """What is right: everything when it happens, every timer when it is due."""
    played = Played(journey)
    for this in events:
        played.on_time(this.at)
        played.play(this, this.at)
    played.on_time(END)
    return played


def swept(events: Sequence[Happened]) -> st.SearchStrategy[list[int]]:
    """How often the clock is looked at before each event, and after the last: not at all, or several times."""
    return st.lists(st.integers(0, 3), min_size=len(events) + 1, max_size=len(events) + 1)


__all__ = ["END", "EXAMPLES", "HALF_HOUR", "Played", "documents", "ideal", "lives", "swept"]
