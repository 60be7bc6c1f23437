"""Which rows of `events` were written lately: `recent` says it in SQL. Apart from it, because state is read where no SQL is."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Inserted:
    """Rows that were curated after `since`; they happened on the days from the first to the last, or nobody knows when."""

    since: datetime
    days: tuple[date, date] | None = None


def joined(days: tuple[date, date], more: tuple[date, date]) -> tuple[date, date]:
    """The days from the first of both to the last of both."""
    return min(days[0], more[0]), max(days[1], more[1])
