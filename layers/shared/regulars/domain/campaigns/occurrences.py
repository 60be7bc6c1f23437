"""The runs that occurrences of a schedule start, and what is written down of one that started none."""

import hashlib
from datetime import datetime
from typing import Final

from regulars.domain.campaigns.cron import Cron
from regulars.domain.campaigns.parse_schedule import read_schedule
from regulars.domain.campaigns.relaunch import RELAUNCH_WITHIN
from regulars.domain.campaigns.run import Run, RunError, new_run_id
from regulars.domain.campaigns.schedule import Every, Occurrence, Once, Schedule
from regulars.domain.definitions import Definition
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.language import Value

BY_SCHEDULE: Final = "schedule"
"""Who launched a run that nobody asked for by hand."""

MISSED: Final = "missed"
"""The code of the error of a run that stands for an occurrence which has passed without one."""

LOOKED_BACK: Final = RELAUNCH_WITHIN
"""Of missed occurrences somebody hears for so long: as long as `campaign resume` would start one late."""


def schedule_of(campaign: Definition) -> Schedule | None:
    """None where it has none, is archived, or can no longer be read."""
    if campaign.archived or "schedule" not in campaign.document:
        return None
    try:
        return read_schedule(Value(campaign.document["schedule"], InvalidCampaignError, "schedule"))
    except InvalidCampaignError:
        return None


def upcoming(campaign: Definition, now: datetime) -> list[str]:
    """The next occurrences as clocks show them; none where it is not launched by itself."""
    schedule = schedule_of(campaign)
    return schedule.shown_after(now) if schedule else []


def schedule_name(campaign_id: str, schedule: Schedule) -> str:
    """What EventBridge Scheduler knows it by: `<campaign>.<8 hexadecimal digits of its timing>`.

    No id has a dot, and 64 characters are allowed (https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html). Another timing
    has another name: so a schedule that is there is right, and is never changed.
    """
    bounds = " ".join(each.isoformat() if each else "-" for each in (schedule.begins, schedule.until))
    digits = hashlib.sha256(f"{_timing(schedule.timing)} {schedule.timezone} {bounds}".encode()).hexdigest()[:8]
    return f"{schedule_prefix(campaign_id)}{digits}"


def schedule_prefix(campaign_id: str) -> str:
    """How the names of all schedules of a campaign begin, and of no other's."""
    return f"{campaign_id}."


def _timing(timing: Once | Every | Cron) -> str:
    match timing:
        case Once(at):
            return f"at {at.isoformat()}"
        case Every(every, first):
            return f"rate {every.total_seconds():.0f} {first.isoformat()}"
        case Cron():
            return f"cron {timing.text}"


def occurrence_run_id(campaign_id: str, occurrence: Occurrence) -> str:
    """Whoever starts it, when, and how often: it is one run."""
    return new_run_id(campaign_id, occurrence.at, occurrence.name(campaign_id))


def missed_run(campaign: Definition, occurrence: Occurrence, because: str, now: datetime) -> Run:
    """A run that reached nobody, in the occurrence's place: whoever comes later finds that it is taken, and `campaign resume` starts it by hand."""
    return Run(
        occurrence_run_id(campaign.id, occurrence),
        campaign,
        {},
        now,
        now,
        launched_at=now,
        launched_by=BY_SCHEDULE,
        state="failed",
        error=RunError(MISSED, f"the occurrence of {occurrence.at:%Y-%m-%dT%H:%MZ} was not started: {because}"),
        concluded_at=now,
        occurrence=occurrence.at,
        local_time=occurrence.local_time,
    )


def occurrence_of(run: Run) -> Occurrence | None:
    return Occurrence(run.occurrence, run.local_time) if run.occurrence else None
