"""Who hears a topic."""

from dataclasses import replace

import pytest

from regulars.domain.collection.device import PushTarget
from regulars.domain.errors import InvalidRequestError
from regulars.domain.messages.topics import ChangedDevice, TopicChange, TopicChanged
from regulars.ports import Stored
from regulars.usecases.change_topic import change_topic
from tests.examples import phone
from tests.usecases.test_check_message import DEAD, World


def changed(world: World, *, topic: str = "news", user_id: str = "ann", subscribe: bool = True) -> TopicChanged:
    return change_topic(TopicChange(topic, user_id, subscribe), profiles=world.profiles, devices=world.devices, fcm=world.fcm)


@pytest.mark.parametrize("subscribe", [True, False])
def test_each_device_that_is_theirs_now_is_told_of_and_answered_for(subscribe: bool) -> None:
    world = World()
    world.fcm.answers["t2"] = DEAD
    assert changed(world, subscribe=subscribe) == TopicChanged("news", "ann", subscribe, [ChangedDevice("a1"), ChangedDevice("a2", "UNREGISTERED")])
    assert world.fcm.changed == [("news", ("t1", "t2"), subscribe)]


def test_an_installation_hears_a_topic_as_a_token_does() -> None:
    world = World()
    device = phone("a1", "ann", "x")
    world.devices.stored["a1"] = Stored(replace(device, registration=replace(device.registration, target=PushTarget("fid", "f1"))), 1)
    changed(world)
    assert world.fcm.changed == [("news", ("f1", "t2"), True)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"topic": "two words"}, "topic: 1 to 900"),
        ({"topic": "x" * 901}, "topic: "),
        ({"topic": "bad%20topic"}, "topic: "),
        ({"user_id": ""}, "whose"),
    ],
)
def test_what_cannot_be_asked_is_refused(wrong: dict[str, str], told: str) -> None:
    world = World()
    with pytest.raises(InvalidRequestError) as caught:
        changed(world, topic=wrong.get("topic", "news"), user_id=wrong.get("user_id", "ann"))
    assert told in str(caught.value)
    assert world.fcm.changed == []
