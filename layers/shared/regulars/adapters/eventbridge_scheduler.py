"""CampaignScheduler on EventBridge Scheduler: one schedule a campaign, in the stack's group.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.campaigns.cron import Cron
from regulars.domain.campaigns.schedule import GRACE, Every, Once, Schedule
from regulars.domain.errors import SchedulerUnavailableError

_ATTEMPTS: Final = 20
"""That the scheduler makes to call the function, with growing pauses, within GRACE."""

_SCHEDULED_TIME: Final = "<aws.scheduler.scheduled-time>"
"""https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html"""

_MINUTE: Final = timedelta(minutes=1)
_UNITS: Final = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", _MINUTE))


class EventBridgeScheduler:
    """One group. Its schedules call `function` in `role`; what it does not take goes to the queue `dead_letters`. All but the group are ARNs."""

    def __init__(self, *, group: str, function: str, role: str, dead_letters: str) -> None:
        self._group, self._function, self._role, self._dead_letters = group, function, role, dead_letters

    @property
    def _scheduler(self) -> Any:
        return client("scheduler")

    def names(self, prefix: str = "") -> Collection[str]:
        arguments = {"GroupName": self._group, **({"NamePrefix": prefix} if prefix else {})}
        with translated():
            pages = self._scheduler.get_paginator("list_schedules").paginate(**arguments)
            return [each["Name"] for page in pages for each in page["Schedules"]]

    def create(self, name: str, campaign_id: str, schedule: Schedule, *, first: datetime) -> None:
        with translated(but="ConflictException"):
            self._scheduler.create_schedule(
                Name=name,
                GroupName=self._group,
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={
                    "Arn": self._function,
                    "RoleArn": self._role,
                    "Input": orjson.dumps({"campaign_id": campaign_id, "scheduled": _SCHEDULED_TIME}).decode(),
                    "RetryPolicy": {"MaximumRetryAttempts": _ATTEMPTS, "MaximumEventAgeInSeconds": int(GRACE.total_seconds())},
                    "DeadLetterConfig": {"Arn": self._dead_letters},
                },
                **_timing(schedule, first),
            )

    def delete(self, name: str) -> None:
        with translated(but="ResourceNotFoundException"):
            self._scheduler.delete_schedule(Name=name, GroupName=self._group)


def _timing(schedule: Schedule, first: datetime) -> dict[str, Any]:
    """`schedule` in the service's own words.

    A rate begins with its StartDate, which must not be earlier than five minutes ago: so it is the next occurrence. A cron's is a minute before.
    """
    match schedule.timing:
        case Once(at):
            return {"ScheduleExpression": f"at({at:%Y-%m-%dT%H:%M:%S})", "ScheduleExpressionTimezone": "UTC"}
        case Every(every):
            timing: dict[str, Any] = {"ScheduleExpression": f"rate({rate(every)})", "ScheduleExpressionTimezone": "UTC", "StartDate": first}
        case Cron(text):
            zone = schedule.zone.key
            timing = {"ScheduleExpression": f"cron({text})", "ScheduleExpressionTimezone": zone, "StartDate": first - _MINUTE}
    return {**timing, **({"EndDate": schedule.until} if schedule.until else {})}


def rate(every: timedelta) -> str:
    """`1 day`, `36 hours`."""
    unit, length = next((unit, length) for unit, length in _UNITS if not every % length)
    return f"{every // length} {unit}{'' if every == length else 's'}"


@contextmanager
def translated(but: str = "") -> Iterator[None]:
    """Raises SchedulerUnavailableError for what goes wrong, `but` for the error of this code, which is none."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != but:
            raise SchedulerUnavailableError(f"EventBridge Scheduler refused: {error}") from error
    except BotoCoreError as error:
        raise SchedulerUnavailableError(f"EventBridge Scheduler cannot be reached: {error}") from error
