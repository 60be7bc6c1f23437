"""Cron as EventBridge Scheduler writes it: minutes, hours, day of month, month, day of week, year.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based: days of the week count from Sunday, 1; one of the two day
fields is `?` and the other is not. What the guide does not describe (`LW`, `L-3`, a step of days of the week, a range that ends before it begins) is
refused, for nobody could say when it fires.
"""

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Final, NoReturn

from regulars.domain.language import Value, unknown

_MONTHS: Final = dict(zip(["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], range(1, 13), strict=True))
_WEEKDAYS: Final = dict(zip(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], range(1, 8), strict=True))
_SATURDAY: Final = 7
_COMPARED: Final = 1_000
"""Times that are compared with their neighbours where the last of a day is close to the first: on days that follow each other."""
_FIELDS: Final = ("minutes", "hours", "day of month", "month", "day of week", "year")


@dataclass(frozen=True)
class Cron:
    """When the clock of some zone shows what this asks for."""

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: "_DaysOfMonth | _DaysOfWeek"
    months: tuple[int, ...]
    years: tuple[int, ...]

    def clock_times(self, first: date) -> Iterator[datetime]:
        """Every time of it that a clock without changes would show, from the beginning of `first` on: naive, in order."""
        for year in self.years[bisect_left(self.years, first.year) :]:
            for month in self.months:
                if (year, month) >= (first.year, first.month):
                    for day in self.days.of(year, month):
                        if date(year, month, day) >= first:
                            yield from (
                                datetime.combine(date(year, month, day), time(hour, minute)) for hour in self.hours for minute in self.minutes
                            )

    def comes_within(self, span: timedelta) -> bool:
        """Whether two of its times are less than `span`, of a day at most, apart."""
        times = [timedelta(hours=hour, minutes=minute) for hour in self.hours for minute in self.minutes]
        if any(after - before < span for before, after in pairwise(times)):
            return True
        if times[0] + timedelta(days=1) - times[-1] >= span:
            return False
        return any(after - before < span for before, after in pairwise(islice(self.clock_times(date(1970, 1, 1)), _COMPARED)))


@dataclass(frozen=True)
class _DaysOfMonth:
    numbers: frozenset[int]
    last: bool = False
    nearest_to: frozenset[int] = field(default_factory=frozenset)
    """Days of which the nearest from Monday to Friday is meant, in the same month: `15W`."""

    def of(self, year: int, month: int) -> list[int]:
        _, length = monthrange(year, month)
        weekdays = {_nearest_weekday(year, month, day) for day in self.nearest_to if day <= length}
        return sorted({day for day in self.numbers if day <= length} | weekdays | ({length} if self.last else set()))


@dataclass(frozen=True)
class _DaysOfWeek:
    numbers: frozenset[int]
    last: frozenset[int] = field(default_factory=frozenset)
    """Of which the last in the month is meant: `6L` is the last Friday."""
    nth: tuple[int, int] | None = None
    """A day, and the how manieth of the month: `3#2` is the second Tuesday."""

    def of(self, year: int, month: int) -> list[int]:
        _, length = monthrange(year, month)
        return [day for day in range(1, length + 1) if self._has(_weekday(year, month, day), day, length)]

    def _has(self, weekday: int, day: int, length: int) -> bool:
        return weekday in self.numbers or (weekday in self.last and day + 7 > length) or (weekday, (day + 6) // 7) == self.nth


def read_cron(value: Value) -> Cron:
    """The text of the six fields, without `cron(..)`. One that never fires is refused too: 30 February."""
    text = value.text()
    written = text.upper().split()
    if text.startswith("cron("):
        value.refuse("the fields alone are needed, without `cron(..)`, as in `0 18 ? * THU *`")
    if len(written) != len(_FIELDS):
        hint = " (the sixth is the year, `*` for each; days of the week count from 1, Sunday, or have names)" if len(written) == 5 else ""
        value.refuse(f"six fields are needed ({', '.join(_FIELDS)}), as in `0 18 ? * THU *`, not {len(written)}{hint}")
    minutes, hours, of_month, months, of_week, years = (_Field(value, name, part) for name, part in zip(_FIELDS, written, strict=True))
    if (of_month.text == "?") == (of_week.text == "?"):
        value.refuse("exactly one of day of month and day of week must be `?`, as in `0 18 ? * THU *` or `0 18 1 * ? *`")
    days = _days_of_week(of_week) if of_month.text == "?" else _days_of_month(of_month)
    cron = Cron(" ".join(written), minutes.numbers(0, 59), hours.numbers(0, 23), days, months.numbers(1, 12, _MONTHS), years.numbers(1970, 2199))
    if next(cron.clock_times(date(1970, 1, 1)), None) is None:
        value.refuse("never fires: no year has such a day")
    return cron


@dataclass(frozen=True)
class _Field:
    value: Value
    name: str
    text: str

    def refuse(self, why: str) -> NoReturn:
        self.value.refuse(f"{self.name}: {why}")

    def numbers(self, low: int, high: int, names: Mapping[str, int] | None = None, *, steps: bool = True) -> tuple[int, ...]:
        """What lists, ranges, steps and `*` come to."""
        return tuple(sorted({number for item in self.text.split(",") for number in self._span(item, low, high, names or {}, steps=steps)}))

    def number(self, text: str, low: int, high: int, names: Mapping[str, int]) -> int:
        number = names.get(text, int(text) if re.fullmatch("[0-9]{1,4}", text) else -1)
        if number < 0 and names and text.isalpha():
            self.refuse(unknown(text, names))
        if not low <= number <= high:
            self.refuse(f"`{text}` is no number from {low} to {high}" + (f", nor one of {', '.join(names)}" if names else ""))
        return number

    def _span(self, item: str, low: int, high: int, names: Mapping[str, int], *, steps: bool) -> range:
        span, slash, step = item.partition("/")
        if slash and not (steps and re.fullmatch("[1-9][0-9]{0,3}", step)):
            self.refuse(f"`{item}`: " + ("a step is a number from 1 on" if steps else "EventBridge knows no steps here"))
        first, dash, last = span.partition("-")
        start = low if span == "*" else self.number(first, low, high, names)
        end = high if span == "*" or (slash and not dash) else self.number(last, low, high, names) if dash else start
        if end < start:
            self.refuse(f"`{item}` ends before it begins: write two, as in `{first}-{high},{low}-{last}`")
        return range(start, end + 1, int(step or 1))


def _days_of_month(field: _Field) -> _DaysOfMonth:
    items = field.text.split(",")
    nearest = [item for item in items if re.fullmatch("[0-9]{1,2}W", item)]
    plain = [item for item in items if item != "L" and item not in nearest]
    numbers = _Field(field.value, field.name, ",".join(plain)).numbers(1, 31) if plain else ()
    return _DaysOfMonth(frozenset(numbers), "L" in items, frozenset(field.number(item[:-1], 1, 31, {}) for item in nearest))


def _days_of_week(field: _Field) -> _DaysOfWeek:
    day, sharp, which = field.text.partition("#")
    if sharp:
        if not re.fullmatch("[1-5]", which):
            field.refuse(f"`{field.text}`: one day and a number from 1 to 5, as in `3#2` for the second Tuesday")
        return _DaysOfWeek(frozenset(), nth=(field.number(day, 1, 7, _WEEKDAYS), int(which)))
    items = field.text.split(",")
    last = [item for item in items if len(item) > 1 and item.endswith("L") and (item[:-1].isdigit() or item[:-1] in _WEEKDAYS)]
    plain = [item for item in items if item != "L" and item not in last]
    numbers = _Field(field.value, field.name, ",".join(plain)).numbers(1, 7, _WEEKDAYS, steps=False) if plain else ()
    week_ends = {_SATURDAY} if "L" in items else set()
    return _DaysOfWeek(frozenset(numbers) | week_ends, frozenset(field.number(item[:-1], 1, 7, _WEEKDAYS) for item in last))


def _weekday(year: int, month: int, day: int) -> int:
    return date(year, month, day).isoweekday() % 7 + 1


def _nearest_weekday(year: int, month: int, day: int) -> int:
    """A day from Monday to Friday, of the same month."""
    _, length = monthrange(year, month)
    match date(year, month, day).isoweekday():
        case 6:
            return day - 1 if day > 1 else day + 2
        case 7:
            return day + 1 if day < length else day - 2
        case _:
            return day
