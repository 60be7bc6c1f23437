"""Which rows of `events` were written lately, as a condition that lets Iceberg pass over everything else.

`curated_ts` prunes files by their statistics, but each file's entry in a manifest has to be read for that; the month of `event_ts`
prunes whole manifests. So a statement about what was inserted says both, and reads the metadata of few months however many there are.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlglot import exp

from regulars.domain.lake.sql import statement, timestamp

_CURATED = ":curated_ts > :since"
_BETWEEN = ":curated_ts > :since AND :event_ts >= :start AND :event_ts < :end"


@dataclass(frozen=True)
class Inserted:
    """Rows that were curated after `since`; they happened on the days from the first to the last, or nobody knows when."""

    since: datetime
    days: tuple[date, date] | None = None

    def condition(self, table: str = "events") -> exp.Expression:
        """Of the rows of a table that is `events`, under this name."""
        columns = {name: exp.column(name, table) for name in ("curated_ts", "event_ts")}
        if self.days is None:
            return exp.paren(statement(_CURATED, {"curated_ts": columns["curated_ts"], "since": timestamp(self.since)}))
        first, last = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in self.days)
        bounds = {"since": timestamp(self.since), "start": timestamp(first), "end": timestamp(last + timedelta(days=1))}
        return exp.paren(statement(_BETWEEN, {**columns, **bounds}))


def joined(days: tuple[date, date], more: tuple[date, date]) -> tuple[date, date]:
    """The days from the first of both to the last of both."""
    return min(days[0], more[0]), max(days[1], more[1])
