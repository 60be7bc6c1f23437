"""The statements that bring raw events into `events`, each once.

An event is new if it is neither known near its own time (`known`: by its message id, and whose and what it is) nor among the few rows that are in
`events` and not yet known:
those of this run's earlier statements, and of one that died in between. Iceberg keeps the greatest `curated_ts` of every file, so only their
files are read. What is promised and what it costs: docs/decisions/0017-curate-bounded.md.
"""

from datetime import datetime

from sqlglot import exp

from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.known import message_hash, near, same
from regulars.domain.curation.landing import Landed
from regulars.domain.curation.plan import Chunk
from regulars.domain.curation.recent import recent
from regulars.domain.lake.sql import printed, statement, text, timestamp
from regulars.domain.lake.tables import RAW_EVENTS

_COLUMNS = ", ".join(RAW_EVENTS.columns)

# The first copy of each message that `events` does not have.
_FRESH = f"""
SELECT {", ".join(f"fresh.{column}" for column in RAW_EVENTS.columns)} FROM (
  SELECT {_COLUMNS}, row_number() OVER (
    PARTITION BY message_id, user_id, anonymous_id, type, coalesce(other_name, event_name) ORDER BY received_ts, place, event_ts
  ) AS copy
  FROM :raw AS landed WHERE :folders AND :within
) AS fresh
WHERE fresh.copy = 1
  AND NOT EXISTS (SELECT 1 FROM known_messages AS known WHERE known.message_hash = :hash AND :near)
  AND NOT EXISTS (SELECT 1 FROM events AS written WHERE written.message_id = fresh.message_id AND :written = :fresh AND :unknown)
"""

_BACKLOG = """
SELECT date_format(event_ts, '%Y-%m-%d') AS day, event_name, count(*) AS waiting
FROM :raw AS landed WHERE :folders GROUP BY date_format(event_ts, '%Y-%m-%d'), event_name
"""

_IN_TIME = "event_ts >= :start AND event_ts < :end"

_NAMED = "event_name >= :first AND event_name <= :last"

_INSERT = f"INSERT INTO events ({_COLUMNS}, curated_ts) SELECT {_COLUMNS}, :curated AS curated_ts FROM :fresh AS arrived"


def backlog_sql(landed: Landed) -> str:
    """How many rows landed, new or not, by day and name: columns day (`2017-01-31`), event_name, waiting."""
    return printed(statement(_BACKLOG, {"raw": exp.to_table(landed.table.name), "folders": _folders(landed)}))


def insert_sql(chunk: Chunk, landed: Landed, *, unknown: Inserted, curated: datetime) -> str:
    """The INSERT of one chunk; `unknown` are the rows that are not in `known_messages`. Run twice, it inserts nothing the second time."""
    periods = [text(period) for period in near(chunk.days)]
    fresh = statement(
        _FRESH,
        {
            "raw": exp.to_table(landed.table.name),
            "folders": _folders(landed),
            "within": _within(chunk),
            "hash": message_hash("fresh"),
            "written": same("written"),
            "fresh": same("fresh"),
            "near": exp.In(this=exp.column("period", "known"), expressions=periods),
            "unknown": recent(unknown, "written"),
        },
    )
    return printed(statement(_INSERT, {"curated": timestamp(curated), "fresh": exp.Subquery(this=fresh)}))


def _folders(landed: Landed) -> exp.Expression:
    """The partitions: each column's values as literals, which prune what is listed, and the order of all of them."""
    names = list(landed.table.partitions)
    found: exp.Expression = exp.GTE(this=exp.Concat(expressions=[exp.column(name) for name in names]), expression=text(landed.first))
    for name, values in zip(names, landed.values, strict=True):
        found = exp.And(this=found, expression=exp.In(this=exp.column(name), expressions=[text(value) for value in values]))
    return found


def _within(chunk: Chunk) -> exp.Expression:
    in_time = statement(_IN_TIME, {"start": timestamp(chunk.start), "end": timestamp(chunk.end)})
    if chunk.first_name is None or chunk.last_name is None:
        return in_time
    named = statement(_NAMED, {"first": text(chunk.first_name), "last": text(chunk.last_name)})
    return exp.And(this=exp.paren(in_time), expression=exp.paren(named))
