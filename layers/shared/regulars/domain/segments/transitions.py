"""Who came into a segment and who left it, as events of the people themselves: `Segment Entered` and `Segment Exited`."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.collection.moments import iso
from regulars.domain.documents import JsonObject
from regulars.domain.lake.event_names import SEGMENT_ENTERED, SEGMENT_EXITED
from regulars.domain.segments.rule import Segment


@dataclass(frozen=True)
class Transition:
    """`event` is SEGMENT_ENTERED or SEGMENT_EXITED."""

    event: str
    user_id: str


def transitions(before: Iterable[str], after: Iterable[str]) -> Iterator[Transition]:
    """From one list of people to another, both sorted by code point, as Athena sorts text: one pass, of which nothing is kept."""
    olds, news = iter(before), iter(after)
    old, new = next(olds, None), next(news, None)
    while old is not None or new is not None:
        if new is None or (old is not None and old < new):
            yield Transition(SEGMENT_EXITED, str(old))
            old = next(olds, None)
        elif old is None or new < old:
            yield Transition(SEGMENT_ENTERED, new)
            new = next(news, None)
        else:
            old, new = next(olds, None), next(news, None)


def transition_event(transition: Transition, segment: Segment, version: int, as_of: datetime) -> JsonObject:
    """As a client would send it. Its message id is that of the same change at the same moment, however often it is told."""
    told = "\n".join((segment.segment_id, iso(as_of), transition.event, transition.user_id))
    return {
        "type": "track",
        "event": transition.event,
        "userId": transition.user_id,
        "messageId": f"segment-{hashlib.sha256(told.encode()).hexdigest()[:32]}",
        "timestamp": iso(as_of),
        "properties": {"segment_id": segment.segment_id, "segment_name": segment.name, "version": version},
    }
