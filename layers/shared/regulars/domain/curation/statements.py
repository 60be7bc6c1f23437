"""The statements of `curate`: raw events into `events`, each once, then `people` and `devices` brought up to date.

An event is new if its message id is not among the events received in the last weeks. The bound is on `received_ts`, not on the event's own time,
because a client that retries may stamp the second copy differently; Iceberg keeps the least and greatest `received_ts` of every file,
so old files are passed over however long the history is. Why this and not event time: docs/decisions/0005-curate.md.
"""

from datetime import datetime

from sqlglot import exp

from regulars.domain.curation.plan import REMEMBERED, Chunk
from regulars.domain.lake.sql import printed, statement, text, timestamp
from regulars.domain.lake.tables import RAW_EVENTS

_COLUMNS = ", ".join(RAW_EVENTS.columns)

# `dt` alone prunes the listing, `hh` what is read.
_HOURS = "dt >= :day AND dt <= :last_day AND (dt > :day OR hh >= :hour)"

# The first copy of each message that `events` does not have.
_FRESH = f"""
SELECT {", ".join(f"fresh.{column}" for column in RAW_EVENTS.columns)} FROM (
  SELECT {_COLUMNS}, row_number() OVER (PARTITION BY message_id ORDER BY received_ts, event_ts) AS copy
  FROM raw_events WHERE :hours AND :within
) AS fresh
WHERE fresh.copy = 1 AND NOT EXISTS (
  SELECT 1 FROM events AS known WHERE known.message_id = fresh.message_id AND known.received_ts >= :remembered
)
"""

_BACKLOG = """
SELECT date_format(waiting.event_ts, '%Y-%m') AS month, waiting.event_name AS event_name, count(*) AS waiting
FROM :fresh AS waiting GROUP BY date_format(waiting.event_ts, '%Y-%m'), waiting.event_name
"""

_IN_TIME = "event_ts >= :start AND event_ts < :end"

_NAMED = "event_name >= :first AND event_name <= :last"

_INSERT = f"INSERT INTO events ({_COLUMNS}, curated_ts) SELECT {_COLUMNS}, :curated AS curated_ts FROM :fresh AS arrived"

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


def backlog_sql(since: datetime, until: datetime) -> str:
    """Rows that wait, by month and name: columns month (`2017-01`), event_name, waiting."""
    return printed(statement(_BACKLOG, {"fresh": exp.Subquery(this=_fresh(since, until, exp.true()))}))


def insert_sql(chunk: Chunk, since: datetime, until: datetime, *, curated: datetime) -> str:
    """The INSERT of one chunk. Run twice, it inserts nothing the second time."""
    fresh = _fresh(since, until, _within(chunk))
    return printed(statement(_INSERT, {"curated": timestamp(curated), "fresh": exp.Subquery(this=fresh)}))


def people_sql(since: datetime) -> str:
    """Brings `people` up to date with the events curated after `since`. Changes nothing where nothing changed.

    Traits are made anew from all identifies of each person who identified, so they are right in whatever order those arrived.
    """
    return printed(statement(_PEOPLE, {"since": timestamp(since)}))


def devices_sql(since: datetime) -> str:
    """Brings `devices` up to date: a device belongs to whoever used it last, with the newest token."""
    return printed(statement(_DEVICES, {"since": timestamp(since)}))


def _fresh(since: datetime, until: datetime, within: exp.Expression) -> exp.Expression:
    """New raw rows among those written from `since` to `until`."""
    return statement(_FRESH, {"hours": _hours(since, until), "within": within, "remembered": timestamp(since - REMEMBERED)})


def _hours(since: datetime, until: datetime) -> exp.Expression:
    """The folders of raw that may hold something new."""
    return statement(_HOURS, {"day": text(f"{since:%Y-%m-%d}"), "hour": text(f"{since:%H}"), "last_day": text(f"{until:%Y-%m-%d}")})


def _within(chunk: Chunk) -> exp.Expression:
    in_time = statement(_IN_TIME, {"start": timestamp(chunk.start), "end": timestamp(chunk.end)})
    if chunk.first_name is None or chunk.last_name is None:
        return in_time
    named = statement(_NAMED, {"first": text(chunk.first_name), "last": text(chunk.last_name)})
    return exp.And(this=exp.paren(in_time), expression=exp.paren(named))
