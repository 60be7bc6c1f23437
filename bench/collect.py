"""collect + load against the least that anybody could do with the same bytes: gunzip, parse, gzip.

Both sides work on the same gzipped batches of 100 events: orders, and one in fifty who somebody is, of which every other needs cleaning, as one
amount in a hundred does; ports are in memory, so that only our own CPU counts. Measured as process time, the best of
several turns that alternate, because the machine may be busy.
"""

import gzip
import random
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from bench.stand_ins import EveryKey, EveryName, NoDevices, NoProfiles, Queue
from bench.table import BenchRow
from regulars.domain.collection.message import QueueMessage
from regulars.usecases.collect import collect
from regulars.usecases.load import load

BATCHES: Final = 30
EVENTS: Final = 100
MESSAGES_A_LOAD: Final = 10
TURNS: Final = 7
IDENTIFY_ONE_IN: Final = 50
AMOUNT_IN_TEXT_ONE_IN: Final = 100
WRITE_KEY: Final = "bench"
NOW: Final = datetime(2026, 11, 21, 10, tzinfo=UTC)
WORDS: Final = ("FLUID MILK", "SOFT DRINKS", "YOGURT", "BREAD", "BEEF", "CHEESE", "FROZEN PIZZA", "APPLES", "COOKIES", "EGGS", "CEREAL")


class Now:
    def now(self) -> datetime:
        return NOW


class NoObjects:
    """A lake that takes everything and keeps nothing."""

    def put(self, key: str, body: bytes, *, only_if_absent: bool = False) -> bool:
        return True

    def get(self, key: str) -> bytes:
        return b""

    def chunks(self, key: str, *, start: int = 0) -> Iterator[bytes]:
        return iter(())

    def copy(self, key: str, to: str) -> None:
        raise AssertionError("nothing is copied here")

    def keys(self, prefix: str, *, after: str = "") -> Iterator[str]:
        return iter(())

    def versions(self, prefix: str) -> Iterator[tuple[str, str]]:
        return iter(())


def rows() -> list[BenchRow]:
    bodies = _bodies(random.Random(20261121))
    floor, ours = best_of_turns(lambda: _floor(bodies), lambda: _collect_and_load(bodies))
    each = 1e6 / (BATCHES * EVENTS)
    note = f"CPU, {EVENTS} events a request, {sum(map(len, bodies)) / BATCHES / EVENTS:.0f} B gzipped each; floor = gunzip + parse + gzip"
    return [BenchRow("collect + load, CPU an event", ours * each, floor * each, ours / floor, "us", note)]


def _floor(bodies: Sequence[bytes]) -> None:
    for body in bodies:
        text = gzip.decompress(body)
        orjson.loads(text)
        zlib.compress(text, 1)


def _collect_and_load(bodies: Sequence[bytes]) -> None:
    queue, clock = Queue(), Now()
    for body in bodies:
        collect(body, {"content-encoding": "gzip"}, {}, verb="batch", write_keys=EveryKey(), queue=queue, clock=clock)
    messages = [QueueMessage(str(number), body) for number, body in enumerate(queue.bodies)]
    for start in range(0, BATCHES, MESSAGES_A_LOAD):
        load(
            messages[start : start + MESSAGES_A_LOAD],
            objects=NoObjects(),
            profiles=NoProfiles(),
            devices=NoDevices(),
            names=EveryName(),
            queue=Queue(),
            clock=clock,
        )


def best_of_turns(*jobs: Callable[[], None]) -> list[float]:
    best = [float("inf")] * len(jobs)
    for _ in range(TURNS):
        for number, job in enumerate(jobs):
            started = time.process_time()
            job()
            best[number] = min(best[number], time.process_time() - started)
    return best


def _bodies(chance: random.Random) -> list[bytes]:
    catalogue = [product(chance) for _ in range(2000)]
    batches = [[_event(chance, catalogue, batch * EVENTS + number) for number in range(EVENTS)] for batch in range(BATCHES)]
    return [gzip.compress(orjson.dumps({"batch": batch, "sentAt": NOW.isoformat(), "writeKey": WRITE_KEY})) for batch in batches]


def product(chance: random.Random) -> dict[str, Any]:
    name = " ".join(chance.choice(WORDS)[: chance.randrange(4, 9)] for _ in range(3))
    brand = chance.choice(("National", "Private"))
    return {"product_id": str(chance.randrange(10**5, 10**7)), "name": name, "category": chance.choice(WORDS), "brand": brand}


def _event(chance: random.Random, catalogue: Sequence[dict[str, Any]], number: int) -> dict[str, Any]:
    event = order(chance, catalogue, number)
    if number % IDENTIFY_ONE_IN == 0:
        return {**event, "type": "identify", "properties": {}, "traits": _traits(number, dirty=number % (2 * IDENTIFY_ONE_IN) == 0)}
    if number % AMOUNT_IN_TEXT_ONE_IN == 1:
        return {**event, "properties": {**event["properties"], "revenue": f"{event['properties']['revenue']:,.2f} USD"}}
    return event


def _traits(number: int, *, dirty: bool) -> dict[str, Any]:
    address = {"street": "1 Main Street", "city": "Cincinnati", "country": "United States" if dirty else "US"}
    phone = f"(415) 555-{number:04d}" if dirty else f"+1415555{number:04d}"
    email = f"Ada.{number}@Shop.com" if dirty else f"ada.{number}@shop.com"
    return {"email": email, "phone": phone, "firstName": "Ada", "createdAt": "2025-11-21T10:00:00Z", "address": address}


def order(chance: random.Random, catalogue: Sequence[dict[str, Any]], number: int) -> dict[str, Any]:
    """A basket like those of the demonstration's retailer: 9 lines on average, 1.4 KB of JSON, under 200 bytes gzipped."""
    lines = range(1 + int(chance.expovariate(1 / 8)))
    products = [{**chance.choice(catalogue), "quantity": chance.randrange(1, 4), "price": round(chance.expovariate(0.3), 2)} for _ in lines]
    revenue = round(sum(product["price"] for product in products), 2)
    return {
        "type": "track",
        "event": "Order Completed",
        "messageId": f"order-{number}",
        "userId": f"h{chance.randrange(2469)}",
        "timestamp": f"2026-{chance.randrange(1, 11):02d}-{chance.randrange(1, 29):02d}T{chance.randrange(24):02d}:00:00.000Z",
        "context": {"library": {"name": "analytics-python", "version": "2.4.0"}},
        "properties": {"order_id": str(number), "revenue": revenue, "currency": "USD", "products": products},
    }
