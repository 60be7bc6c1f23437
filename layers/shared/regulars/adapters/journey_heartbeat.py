"""Heartbeat on EventBridge Scheduler and Lambda: a schedule that is made and removed, and event source mappings that are switched on and off.

A mapping that is disabled asks its queue nothing, and an enabled one does so all the time, which is paid for; switching takes up to a minute
(https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html, https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html).
While it is being switched it can be told nothing: ResourceInUseException.
"""

from collections.abc import Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.adapters.eventbridge_scheduler import translated
from regulars.domain.errors import RunnerUnavailableError

NAME: Final = "wake"
"""Of the schedule."""

_ON: Final = frozenset({"Enabled", "Enabling"})


class JourneyHeartbeat:
    """A schedule of `group` calls `function` in `role`, both ARNs, each minute; `mappings` are the UUIDs of the event source mappings."""

    def __init__(self, *, group: str, function: str, role: str, mappings: Sequence[str]) -> None:
        self._group, self._function, self._role, self._mappings = group, function, role, mappings

    @property
    def _scheduler(self) -> Any:
        return client("scheduler")

    def begin(self) -> None:
        """Each sweep looks at both: a deployment that changes a mapping switches it off."""
        with translated(but="ConflictException"):
            self._scheduler.create_schedule(
                Name=NAME,
                GroupName=self._group,
                FlexibleTimeWindow={"Mode": "OFF"},
                ScheduleExpression="rate(1 minute)",
                Target={
                    "Arn": self._function,
                    "RoleArn": self._role,
                    "Input": "{}",
                    "RetryPolicy": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60},
                },
            )
        self._switched(True)

    def end(self) -> None:
        """The schedule goes last: as long as a mapping cannot be switched off it comes again."""
        if self._switched(False):
            with translated(but="ResourceNotFoundException"):
                self._scheduler.delete_schedule(Name=NAME, GroupName=self._group)

    def _switched(self, on: bool) -> bool:
        """Whether all of them are so by now, or soon."""
        done = [_switch(mapping, on) for mapping in self._mappings]
        return all(done)


def _switch(mapping: str, on: bool) -> bool:
    aws = client("lambda")
    try:
        if (aws.get_event_source_mapping(UUID=mapping)["State"] in _ON) != on:
            aws.update_event_source_mapping(UUID=mapping, Enabled=on)
        return True
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceInUseException":
            return False
        raise RunnerUnavailableError(f"the queue of journeys could not be switched {'on' if on else 'off'}: {error}") from error
    except BotoCoreError as error:
        raise RunnerUnavailableError(f"Lambda cannot be reached: {error}") from error
