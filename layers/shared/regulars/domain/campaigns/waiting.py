"""What somebody waits for of whom a run that goes on has recorded nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, tzinfo

from regulars.domain.campaigns.gates import Stop
from regulars.domain.delivery.policy import Policy


def waits_for(policy: Policy, zones: Iterable[tzinfo], now: datetime) -> Stop | None:
    """`zones` are those in which the person's devices are; None where it is time in one of them."""
    ends = [(until, zone) for zone in zones if isinstance(until := policy.held_until(now, zone), datetime)]
    if not ends:
        return None
    until, zone = min(ends, key=lambda end: end[0])
    hour = isinstance(replace(policy, quiet_hours=None).held_until(now, zone), datetime)
    shown = f"until {until.isoformat(timespec='seconds').replace('+00:00', 'Z')}, which is {until.astimezone(zone):%H:%M} by their own clock"
    if hour:
        return Stop("local_time", f"waits {shown}", None)
    return Stop("quiet_hours", f"it is quiet {shown}", None)
