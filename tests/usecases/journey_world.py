"""Journeys that run over fakes: what collect and load send, the worker with its queue, the sweep, and whatever dies on the way."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import orjson

from regulars import wiring
from regulars.config import Config
from regulars.domain.collection.message import QueueMessage, events_of, unpacked
from regulars.domain.collection.moments import iso
from regulars.domain.documents import JsonObject
from regulars.domain.journeys.inputs import JourneyInput, Trigger, input_document
from regulars.ports import Stored
from regulars.usecases.advance import Advanced, Record, advance
from regulars.usecases.launch_journey import launch_journey, pause_journey, resume_journey, stop_journey
from regulars.usecases.live_journeys import LiveJourneys
from regulars.usecases.perform import Performer
from regulars.usecases.prepare_messages import LOADED_AFTER, Preparation
from regulars.usecases.put_journey import put_journey
from regulars.usecases.wake import Woken, wake
from tests.examples import person, phone
from tests.fakes.clock import MovableClock
from tests.fakes.journeys import (
    MemoryHeartbeat,
    MemoryJourneyQueue,
    MemoryJourneyRegistry,
    MemoryJourneys,
    MemoryJourneyTimers,
    MemoryWebhooks,
)
from tests.fakes.services import MemoryQueue, MemoryWakeTrigger, ScriptedSender
from tests.fakes.stores import MemoryContacts, MemoryDefinitions, MemoryDevices, MemoryObjects, MemoryProfiles, MemoryRefreshes

NOW = datetime(2026, 11, 21, 10, 0, 1, 200_000, tzinfo=UTC)

LOAD_WINDOW = timedelta(seconds=20)
LOADING = LOAD_WINDOW + LOADED_AFTER

DOCUMENTS: Mapping[str, JsonObject] = {
    "welcome": {
        "id": "welcome",
        "entry": {"event": "Signed Up", "max_age": "30d"},
        "reentry": {"after": "1d"},
        "exit": [{"event": "Account Deleted"}],
        "start": "hello",
        "steps": {
            "hello": {
                "message": {"push": {"title": "Hello {{ person.traits.first_name | default: 'friend' }} from {{ event.place }}"}},
                "then": "look",
            },
            "look": {"wait_for": {"event": "Product Viewed"}, "within": "1d", "then": "thanks", "else": "nudge"},
            "thanks": {"message": {"push": {"title": "Thanks"}}, "then": None},
            "nudge": {"message": {"push": {"title": "Still with us?"}}, "then": None},
        },
    },
    "patient": {
        "id": "patient",
        "entry": {"event": "Signed Up"},
        "exit": [{"event": "Order Completed", "as": "goal"}],
        "start": "month",
        "steps": {"month": {"wait": "30d", "then": "hello"}, "hello": {"message": {"push": {"title": "A month!"}}, "then": None}},
    },
}


class CrashError(BaseException):
    """The process is gone: nothing below may be written any more."""


class JourneyWorld:
    """`die_at` counts the calls of anything outside down: at 0 the worker dies there, before it is done (or after, where `after` says so)."""

    def __init__(self) -> None:
        self.clock = MovableClock(NOW)
        self.registry, self.journeys, self.queue, self.webhooks = MemoryJourneyRegistry(), MemoryJourneys(), MemoryJourneyQueue(), MemoryWebhooks()
        self.refreshes = MemoryRefreshes()
        self.timers, self.heartbeat, self.waker = MemoryJourneyTimers(), MemoryHeartbeat(), MemoryWakeTrigger()
        self.definitions, self.lake, self.events = MemoryDefinitions(), MemoryObjects(), MemoryQueue()
        self.profiles, self.devices = MemoryProfiles([]), MemoryDevices([])
        self.contacts, self.sender = MemoryContacts(), ScriptedSender(clock=self.clock)
        self.calls, self.time_left = 0, timedelta(minutes=1)

    def launch(self, journey: str | JsonObject) -> None:
        document = DOCUMENTS[journey] if isinstance(journey, str) else journey
        put_journey(document, by="mara", definitions=self.definitions, lake=self.lake, clock=self.clock)
        self._change(partial(launch_journey, wake=self.waker), str(document["id"]))

    def pause(self, journey_id: str) -> None:
        self._change(pause_journey, journey_id)

    def resume(self, journey_id: str) -> None:
        self._change(resume_journey, journey_id)

    def stop(self, journey_id: str) -> None:
        self._change(stop_journey, journey_id)

    def _change(self, change: Callable[..., Any], journey_id: str) -> None:
        change(journey_id, by="mara", registry=self.registry, definitions=self.definitions, lake=self.lake, clock=self.clock)

    def knows(self, user_id: str, *, device: str = "", **traits: Any) -> None:
        """Somebody with a profile, and a telephone if its token is said."""
        self.profiles.stored[user_id] = Stored(person(user_id, **traits), 1)
        if device:
            seen = iso(self.clock.now() - timedelta(days=1))
            self.devices.stored[f"d-{user_id}"] = Stored(phone(f"d-{user_id}", user_id, device, at=seen), 1)
            profile = self.profiles.stored[user_id].value
            self.profiles.stored[user_id] = Stored(type(profile)(user_id, profile.traits, {f"d-{user_id}": seen}), 1)

    def happens(self, user_id: str, name: str, *, at: datetime | None = None, identity: str = "", **properties: Any) -> Advanced:
        """An event, as either lane sends it, and the worker's call for it."""
        at = at or self.clock.now()
        text = orjson.dumps(properties).decode() if properties else None
        return self.work([Trigger(user_id, "event", name, at, identity or f"{name} {at.isoformat()}", text)])

    def sweep(self, *, later: timedelta = timedelta(0)) -> None:
        """The clock goes on, whose time has come is told, and the worker takes what waits: until nothing is left to do."""
        self.clock.advance(later)
        for _ in range(50):
            before = len(self.queue.sent)
            self.woken()
            if len(self.queue.sent) == before:
                return
            self.work(self.queue.sent[before:])
        raise AssertionError("the sweep never comes to an end")

    def woken(self) -> Woken:
        """One sweep."""
        return wake(
            live=self.live(),
            journeys=self.journeys,
            queue=self.queue,
            heartbeat=self.heartbeat,
            clock=self.clock,
            time_left=lambda: timedelta(minutes=1),
        )

    def work(self, inputs: Sequence[JourneyInput]) -> Advanced:
        started = len(self.queue.sent)
        done = self.call([Record(str(place), input_document(this)) for place, this in enumerate(inputs)])
        while new := [this for this in self.queue.sent[started:] if isinstance(this, Trigger)]:
            started = len(self.queue.sent)
            self.call([Record(str(place), input_document(this)) for place, this in enumerate(new)])
        return done

    def call(self, records: Sequence[Record]) -> Advanced:
        self.calls += 1
        return advance(
            records,
            live=self.live(),
            performer=self.performer(),
            journeys=self.journeys,
            profiles=self.profiles,
            devices=self.devices,
            events=self.events,
            timers=self.timers,
            clock=self.clock,
            time_left=lambda: self.time_left,
        )

    def live(self) -> LiveJourneys:
        return LiveJourneys(self.registry, self.lake, self.clock)

    def performer(self) -> Performer:
        preparation = Preparation(self.profiles, self.devices, self.contacts, self.definitions, self.clock, LOAD_WINDOW)
        return Performer(preparation, self.sender, self.webhooks, self.queue, f"call {self.calls}")

    def install(self) -> None:
        """For handlers."""
        wiring.install(
            config=Config({"LOAD_WINDOW_SECONDS": "20"}),
            clock=self.clock,
            live_journeys=self.live(),
            journeys=self.journeys,
            journey_queue=self.queue,
            journey_timers=self.timers,
            heartbeat=self.heartbeat,
            webhooks=self.webhooks,
            event_queue=self.events,
            profiles=self.profiles,
            devices=self.devices,
            contacts=self.contacts,
            definitions=self.definitions,
            push_sender=self.sender,
        )

    def titles(self, user_id: str) -> list[str]:
        """Of the pushes that went out to them, in order."""
        device = self.devices.stored[f"d-{user_id}"].value
        token = device.target.value if device.target else ""
        return [message["notification"]["title"] for message in self.sender.sent if message["token"] == token]

    def told(self, user_id: str = "") -> list[JsonObject]:
        """The events that were told, each once."""
        found: dict[str, JsonObject] = {}
        for body in self.events.bodies:
            delivery = unpacked(QueueMessage("q", body))
            found |= {event["messageId"]: event for event in events_of(delivery.document, delivery.verb) if user_id in ("", event["userId"])}
        return list(found.values())

    def names(self, user_id: str) -> list[str]:
        return [event["event"] for event in self.told(user_id) if event["type"] == "track"]


class Dying:
    """A port that dies at a call, before it is done, just after, or when half of the things that it was given are done: the process is gone, and what
    was written stays."""

    def __init__(self, port: Any, fates: Callable[[], str]) -> None:
        self._port, self._fates = port, fates

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return partial(self._call, found) if callable(found) else found

    def _call(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        fate = self._fates()
        if fate == "half" and arguments and isinstance(arguments[0], list | tuple):
            method(arguments[0][: len(arguments[0]) // 2], *arguments[1:], **named)
        if fate in ("before", "half"):
            raise CrashError
        answer = method(*arguments, **named)
        if fate == "after":
            raise CrashError
        return answer
