"""The `AlarmReader` on CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import StoreUnavailableError
from regulars.domain.operations import Alarm, AlarmState

_STATES: Final[Mapping[str, AlarmState]] = {"OK": "ok", "ALARM": "alarm", "INSUFFICIENT_DATA": "insufficient_data"}


class CloudWatchAlarms:
    """The alarms of these names, a hundred at most."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def all(self) -> Sequence[Alarm]:
        try:
            found = client("cloudwatch").describe_alarms(AlarmNames=list(self._names), AlarmTypes=["MetricAlarm"], MaxRecords=100)
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailableError(f"CloudWatch does not tell its alarms: {error}") from error
        return sorted(map(_alarm, found["MetricAlarms"]), key=lambda alarm: alarm.name)


def _alarm(found: Mapping[str, Any]) -> Alarm:
    return Alarm(
        name=found["AlarmName"],
        state=_STATES[found["StateValue"]],
        description=found.get("AlarmDescription", ""),
        reason=found.get("StateReason", ""),
        since=found["StateUpdatedTimestamp"],
    )
