"""What every AlarmReader does, real or fake."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from regulars.adapters.cloudwatch_alarms import CloudWatchAlarms
from regulars.domain.operations import Alarm
from regulars.ports import AlarmReader
from tests.contracts.suite import suite
from tests.fakes.operations import MemoryAlarms

NOW = datetime.now(UTC)


@pytest.fixture
def cloudwatch(aws: None) -> AlarmReader:
    client = boto3.client("cloudwatch")
    for name in ("shop-Quiet-1AB", "shop-Loud-2CD", "shop-test-Loud-3EF", "other-Loud-4GH"):
        client.put_metric_alarm(
            AlarmName=name,
            AlarmDescription=f"{name} means",
            Namespace="AWS/SQS",
            MetricName="M",
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
        )
    client.set_alarm_state(AlarmName="shop-Loud-2CD", StateValue="ALARM", StateReason="it is 1")
    client.set_alarm_state(AlarmName="shop-Quiet-1AB", StateValue="OK", StateReason="it is 0")
    return CloudWatchAlarms("shop-")


def memory() -> AlarmReader:
    quiet = Alarm("shop-Quiet-1AB", "ok", "shop-Quiet-1AB means", "it is 0", NOW)
    return MemoryAlarms([quiet, Alarm("shop-Loud-2CD", "alarm", "shop-Loud-2CD means", "it is 1", NOW)])


alarms = suite(AlarmReader, adapter="cloudwatch", fake=memory)


def test_the_platforms_own_alarms_tell_their_state_and_why(alarms: AlarmReader) -> None:
    told = [(alarm.name, alarm.state, alarm.description, alarm.reason) for alarm in alarms.all()]
    assert told == [("shop-Loud-2CD", "alarm", "shop-Loud-2CD means", "it is 1"), ("shop-Quiet-1AB", "ok", "shop-Quiet-1AB means", "it is 0")]
    assert all(abs(alarm.since - datetime.now(UTC)) < timedelta(hours=1) for alarm in alarms.all())
