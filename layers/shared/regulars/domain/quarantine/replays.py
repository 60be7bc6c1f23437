"""What goes on the queue again, and the rows that say so."""

import gzip
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal

import orjson

from regulars.domain.collection.body import Body
from regulars.domain.collection.message import packed
from regulars.domain.collection.moments import iso
from regulars.domain.documents import JsonObject
from regulars.domain.quarantine.trial import Good

State = Literal["begun", "done"]


@dataclass(frozen=True)
class Mended:
    """An event on its way, and the repair that was made on it."""

    event: Good
    repair: JsonObject


def messages(events: Sequence[Good]) -> Iterator[str]:
    """What `load` takes: as if the events had come when they came, from whom they came. Those of one receipt that stand together go together.

    Raises PayloadTooLargeError where an event does not fit into a message, which none does that collection has taken.
    """
    for (at, source, verb), together in groupby(events, key=lambda good: (good.entry.at, good.entry.source, good.entry.verb)):
        text = b'{"batch":[' + b",".join(good.text for good in together) + b"]}"
        yield from packed(Body(text, None), received=datetime.fromisoformat(at), source=source, verb=verb)


def replay_key(replay: str, events: Sequence[Mended], day: datetime) -> str:
    """Where the rows of these events are: the same events of the same replay have the same."""
    ids = "\n".join(mended.event.entry.id for mended in events)
    return f"quarantine_replays/dt={day:%Y-%m-%d}/{replay}-{hashlib.sha256(ids.encode()).hexdigest()[:16]}.json.gz"


def replay_lines(replay: str, events: Sequence[Mended], *, state: State, at: datetime, by: str) -> bytes:
    """An object of `quarantine_replays`: a row an event."""
    rows = (
        {"id": mended.event.entry.id, "replay": replay, "state": state, "at": iso(at), "by_whom": by, "repair": orjson.dumps(mended.repair).decode()}
        for mended in events
    )
    return gzip.compress(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows), compresslevel=1)
