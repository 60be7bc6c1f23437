"""Moving raw events into the lake, each once: the statements of `curate`, and how a backlog is cut into statements that Athena takes.

An event is new if its message id is not among the events received in the last weeks. The bound is on `received_ts`, not on the event's own time,
because a client that retries may stamp the second copy differently; Iceberg keeps the least and greatest `received_ts` of every file,
so old files are passed over however long the history is. Why this and not event time: docs/decisions/0005-curate.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlglot import exp

from regulars.domain.lake.sql import printed, statement, text, timestamp

COLUMNS = (
    "message_id",
    "user_id",
    "anonymous_id",
    "type",
    "event_name",
    "event_ts",
    "received_ts",
    "properties",
    "context",
    "traits",
    "device_id",
    "device_token",
    "platform",
)
"""What `raw_events` and `events` share."""

MAX_PARTITIONS = 100
"""Athena opens at most 100 partitions in one INSERT (Athena User Guide, "Considerations and limitations for CTAS and INSERT INTO")."""

RAW_LIFE = timedelta(days=30)
"""How long raw objects live (template.yaml, LakeBucket): nothing older can be waiting."""

OVERLAP = timedelta(hours=1)
"""Raw is read again from this long before the last run: a `load` that began earlier may have written later."""

REMEMBERED = timedelta(days=44)
"""A second copy is recognised if it arrives within 30 days of the first; a batch can wait 14 days in its queue before that."""


@dataclass(frozen=True)
class Backlog:
    """New rows of one partition: a month (its first moment, UTC) and an event name."""

    month: datetime
    event_name: str
    rows: int


@dataclass(frozen=True)
class Chunk:
    """What one INSERT takes: events from `start` up to, not including, `end`; within one month also a range of names, both ends included."""

    start: datetime
    end: datetime
    first_name: str | None = None
    last_name: str | None = None


def month_after(month: datetime) -> datetime:
    """The first moment of the next month."""
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def chunks(backlog: Sequence[Backlog], *, rows: int, partitions: int = MAX_PARTITIONS) -> list[Chunk]:
    """Cuts a backlog into statements of at most `partitions` partitions and about `rows` rows (one partition is never cut).

    Whole months are joined while they fit; a month that does not fit alone is cut by name.
    """
    months: dict[datetime, list[Backlog]] = {}
    for part in sorted(backlog, key=lambda part: (part.month, part.event_name)):
        months.setdefault(part.month, []).append(part)
    cut: list[Chunk] = []
    waiting: list[Backlog] = []

    def close() -> None:
        if waiting:
            cut.append(Chunk(waiting[0].month, month_after(waiting[-1].month)))
            waiting.clear()

    for month, parts in months.items():
        if not _fits(waiting + parts, rows, partitions):
            close()
        if _fits(parts, rows, partitions):
            waiting.extend(parts)
        else:
            cut.extend(_by_name(month, parts, rows, partitions))
    close()
    return cut


def _fits(parts: Sequence[Backlog], rows: int, partitions: int) -> bool:
    return len(parts) <= partitions and (len(parts) <= 1 or sum(part.rows for part in parts) <= rows)


def _by_name(month: datetime, parts: Sequence[Backlog], rows: int, partitions: int) -> list[Chunk]:
    groups: list[list[Backlog]] = [[]]
    for part in parts:
        if groups[-1] and not _fits([*groups[-1], part], rows, partitions):
            groups.append([])
        groups[-1].append(part)
    return [Chunk(month, month_after(month), group[0].event_name, group[-1].event_name) for group in groups]


def _raw_window(since: datetime, until: datetime) -> exp.Expression:
    """The hours of raw that may hold something new; `dt` alone prunes the listing, `hh` what is read."""
    return statement(
        "dt >= :day AND dt <= :last_day AND (dt > :day OR hh >= :hour)",
        {"day": text(f"{since:%Y-%m-%d}"), "hour": text(f"{since:%H}"), "last_day": text(f"{until:%Y-%m-%d}")},
    )


def _fresh(since: datetime, until: datetime, within: exp.Expression) -> exp.Expression:
    """New raw rows, the first copy of each."""
    return statement(
        f"""SELECT {", ".join(f"fresh.{column}" for column in COLUMNS)} FROM (
            SELECT {", ".join(COLUMNS)}, row_number() OVER (PARTITION BY message_id ORDER BY received_ts, event_ts) AS copy
            FROM raw_events WHERE :window AND :within
        ) AS fresh
        WHERE fresh.copy = 1 AND NOT EXISTS (
            SELECT 1 FROM events AS known WHERE known.message_id = fresh.message_id AND known.received_ts >= :remembered
        )""",
        {"window": _raw_window(since, until), "within": within, "remembered": timestamp(since - REMEMBERED)},
    )


def backlog_sql(since: datetime, until: datetime) -> str:
    """Rows that wait, by month and name: columns month (`2017-01`), event_name, waiting."""
    fresh = _fresh(since, until, exp.true())
    counted = statement(
        """SELECT date_format(waiting.event_ts, '%Y-%m') AS month, waiting.event_name AS event_name, count(*) AS waiting
        FROM :fresh AS waiting GROUP BY date_format(waiting.event_ts, '%Y-%m'), waiting.event_name""",
        {"fresh": exp.Subquery(this=fresh)},
    )
    return printed(counted)


def insert_sql(chunk: Chunk, since: datetime, until: datetime, *, curated: datetime) -> str:
    """The INSERT of one chunk. Run twice, it inserts nothing the second time."""
    within: exp.Expression = statement("event_ts >= :start AND event_ts < :end", {"start": timestamp(chunk.start), "end": timestamp(chunk.end)})
    if chunk.first_name is not None and chunk.last_name is not None:
        named = statement("event_name >= :first AND event_name <= :last", {"first": text(chunk.first_name), "last": text(chunk.last_name)})
        within = exp.And(this=exp.paren(within), expression=exp.paren(named))
    columns = ", ".join(COLUMNS)
    tree = statement(
        f"INSERT INTO events ({columns}, curated_ts) SELECT {columns}, :curated AS curated_ts FROM :fresh AS arrived",
        {"curated": timestamp(curated), "fresh": exp.Subquery(this=_fresh(since, until, within))},
    )
    return printed(tree)


def people_sql(since: datetime) -> str:
    """Brings `people` up to date with the events curated after `since`. Changes nothing where nothing changed.

    Traits are made anew from all identifies of each person who identified, so they are right in whatever order those arrived.
    """
    return printed(statement(_PEOPLE, {"since": timestamp(since)}))


def devices_sql(since: datetime) -> str:
    """Brings `devices` up to date: a device belongs to whoever used it last, with the newest token."""
    return printed(statement(_DEVICES, {"since": timestamp(since)}))


_PEOPLE = """
MERGE INTO people AS p USING (
  SELECT seen.user_id AS user_id, seen.first_seen_ts AS first_seen_ts, seen.last_seen_ts AS last_seen_ts, known.traits AS traits
  FROM (
    SELECT user_id, min(event_ts) AS first_seen_ts, max(event_ts) AS last_seen_ts
    FROM events WHERE curated_ts > :since AND user_id IS NOT NULL GROUP BY user_id
  ) AS seen
  LEFT JOIN (
    SELECT merged.user_id AS user_id, json_format(CAST(merged.traits AS JSON)) AS traits
    FROM (
      SELECT latest.user_id AS user_id, map_agg(latest.name, latest.value) AS traits
      FROM (
        SELECT said.user_id AS user_id, named.name AS name,
          max_by(element_at(said.traits, named.name), ROW(said.event_ts, said.message_id)) AS value
        FROM (
          SELECT user_id, event_ts, message_id, CAST(json_parse(traits) AS MAP(VARCHAR, JSON)) AS traits
          FROM events
          WHERE event_name = 'identify' AND type = 'identify' AND traits IS NOT NULL
            AND user_id IN (SELECT user_id FROM events WHERE curated_ts > :since AND event_name = 'identify' AND type = 'identify')
        ) AS said
        CROSS JOIN UNNEST(map_keys(said.traits)) AS named (name)
        GROUP BY said.user_id, named.name
      ) AS latest
      GROUP BY latest.user_id
    ) AS merged
  ) AS known ON known.user_id = seen.user_id
) AS s ON p.user_id = s.user_id
WHEN MATCHED AND (
  s.first_seen_ts < p.first_seen_ts OR s.last_seen_ts > p.last_seen_ts
  OR (s.traits IS NOT NULL AND (p.traits IS NULL OR s.traits <> p.traits))
) THEN UPDATE SET
  first_seen_ts = least(p.first_seen_ts, s.first_seen_ts),
  last_seen_ts = greatest(p.last_seen_ts, s.last_seen_ts),
  traits = coalesce(s.traits, p.traits)
WHEN NOT MATCHED THEN INSERT (user_id, first_seen_ts, last_seen_ts, traits) VALUES (s.user_id, s.first_seen_ts, s.last_seen_ts, s.traits)
"""

_DEVICES = """
MERGE INTO devices AS d USING (
  SELECT device_id,
    max_by(user_id, ROW(event_ts, message_id)) AS user_id,
    max_by(device_token, ROW(event_ts, message_id)) AS token,
    max_by(platform, ROW(event_ts, message_id)) AS platform,
    max(event_ts) AS last_seen_ts
  FROM events
  WHERE curated_ts > :since AND user_id IS NOT NULL AND device_id IS NOT NULL AND device_token IS NOT NULL
  GROUP BY device_id
) AS s ON d.device_id = s.device_id
WHEN MATCHED AND s.last_seen_ts > d.last_seen_ts THEN UPDATE SET
  user_id = s.user_id, token = s.token, platform = s.platform, last_seen_ts = s.last_seen_ts
WHEN NOT MATCHED THEN INSERT (device_id, user_id, token, platform, last_seen_ts) VALUES (s.device_id, s.user_id, s.token, s.platform, s.last_seen_ts)
"""
