"""Schedules that a function has made: moto keeps what CreateSchedule was told, and nothing of it fires by itself.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from moto.scheduler.models import scheduler_backends

from local.resources.model import Schedule
from local.resources.site import ACCOUNT, REGION


def made_schedules(deployed: Iterable[Schedule]) -> Iterator[Schedule]:
    """Those that are there now, but for the template's own."""
    known = {schedule.name for schedule in deployed}
    for group in list(scheduler_backends[ACCOUNT][REGION].schedule_groups.values()):
        for made in list(group.schedules.values()):
            if group.name != "default" or made.name not in known:
                yield _schedule(made)


def forget_schedule(schedule: Schedule) -> None:
    """What is over is deleted, where it says so."""
    if schedule.deleted_when_over:
        scheduler_backends[ACCOUNT][REGION].schedule_groups[schedule.group].schedules.pop(schedule.name, None)


def _schedule(made: Any) -> Schedule:
    return Schedule(
        logical_id="",
        name=made.name,
        expression=made.schedule_expression,
        target_arn=made.target["Arn"],
        timezone=made.schedule_expression_timezone,
        input=made.target.get("Input"),
        enabled=made.state == "ENABLED",
        maximum_retries=made.target["RetryPolicy"]["MaximumRetryAttempts"],
        dead_letter_arn=made.target.get("DeadLetterConfig", {}).get("Arn"),
        group=made.group_name,
        role=made.target["RoleArn"],
        starts=_moment(made.start_date),
        ends=_moment(made.end_date),
        deleted_when_over=made.action_after_completion == "DELETE",
    )


def _moment(seconds: Any) -> datetime | None:
    """Since 1970, as the client writes it."""
    return datetime.fromtimestamp(float(seconds), UTC) if seconds else None
