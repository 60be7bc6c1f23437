"""Alarms of the template's kind, with a clock that the test moves."""

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local.resources.model import Function
from local.runtime import sqs, stepfunctions
from local.runtime.alarms import Alarms
from local.runtime.metrics import Metrics

QUEUE = "arn:aws:sqs:us-east-1:123456789012:dead-letters"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(cloud: None) -> Clock:
    return Clock()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def alarms(clock: Clock, metrics: Metrics) -> Iterator[Alarms]:
    yield Alarms(metrics, clock)
    stepfunctions.stop_executions()


def put(namespace: str, metric: str, dimensions: dict[str, str], **settings: Any) -> None:
    client: Any = boto3.client("cloudwatch")
    defaults = {
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    }
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    client.put_metric_alarm(AlarmName="alarm", Namespace=namespace, MetricName=metric, Dimensions=named, **(defaults | settings))


def state() -> str:
    (found,) = boto3.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return found["StateValue"]


def test_a_dead_letter_rings_until_it_has_been_away_for_a_period(alarms: Alarms, clock: Clock) -> None:
    url = boto3.client("sqs").create_queue(QueueName="dead-letters")["QueueUrl"]
    put("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": "dead-letters"}, Statistic="Maximum")
    alarms.look()
    assert state() == "OK"
    sqs.send(QUEUE, "a batch")
    clock.now += 60
    alarms.look()
    assert state() == "ALARM"
    boto3.client("sqs").purge_queue(QueueUrl=url)
    clock.now += 60
    alarms.look()
    assert state() == "ALARM", "within the period the queue had a message"
    clock.now += 300
    alarms.look()
    assert state() == "OK"


def test_a_failed_execution_rings_once(alarms: Alarms, clock: Clock) -> None:
    client: Any = boto3.client("stepfunctions")
    definition = json.dumps({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "RunFailed"}}})
    machine = client.create_state_machine(name="campaign", definition=definition, roleArn="arn:aws:iam::123456789012:role/r")["stateMachineArn"]
    put("AWS/States", "ExecutionsFailed", {"StateMachineArn": machine})
    execution = client.start_execution(stateMachineArn=machine)["executionArn"]
    end = time.monotonic() + 20
    while client.describe_execution(executionArn=execution)["status"] == "RUNNING" and time.monotonic() < end:
        time.sleep(0.01)
    alarms.look()
    assert state() == "ALARM"
    clock.now += 301
    alarms.look()
    assert state() == "OK"


def test_errors_of_a_function_ring(alarms: Alarms, clock: Clock, tmp_path: Any) -> None:
    function = Function("LoadFunction", "load", "arn:aws:lambda:us-east-1:123456789012:function:load", "h.f", tmp_path)
    put("AWS/Lambda", "Errors", {"FunctionName": "load"}, Threshold=2, ComparisonOperator="GreaterThanOrEqualToThreshold")
    alarms.invoked(function, False)
    alarms.invoked(function, True)
    alarms.look()
    assert state() == "OK"
    alarms.invoked(function, True)
    alarms.look()
    assert state() == "ALARM"


def test_metrics_that_functions_print_ring(alarms: Alarms, clock: Clock, metrics: Metrics) -> None:
    put("Regulars", "RunsFailed", {"service": "conclude"})
    directive = {"Namespace": "Regulars", "Dimensions": [["service"]], "Metrics": [{"Name": "RunsFailed", "Unit": "Count"}]}
    line = {"_aws": {"Timestamp": int(clock.now * 1000), "CloudWatchMetrics": [directive]}, "service": "conclude", "RunsFailed": 1}
    metrics.hear(["something else", json.dumps(line)])
    alarms.look()
    assert state() == "ALARM"


@pytest.mark.parametrize(("treatment", "told"), [("notBreaching", "OK"), ("breaching", "ALARM"), ("missing", "INSUFFICIENT_DATA")])
def test_a_metric_that_never_comes_is_treated_as_the_alarm_says(alarms: Alarms, treatment: str, told: str) -> None:
    put("AWS/Lambda", "Errors", {"FunctionName": "nobody"}, TreatMissingData=treatment)
    alarms.look()
    assert state() == told


def test_as_many_periods_as_asked_have_to_breach(alarms: Alarms, clock: Clock, metrics: Metrics) -> None:
    put("N", "M", {}, Period=60, EvaluationPeriods=3, DatapointsToAlarm=2)
    states = []
    for value in (1, 0, 1, 0, 0):
        metrics.add("N", "M", {}, value, at=clock.now)
        alarms.look()
        states.append(state())
        clock.now += 60
    assert states == ["OK", "OK", "ALARM", "OK", "OK"]


def test_a_change_is_sent_to_the_alarms_topic(alarms: Alarms, metrics: Metrics, clock: Clock, capfd: pytest.CaptureFixture[str]) -> None:
    topic = boto3.client("sns").create_topic(Name="alarms")["TopicArn"]
    url = boto3.client("sqs").create_queue(QueueName="heard")["QueueUrl"]
    boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:heard")
    put("N", "M", {}, AlarmActions=[topic])
    metrics.add("N", "M", {}, 1, at=clock.now)
    alarms.look()
    alarms.look()
    (message,) = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert json.loads(json.loads(message["Body"])["Message"])["NewStateValue"] == "ALARM"
    assert capfd.readouterr().err.count("[alarm] ALARM: Threshold Crossed") == 1
