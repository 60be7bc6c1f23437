"""The `schedule` of a campaign document to `Schedule`. What the clock says of it (`check_due`) is asked when it is put."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final, NoReturn

from regulars.domain.campaigns.cron import Cron, read_cron
from regulars.domain.campaigns.schedule import OWN_ZONE, Every, Once, Schedule, moment_if_shown, zone_of
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.language import Fields, Value, read_clock, shown
from regulars.domain.segments.zones import read_zone

SCHEDULE_FIELDS: Final = ("at", "cron", "rate", "timezone", "from", "until")
_KINDS: Final = ("at", "cron", "rate")
_ONCE: Final = dict.fromkeys(("from", "until"), "says nothing beside `at`, which comes once")

_LEAST: Final = timedelta(hours=1)
"""Between two occurrences. A run of some size takes minutes, and nobody wants to hear from a shop each quarter of an hour."""

_LEAST_BY_OWN_CLOCKS: Final = timedelta(days=1)
"""Where one occurrence is on its way round the earth for 26 hours."""

_UNITS: Final = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_LONGEST_RATE: Final = timedelta(days=3_650)


def read_schedule(value: Value) -> Schedule:
    fields = Fields(value).only(SCHEDULE_FIELDS)
    kinds = [key for key in _KINDS if key in fields]
    if len(kinds) != 1:
        here = f"here are {' and '.join(f'`{kind}`' for kind in kinds)}" if kinds else "there is none"
        value.refuse(f"exactly one of `at`, `cron`, `rate` is needed, and {here}")
    zone = _timezone(fields)
    match kinds[0]:
        case "at":
            fields.only(("at", "timezone"), _ONCE)
            return Schedule(Once(_moment(fields["at"], zone, time_of_day=True)), zone)
        case "cron":
            cron = read_cron(fields["cron"])
            if cron.comes_within(_least(zone)):
                fields["cron"].refuse(_too_often(zone))
            return _bounded(cron, zone, fields)
        case _:
            every = _rate(fields["rate"])
            if every < _least(zone):
                fields["rate"].refuse(_too_often(zone))
            if "from" not in fields:
                fields["from"].refuse("needed with `rate`: the first occurrence, as in 2026-12-03T18:00, from which the others are counted")
            return _bounded(Every(every, _moment(fields["from"], zone, time_of_day=True)), zone, fields)


def check_due(schedule: Schedule, now: datetime) -> None:
    """Raises InvalidCampaignError for a schedule that has nothing before it: a moment that lies in the past, years that are over."""
    if schedule.next(now) is not None:
        return
    if isinstance(schedule.timing, Once):
        began = " (there where any hour comes first, at UTC+14, it is over)" if schedule.by_own_clocks else ""
        raise InvalidCampaignError(f"lies in the past{began}: it is {shown(now.replace(microsecond=0))}; give a later moment", field="schedule.at")
    raise InvalidCampaignError(
        f"has no occurrence after now, {shown(now.replace(microsecond=0))}: look at its years and at `until`", field="schedule"
    )


def _bounded(timing: Cron | Every, zone: str, fields: Fields) -> Schedule:
    begins = _moment(fields["from"], zone) if "from" in fields else None
    until = _moment(fields["until"], zone) if "until" in fields else None
    schedule = Schedule(timing, zone, begins, until)
    if until and schedule.next(datetime(1970, 1, 1, tzinfo=UTC)) is None:
        fields["until"].refuse("nothing occurs before it")
    return schedule


def _timezone(fields: Fields) -> str:
    if "timezone" not in fields:
        return "UTC"
    return read_zone(fields["timezone"], OWN_ZONE)


def _moment(value: Value, zone: str, *, time_of_day: bool = False) -> datetime:
    """A moment to the minute, in UTC: what the zone's clock shows, unless it says its own offset."""
    if time_of_day and isinstance(value.raw, str) and "T" not in value.raw:
        value.refuse("the time of day is needed, too, as in 2026-12-03T18:00")
    read = read_clock(value)
    if read.second or read.microsecond:
        value.refuse("to the minute, as in 2026-12-03T18:00: the scheduler does not look at seconds")
    if read.tzinfo:
        if zone == OWN_ZONE:
            value.refuse("what each person's own clock shows has no offset: write it as in 2026-12-03T18:00")
        return read
    moment = moment_if_shown(read, zone_of(zone))
    if moment is None:
        value.refuse(f"no clock in {zone} shows this: they go forward over it that night; take an hour later")
    return moment


def _rate(value: Value) -> timedelta:
    """`7 days`: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based"""
    written = re.fullmatch(r"([1-9][0-9]{0,6}) (minute|hour|day)s?", value.text())
    if not written:
        _refuse_rate(value)
    every = int(written[1]) * _UNITS[written[2]]
    if every > _LONGEST_RATE:
        value.refuse(f"at most {_LONGEST_RATE.days} days")
    return every


def _refuse_rate(value: Value) -> NoReturn:
    weeks = re.fullmatch(r"([1-9][0-9]{0,3}) weeks?", value.text())
    hint = f": write `{int(weeks[1]) * 7} days`" if weeks else ", as in `7 days`"
    value.refuse(f"a number and minutes, hours or days are needed{hint}")


def _least(zone: str) -> timedelta:
    return _LEAST_BY_OWN_CLOCKS if zone == OWN_ZONE else _LEAST


def _too_often(zone: str) -> str:
    if zone == OWN_ZONE:
        return "occurrences less than a day apart: by people's own clocks one is on its way round the earth for longer than that"
    return "occurrences less than an hour apart: a run takes its time"
