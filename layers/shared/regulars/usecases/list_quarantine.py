"""The events that were refused, newest first, each with its reason.

`load` keeps them in `quarantine/dt=YYYY-MM-DD/hh=HH/<uuid>.json.gz`, one JSON object a line, by the hour of writing
(UTC).
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, islice
from typing import Any

import orjson

from regulars.domain.errors import InvalidRequestError
from regulars.ports import Clock, ObjectStore

DAYS_BACK = 30
MOST = 200
LARGEST_EVENT_SHOWN = 16_384
"""Bytes of JSON. `MOST` of them stay under the 6 MB that a Lambda function may answer."""
OBJECTS_AN_HOUR = 200
"""How many objects of one hour are read: a client that sends nothing but bad events must not make the list time out."""


@dataclass(frozen=True)
class QuarantinedEvent:
    """What was refused, and why. It is `event` as it came, or `event_text` where JSON could not carry it, or `raw` (base64) where it was no
    message of ours; of what is too large to be shown there are only its `bytes`."""

    id: str
    at: str
    source: str
    reason: str
    message: str
    event: Any = None
    event_text: str | None = None
    raw: str | None = None
    bytes: int | None = None


def list_quarantine(*, limit: int, clock: Clock, lake: ObjectStore) -> list[QuarantinedEvent]:
    """At most `limit` entries of the last `DAYS_BACK` days; an event over `LARGEST_EVENT_SHOWN` bytes is left out.

    Raises InvalidRequestError for a limit outside 1..MOST.
    """
    if not 1 <= limit <= MOST:
        raise InvalidRequestError(f"must be 1 to {MOST}", field="limit")
    return list(islice(_newest_first(clock, lake), limit))


def _newest_first(clock: Clock, lake: ObjectStore) -> Iterator[QuarantinedEvent]:
    """Day by day, so that no long history is listed for its newest page; within an hour the entries' times decide."""
    today = clock.now().date()
    for age in range(DAYS_BACK + 1):
        keys = lake.keys(f"quarantine/dt={today - timedelta(days=age):%Y-%m-%d}/")
        hours = groupby(sorted(keys, reverse=True), key=lambda key: key.rpartition("/")[0])
        for _, in_hour in hours:
            entries = [entry for key in islice(in_hour, OBJECTS_AN_HOUR) for entry in _entries(lake.get(key))]
            yield from sorted(entries, key=lambda entry: (entry.at, entry.id), reverse=True)


def _entries(body: bytes) -> list[QuarantinedEvent]:
    return [_entry(line) for line in gzip.decompress(body).split(b"\n") if line]


def _entry(line: bytes) -> QuarantinedEvent:
    """What was refused for half a surrogate pair or for its depth cannot be shown as JSON either: it is text then."""
    head, _, event = line.partition(b',"event":')
    try:
        entry = orjson.loads(line)
        held = orjson.dumps(entry.get("event", entry.get("raw")))
    except (orjson.JSONDecodeError, TypeError):
        held = event.removesuffix(b"}")
        entry = {**orjson.loads(head + b"}"), "event_text": held.decode()}
    if len(held) > LARGEST_EVENT_SHOWN:
        entry = {name: entry[name] for name in _DESCRIBING} | {"bytes": len(held)}
    return QuarantinedEvent(**entry)


_DESCRIBING = ("id", "at", "source", "reason", "message")
