"""Two senders and one rate, over the FCM double, whose counts are the judge."""

import json
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from local.fcm import FcmDouble
from regulars.adapters.fcm import FcmSender
from regulars.domain.delivery.pace import RetryPolicy
from regulars.domain.delivery.rate import ProjectLimit, Window
from regulars.ports import Push, PushRate, PushResult
from tests.contracts.sending import sending
from tests.fakes.rate import MemoryRate

LIMIT = ProjectLimit(400)
QUOTA = {"count": 2 * LIMIT.per_second, "seconds": 1, "retry_after": 1}
"""A second that is not the clock's has parts of two of the clock's."""
QUICK = RetryPolicy(first_delay=0.02, reconnect_delay=0.02, quota_pause=0.1)


@pytest.fixture
def rate() -> MemoryRate:
    """After its ramp."""
    rate = MemoryRate(LIMIT)
    rate.window = Window(int(time.time()) - 1, LIMIT.per_second, 0)
    return rate


def token(key: int) -> str:
    return f"token-{key}:APA91b" + "x" * 100


def push(key: int) -> Push:
    return Push(key, json.dumps({"message": {"token": token(key)}}).encode())


def sent_at_once(double: FcmDouble, rate: PushRate | None, *keys: Sequence[int]) -> list[list[PushResult]]:
    """Each of them by a sender of its own, which would send 2,000 a second."""
    results: list[list[PushResult]] = [[] for _ in keys]
    deadline = datetime.now(UTC) + timedelta(seconds=20)

    def work(number: int) -> None:
        sender = FcmSender(double.service_account, base_url=double.url, ca_bundle=str(double.ca_path), policy=QUICK, rate=rate)
        results[number].extend(sending(sender, map(push, keys[number]), per_second=2000, deadline=deadline))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(keys))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def refused(double: FcmDouble) -> int:
    return sum(one["answer"] == 429 for one in double.messages())


def test_two_senders_at_once_keep_within_the_quota_of_the_project(double: FcmDouble, rate: MemoryRate) -> None:
    double.set_faults(quota=QUOTA)
    one, other = sent_at_once(double, rate, range(700), range(700, 1400))
    assert [result.outcome for result in one + other] == ["sent"] * 1400
    assert refused(double) == 0
    assert double.counts()["accepted"] == 1400


def test_two_senders_that_know_nothing_of_each_other_run_into_the_same_quota(double: FcmDouble) -> None:
    double.set_faults(quota=QUOTA)
    sent_at_once(double, None, range(700), range(700, 1400))
    assert refused(double) > 0


def test_a_429_to_one_sender_stops_the_other(double: FcmDouble, rate: MemoryRate) -> None:
    double.set_faults(tokens={token(0): "RESOURCE_EXHAUSTED"}, retry_after=60)
    one, other = sent_at_once(double, rate, [0], range(1, 6000))
    answers = [message["answer"] for message in double.messages()]
    assert len(answers) - answers.index(429) <= LIMIT.per_second, "what it had leased, and no more"
    assert one == [], "it is put off beyond the deadline"
    assert len(other) == answers.count(200) < 6000
