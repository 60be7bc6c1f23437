"""FeedSchedules on EventBridge Scheduler: one schedule a feed, in a group of its own. Where there is no feed there is no schedule.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
"""

from datetime import timedelta
from typing import Any, Final

import orjson

from regulars.adapters.aws import client
from regulars.adapters.eventbridge_scheduler import rate, translated

_ATTEMPTS: Final = 2
"""After the first: the next poll is as good."""


class EventBridgeFeedSchedules:
    """One group. Its schedules call `function` in `role`, both ARNs. A call that fails is let go: the next one looks at the same."""

    def __init__(self, *, group: str, function: str, role: str) -> None:
        self._group, self._function, self._role = group, function, role

    @property
    def _scheduler(self) -> Any:
        return client("scheduler")

    def ensure(self, feed_id: str, every: timedelta) -> None:
        """Made anew where there is one: another interval needs it, and it is asked for only when somebody has put a feed."""
        self.remove(feed_id)
        with translated(but="ConflictException"):
            self._scheduler.create_schedule(
                Name=feed_id,
                GroupName=self._group,
                FlexibleTimeWindow={"Mode": "OFF"},
                ScheduleExpression=f"rate({rate(every)})",
                Target={
                    "Arn": self._function,
                    "RoleArn": self._role,
                    "Input": orjson.dumps({"feed_id": feed_id, "scheduled": True}).decode(),
                    "RetryPolicy": {"MaximumRetryAttempts": _ATTEMPTS, "MaximumEventAgeInSeconds": 900},
                },
            )

    def remove(self, feed_id: str) -> None:
        with translated(but="ResourceNotFoundException"):
            self._scheduler.delete_schedule(Name=feed_id, GroupName=self._group)
