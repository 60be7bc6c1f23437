"""Slow services, services that turn calls away, counts that lag: what is asked for happens, to the service that is named and to no other."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.runtime import faults, faults_route, interception, sqs_queue
from local.runtime.faults import Faults, InvalidFaultError, injected, parsed_latency
from local.runtime.http_events import Request
from local.runtime.sqs import standard_queue
from regulars.adapters.sqs_queue import SqsQueue
from regulars.usecases.flush import FlushProgress, flush
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryCurateTrigger
from tests.fakes.stores import MemoryCurateState

ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture(autouse=True)
def no_faults(cloud: None) -> Iterator[None]:
    yield
    faults.inject(Faults())


def test_calls_of_a_slow_service_take_longer_and_those_of_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(interception.time, "sleep", slept.append)
    s3, secrets = boto3.client("s3"), boto3.client("secretsmanager")
    with injected(latency={"s3": 20, "secretsmanager": 5}):
        s3.list_buckets()
        secrets.list_secrets()
        boto3.client("sqs").list_queues()
    s3.list_buckets()
    assert slept == [0.02, 0.005]


CALLS = {
    "athena": lambda client: client.list_work_groups(),
    "cloudwatch": lambda client: client.describe_alarms(),
    "dynamodb": lambda client: client.list_tables(),
    "glue": lambda client: client.get_databases(),
    "lambda": lambda client: client.list_functions(),
    "logs": lambda client: client.describe_log_groups(),
    "s3": lambda client: client.list_buckets(),
    "secretsmanager": lambda client: client.list_secrets(),
    "sqs": lambda client: client.list_queues(),
    "stepfunctions": lambda client: client.list_state_machines(),
}


def test_a_throttled_service_says_so_as_it_does_on_aws() -> None:
    for service, (_, code) in faults.THROTTLES.items():
        client = boto3.client(service, config=ONCE)  # type: ignore[call-overload]
        with injected(throttle={service: 1}), pytest.raises(ClientError) as refused:
            CALLS[service](client)
        assert refused.value.response["Error"]["Code"] == code
        CALLS[service](client)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"latency": {"dynamo": 5}}, "unknown service 'dynamo'; there are athena"),
        ({"latency": {"s3": -1}}, "latency.s3 is milliseconds"),
        ({"throttle": {"s3": 2}}, "throttle.s3 is a share of the calls, from 0 to 1"),
        ({"latencies": {}}, "unknown fault 'latencies'; there are latency"),
        ({"queue_lag": "long"}, "queue_lag is seconds"),
        ([], "a JSON object"),
    ],
)
def test_a_fault_that_nobody_knows_is_refused_with_those_that_there_are(asked: Any, said: str) -> None:
    with pytest.raises(InvalidFaultError, match=said):
        Faults().changed(asked)


def test_latency_is_read_as_the_command_line_has_it() -> None:
    assert parsed_latency("dynamodb=5, s3=2.5") == {"dynamodb": 5, "s3": 2.5}
    with pytest.raises(InvalidFaultError, match="services with milliseconds"):
        parsed_latency("dynamodb")


def asked(method: str, body: object = None) -> tuple[int, Any]:
    answer = faults_route.answer(Request(method, faults_route.PATH, "", [], b"" if body is None else json.dumps(body).encode(), "127.0.0.1"))
    return answer.status, json.loads(answer.body)


def test_faults_are_set_and_told_over_http_and_what_is_not_given_stays() -> None:
    assert asked("POST", {"latency": {"s3": 20}})[0] == 200
    assert asked("POST", {"queue_lag": 3})[1] == {"latency": {"s3": 20}, "throttle": {}, "queue_lag": 3, "seed": 0}
    assert asked("POST", {"latency": None})[1]["latency"] == {}
    assert asked("POST", {"typo": 1})[0] == 400
    assert asked("GET")[1]["queue_lag"] == 3
    assert asked("PUT")[0] == 405


class Load:
    """A queue whose one message is on its way while somebody flushes; time is the test's."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = MovableClock()
        monkeypatch.setattr(sqs_queue, "_now", lambda: self.clock.now().timestamp() * 1000)
        url = boto3.client("sqs").create_queue(QueueName="events")["QueueUrl"]
        self.queue = standard_queue("arn:aws:sqs:us-east-1:123456789012:events")
        self.adapter, self.ticket = SqsQueue(url), ""
        monkeypatch.setattr(SqsQueue, "_sqs", boto3.client("sqs"))

    def look(self, settle: int) -> FlushProgress:
        found = flush(
            self.ticket,
            settle=timedelta(seconds=settle),
            clock=self.clock,
            queue=self.adapter,
            curate_state=MemoryCurateState(),
            curate_trigger=MemoryCurateTrigger(),
        )
        self.ticket = found.ticket
        self.clock.advance(timedelta(seconds=1))
        return found


@pytest.mark.parametrize(("settle", "waits_for_the_message"), [(10, True), (0, False)])
def test_a_flush_that_lets_lagging_counts_settle_waits_for_a_message_that_they_do_not_tell_of(
    settle: int, waits_for_the_message: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = Load(monkeypatch)
    with injected(queue_lag=10):
        load.adapter.send("an event")
        looks = [load.look(settle) for _ in range(15)]
        assert looks[0].queued == 0, "the count is behind"
        assert all(look.waiting_for == "queue" for look in looks) is waits_for_the_message
        (message,) = load.queue.receive(1, 0, 30)
        load.queue.delete_message(message.receipt_handle or "")
        looks = [load.look(settle) for _ in range(25)]
        assert looks[-1].waiting_for == "curate"
