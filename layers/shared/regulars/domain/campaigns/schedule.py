"""When a campaign is launched by itself: once, every so often, or when clocks show what a cron asks for.

An occurrence is one such moment. It has a name, and the run that it starts is named by it: so that whoever calls, and how often, starts it once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Final
from zoneinfo import ZoneInfo

from regulars.domain.campaigns.cron import Cron

OWN_ZONE: Final = "user"
"""The `timezone` of a schedule that goes by each person's own clock."""

EARLIEST_ZONE: Final = "Pacific/Kiritimati"
"""Where any hour comes first: fourteen hours before UTC, without changes of clocks (https://data.iana.org/time-zones/tzdb/australasia). A run by
people's own clocks starts when the hour has come there, and holds back everybody else until it has come to them."""

GRACE: Final = timedelta(hours=1)
"""An occurrence that has not been started by then is missed: what was to come at six is no good at eight, and nobody asked for it then."""

SHOWN: Final = 5
"""How many of the next occurrences `put` answers."""


@dataclass(frozen=True)
class Occurrence:
    """When its run starts, in UTC. `local_time` is what each person's clock is to show when they get it; None where all get it at once."""

    at: datetime
    local_time: datetime | None = None

    def name(self, campaign_id: str) -> str:
        return f"{campaign_id}@{self.at:%Y-%m-%dT%H:%MZ}"


@dataclass(frozen=True)
class Once:
    """In UTC."""

    at: datetime


@dataclass(frozen=True)
class Every:
    """At `first`, in UTC, and each `every` after it: a day is 24 hours, whatever clocks do."""

    every: timedelta
    first: datetime


@dataclass(frozen=True)
class Schedule:
    """`timing` in the zone, within from <= t < until, in UTC. Nothing in here can be wrong in form."""

    timing: Once | Every | Cron
    timezone: str = "UTC"
    """An IANA name, or OWN_ZONE."""
    begins: datetime | None = None
    until: datetime | None = None

    @property
    def by_own_clocks(self) -> bool:
        return self.timezone == OWN_ZONE

    @property
    def zone(self) -> ZoneInfo:
        """Whose clock says when the run starts."""
        return zone_of(self.timezone)

    def after(self, moment: datetime) -> Iterator[Occurrence]:
        """The occurrences later than the moment, in order."""
        for at in self._moments(max(moment, self.begins - _TICK) if self.begins else moment):
            if self.until and at >= self.until:
                return
            yield Occurrence(at, at.astimezone(self.zone).replace(tzinfo=None) if self.by_own_clocks else None)

    def next(self, moment: datetime) -> Occurrence | None:
        return next(self.after(moment), None)

    def within(self, since: datetime, until: datetime, limit: int) -> list[Occurrence]:
        """Those of since < t <= until, `limit` at most."""
        return list(islice(takewhile(lambda each: each.at <= until, self.after(since)), limit))

    def at(self, moment: datetime) -> Occurrence | None:
        """The occurrence of this very minute."""
        minute = moment.astimezone(UTC).replace(second=0, microsecond=0)
        found = self.next(minute - _TICK)
        return found if found and found.at == minute else None

    def shown_after(self, moment: datetime, count: int = SHOWN) -> list[str]:
        """The next ones as the zone's clock shows them, with its offset; by people's own clocks without one."""
        return [self._shown(each) for each in islice(self.after(moment), count)]

    def _shown(self, occurrence: Occurrence) -> str:
        return (occurrence.local_time or occurrence.at.astimezone(self.zone)).isoformat(timespec="minutes")

    def _moments(self, after: datetime) -> Iterator[datetime]:
        match self.timing:
            case Once(at):
                yield from [at] if at > after else []
            case Every(every, first):
                moment = first if first > after else first + every * ((after - first) // every + 1)
                while True:
                    yield moment
                    moment += every
            case Cron():
                yield from self._clock_moments(self.timing, after)

    def _clock_moments(self, cron: Cron, after: datetime) -> Iterator[datetime]:
        """A time that a change of clocks skips is skipped, and one that it repeats comes once, the first time: "daylight saving time" in
        https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html, which does not say which of the two."""
        for shown in cron.clock_times(after.astimezone(self.zone).date()):
            moment = moment_if_shown(shown, self.zone)
            if moment is not None and moment > after:
                yield moment


_TICK: Final = timedelta(microseconds=1)


def zone_of(timezone: str) -> ZoneInfo:
    """Whose clock says when a run of a schedule of this `timezone` starts."""
    return ZoneInfo(EARLIEST_ZONE if timezone == OWN_ZONE else timezone)


def moment_if_shown(shown: datetime, zone: ZoneInfo) -> datetime | None:
    """When the zone's clock first shows this, in UTC; None where a change of clocks skips it."""
    moment = shown.replace(tzinfo=zone).astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == shown else None
