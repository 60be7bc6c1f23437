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
    for name in ("quiet", "loud", "another-stack"):
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
    client.set_alarm_state(AlarmName="loud", StateValue="ALARM", StateReason="it is 1")
    client.set_alarm_state(AlarmName="quiet", StateValue="OK", StateReason="it is 0")
    return CloudWatchAlarms(["quiet", "loud"])


def memory() -> AlarmReader:
    return MemoryAlarms([Alarm("quiet", "ok", "quiet means", "it is 0", NOW), Alarm("loud", "alarm", "loud means", "it is 1", NOW)])


alarms = suite(AlarmReader, adapter="cloudwatch", fake=memory)


def test_the_platforms_own_alarms_tell_their_state_and_why(alarms: AlarmReader) -> None:
    told = [(alarm.name, alarm.state, alarm.description, alarm.reason) for alarm in alarms.all()]
    assert told == [("loud", "alarm", "loud means", "it is 1"), ("quiet", "ok", "quiet means", "it is 0")]
    assert all(abs(alarm.since - datetime.now(UTC)) < timedelta(hours=1) for alarm in alarms.all())
