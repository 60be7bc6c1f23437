"""Clocks on walls, with exactly the meaning that `compile.clocks` has in SQL. A naive datetime is what one shows."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from regulars.domain.segments.evaluate.history import PersonHistory
from regulars.domain.segments.evaluate.json_texts import scalar, value_at
from regulars.domain.segments.evaluate.traits import telling
from regulars.domain.segments.zones import RENAMED, TIMEZONE, ZONES


def zone_of(history: PersonHistory, as_of: datetime) -> ZoneInfo | None:
    """The zone that the newest identify call told; None where it is none that everybody knows."""
    told = telling(history, TIMEZONE, as_of)
    name = scalar(value_at(told.traits, (TIMEZONE,))) if told else None
    known = name.replace(*RENAMED) if name is not None else None
    return ZoneInfo(known) if known in ZONES else None


def wall_clock(moment: datetime, zone: tzinfo | None) -> datetime:
    """What the clock there shows. At the ends of Python's calendar, which are far from all that is compared, what it shows in UTC."""
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return moment.replace(tzinfo=None)


def is_before(one: datetime, other: datetime, zone: tzinfo | None) -> bool:
    """Of moments if both say when they are, else of the two clocks there."""
    if one.tzinfo and other.tzinfo:
        return one < other
    return wall_clock(one, zone) < wall_clock(other, zone)
