"""What every event pays for journeys, against what it may: it is looked up by its name, and the conditions of those that name it are judged. And how
fast the past is replayed."""

import json
import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bench.table import BenchRow
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.person import PersonOfHistory
from regulars.domain.journeys.replay import Row, replayed
from regulars.domain.journeys.state import Happened
from regulars.domain.segments.evaluate import PersonHistory

JOURNEYS: Final = 100
NAMES: Final = 200
ENTRY_NAMES: Final = 28
"""One event in seven may begin a journey, as in the retailer's year that was looked at for this."""
EVENTS: Final = 100_000
AT_MOST: Final = 1.0
"""Microseconds of CPU."""
REPLAYED: Final = 100_000
"""Events a second of CPU."""
ROUNDS: Final = 5
GOAL: Final = "Order Completed"
BEGUN: Final = datetime(2026, 7, 1, tzinfo=UTC)
_NOBODY: Final = PersonOfHistory(PersonHistory("u", None))


def rows() -> list[BenchRow]:
    index, events = Index({f"j{number}": _book(number) for number in range(JOURNEYS)}), _events()
    inside = ("j1", "j50")
    best = min(_spent(index, events, inside) for _ in range(ROUNDS)) / EVENTS * 1e6
    matched = sum(bool(index.concerned(event, inside)) for event in events) / EVENTS
    note = f"what it may take at most; {JOURNEYS} live journeys, and {matched:.0%} of the events concern one"
    return [
        BenchRow("journeys, whom an event concerns: CPU", best, AT_MOST, best / AT_MOST, "µs / event", note),
        _replay(),
    ]


def _replay() -> BenchRow:
    """Three journeys over a shop's events, of which more than half cause something to be done: far more than any real shop's do."""
    books = {"cart": _shop_book("Product Added", "4h", "1d"), "welcome": _shop_book("Signed Up", "1d", "3d"), "after": _shop_book(GOAL, "3d", "4d")}
    past = _past()
    spent, done = [], 0
    for _ in range(ROUNDS):
        begun = time.process_time()
        done = sum(len(each.outcome.actions) for each in replayed(books, past, _history, BEGUN + timedelta(days=200)))
        spent.append(time.process_time() - begun)
    rate = len(past) / min(spent)
    note = f"what is asked for; higher is better; three journeys, {done / len(past):.2f} messages an event"
    return BenchRow("journeys, the past replayed", rate, REPLAYED, rate / REPLAYED, "events / s of CPU", note)


def _shop_book(begins: str, first: str, second: str) -> Book:
    ended = {"then": None, "else": "told"}
    steps = {
        "wait": {"wait_for": {"event": GOAL}, "within": first, **ended},
        "told": {"message": {"push": {"title": "Hi"}}, "then": "more"},
        "more": {"wait_for": {"event": GOAL}, "within": second, "then": None, "else": "last"},
        "last": {"message": {"push": {"title": "Still there?"}}, "then": None},
    }
    entry = {"event": begins, "where": [{"property": "price", "gte": 20}]}
    return Book.of([parse_journey({"id": "j", "entry": entry, "reentry": {"after": "3d"}, "start": "wait", "steps": steps})])


def _past() -> list[Row]:
    draw = random.Random(2)
    names = ["Product Viewed"] * 40 + ["Product Added"] * 25 + [GOAL] * 10 + ["Signed Up"] * 3 + ["Page Viewed"] * 22
    past = [
        Row(
            f"u{draw.randrange(EVENTS // 10)}",
            draw.choice(names),
            BEGUN + timedelta(seconds=draw.randrange(90 * 86_400)),
            f"e{number}",
            json.dumps({"price": draw.randrange(100), "product_id": f"p{draw.randrange(5_000)}"}),
        )
        for number in range(EVENTS)
    ]
    return sorted(past, key=lambda row: (row.user_id, row.at, row.id))


def _history(user: str) -> PersonHistory:
    return PersonHistory(user, BEGUN)


def _spent(index: Index, events: list[Happened], inside: tuple[str, ...]) -> float:
    begun = time.process_time()
    for event in events:
        index.concerned(event, inside)
    return time.process_time() - begun


def _book(number: int) -> Book:
    """Every other one asks what the event says."""
    where: dict[str, Any] = {"where": [{"property": "price", "gte": 20}]} if number % 2 else {}
    document = {
        "id": f"j{number}",
        "entry": {"event": f"Event {number % ENTRY_NAMES}", **where},
        "exit": [{"event": f"Event {ENTRY_NAMES + number % 20}"}],
        "start": "s",
        "steps": {"s": {"wait_for": {"event": f"Event {ENTRY_NAMES + 20 + number % 14}"}, "within": "4h", "then": None, "else": None}},
    }
    return Book.of([parse_journey(document)])


def _events() -> list[Happened]:
    draw = random.Random(1)
    return [
        Happened(
            "event",
            f"Event {draw.randrange(NAMES)}",
            BEGUN + timedelta(seconds=number),
            f"e{number}",
            _NOBODY,
            json.dumps({"product_id": f"p{draw.randrange(5_000)}", "price": draw.randrange(100), "currency": "EUR", "quantity": 1}),
        )
        for number in range(EVENTS)
    ]
