"""What is odd about a schedule beside the rest of its campaign, which is saved all the same."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.schedule import SHOWN, Schedule
from regulars.domain.definitions import PutWarning
from regulars.domain.delivery.quiet_hours import QuietHours

_ROUND_THE_EARTH: Final = timedelta(days=2)
"""A goal's window that is shorter is half over when the last zone's hour comes, 26 hours after the first's."""


def schedule_warnings(campaign: Campaign, now: datetime) -> Iterator[PutWarning]:
    schedule, goal, quiet = campaign.schedule, campaign.goal, campaign.delivery.quiet_hours
    if schedule and schedule.by_own_clocks and goal and goal.within < _ROUND_THE_EARTH:
        why = "is counted from the moment at which the hour comes to the first zone, and it comes to the last 26 hours after that: take 2d or more"
        yield PutWarning("goal.within", why)
    if schedule and quiet:
        yield from _at_night(schedule, quiet, now)


def _at_night(schedule: Schedule, quiet: QuietHours, now: datetime) -> Iterator[PutWarning]:
    """Of the next occurrences the first that lies in the quiet hours of whoever lives in its zone."""
    for occurrence in islice(schedule.after(now), SHOWN):
        if quiet.over_at(occurrence.at, schedule.zone):
            becomes = f"waits until {quiet.end:%H:%M}" if quiet.otherwise == "hold" else "gets nothing"
            due, hours = f"{occurrence.at.astimezone(schedule.zone):%H:%M}", f"from {quiet.start:%H:%M} to {quiet.end:%H:%M}"
            yield PutWarning("schedule", f"{due} lies in the quiet hours {hours}: whoever lives by that clock {becomes}")
            return
