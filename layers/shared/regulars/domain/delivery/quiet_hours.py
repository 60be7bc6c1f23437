"""When a person is left in peace: hours of their own clock, every day. Pure: the moment and the zone are parameters."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final, Literal

from regulars.domain.delivery.zones import change_of_offset, since_midnight

Otherwise = Literal["hold", "drop"]

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` (included) to `end` (not), over midnight where `end` is not later. Who would get a push meanwhile gets it afterwards (`hold`) or
    not at all (`drop`)."""

    start: time
    end: time
    otherwise: Otherwise = "hold"

    @property
    def length(self) -> timedelta:
        """By the clock; clocks that are put back make a night longer."""
        return (since_midnight(self.end) - since_midnight(self.start)) % _DAY

    def over_at(self, now: datetime, zone: tzinfo) -> datetime | None:
        """The first moment, in UTC, from which a push may go out, where it is quiet at `now` in the zone; else None.

        What the clock shows decides, whatever day it is: in the hour that clocks repeat in autumn, quiet hours until half past two end twice, and a
        push may go out between. Where clocks skip the end, it is over when they do.
        """
        at = now.astimezone(UTC)  # hours are added to moments: added to a zone's own time they would be hours of its clock
        while (left := self._left(at, zone)) is not None:
            over = at + left
            if over.astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset():
                return over
            at = change_of_offset(at, over, zone)
        return at if at > now else None

    def _left(self, now: datetime, zone: tzinfo) -> timedelta | None:
        """How long it stays quiet if nobody puts the clock forward or back; None where it is not quiet."""
        there = now.astimezone(zone)
        shown, start, end = there.time(), self.start, self.end
        if not (start <= shown < end if start < end else (shown >= start or shown < end)):
            return None
        return self.length - (since_midnight(shown) - since_midnight(start)) % _DAY
