"""Our sender against the FCM double: nobody is given up while there is time, and what is refused to everybody stops within tens of tries."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.fcm import FcmDouble
from regulars.adapters.fcm import FcmSender
from regulars.domain.delivery.availability import ITS_OWN, OUTAGE
from regulars.domain.delivery.pace import RetryPolicy
from regulars.domain.delivery.suspicion import SAMPLE
from regulars.domain.errors import MessageRefusedError, PushConfigurationError
from regulars.ports import Push, PushResult
from tests.contracts.sending import drained, sending

QUICK = RetryPolicy(first_delay=0.02, reconnect_delay=0.02, longest_delay=0.2, quota_pause=0.1)
SLOW = RetryPolicy(first_delay=60, reconnect_delay=60)
NOBODY_LISTENS = "https://127.0.0.1:9"


@pytest.fixture
def sender(double: FcmDouble) -> FcmSender:
    return sender_to(double)


def sender_to(double: FcmDouble, **options: Any) -> FcmSender:
    account = {**double.service_account, **options.pop("account", {})}
    return FcmSender(account, **{"base_url": double.url, "ca_bundle": str(double.ca_path), "policy": QUICK, **options})


def token(key: int) -> str:
    return f"token-{key}:APA91b" + "x" * 100


def push(key: int, content: str = "", **message: Any) -> Push:
    return Push(key, json.dumps({"message": {"token": token(key), "data": {"message_id": f"m{key}"}, **message}}).encode(), content)


def outcomes(results: list[PushResult]) -> Counter[tuple[str, str]]:
    return Counter((one.outcome, one.reason) for one in results)


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def tries(double: FcmDouble) -> int:
    return len(double.messages())


def each_once(double: FcmDouble, count: int) -> bool:
    counts = double.counts()
    return (counts["accepted"], counts["duplicates"]) == (count, 0)


# ------------------------------------------------------------------------------------------------------- while there is time


@pytest.mark.parametrize("outage", [{"rates": {"503": 1}}, {"rates": {"500": 1}, "retry_after": None}])
def test_an_outage_of_sixty_delays_loses_nobody(double: FcmDouble, sender: FcmSender, outage: dict[str, Any]) -> None:
    double.set_faults(**outage)
    threading.Timer(1.2, double.set_faults, kwargs={"rates": None}).start()
    assert outcomes(list(sending(sender, map(push, range(500)), per_second=5000))) == {("sent", ""): 500}
    assert each_once(double, 500)


def test_one_in_five_refused_again_and_again_loses_nobody(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(latency=0.005, rates={"503": 0.2}, retry_after=None, seed=3)
    assert outcomes(list(sending(sender, map(push, range(2000)), per_second=8000))) == {("sent", ""): 2000}
    assert each_once(double, 2000)
    assert double.counts()["refused"]["UNAVAILABLE"] > 300


def test_an_outage_in_the_middle_engages_those_under_way_and_few_others(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(latency=0.02)

    def pushes() -> Iterator[Push]:
        yield from map(push, range(1000))
        double.set_faults(rates={"503": 1}, retry_after=None)
        yield from map(push, range(1000, 3000))

    before = double.counts()["accepted"]
    results = list(sending(sender, pushes(), per_second=2000, deadline=soon(1)))
    engaged = {one["body"]["message"]["token"] for one in double.messages() if one["answer"] == 503}
    assert outcomes(results) == {("sent", ""): double.counts()["accepted"] - before}
    assert len(engaged) <= 250 + OUTAGE, "as many as are under way at this rate, and those that showed it to be an outage"


def later(results: list[PushResult]) -> list[PushResult]:
    return [one for one in results if one.outcome == "later"]


def test_what_fcm_cannot_take_is_put_off_for_as_long_as_it_is_to_wait(double: FcmDouble) -> None:
    double.set_faults(tokens={token(1): 503}, retry_after=None)
    with sender_to(double, policy=SLOW).open(per_second=100) as session:
        session.take(map(push, range(3)))
        (waiting,) = later(drained(session))
        assert (waiting.key, waiting.reason) == (1, "unavailable")
        assert 40 < waiting.delay < 76
        assert session.waits_for == "FCM answers 503"
        assert session.rest == 0, "the others may be sent to"


def test_a_used_up_quota_is_rested_for_and_nothing_is_kept_meanwhile(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(quota={"count": 10, "seconds": 60, "retry_after": 60})
    with sender.open(per_second=500) as session:
        session.take(map(push, range(100)))
        results = drained(session)
        assert outcomes(results)["sent", ""] == 10
        assert {(one.outcome, one.reason) for one in results} == {("sent", ""), ("later", "quota"), ("later", "")}
        assert len(results) == 100
        assert 50 < session.rest < 67
        assert "quota" in session.waits_for
        assert not session.hungry


@pytest.mark.parametrize("away", [{"base_url": NOBODY_LISTENS}, {"account": {"token_uri": f"{NOBODY_LISTENS}/token"}}])
def test_who_cannot_be_reached_at_all_is_waited_for(double: FcmDouble, away: dict[str, Any]) -> None:
    with sender_to(double, **away, policy=RetryPolicy(attempts=1, reconnect_delay=30)).open(per_second=1000) as session:
        session.take(map(push, range(100)))
        results = drained(session)
        assert sorted(one.key for one in later(results)) == list(range(100))
        assert session.failure is None
        assert session.rest > 0
        assert "can't be reached" in session.waits_for
    assert tries(double) == 0


def test_a_push_that_is_never_taken_while_all_others_are_surprises_more_and_more(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(tokens={token(500): 503}, retry_after=None)
    with sender.open(per_second=5000) as session:
        session.take(map(push, range(500)))
        assert not later(drained(session)), "they are heard of first"
        session.take([push(500)])
        (waiting,) = later(drained(session))
        assert waiting.surprise > ITS_OWN / 6


# ------------------------------------------------------------------------------------------------------- refused to everybody


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("PERMISSION_DENIED", "refuses to send for us: 20 different devices were answered 403 Permission .* The FCM secret"),
        ("SENDER_ID_MISMATCH", "tokens belong to another Firebase project: 20 .*the project that the apps are built with"),
        ("THIRD_PARTY_AUTH_ERROR", "Apple .* refuse its key: 20 .*Firebase console"),
    ],
)
def test_what_the_project_is_refused_stops_after_a_sample(double: FcmDouble, sender: FcmSender, fault: str, told: str) -> None:
    double.set_faults(latency=0.02, rates={fault: 1})
    results: list[PushResult] = []
    with pytest.raises(PushConfigurationError, match=told):
        results.extend(sending(sender, map(push, range(5000)), per_second=8000))
    assert results == [], "nobody has failed, and no token is forgotten"
    assert SAMPLE <= tries(double) < 2 * SAMPLE


def test_content_that_is_refused_to_everybody_stops_after_a_sample_and_says_what_to_mend(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(latency=0.02)
    poison = (push(key, "treated", android={"no_such_field": 1}) for key in range(5000))
    results: list[PushResult] = []
    with pytest.raises(MessageRefusedError, match=r"message of variant treated.*answered 400 .*no_such_field.*Mend the campaign"):
        results.extend(sending(sender, poison, per_second=8000))
    assert results == []
    assert SAMPLE <= tries(double) < 2 * SAMPLE


def test_one_variant_that_is_refused_stops_both_within_tens_of_tries(double: FcmDouble, sender: FcmSender) -> None:
    def pushes() -> Iterator[Push]:
        for key in range(0, 5000, 2):
            yield push(key, "good")
            yield push(key + 1, "bad", bogus=1)

    results: list[PushResult] = []
    with pytest.raises(MessageRefusedError, match="variant bad"):
        results.extend(sending(sender, pushes(), per_second=1000))
    assert {one.outcome for one in results} == {"sent"}
    assert each_once(double, len(results))
    assert tries(double) < 400


def test_a_permission_that_is_withdrawn_stops_those_under_way_and_few_others(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(latency=0.02)

    def pushes() -> Iterator[Push]:
        yield from map(push, range(1000))
        double.set_faults(rates={"PERMISSION_DENIED": 1})
        yield from map(push, range(1000, 9000))

    results: list[PushResult] = []
    with pytest.raises(PushConfigurationError, match="refuses to send"):
        results.extend(sending(sender, pushes(), per_second=2000))  # extend keeps what came before the error
    assert outcomes(results) == {("sent", ""): double.counts()["accepted"]}
    assert double.counts()["refused"]["PERMISSION_DENIED"] <= 250 + SAMPLE


def test_of_a_few_people_all_refused_alike_it_is_the_project(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(rates={"PERMISSION_DENIED": 1})
    with pytest.raises(PushConfigurationError):
        list(sending(sender, map(push, range(3)), per_second=1000))


def test_one_device_alone_that_is_refused_has_failed(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(tokens={token(1): "PERMISSION_DENIED"})
    assert outcomes(list(sending(sender, [push(1)], per_second=1000))) == {("failed", "refused"): 1}
