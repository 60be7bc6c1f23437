"""Bring queue messages into the lake: good events as rows, bad ones to quarantine, traits to profiles, and devices to their owners."""

from __future__ import annotations  # what few events need is imported where there are some

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from regulars.domain.cleaning.cleaned import DEFAULTS
from regulars.domain.cleaning.standards import Standards
from regulars.domain.collection.event import Event
from regulars.domain.collection.events import Envelope, enveloped
from regulars.domain.collection.examination import RoundedNumberError
from regulars.domain.collection.message import Delivery, QueueMessage, UnreadableMessageError, legible, unpacked
from regulars.domain.collection.moments import iso
from regulars.domain.collection.rejection import EventRejectedError, quarantine_id, quarantined_bytes, quarantined_event
from regulars.domain.curation import landing
from regulars.domain.errors import InfrastructureError, QueueUnavailableError, StoreUnavailableError, TooManyRequestsError
from regulars.domain.tracking.plan import Plan
from regulars.ports import Clock, DeviceStore, EventNames, EventQueue, JourneyQueue, ObjectStore, ProfileStore
from regulars.usecases.live_journeys import LiveJourneys
from regulars.usecases.merge_devices import merge_devices
from regulars.usecases.merge_profiles import merge_profiles
from regulars.usecases.sort_events import Judges, Sorted, sort_events

if TYPE_CHECKING:
    from regulars.domain.journeys.inputs import Trigger
    from regulars.usecases.match_places import PlaceMatcher


@dataclass(frozen=True)
class Loaded:
    """What became of the messages' events; `quarantined` counts by reason, `corrections` by rule, `traffic` by kind, `profiles` and `devices` what
    was written of them, `other_names` events whose name has no partition of its own, `violations` events that are kept although they are not as
    a tracking plan says.

    `undone` are the identities of the messages that come again, and `trouble` says why, unless it was the time.
    """

    events: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    profiles: int = 0
    devices: int = 0
    other_names: int = 0
    violations: int = 0
    journey_inputs: int = 0
    undone: Sequence[str] = ()
    trouble: str = ""
    corrections: Mapping[str, int] = field(default_factory=dict)
    traffic: Mapping[str, int] = field(default_factory=dict)
    passages: int = 0
    """That somebody came to a place, or left it."""
    not_matched: str = ""
    """Why it was not looked who is at which place, empty where it was."""


def load(
    messages: Sequence[QueueMessage],
    *,
    objects: ObjectStore,
    profiles: ProfileStore,
    devices: DeviceStore,
    names: EventNames,
    queue: EventQueue,
    clock: Clock,
    live_journeys: LiveJourneys | None = None,
    journey_queue: JourneyQueue | None = None,
    plans: Callable[[], Sequence[Plan]] = tuple,
    standards: Standards = DEFAULTS,
    matcher: PlaceMatcher | None = None,
    time_left: Callable[[], timedelta] = lambda: timedelta(hours=1),
) -> Loaded:
    """Loads what it can and gives the rest back to the queue, so that it comes again soon. `time_left` says how long the caller may still work.

    Rows go first: no event waits for a profile. Whatever stops it, where and however often, no event is lost or counted twice:

        before the rows are written      nothing has happened: all messages come again
        between rows and quarantine      the same, and rows that come again fall to the lake's dedupe by message id; ids that we make are of the
                                         queue's own id of the message, so they are the same again. The same batch replaces its objects
        between objects and profiles     the same, and what came to quarantine twice has one id
        among the profiles or devices    those of the others are there, and merging again changes nothing
        some of them cannot be written   the messages that told of these people or devices come again, and no others
        journeys cannot be told          the messages that they have to know of come again: what they were told before is nothing new to them
    """
    result = Sorted()
    try:
        judges = Judges(names, plans(), standards, matcher, _triggers(live_journeys))
        _write_objects(messages, result, objects, judges, clock.now())
    except StoreUnavailableError as error:
        loaded = Loaded(undone=tuple(message.identity for message in messages), trouble=str(error))
    else:
        loaded = _triggered(result, _merged(result, profiles, devices, time_left), journey_queue)
        loaded = _matched(loaded, result, matcher)
    if loaded.undone:
        queue.give_back({message.receipt: message.comes_again_after for message in messages if message.identity in loaded.undone})
    return loaded


def _matched(loaded: Loaded, result: Sorted, matcher: PlaceMatcher | None) -> Loaded:
    """After the profiles, which know who agreed. Whom it fails for is seen again with their next event: no event comes again for it."""
    if matcher is None or not result.positions:
        return loaded
    try:
        return replace(loaded, passages=matcher.match(result.positions))
    except InfrastructureError as error:
        return replace(loaded, not_matched=str(error))


def _triggers(live: LiveJourneys | None) -> Callable[[Event], Trigger | None]:
    """What of an event goes to the journeys that run; where there is none, nothing of them is imported."""
    if live is None or not (names := live.names()):
        return lambda _: None
    from regulars.domain.journeys.triggers import trigger_of

    index = live().index
    return lambda event: trigger_of(event, index) if event.name in names else None


def _triggered(result: Sorted, loaded: Loaded, queue: JourneyQueue | None) -> Loaded:
    """Once their profiles know what the same messages told of them. Who was told already, by the fast lane, is not told twice."""
    told = [(sender, triggers) for sender, triggers in result.triggers.items() if sender not in loaded.undone]
    if queue is None or not told:
        return loaded
    from regulars.domain.journeys.triggers import as_they_happened

    try:
        queue.send(as_they_happened(trigger for _, triggers in told for trigger in triggers))
    except (QueueUnavailableError, TooManyRequestsError) as error:
        undone = (*loaded.undone, *(sender for sender, _ in told))
        return replace(loaded, undone=tuple(sorted(undone)), trouble=loaded.trouble or str(error))
    return replace(loaded, journey_inputs=sum(len(triggers) for _, triggers in told))


def _merged(result: Sorted, profiles: ProfileStore, devices: DeviceStore, time_left: Callable[[], timedelta]) -> Loaded:
    """Devices go first: whose they are decides who is sent what."""
    owned = merge_devices(result.sightings, devices=devices, time_left=time_left)
    people = merge_profiles(result.changes, profiles=profiles, time_left=time_left)
    undone = {message for user_id in people.undone for message in result.senders[user_id]}
    undone |= {message for device_id in owned.undone for message in result.device_senders[device_id]}
    return Loaded(
        events=result.events,
        quarantined=dict(result.reasons),
        profiles=people.written,
        devices=owned.written,
        other_names=result.other_names,
        violations=result.violations,
        undone=tuple(sorted(undone)),
        trouble=owned.trouble or people.trouble,
        corrections=dict(result.corrections),
        traffic=dict(result.traffic),
    )


def _write_objects(messages: Sequence[QueueMessage], result: Sorted, objects: ObjectStore, judges: Judges, now: datetime) -> None:
    """Sorts all events, and writes rows and rejects as one object each, named by the messages in it."""
    for message in messages:
        _sort(message, result, judges, now)
        result.rows.squeeze()
        result.rejects.squeeze()
    name = hashlib.sha256("\n".join(message.identity for message in messages).encode()).hexdigest()[:32]
    for folder, lines in ((landing.folder(now), result.rows), (f"quarantine/dt={now:%Y-%m-%d}/hh={now:%H}/", result.rejects)):
        if lines.count:
            objects.put(f"{folder}{name}.json.gz", lines.finished())


def _sort(message: QueueMessage, result: Sorted, judges: Judges, now: datetime) -> None:
    try:
        delivery = unpacked(message)
    except UnreadableMessageError as error:
        line = quarantined_bytes(str(error), legible(message), at=iso(now))
        result.refuse("unreadable_message", line)
        return
    try:
        _sort_delivery(delivery, message.identity, result, judges)
    except RoundedNumberError:
        _sort_delivery(delivery.exactly(), message.identity, result, judges)


def _sort_delivery(delivery: Delivery, sender: str, result: Sorted, judges: Judges) -> None:
    envelope, events = enveloped(delivery)

    def refuse(error: EventRejectedError, index: int, event: Any) -> None:
        whole = _with_sending_time(event, envelope)
        identity = quarantine_id(event, source=delivery.source, reason=error.reason, made=envelope.event_id(index))
        at, history = iso(delivery.received), envelope.history
        line = quarantined_event(error, whole, identity=identity, at=at, source=delivery.source, place=index, historical=history)
        result.refuse(error.reason, line)

    sort_events(enumerate(events), envelope, result, judges, sender=sender, refuse=refuse, plain=delivery.plain)


def _with_sending_time(event: Any, envelope: Envelope) -> Any:
    """A batch's `sentAt` goes with its event into quarantine: a replay needs it to correct the clock."""
    if not isinstance(event, dict) or envelope.sent_at is None:
        return event
    return {"sentAt": envelope.sent_at, **event}
