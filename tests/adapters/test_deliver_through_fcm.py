"""`deliver` over our sender and the FCM double: whatever stops a session for a while or for good, nobody is lost and nobody gets two."""

from collections import Counter
from collections.abc import Iterator

import pytest

from local.fcm import FcmDouble, start
from regulars.adapters.fcm import FcmSender
from regulars.domain.delivery.pace import RetryPolicy
from regulars.domain.errors import PushConfigurationError, PushUnavailableError
from regulars.wiring import SystemClock
from tests.usecases.delivery_world import World, recipient

QUICK = RetryPolicy(first_delay=0.02, reconnect_delay=0.02, quota_pause=0.1)
PEOPLE = 1200


@pytest.fixture(scope="module")
def running() -> Iterator[FcmDouble]:
    double = start()
    yield double
    double.stop()


@pytest.fixture
def double(running: FcmDouble) -> FcmDouble:
    running.reset()
    return running


@pytest.fixture
def sender(double: FcmDouble) -> FcmSender:
    return FcmSender(double.service_account, base_url=double.url, ca_bundle=str(double.ca_path), policy=QUICK)


def token(number: int) -> str:
    return f"token-{number}:APA91b" + "x" * 100


@pytest.fixture
def world() -> World:
    """1,200 people, that is three windows."""
    world = World(PEOPLE, clock=SystemClock(), delivery={"per_second": 4000})
    for number in range(PEOPLE):
        world.register(f"h{number}", **{f"d{number}": token(number)})
    world.load([recipient(f"h{number}", f"d{number}", token(number)) for number in range(PEOPLE)])
    return world


def received(double: FcmDouble) -> Counter[str]:
    """How often each token was pushed to."""
    return Counter(one["body"]["message"]["token"] for one in double.messages() if one["answer"] == 200)


def test_a_used_up_quota_is_waited_for_and_everybody_is_sent_to_once(world: World, double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(quota={"count": 500, "seconds": 0.5, "retry_after": 1})
    assert world.deliver(sender).sent == PEOPLE
    assert received(double) == Counter(map(token, range(PEOPLE)))
    assert set(world.fates.values()) == {("sent", None)}


def test_what_was_sent_before_fcm_refused_is_recorded_and_the_rest_was_not_sent(world: World, double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(tokens={token(700): "PERMISSION_DENIED"})
    with pytest.raises(PushConfigurationError):
        world.deliver(sender)
    known = {user for user, fate in world.fates.items() if fate == ("sent", None)}
    assert known == {f"h{key.split(':')[0].removeprefix('token-')}" for key in received(double)}
    assert 0 < len(known) < PEOPLE
    assert set(world.fates.values()) == {("sent", None)}


def test_what_an_unreachable_fcm_left_is_sent_by_the_next_call(world: World, double: FcmDouble, sender: FcmSender) -> None:
    nobody = FcmSender(double.service_account, base_url="https://127.0.0.1:9", ca_bundle=str(double.ca_path), policy=QUICK)
    with pytest.raises(PushUnavailableError):
        world.deliver(nobody)
    assert world.rows == []
    assert world.deliver(sender).done
    assert received(double) == Counter(map(token, range(PEOPLE)))
    assert len(world.fates) == PEOPLE
