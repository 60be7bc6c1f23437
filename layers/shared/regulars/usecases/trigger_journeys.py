"""The fast lane: what a journey has to know of goes to the worker as soon as it was collected, long before it is loaded.

It is no more than a short cut. `load` sends the same inputs of the same events, so whatever goes wrong here costs time and nothing else.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from regulars.domain.cleaning.standards import Standards
from regulars.domain.collection.body import Body
from regulars.domain.collection.change import Change
from regulars.domain.collection.device import Sighting
from regulars.domain.collection.event import Event
from regulars.domain.collection.events import Envelope, enveloped
from regulars.domain.collection.examination import RoundedNumberError
from regulars.domain.collection.message import Delivery
from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.journeys.inputs import Trigger
from regulars.domain.journeys.published import Published
from regulars.domain.journeys.triggers import as_they_happened, trigger_of
from regulars.domain.tracking.plan import Plan
from regulars.ports import JourneyQueue
from regulars.usecases.sort_events import accepted


def trigger_journeys(
    body: Body,
    document: dict[str, Any],
    *,
    received: datetime,
    source: str,
    verb: str,
    plans: Sequence[Plan],
    standards: Standards,
    published: Published,
    queue: JourneyQueue,
) -> int:
    """How many inputs were sent. With each goes what the same request told of that person and their device, who may be new: both are known before
    they are moved. Raises QueueUnavailableError, TooManyRequestsError."""
    plain = body.text.isascii() and b"\\" not in body.text
    delivery = Delivery("", received, source, verb, document, plain, body.text, exact=False)
    try:
        events = list(_accepted(delivery, plans, standards))
    except RoundedNumberError:
        events = list(_accepted(delivery.exactly(), plans, standards))
    inputs = list(_inputs(events, published))
    if inputs:
        queue.send(inputs)
    return len(inputs)


def _inputs(events: Sequence[Event], published: Published) -> Iterator[Trigger]:
    """What somebody told and registered goes with the first of theirs."""
    changes, sightings = dict[str, list[Change]](), dict[str, list[Sighting]]()
    triggers = list[Trigger]()
    for event in events:
        if change := event.change():
            changes.setdefault(change.user_id, []).append(change)
        if (sighting := event.sighting()) and sighting.user_id and sighting.device.registers:
            sightings.setdefault(sighting.user_id, []).append(sighting)
        if trigger := trigger_of(event, published.index):
            triggers.append(trigger)
    for trigger in as_they_happened(triggers):
        yield trigger._replace(told=tuple(changes.pop(trigger.user_id, ())), seen=tuple(sightings.pop(trigger.user_id, ())))


def _accepted(delivery: Delivery, plans: Sequence[Plan], standards: Standards) -> Iterator[Event]:
    """Those that have an id of their own: the others get one from the queue, which only `load` knows. A refused one is for `load` to tell of."""
    envelope, events = enveloped(delivery)
    for index, event in enumerate(events):
        if found := _one(event, index, envelope, plans, standards, plain=delivery.plain):
            yield found


def _one(event: Any, index: int, envelope: Envelope, plans: Sequence[Plan], standards: Standards, *, plain: bool) -> Event | None:
    try:
        found = accepted(event, envelope, index, plans, standards, plain=plain)
    except EventRejectedError:
        return None
    return found if found.message_id != envelope.event_id(index) else None
