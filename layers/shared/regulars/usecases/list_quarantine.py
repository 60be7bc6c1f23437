"""The events that were refused, newest first, each with its reason.

`load` keeps them in `quarantine/dt=YYYY-MM-DD/hh=HH/<uuid>.json.gz`, one JSON object a line, by the hour of writing
(UTC).
"""

import gzip
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby, islice
from typing import Any

import orjson

from regulars.domain.errors import InvalidRequestError
from regulars.ports import Clock, Document, ObjectStore

DAYS_BACK = 30
MOST = 200
LARGEST_EVENT_SHOWN = 16_384
"""Bytes of JSON. `MOST` of them stay under the 6 MB that a Lambda function may answer."""
OBJECTS_AN_HOUR = 200
"""How many objects of one hour are read: a client that sends nothing but bad events must not make the list time out."""


def list_quarantine(*, limit: int, clock: Clock, lake: ObjectStore) -> list[Document]:
    """At most `limit` entries of the last `DAYS_BACK` days; an event over `LARGEST_EVENT_SHOWN` bytes is left out.

    Raises InvalidRequestError for a limit outside 1..MOST.
    """
    if not 1 <= limit <= MOST:
        raise InvalidRequestError(f"must be 1 to {MOST}", field="limit")
    return [_bounded(entry) for entry in islice(_newest_first(clock, lake), limit)]


def _newest_first(clock: Clock, lake: ObjectStore) -> Iterator[Document]:
    """Day by day, so that no long history is listed for its newest page; within an hour the entries' times decide."""
    today = clock.now().date()
    for age in range(DAYS_BACK + 1):
        keys = lake.keys(f"quarantine/dt={today - timedelta(days=age):%Y-%m-%d}/")
        hours = groupby(sorted(keys, reverse=True), key=lambda key: key.rpartition("/")[0])
        for _, in_hour in hours:
            entries = [entry for key in islice(in_hour, OBJECTS_AN_HOUR) for entry in _entries(lake.get(key))]
            yield from sorted(entries, key=lambda entry: (entry.get("at", ""), entry.get("id", "")), reverse=True)


def _entries(body: bytes) -> list[dict[str, Any]]:
    return [_entry(line) for line in gzip.decompress(body).split(b"\n") if line]


def _entry(line: bytes) -> dict[str, Any]:
    """What was refused for half a surrogate pair or for its depth cannot be shown as JSON either: it is the text `event_text`."""
    try:
        entry: dict[str, Any] = orjson.loads(line)
        orjson.dumps(entry)
    except (orjson.JSONDecodeError, TypeError):
        head, _, event = line.partition(b',"event":')
        return {**orjson.loads(head + b"}"), "event_text": event.removesuffix(b"}").decode()}
    return entry


def _bounded(entry: Document) -> Document:
    held = {name: entry[name] for name in ("event", "event_text", "raw") if name in entry}
    size = len(orjson.dumps(held))
    return entry if size <= LARGEST_EVENT_SHOWN else {k: v for k, v in entry.items() if k not in held} | {"bytes": size}
