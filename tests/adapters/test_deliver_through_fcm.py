"""`deliver` over our sender and the FCM double: whatever stops a session for a while or for good, nobody is lost and nobody gets two."""

import itertools
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from local.fcm import FcmDouble
from regulars.adapters.fcm import FcmSender
from regulars.adapters.system_clock import SystemClock
from regulars.domain.delivery.pace import RetryPolicy
from regulars.domain.delivery.suspicion import SAMPLE
from regulars.domain.people.device import Device
from regulars.ports import Stored
from tests.usecases.delivery_world import World, recipient

QUICK = RetryPolicy(first_delay=0.02, reconnect_delay=0.02, longest_delay=0.2, quota_pause=0.1)
PEOPLE = 1200


@pytest.fixture
def sender(double: FcmDouble) -> FcmSender:
    return FcmSender(double.service_account, base_url=double.url, ca_bundle=str(double.ca_path), policy=QUICK)


def token(number: int) -> str:
    return f"token-{number}:APA91b" + "x" * 100


@pytest.fixture
def world() -> World:
    return populated()


def populated(**campaign: Any) -> World:
    """1,200 people, that is three windows."""
    world = World(PEOPLE, clock=SystemClock(), delivery={"per_second": 4000}, **campaign)
    for number in range(PEOPLE):
        world.register(f"h{number}", **{f"d{number}": token(number)})
    world.load([recipient(f"h{number}", f"d{number}", token(number)) for number in range(PEOPLE)])
    return world


def deliver_to_the_end(world: World, sender: FcmSender) -> None:
    """As the state machine does, which waits for as long as a call says; here that is shortened."""
    while not (told := world.deliver(sender)).done:
        assert told.wait_seconds > 0
        time.sleep(0.1)


def received(double: FcmDouble) -> Counter[str]:
    """How often each token was pushed to."""
    return Counter(one["body"]["message"]["token"] for one in double.messages() if one["answer"] == 200)


def test_a_used_up_quota_is_waited_for_and_everybody_is_sent_to_once(world: World, double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(quota={"count": 500, "seconds": 0.5, "retry_after": 1})
    deliver_to_the_end(world, sender)
    assert received(double) == Counter(map(token, range(PEOPLE)))
    assert set(world.fates.values()) == {("sent", None)}


def test_an_outage_longer_than_a_call_is_waited_for_and_everybody_is_sent_to_once(world: World, double: FcmDouble, sender: FcmSender) -> None:
    patient = FcmSender(
        double.service_account, base_url=double.url, ca_bundle=str(double.ca_path), policy=replace(QUICK, first_delay=5, longest_delay=5)
    )
    double.set_faults(rates={"503": 1}, retry_after=None)
    for _ in range(3):
        waiting = world.deliver(patient)
        assert (waiting.done, waiting.sent, waiting.failed, waiting.unknown) == (False, 0, 0, 0)
        assert 3 <= waiting.wait_seconds <= 10
        assert waiting.waits_for == "FCM answers 503"
    double.reset()
    deliver_to_the_end(world, sender)
    assert received(double) == Counter(map(token, range(PEOPLE)))
    assert set(world.fates.values()) == {("sent", None)}


def test_what_an_unreachable_fcm_left_is_sent_by_the_next_call(world: World, double: FcmDouble, sender: FcmSender) -> None:
    slow = replace(QUICK, reconnect_delay=5, longest_delay=5)
    nobody = FcmSender(double.service_account, base_url="https://127.0.0.1:9", ca_bundle=str(double.ca_path), policy=slow)
    assert not world.deliver(nobody).done
    assert world.rows == []
    deliver_to_the_end(world, sender)
    assert received(double) == Counter(map(token, range(PEOPLE)))
    assert len(world.fates) == PEOPLE


def test_with_one_in_five_refused_everybody_is_sent_to_once(world: World, double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(rates={"503": 0.15, "500": 0.05}, retry_after=None, seed=11)
    deliver_to_the_end(world, sender)
    assert received(double) == Counter(map(token, range(PEOPLE)))


def test_one_device_that_is_refused_without_a_reason_is_that_devices_failure(world: World, double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(tokens={token(7): "PERMISSION_DENIED"})
    delivered = world.deliver(sender)
    assert (delivered.done, delivered.sent, delivered.failed) == (True, PEOPLE - 1, 1)
    assert world.fates["h7"] == ("failed", "refused")


def test_what_was_sent_before_fcm_refused_everybody_is_recorded_and_the_rest_was_not_sent(world: World, double: FcmDouble, sender: FcmSender) -> None:
    blocks, read = itertools.count(), world.devices.get_many

    def get_many(device_ids: Sequence[str]) -> Mapping[str, Stored[Device]]:
        if next(blocks) == 5:
            double.set_faults(rates={"PERMISSION_DENIED": 1})
        return read(device_ids)

    world.devices.get_many = get_many  # type: ignore[method-assign]
    assert world.deliver(sender).left
    known = {user for user, fate in world.fates.items() if fate == ("sent", None)}
    assert known == {f"h{key.split(':')[0].removeprefix('token-')}" for key in received(double)}
    assert 0 < len(known) < PEOPLE
    assert set(world.fates.values()) == {("sent", None)}


def test_content_that_fcm_refuses_pauses_the_run_with_what_to_mend_and_nobody_has_failed(double: FcmDouble, sender: FcmSender) -> None:
    world = populated(message={"push": {"title": "Hi", "android": {"no_such_field": 1}}})
    assert world.deliver(sender).left
    assert world.rows == []
    assert len(double.messages()) < 2 * SAMPLE
    error = world.runs.get("spring-1").value.error
    assert error is not None and error.code == "message_refused"
    assert "no_such_field" in error.message
    assert world.deliver(sender).left


def test_tokens_of_another_project_are_forgotten_unless_all_are(world: World, double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(tokens={token(5): "SENDER_ID_MISMATCH"})
    assert world.deliver(sender).failed == 1
    assert world.fates["h5"] == ("failed", "sender_mismatch")
    assert (world.tokens("h5"), world.tokens("h6")) == ({}, {"d6": token(6)})
    another = populated()
    double.set_faults(rates={"SENDER_ID_MISMATCH": 1}, tokens={})
    assert "another Firebase project" in another.deliver(sender).waits_for
    assert another.devices.writes == 0
