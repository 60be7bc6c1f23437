"""The fast lane: what a request says of people and their devices goes with what it says that they did."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from regulars.domain.cleaning.standards import Standards
from regulars.domain.collection.body import Body
from regulars.domain.collection.moments import iso
from regulars.domain.journeys.inputs import Trigger, input_document, input_of
from regulars.usecases.trigger_journeys import trigger_journeys
from tests.usecases.journey_world import NOW, JourneyWorld

TOKEN = "fresh:APA91b" + "x" * 120
PHONE = {"id": "d-new", "type": "ios", "token": TOKEN}
CAME: dict[str, Any] = {"type": "track", "event": "Signed Up", "userId": "new", "messageId": "m3", "properties": {"place": "Rome"}}
IDENTIFIED = {"type": "identify", "userId": "new", "messageId": "m1", "traits": {"first_name": "Nia"}}
REGISTERED = {"type": "track", "event": "Device Registered", "userId": "new", "messageId": "m2", "properties": {"device_id": "d-new", "token": TOKEN}}


@pytest.fixture
def world() -> JourneyWorld:
    world = JourneyWorld()
    world.launch("welcome")
    return world


def arrives(world: JourneyWorld, *events: dict[str, Any]) -> None:
    """A request, as collect has it, and the worker's call."""
    document = {"sentAt": iso(NOW), "batch": list(events)}
    body = Body(orjson.dumps(document), None)
    sent = len(world.queue.sent)
    trigger_journeys(
        body,
        document,
        received=NOW,
        source="app",
        verb="batch",
        plans=(),
        standards=Standards(),
        published=world.live()(),
        queue=world.queue,
    )
    world.work(world.queue.sent[sent:])


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([IDENTIFIED, REGISTERED, CAME], id="identified and registered before it"),
        pytest.param([IDENTIFIED, {**CAME, "context": {"device": PHONE}}], id="with the device in its own context"),
        pytest.param([{**IDENTIFIED, "context": {"device": PHONE}}, CAME], id="with the device in the identify's"),
    ],
)
def test_whoever_is_new_with_their_device_gets_the_first_message_at_once(events: list[dict[str, Any]], world: JourneyWorld) -> None:
    arrives(world, *events)
    assert [push["token"] for push in world.sender.sent] == [TOKEN]
    assert [push["notification"]["title"] for push in world.sender.sent] == ["Hello Nia from Rome"]


def test_what_others_tell_in_the_same_request_is_theirs(world: JourneyWorld) -> None:
    arrives(world, {**REGISTERED, "userId": "other"}, {**IDENTIFIED, "userId": "other"}, CAME)
    assert (world.sender.sent, [*world.devices.stored]) == ([], [])


def test_a_device_travels_to_the_worker_as_it_was_seen(world: JourneyWorld) -> None:
    arrives(world, {**CAME, "context": {"device": PHONE, "locale": "it-IT", "app": {"version": "1.2"}}})
    (trigger,) = [this for this in world.queue.sent if isinstance(this, Trigger)]
    assert trigger.seen[0].device.locale == "it-IT"
    assert input_of(input_document(trigger)) == trigger


def test_events_of_one_request_move_people_in_the_order_in_which_they_happened(world: JourneyWorld) -> None:
    """A client that could not send before sends the old behind the new."""
    world.knows("new", device="tok-new")
    viewed = {"type": "track", "event": "Product Viewed", "userId": "new", "messageId": "v1", "timestamp": iso(NOW - timedelta(seconds=10))}
    arrives(world, viewed, {**CAME, "timestamp": iso(NOW - timedelta(seconds=30))})
    assert world.titles("new") == ["Hello friend from Rome"]
    world.sweep(later=timedelta(seconds=20))  # As far apart as they were meant to be.
    assert world.titles("new") == ["Hello friend from Rome", "Thanks"]
