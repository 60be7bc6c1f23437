"""What everybody is promised whom a run sends to: that they want it, when they are left in peace, and how often they are reached at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from regulars.domain.delivery.caps import Limit
from regulars.domain.delivery.gates import ANY_DEVICE, UNASKED, ConsentGate, DeviceGate
from regulars.domain.delivery.quiet_hours import QuietHours
from regulars.domain.delivery.zones import moment_of
from regulars.domain.reasons import LOCAL_TIME_PASSED, QUIET_HOURS

LATENESS: Final = timedelta(hours=1)
"""Whose own time had come so long before the run began, or was resumed, at most, is sent to at once. What was to come at six is no good at eight."""


@dataclass(frozen=True, slots=True)
class LocalTime:
    """What each person's clock shows when they are due (naive), of a run that began, or was resumed, at that moment."""

    shown: datetime
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Policy:
    """Of one run, as campaign and settings have it when a call of deliver begins."""

    devices: DeviceGate = ANY_DEVICE
    consent: ConsentGate = UNASKED
    zone: tzinfo = UTC
    """Of people who tell none."""
    quiet_hours: QuietHours | None = None
    local_time: LocalTime | None = None
    """None where all are due at once."""
    limits: Sequence[Limit] = ()
    noted: bool = True
    """Whether its pushes are kept, for its own limits and those of other runs. Those of a transactional campaign never are."""

    @property
    def goes_by_clocks(self) -> bool:
        """Whether it matters where a person is."""
        return self.quiet_hours is not None or self.local_time is not None

    def held_until(self, now: datetime, zone: tzinfo) -> datetime | str | None:
        """Until when nothing is sent to a person in the zone, or the reason why nothing is at all; None: it may go now."""
        if self.local_time is not None:
            due = moment_of(self.local_time.shown, zone)
            if due < self.local_time.begun_at - LATENESS:
                return LOCAL_TIME_PASSED
            if due > now:
                return due
        over = self.quiet_hours.over_at(now, zone) if self.quiet_hours else None
        return QUIET_HOURS if over and self.quiet_hours and self.quiet_hours.otherwise == "drop" else over

    @property
    def longest_hold(self) -> timedelta:
        """How long somebody waits at most before they are first tried, for a run that begins when the earliest zone is due."""
        by_clock = ALL_ZONES if self.local_time else timedelta(0)
        holds = self.quiet_hours is not None and self.quiet_hours.otherwise == "hold"
        return by_clock + (self.quiet_hours.length + CHANGE if holds and self.quiet_hours else timedelta(0))


ALL_ZONES: Final = timedelta(hours=26)
"""From the first zone that sees an hour, fourteen hours before UTC, to the last, twelve behind it (https://data.iana.org/time-zones/tzdb/)."""

CHANGE: Final = timedelta(hours=1)
"""A night in which clocks are put back is longer by as much."""
