"""A shop's events as an app sends them, twenty a request: what `cost` is counted on.

One event in fifty says who somebody is, as in the year of the demonstration's retailer (2,469 of 155,000); the rest is browsing, and three
in a hundred are orders. An event is 450 bytes of JSON on average.
"""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from regulars.domain.collection.moments import iso

EVENTS_A_REQUEST: Final = 20
IDENTIFY_ONE_IN: Final = 50
WRITE_KEY: Final = "cost"
NAMES: Final = (
    ("Product Viewed", 46),
    ("Product List Viewed", 22),
    ("Product Added", 12),
    ("Products Searched", 9),
    ("Cart Viewed", 5),
    ("Checkout Started", 3),
    ("Order Completed", 3),
)
WORDS: Final = ("milk", "soft drinks", "yogurt", "bread", "beef", "cheese", "frozen pizza", "apples", "cookies", "eggs", "cereal")


def requests(events: int, *, people: int, first: int, until: datetime, span: timedelta, seed: int) -> Iterator[bytes]:
    """Bodies of `/v1/batch` with `events` events in all, spread over the `span` before `until`; message ids count from `first`."""
    chance = random.Random(seed)
    for start in range(first, first + events, EVENTS_A_REQUEST):
        numbers = range(start, min(start + EVENTS_A_REQUEST, first + events))
        person, sent = chance.randrange(people), until - span * chance.random()
        yield json.dumps(
            {
                "batch": [_event(number, person, sent - timedelta(seconds=chance.randrange(60)), chance) for number in numbers],
                "sentAt": iso(sent),
                "writeKey": WRITE_KEY,
            },
            separators=(",", ":"),
        ).encode()


def names() -> Sequence[str]:
    """Every event name that occurs."""
    return (*(name for name, _ in NAMES), "identify")


def _event(number: int, person: int, happened: datetime, chance: random.Random) -> dict[str, Any]:
    context: dict[str, Any] = {
        "library": {"name": "analytics-kotlin", "version": "1.19.1"},
        "app": {"name": "Shop", "version": "5.2.0"},
        "device": {"id": f"phone-{person}", "type": "android"},
    }
    common: dict[str, Any] = {
        "messageId": f"{chance.getrandbits(128):032x}-{number}",
        "userId": f"user-{person}",
        "anonymousId": f"{person:032x}",
        "timestamp": iso(happened),
        "context": context,
    }
    if number % IDENTIFY_ONE_IN == 0:
        device = {"id": f"phone-{person}", "type": "android", "token": f"{person:08d}:APA91b" + "x" * 134}
        traits = {"email": f"user-{person}@shop.example", "firstName": "Ada", "tier": chance.choice(("gold", "silver")), "age": 18 + person % 60}
        return {**common, "type": "identify", "traits": traits, "context": {**context, "device": device}}
    (name,) = chance.choices([name for name, _ in NAMES], [weight for _, weight in NAMES])
    return {**common, "type": "track", "event": name, "properties": _properties(name, number, chance)}


def _properties(name: str, number: int, chance: random.Random) -> dict[str, Any]:
    if name == "Order Completed":
        products = [_product(chance) for _ in range(1 + int(chance.expovariate(1 / 3)))]
        return {"order_id": f"order-{number}", "revenue": round(sum(p["price"] for p in products), 2), "currency": "USD", "products": products}
    if name == "Products Searched":
        return {"query": chance.choice(WORDS)}
    return {**_product(chance), "currency": "USD"}


def _product(chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(WORDS)
    identity = chance.randrange(20_000)
    return {"product_id": f"p-{identity}", "name": f"{kind} {identity}", "category": kind, "price": round(0.5 + chance.expovariate(0.2), 2)}
