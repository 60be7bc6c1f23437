"""What every PushSender and its sessions do: ours over the FCM double, and the scripted one."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from local.fcm import FcmDouble
from regulars.adapters.fcm import FcmSender
from regulars.adapters.system_clock import SystemClock
from regulars.domain.errors import InfrastructureError, PushConfigurationError
from regulars.ports import Push, PushResult, PushSender, PushSession
from tests.contracts.sending import drained, sending
from tests.contracts.suite import suite
from tests.fakes.services import ScriptedSender

DEAD = 3
"""The key of the push whose token leads nowhere."""


@pytest.fixture
def fcm(double: FcmDouble) -> PushSender:
    double.set_faults(tokens={token(DEAD): "UNREGISTERED"})
    return FcmSender(double.service_account, base_url=double.url, ca_bundle=str(double.ca_path))


@pytest.fixture
def fcm_session(fcm: PushSender) -> Iterator[PushSession]:
    with fcm.open(per_second=1000) as session:
        yield session


def scripted() -> ScriptedSender:
    def answer(push: Push, _: int) -> PushResult:
        if push.key == DEAD:
            return PushResult(push.key, "failed", "unregistered", dead_token=True)
        return PushResult(push.key, "sent")

    return ScriptedSender(answer, clock=SystemClock())


def scripted_session() -> object:
    return scripted().open(per_second=1000).__enter__()


sender = suite(PushSender, adapter="fcm", fake=scripted)
session = suite(PushSession, adapter="fcm_session", fake=scripted_session)


def token(key: int) -> str:
    return f"token-{key}:APA91b" + "x" * 100


def push(key: int) -> Push:
    return Push(key, json.dumps({"message": {"token": token(key), "data": {"message_id": f"m{key}"}}}).encode())


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_each_push_that_was_taken_gives_one_result(sender: PushSender) -> None:
    results = {one.key: one for one in sending(sender, map(push, range(50)), per_second=1000)}
    assert sorted(results) == list(range(50))
    assert results.pop(DEAD) == PushResult(DEAD, "failed", "unregistered", dead_token=True)
    assert all((one.outcome, one.reason, one.dead_token) == ("sent", "", False) for one in results.values())


def test_nothing_to_send_has_no_results(sender: PushSender) -> None:
    assert list(sending(sender, [], per_second=1)) == []


def test_after_the_deadline_nothing_is_started(sender: PushSender) -> None:
    with sender.open(per_second=1000, deadline=soon(-1)) as session:
        assert not session.hungry
        session.take([push(1)])
        assert drained(session) == [PushResult(1, "later")]
        assert not session.busy
        assert session.failure is None


def test_a_session_that_was_left_does_not_disturb_the_next(sender: PushSender) -> None:
    with sender.open(per_second=1000) as first:
        first.take(map(push, range(100, 110)))
        first.results()
    assert {one.key for one in sending(sender, map(push, range(200, 205)), per_second=1000)} == set(range(200, 205))


def test_a_session_is_hungry_until_it_has_something_to_do_and_again_after(session: PushSession) -> None:
    assert session.hungry and not session.busy
    session.take([push(1)])
    assert session.busy
    assert [one.key for one in drained(session)] == [1]
    assert session.hungry and not session.busy


def test_results_come_once_and_only_of_what_was_taken(session: PushSession) -> None:
    session.take(map(push, (10, 11)))
    session.take([push(12)])
    assert sorted(one.key for one in drained(session)) == [10, 11, 12]
    assert list(session.results()) == []


def test_a_session_that_is_halted_gives_back_what_it_had_not_begun_and_takes_nothing_more(session: PushSession) -> None:
    session.take(map(push, range(200)))
    session.halt()
    fates = {one.key: one.outcome for one in drained(session)}
    assert (set(fates), fates[199]) == (set(range(200)), "later")
    assert (session.hungry, session.busy, session.failure) == (False, False, None)
    session.take([push(9)])
    assert [one.outcome for one in drained(session)] == ["later"]


def refused(double: FcmDouble) -> PushSender:
    double.reset()
    account = {**double.service_account, "project_id": "another-project"}
    return FcmSender(account, base_url=double.url, ca_bundle=str(double.ca_path))


def refusing(_: FcmDouble) -> PushSender:
    def answer(push: Push, _: int) -> PushResult:
        raise PushConfigurationError("it is a test")

    return ScriptedSender(answer, clock=SystemClock())


@pytest.mark.parametrize("make", [refused, refusing])
def test_a_failure_is_the_sessions_and_ends_it_for_good(make: Callable[[FcmDouble], PushSender], double: FcmDouble) -> None:
    with make(double).open(per_second=1000) as session:
        session.take(map(push, range(3)))
        assert sorted((one.key, one.outcome) for one in drained(session)) == [(key, "later") for key in range(3)]
        assert isinstance(session.failure, InfrastructureError)
        assert not session.hungry
        session.take([push(9)])
        assert [one.outcome for one in drained(session)] == ["later"]
        assert not session.busy
