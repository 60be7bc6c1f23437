"""Events of the lake as what moves people through journeys."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import orjson

from regulars.domain.collection.event import Event
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.inputs import Trigger, TriggerKind
from regulars.domain.lake.event_names import JOURNEY_EVENTS, PLACE_ENTERED, SEGMENT_ENTERED
from regulars.domain.lake.tables import OWN_SOURCE


def trigger_of(event: Event, index: Index) -> Trigger | None:
    """What a journey may have to know of it. None of what no journey names, of who is not known, and of what moves nobody: the past that an import
    tells of, robots and tests, and what journeys tell of themselves."""
    kind, name = trigger_kind(event.name, event.properties, is_own=event.source == OWN_SOURCE)
    interest = index.interest(kind, name)
    if interest is None or event.user_id is None or event.historical or event.traffic:
        return None
    if event.source == OWN_SOURCE and event.name in JOURNEY_EVENTS:
        return None
    at = event.happened.replace(microsecond=event.happened.microsecond // 1000 * 1000)  # as the lake keeps it
    properties = orjson.dumps(event.properties).decode() if event.properties else None
    if not interest.moves and not any(meets(properties, at) for _, meets in interest.entries):
        return None
    return Trigger(event.user_id, kind, name, at, event.message_id, properties)


def as_they_happened(triggers: Iterable[Trigger]) -> Sequence[Trigger]:
    """Those that came together, in the order in which they happened: a client that could not send before sends the old behind the new."""
    return sorted(triggers, key=lambda trigger: (trigger.at, trigger.id))


def event_names(index: Index) -> Collection[str]:
    """Those of the events of which `trigger_of` may make something."""
    bearers = {"segment": SEGMENT_ENTERED, "near": PLACE_ENTERED}
    found = (name if kind == "event" else bearers.get(kind) for kind, name in index.names())
    return {name for name in found if name is not None}


def trigger_kind(name: str, properties: Mapping[str, object], *, is_own: bool) -> tuple[TriggerKind, str]:
    """What kind of thing an event tells of, and of which. `is_own`: the platform told it, which alone knows who came into a segment."""
    if name == SEGMENT_ENTERED and is_own:
        return "segment", str(properties.get("segment_id"))
    if name == PLACE_ENTERED:
        return "near", str(properties.get("places"))
    return "event", name
