"""Calendar months of UTC."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

MOST_MONTHS: Final = 60
"""Ours: an overview of five years has some three thousand rows of cohorts."""

MONTH_FORMAT: Final = "%Y-%m"
"""Of date_format (MySQL's), and of Python's strftime."""


@dataclass(frozen=True, order=True)
class Month:
    """Its `str` is `2026-11`."""

    year: int
    number: int

    @property
    def start(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """When the next one starts."""
        return self.later(1).start

    def later(self, months: int) -> "Month":
        """Earlier where there are fewer than none."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    def after(self, earlier: "Month") -> int:
        """How many months after an earlier one."""
        return (self.year - earlier.year) * 12 + self.number - earlier.number

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def month_of(moment: datetime) -> Month:
    in_utc = moment.astimezone(UTC)
    return Month(in_utc.year, in_utc.month)


def read_month(text: str) -> Month:
    """`2026-11`, as MONTH_FORMAT gives it."""
    year, number = text.split("-")
    return Month(int(year), int(number))


@dataclass(frozen=True)
class Months:
    """The last `count` months up to a moment, and the last of them ends with it, finished or not."""

    as_of: datetime
    count: int

    @property
    def last(self) -> Month:
        """The month of the moment before: at midnight of the first, the month that has just ended."""
        return month_of(self.as_of - timedelta(microseconds=1))

    @property
    def first(self) -> Month:
        return self.last.later(1 - self.count)

    @property
    def start(self) -> datetime:
        return self.first.start

    def unfinished(self, month: Month) -> bool:
        return month.end > self.as_of

    def __iter__(self) -> Iterator[Month]:
        return (self.first.later(number) for number in range(self.count))
