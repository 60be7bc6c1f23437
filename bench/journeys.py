"""What every event pays for journeys, against what it may: it is looked up by its name, and the conditions of those that name it are judged. And how
fast the past is replayed."""

import gzip
import json
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from bench.table import BenchRow
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.looking import Looking
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.past import Past, PastRow, past_of
from regulars.domain.journeys.person import PersonOfHistory
from regulars.domain.journeys.replay import Replay
from regulars.domain.journeys.state import Happened
from regulars.domain.journeys.tally import Tallies
from regulars.domain.lake.unloaded import unloaded_lines
from regulars.domain.segments.evaluate import PersonHistory
from regulars.domain.settings import Settings

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
LAKE_MOMENT: Final = "%Y-%m-%d %H:%M:%S.%f+00:00"
CHUNK: Final = 65_536
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
        _shard(),
    ]


def _replay() -> BenchRow:
    """Three journeys over a shop's events, of which more than half cause something to be done: far more than any real shop's do."""
    books, past, until = _shop_books(), _past(), BEGUN + timedelta(days=200)
    index = Index(books)
    spent, done = [], 0
    for _ in range(ROUNDS):
        begun = time.process_time()
        lives = (Replay(books, index, PersonHistory(one.user_id, BEGUN), timedelta(days=1)).through(one.rows, until) for one in past)
        done = sum(len(each.outcome.actions) for lived in lives for each in lived)
        spent.append(time.process_time() - begun)
    rate = EVENTS / min(spent)
    note = f"what is asked for; higher is better; three journeys, {done / EVENTS:.2f} messages an event"
    return BenchRow("journeys, the past replayed", rate, REPLAYED, rate / REPLAYED, "events / s of CPU", note)


def _shard() -> BenchRow:
    """The same past as one shard of a look back: read, moved by both clocks, counted; against reading the same lines and putting them in order."""
    books = {name: Book({1: replace(book.latest, id=name)}) for name, book in _shop_books().items()}
    packed, told = _unloaded(_past(), {"Product Added", "Signed Up", GOAL})
    spent, floor, found = [], [], Tallies({})
    for _ in range(ROUNDS):
        begun = time.process_time()
        found = Looking(books, Settings(), BEGUN, BEGUN + timedelta(days=90)).over(past_of(line) for line in unloaded_lines(packed, "shard"))
        spent.append(time.process_time() - begun)
        begun = time.process_time()
        rows = [(person["user_id"], *row) for person in map(orjson.loads, unloaded_lines(packed, "shard")) for row in person["did"]]
        rows.sort()
        floor.append(time.process_time() - begun)
    rate, least = told / min(spent), told / min(floor)
    messages = sum(tally.messages.total() for tally in found.of.values())
    all_events = f"{EVENTS / min(spent):,.0f} a second of all events, those that no journey names among them"
    note = f"reading and sorting the same rows; higher is better; three journeys, two clocks, {messages / told:.2f} messages a row; {all_events}"
    return BenchRow("journeys, a shard of a look back", rate, least, rate / least, "rows / s of CPU", note)


def _shop_books() -> dict[str, Book]:
    return {"cart": _shop_book("Product Added", "4h", "1d"), "welcome": _shop_book("Signed Up", "1d", "3d"), "after": _shop_book(GOAL, "3d", "4d")}


def _unloaded(past: Sequence[Past], names: set[str]) -> tuple[list[bytes], int]:
    """As UNLOAD writes what `past_sql` asks for, in pieces, and how many rows that is. Most arrive within half a minute, one in fifty hours late."""
    draw, lines, told = random.Random(3), list[bytes](), 0
    for one in past:
        did = [_line(row, draw) for row in one.rows if row.name in names]
        if did:
            lines.append(orjson.dumps({"user_id": one.user_id, "did": did, "zone": one.zone}) + b"\n")
            told += len(did)
    packed = gzip.compress(b"".join(lines), 1)
    return [packed[start : start + CHUNK] for start in range(0, len(packed), CHUNK)], told


def _line(row: PastRow, draw: random.Random) -> list[str]:
    late = draw.uniform(0, 36_000) if draw.random() < 0.02 else draw.uniform(0, 30)
    received = row.at + timedelta(seconds=late)
    return [f"{row.at:{LAKE_MOMENT}}", row.name, row.id, f"{received:{LAKE_MOMENT}}", "", row.properties or "", ""]


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


def _past() -> Sequence[Past]:
    draw, past = random.Random(2), defaultdict[str, list[PastRow]](list)
    names = ["Product Viewed"] * 40 + ["Product Added"] * 25 + [GOAL] * 10 + ["Signed Up"] * 3 + ["Page Viewed"] * 22
    for number in range(EVENTS):
        user, name, at = f"u{draw.randrange(EVENTS // 10)}", draw.choice(names), BEGUN + timedelta(seconds=draw.randrange(90 * 86_400))
        said = json.dumps({"price": draw.randrange(100), "product_id": f"p{draw.randrange(5_000)}"})
        past[user].append(PastRow(at, name, f"e{number}", at, is_own=False, properties=said, traits=None))
    return [Past(user, sorted(rows, key=lambda row: (row.at, row.id))) for user, rows in sorted(past.items())]


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
