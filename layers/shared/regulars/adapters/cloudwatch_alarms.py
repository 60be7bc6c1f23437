"""The `AlarmReader` on CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import StoreUnavailableError
from regulars.domain.operations import Alarm, AlarmState

_STATES: Final[Mapping[str, AlarmState]] = {"OK": "ok", "ALARM": "alarm", "INSUFFICIENT_DATA": "insufficient_data"}

_MADE: Final = r"\w+(-\w+)?"
"""A logical id and what CloudFormation puts behind it. Another stack whose name begins with ours and a hyphen has one hyphen more."""


class CloudWatchAlarms:
    """The alarms that CloudFormation named: `prefix` is the stack's name and a hyphen. A list of their names would take a fifth of what a function's
    environment holds."""

    def __init__(self, prefix: str) -> None:
        self._prefix, self._ours = prefix, re.compile(re.escape(prefix) + _MADE)

    def all(self) -> Sequence[Alarm]:
        try:
            pages = client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=self._prefix, AlarmTypes=["MetricAlarm"])
            found = [each for page in pages for each in page["MetricAlarms"]]
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailableError(f"CloudWatch does not tell its alarms: {error}") from error
        return sorted((_alarm(each) for each in found if self._ours.fullmatch(each["AlarmName"])), key=lambda alarm: alarm.name)


def _alarm(found: Mapping[str, Any]) -> Alarm:
    return Alarm(
        name=found["AlarmName"],
        state=_STATES[found["StateValue"]],
        description=found.get("AlarmDescription", ""),
        reason=found.get("StateReason", ""),
        since=found["StateUpdatedTimestamp"],
    )
