"""rate(..), cron(..) and at(..): when is the next time?

docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html. Fields of cron: minutes, hours, day of month,
month, day of week (1 is Sunday), year. `W` (nearest weekday) is refused. A local time that a change of clocks skips
is skipped; one that it repeats counts once.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}

# 29 February on a given weekday comes every 28 years, or 40 round a century.
_HORIZON_DAYS = 41 * 366


class BadExpressionError(ValueError):
    """Not a schedule expression, or one that the local cloud cannot honour."""


def next_time(expression: str, timezone: str, after: datetime) -> datetime | None:
    """The first moment later than `after` (aware), in UTC; None when there is none. Raises BadExpressionError."""
    match = re.fullmatch(r"(rate|cron|at)\((.*)\)", expression.strip())
    if match is None:
        raise BadExpressionError(f"{expression!r} is none of rate(..), cron(..), at(..)")
    kind, text = match.groups()
    if kind == "rate":
        return after.astimezone(UTC) + _interval(text)
    zone = ZoneInfo(timezone)
    if kind == "at":
        moment = datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
        return moment if moment > after else None
    return _Cron.parse(text).next_after(after, zone)


def _interval(text: str) -> timedelta:
    match = re.fullmatch(r"([1-9]\d*) (minute|hour|day)s?", text.strip())
    if match is None:
        raise BadExpressionError(f"rate({text}): a number and minutes, hours or days")
    return timedelta(**{match[2] + "s": int(match[1])})


@dataclass(frozen=True, slots=True)
class _Cron:
    minutes: frozenset[int]
    hours: frozenset[int]
    day_matches: Callable[[date], bool]

    @classmethod
    def parse(cls, text: str) -> "_Cron":
        fields = text.upper().split()
        if len(fields) != 6:
            raise BadExpressionError(f"cron({text}): six fields, not {len(fields)}")
        minute, hour, day, month, weekday, year = fields
        if "?" not in (day, weekday):
            raise BadExpressionError(f"cron({text}): day of month or day of week must be ?")
        months, years = _numbers(month, 1, 12, _MONTHS), _numbers(year, 1970, 2199)
        of_month, of_week = _day_of_month(day), _day_of_week(weekday)

        def day_matches(candidate: date) -> bool:
            return candidate.year in years and candidate.month in months and of_month(candidate) and of_week(candidate)

        return cls(_numbers(minute, 0, 59), _numbers(hour, 0, 23), day_matches)

    def next_after(self, after: datetime, zone: ZoneInfo) -> datetime | None:
        for local in self._local_times(after.astimezone(zone).date()):
            moment = local.replace(tzinfo=zone).astimezone(UTC)
            if moment > after and moment.astimezone(zone).replace(tzinfo=None) == local:
                return moment
        return None

    def _local_times(self, first: date) -> Iterator[datetime]:
        for offset in range(_HORIZON_DAYS):
            day = first + timedelta(days=offset)
            if self.day_matches(day):
                for hour in sorted(self.hours):
                    for minute in sorted(self.minutes):
                        yield datetime.combine(day, time_of_day(hour, minute))


def _numbers(text: str, low: int, high: int, names: dict[str, int] | None = None) -> frozenset[int]:
    """The numbers that a field names: lists, ranges, steps, `*` and `?`."""

    def number(part: str) -> int:
        value = (names or {}).get(part) or (int(part) if part.isdigit() else -1)
        if not low <= value <= high:
            raise BadExpressionError(f"{part!r} is not within {low} to {high}")
        return value

    found: set[int] = set()
    for item in text.split(","):
        span, _, step = item.partition("/")
        if span in ("*", "?"):
            start, end = low, high
        else:
            first, _, last = span.partition("-")
            start = number(first)
            end = number(last) if last else (high if step else start)
        if end < start or (step and not step.isdigit()) or step == "0":
            raise BadExpressionError(f"{item!r} is not a range")
        found.update(range(start, end + 1, int(step or 1)))
    return frozenset(found)


def _day_of_month(text: str) -> Callable[[date], bool]:
    if text == "L":
        return lambda day: day.day == calendar.monthrange(day.year, day.month)[1]
    days = _numbers(text, 1, 31)
    return lambda day: day.day in days


def _day_of_week(text: str) -> Callable[[date], bool]:
    def weekday(day: date) -> int:
        return day.isoweekday() % 7 + 1

    nth = re.fullmatch(r"(\w+)#([1-5])", text)
    if nth:
        (wanted,) = _numbers(nth[1], 1, 7, _DAYS)
        return lambda day: weekday(day) == wanted and (day.day + 6) // 7 == int(nth[2])
    last = re.fullmatch(r"([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)L", text)
    if last:
        (wanted,) = _numbers(last[1], 1, 7, _DAYS)
        return lambda day: weekday(day) == wanted and day.day + 7 > calendar.monthrange(day.year, day.month)[1]
    days = _numbers(text, 1, 7, _DAYS)
    return lambda day: weekday(day) in days
