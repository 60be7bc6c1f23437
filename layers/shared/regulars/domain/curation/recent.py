"""The rows of `events` that were written lately, as a condition that lets Iceberg pass over everything else.

`curated_ts` prunes files by their statistics, but each file's entry in a manifest has to be read for that; the month of `event_ts`
prunes whole manifests. So a statement about what was inserted says both, and reads the metadata of few months however many there are.
"""

from datetime import UTC, datetime, timedelta

from sqlglot import exp

from regulars.domain.curation.inserted import Inserted
from regulars.domain.lake.sql import statement, timestamp

_CURATED = ":curated_ts > :since"
_BETWEEN = ":curated_ts > :since AND :event_ts >= :start AND :event_ts < :end"


def recent(inserted: Inserted, table: str = "events") -> exp.Expression:
    """Of the rows of a table that is `events`, under this name."""
    columns = {name: exp.column(name, table) for name in ("curated_ts", "event_ts")}
    if inserted.days is None:
        return exp.paren(statement(_CURATED, {"curated_ts": columns["curated_ts"], "since": timestamp(inserted.since)}))
    first, last = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in inserted.days)
    bounds = {"since": timestamp(inserted.since), "start": timestamp(first), "end": timestamp(last + timedelta(days=1))}
    return exp.paren(statement(_BETWEEN, {**columns, **bounds}))
