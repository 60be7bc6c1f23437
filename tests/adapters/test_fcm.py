"""Our sender against the FCM double, whose counts are the judge of what really went out."""

import itertools
import json
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.fcm import FcmDouble
from regulars.adapters.fcm import FcmSender
from regulars.domain.delivery.pace import RetryPolicy
from regulars.domain.errors import PushConfigurationError
from regulars.ports import Push, PushResult
from tests.contracts.sending import AT_A_TIME, sending

QUICK = RetryPolicy(first_delay=0.02, reconnect_delay=0.02, longest_delay=0.2, quota_pause=0.1)
NOBODY_LISTENS = "https://127.0.0.1:9"


@pytest.fixture
def sender(double: FcmDouble) -> FcmSender:
    return sender_to(double)


def sender_to(double: FcmDouble, **options: Any) -> FcmSender:
    return FcmSender(double.service_account, **{"base_url": double.url, "ca_bundle": str(double.ca_path), "policy": QUICK, **options})


def token(key: int) -> str:
    return f"token-{key}:APA91b" + "x" * 100


def push(key: int, **message: Any) -> Push:
    return Push(key, json.dumps({"message": {"token": token(key), "data": {"message_id": f"m{key}"}, **message}}).encode())


def outcomes(results: list[PushResult]) -> Counter[tuple[str, str]]:
    return Counter((one.outcome, one.reason) for one in results)


def accepted_keys(double: FcmDouble) -> set[int]:
    return {int(one["body"]["message"]["data"]["message_id"][1:]) for one in double.messages() if one["answer"] == 200}


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_each_push_is_sent_once(double: FcmDouble, sender: FcmSender) -> None:
    results = list(sending(sender, map(push, range(1000)), per_second=10_000))
    assert outcomes(results) == {("sent", ""): 1000}
    assert sorted(one.key for one in results) == list(range(1000))
    assert (double.counts()["accepted"], double.counts()["duplicates"]) == (1000, 0)


def test_nothing_to_send_needs_not_even_a_token(double: FcmDouble) -> None:
    before = double.counts()["tokens_minted"]
    assert list(sending(sender_to(double), [], per_second=1)) == []
    assert double.counts()["tokens_minted"] == before


def test_failing_answers_are_retried_until_each_push_was_sent_once(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(latency=0.01, rates={"503": 0.1, "500": 0.1}, retry_after=None, seed=1)
    results = list(sending(sender, map(push, range(500)), per_second=5000))
    assert outcomes(results) == {("sent", ""): 500}
    counts = double.counts()
    assert (counts["accepted"], counts["duplicates"]) == (500, 0)
    assert counts["refused"]["UNAVAILABLE"] > 20


def test_a_retry_waits_as_long_as_fcm_asks(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(rates={"503": 1}, retry_after=1)
    results = sending(sender, [push(1)], per_second=10)
    heal = threading.Timer(0.3, double.reset)
    heal.start()
    began = time.monotonic()
    assert next(results).outcome == "sent"
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize(
    ("fault", "reason", "dead"),
    [
        ("UNREGISTERED", "unregistered", True),
        ("INVALID_ARGUMENT", "invalid_token", True),
        ("SENDER_ID_MISMATCH", "sender_mismatch", True),
        ("THIRD_PARTY_AUTH_ERROR", "third_party_auth", False),
        ("QUOTA_EXCEEDED", "device_quota", False),
        ("PERMISSION_DENIED", "refused", False),
    ],
)
def test_a_devices_own_failure_is_its_result_and_nobody_elses(double: FcmDouble, sender: FcmSender, fault: str, reason: str, dead: bool) -> None:
    double.set_faults(tokens={token(7): fault})
    results = {one.key: one for one in sending(sender, map(push, range(20)), per_second=1000)}
    assert results.pop(7) == PushResult(7, "failed", reason, dead_token=dead)
    assert {one.outcome for one in results.values()} == {"sent"}
    assert len(double.messages()) == 20, "none was tried twice"


def test_content_that_fcm_refuses_fails_without_a_retry_and_keeps_the_device(double: FcmDouble, sender: FcmSender) -> None:
    results = list(sending(sender, [push(1, data={"from": "x"}), push(2, bogus=1), push(3)], per_second=100))
    assert outcomes(results) == {("failed", "invalid_message"): 2, ("sent", ""): 1}
    assert not any(one.dead_token for one in results)
    assert len(double.messages()) == 3


def test_a_used_up_quota_pauses_everything_and_loses_nothing(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(latency=0.02, quota={"count": 100, "seconds": 0.9, "retry_after": 1})
    began = time.monotonic()
    results = list(sending(sender, map(push, range(180)), per_second=400))
    assert outcomes(results) == {("sent", ""): 180}
    assert time.monotonic() - began >= 1
    counts = double.counts()
    assert (counts["accepted"], counts["duplicates"]) == (180, 0)
    assert counts["refused"]["QUOTA_EXCEEDED"] < 60, "only what was under way ran into it"


def test_the_rate_is_kept(sender: FcmSender) -> None:
    began = time.monotonic()
    assert len(list(sending(sender, map(push, range(100)), per_second=200))) == 100
    assert 0.44 <= time.monotonic() - began < 5


def test_at_the_deadline_no_new_push_is_taken_and_what_is_under_way_ends(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(latency=0.2)
    taken = itertools.count()
    results = list(sending(sender, (push(key) for key in taken), per_second=200, deadline=soon(0.5)))
    assert outcomes(results) == {("sent", ""): len(results)}
    assert 10 <= len(results) <= 115
    assert sorted(one.key for one in results) == list(range(len(results)))
    assert next(taken) <= len(results) + AT_A_TIME, "no more was taken than the session had asked for"
    assert double.counts()["accepted"] == len(results), "nothing went out that has no result"


def test_after_the_deadline_nothing_is_sent_at_all(double: FcmDouble, sender: FcmSender) -> None:
    assert list(sending(sender, map(push, range(10)), per_second=100, deadline=soon(-1))) == []
    assert double.messages() == []


def test_reset_connections_never_make_a_second_push_or_a_false_result(double: FcmDouble) -> None:
    double.set_faults(latency=0.02, cut={"every": 0.2})
    stubborn = sender_to(double, policy=RetryPolicy(reconnect_delay=0.01))
    results = list(sending(stubborn, map(push, range(2000)), per_second=3000))
    double.heal()
    assert double.counts()["connections"]["cut"] > 0
    by_outcome = {outcome: {one.key for one in results if one.outcome == outcome} for outcome in ("sent", "failed", "unknown")}
    arrived = accepted_keys(double)
    assert double.counts()["duplicates"] == 0
    assert len(results) == 2000 == sum(map(len, by_outcome.values()))
    assert by_outcome["sent"] <= arrived
    assert not by_outcome["failed"] & arrived
    assert arrived - by_outcome["sent"] <= by_outcome["unknown"]
    assert by_outcome["sent"]
    assert by_outcome["unknown"], "some were under way when a connection was reset"


def test_connections_that_end_in_good_order_and_refused_streams_leave_nobody_unknown(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(latency=0.01, goaway={"after": 100}, streams={"refused": 0.05}, seed=4)
    results = list(sending(sender, map(push, range(1500)), per_second=5000))
    assert outcomes(results) == {("sent", ""): 1500}
    assert (double.counts()["accepted"], double.counts()["duplicates"]) == (1500, 0)
    assert double.counts()["connections"]["opened"] > 10


def test_an_answer_that_comes_too_late_is_unknown_and_not_repeated(double: FcmDouble) -> None:
    double.set_faults(latency=2)
    results = list(sending(sender_to(double, timeout=0.4), map(push, range(5)), per_second=1000))
    assert outcomes(results) == {("unknown", "no_answer"): 5}
    assert (double.counts()["accepted"], double.counts()["duplicates"]) == (5, 0)


def test_connections_and_the_access_token_outlive_a_call(double: FcmDouble) -> None:
    before = double.counts()
    sender = sender_to(double)
    for _ in range(3):
        assert len(list(sending(sender, map(push, range(5)), per_second=100))) == 5
    counts = double.counts()
    assert counts["connections"]["opened"] - before["connections"]["opened"] == 3, "one for the pushes, one for the token, one to ask"
    assert counts["tokens_minted"] == before["tokens_minted"] + 1


def test_an_access_token_that_fcm_no_longer_takes_is_renewed_once(double: FcmDouble, sender: FcmSender) -> None:
    list(sending(sender, [push(0)], per_second=10))
    before = double.counts()["tokens_minted"]
    double.admin("POST", "revoke")
    results = list(sending(sender, map(push, range(1, 100)), per_second=5000))
    assert outcomes(results) == {("sent", ""): 99}
    assert double.counts()["tokens_minted"] == before + 1


def test_threads_share_a_sender(double: FcmDouble, sender: FcmSender) -> None:
    collected: dict[int, list[PushResult]] = {}

    def send(worker: int) -> None:
        keys = range(worker * 1000, worker * 1000 + 200)
        collected[worker] = list(sending(sender, map(push, keys), per_second=2000))

    threads = [threading.Thread(target=send, args=(worker,)) for worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for worker, results in collected.items():
        assert {one.key for one in results} == set(range(worker * 1000, worker * 1000 + 200))
    assert (double.counts()["accepted"], double.counts()["duplicates"]) == (600, 0)


def test_a_call_that_is_given_up_does_not_disturb_the_next(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(latency=0.05)
    first = sending(sender, map(push, range(1000)), per_second=500)
    next(first)
    first.close()
    results = list(sending(sender, map(push, range(2000, 2050)), per_second=1000))
    assert {one.key for one in results} == set(range(2000, 2050))


@pytest.mark.parametrize(
    "change",
    [
        {"private_key": "not a key"},
        {"client_email": "somebody@else.iam.gserviceaccount.com"},
        {"project_id": "another-project"},
        {"project_id": ""},
        {"token_uri": None},
    ],
)
def test_wrong_credentials_stop_everything_and_say_what_to_fix(double: FcmDouble, change: dict[str, str | None]) -> None:
    account = {name: value for name, value in {**double.service_account, **change}.items() if value is not None}
    with pytest.raises(PushConfigurationError, match="FCM secret"):
        list(sending(FcmSender(account, base_url=double.url, ca_bundle=str(double.ca_path), policy=QUICK), map(push, range(3)), per_second=100))
    assert double.counts()["accepted"] == 0


def test_a_fresh_access_token_that_fcm_refuses_stops_everything(double: FcmDouble, sender: FcmSender) -> None:
    double.set_faults(rates={"401": 1})
    with pytest.raises(PushConfigurationError, match="fresh access token"):
        list(sending(sender, map(push, range(50)), per_second=1000))


def test_a_server_that_is_not_trusted_gets_nothing(double: FcmDouble) -> None:
    assert list(sending(sender_to(double, ca_bundle=""), [push(1)], per_second=1, deadline=soon(0.5))) == []
    assert double.messages() == []
