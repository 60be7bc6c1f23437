"""Whom looking back looks at once, it would have looked at twice to the same end; and what it skips would have moved nobody."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.journeys.index import Index
from regulars.domain.journeys.looking import Looking
from regulars.domain.journeys.past import Past, PastRow
from regulars.domain.journeys.simulation import Arrival, Life
from regulars.domain.journeys.state import Action, Happened
from regulars.domain.journeys.steps import Message
from regulars.domain.segments.evaluate import PersonHistory
from regulars.domain.settings import Settings
from tests.domain.journeys.documents import PUSH, book, example, small
from tests.drawn import drawn

BEGUN = datetime(2026, 11, 2, tzinfo=UTC)
END = BEGUN + timedelta(days=30)
TELL = {"message": PUSH, "then": None}
WAITING = small({"rest": {"wait": "1m", "then": "tell"}, "tell": TELL}, exit=[{"event": "B"}], reentry={"while_in": "restart", "after": "1m"})
DOCUMENTS: dict[str, list[dict[str, Any]]] = {
    "a wait for an event": [
        small({"wait": {"wait_for": {"event": "B"}, "within": "2m", "then": None, "else": "tell"}, "tell": TELL}, reentry={"after": "1m"})
    ],
    "a plain wait and an exit": [WAITING],
    "each with a run of its own": [
        small({"rest": {"wait": "1m", "then": "tell"}, "tell": TELL}, entry={"event": "A", "key": "o"}, exit=[{"event": "B", "same": "o"}])
    ],
    "an old entry": [small({"tell": TELL}, entry={"event": "A", "max_age": "1m"}, reentry={"after": "1m"})],
    "gathered": [small({"gather": {"collect": {"event": "B"}, "for": "3m", "max": 2, "then": "tell"}, "tell": TELL}, reentry={"after": "1m"})],
    "two at once": [
        WAITING,
        {
            **small({"wait": {"wait_for": {"event": "A"}, "within": "1m", "then": "tell", "else": None}, "tell": TELL}),
            "id": "other",
            "entry": {"event": "B"},
        },
    ],
    "an example": [
        example(
            "abandoned-cart",
            entry={"event": "A"},
            steps={"buying": {"wait_for": {"event": "B"}, "within": "1m", "then": None, "else": "tell"}, "tell": TELL},
            exit=[{"event": "C"}],
        )
    ],
}

MOMENTS = st.integers(0, 300)
LATE = st.sampled_from((-5, 0, 0, 0, 1, 30, 41, 61, 100, 200))
"""Seconds, about as long as what is waited for."""


@st.composite
def lives(draw: st.DrawFn) -> list[PastRow]:
    rows = [
        PastRow(
            at := BEGUN + timedelta(seconds=draw(MOMENTS)),
            draw(st.sampled_from("AABBC")),
            f"e{number}",
            at + timedelta(seconds=draw(LATE)),
            False,
            json.dumps({"o": draw(st.sampled_from("xy"))}),
            None,
        )
        for number in range(draw(st.integers(1, 8)))
    ]
    return sorted(rows, key=lambda row: (row.at, row.id))


def messages(lived: Sequence[Any]) -> list[Action]:
    return [action for each in lived for action in each.outcome.actions if isinstance(action.does, Message)]


@pytest.mark.parametrize("documents", DOCUMENTS.values(), ids=DOCUMENTS.keys())
@drawn(200)
@given(rows=lives())
def test_both_clocks_say_what_whole_lives_by_them_say(documents: list[dict[str, Any]], rows: list[PastRow]) -> None:
    books = {document["id"]: book(document) for document in documents}
    found = Looking(books, Settings(), BEGUN, END).over([Past("ann", rows)])

    def life(received: Any) -> list[Action]:
        one = Life(books, Index(books), PersonHistory("ann", rows[0].at))
        arrivals = [Arrival(received(row), Happened("event", row.name, row.at, row.id, one.person, row.properties)) for row in rows]
        return messages(list(one.through(arrivals, END)))

    by_time, by_arrival = life(lambda row: row.at), life(lambda row: row.received)
    shown = sorted((each.at, each.step) for tally in found.of.values() for each in tally.shown)
    assert shown == sorted((action.at, action.step) for action in by_time)
    told = {journey_id: tally.by_arrival for journey_id, tally in found.of.items()}
    assert told == {**dict.fromkeys(books, 0), **Counter(action.journey_id for action in by_arrival)}


def test_what_moves_nobody_when_it_happened_may_do_so_when_it_arrives() -> None:
    """The exit was to come after somebody was out, by a clock that runs ahead, and arrives while they are inside."""
    document = small({"wait": {"wait_for": {"event": "B"}, "within": "1m", "then": None, "else": "tell"}, "tell": TELL}, exit=[{"event": "C"}])
    minute = timedelta(minutes=1)
    rows = [
        PastRow(BEGUN, "A", "1", BEGUN, False, None, None),
        PastRow(BEGUN + 2 * minute, "C", "2", BEGUN + minute / 2, False, None, None),
    ]
    found = Looking({"small": book(document)}, Settings(), BEGUN, END).over([Past("ann", rows)]).of["small"]
    assert (found.messages, found.by_arrival) == ({"tell": 1}, 0)
