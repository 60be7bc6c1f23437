"""The clock on a person's wall: which zone it goes by, and when it shows what.

Clocks skip an hour and repeat one, by half an hour on Lord Howe, and zones differ by 45 minutes; so nothing here adds hours to a clock: a moment is
looked for where the zone's offset changes.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from regulars.domain.documents import JsonObject
from regulars.domain.people.device import Device

TRAITS: Final = ("timezone", "time_zone")
"""That say it, where the device does not."""


@lru_cache(maxsize=2_048)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of this IANA name, as in `Europe/Berlin`; None where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a name from an event may be anything: a path, a folder, a text too long for a file
        return None


def own_zone(device: Device | None, traits: JsonObject) -> ZoneInfo | None:
    """Where the person is: what their device says, else the trait."""
    for name in (device.use.timezone if device else None, *(traits.get(trait) for trait in TRAITS)):
        if isinstance(name, str) and (zone := zone_named(name)):
            return zone
    return None


def zone_of_person(devices: Iterable[Device], traits: JsonObject) -> ZoneInfo | None:
    """By the device that they used last of those that say where they are, else by the trait."""
    telling = [device for device in devices if zone_named(device.use.timezone or "")]
    return own_zone(max(telling, key=lambda device: (device.use.at, device.use.tie), default=None), traits)


@lru_cache(maxsize=2_048)
def moment_of(wall: datetime, zone: tzinfo) -> datetime:
    """The first moment, in UTC, at which clocks there show `wall` or, where they skip it, what comes after."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return first
    return change_of_offset(second, first, zone)  # skipped: the two readings lie on either side of the change


def change_of_offset(start: datetime, end: datetime, zone: tzinfo) -> datetime:
    """The moment after `start`, and not after `end`, at which clocks there are put forward or back; they show different offsets at the two.
    Zones change at whole seconds."""
    before = start.astimezone(zone).utcoffset()
    low, high = int(start.timestamp()), -int(-end.timestamp() // 1)
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def since_midnight(clock: time) -> timedelta:
    """How far from 00:00 that is on the face of a clock, whatever was skipped or repeated that night."""
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)
