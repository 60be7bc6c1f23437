"""The one statement that says how good the data are lately: what was accepted, corrected, refused, how late it was, whose it is, how much it is,
and what it was like before."""

from datetime import UTC, datetime, time, timedelta
from typing import Final, cast

from sqlglot import exp

from regulars.domain.collection.moments import iso
from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.recent import recent
from regulars.domain.lake.owners import OWNERS, join_owners, owners
from regulars.domain.lake.sql import printed, statement, text, timestamp
from regulars.domain.quality.drift_sql import drift_rows
from regulars.domain.quality.volume import DAYS

# Above ten minutes to the minute: so few rows that an answer holds them, and nobody asks for the second of a late one.
_CHECK: Final = """
SELECT 'events' AS section, coalesce(source, '') AS name, coalesce(traffic, '') AS part, '' AS kind, count(*) AS n, count(corrections) AS m
FROM events WHERE :chosen GROUP BY coalesce(source, ''), coalesce(traffic, '')
UNION ALL
SELECT 'corrections' AS section, made.rule AS name, '' AS part, '' AS kind, count(*) AS n, 0 AS m FROM :corrections AS made GROUP BY made.rule
UNION ALL
SELECT 'quarantined' AS section, refused.reason AS name, coalesce(refused.source, '') AS part, '' AS kind,
  count(DISTINCT CASE WHEN replayed.id IS NULL THEN refused.id END) AS n, count(DISTINCT replayed.id) AS m
FROM :refused AS refused LEFT JOIN :replayed AS replayed ON replayed.id = refused.id
GROUP BY refused.reason, coalesce(refused.source, '')
UNION ALL
SELECT 'freshness' AS section, '' AS name, '' AS part, '' AS kind, late.seconds AS n, count(*) AS m
FROM (SELECT CASE WHEN waited.s < 600 THEN waited.s ELSE waited.s - waited.s % 60 END AS seconds FROM :waited AS waited) AS late
GROUP BY late.seconds
UNION ALL
SELECT 'identity' AS section, whose.kind AS name, '' AS part, '' AS kind, count(*) AS n, 0 AS m FROM :whose AS whose GROUP BY whose.kind
UNION ALL
SELECT 'volume' AS section, event_name AS name, CAST(CAST(event_ts AS DATE) AS VARCHAR) AS part, '' AS kind, count(*) AS n, 0 AS m
FROM events WHERE event_ts >= :volume_from AND event_ts < :volume_to GROUP BY event_name, CAST(CAST(event_ts AS DATE) AS VARCHAR)
UNION ALL
SELECT 'drift' AS section, drift.name, drift.path AS part, drift.json_type AS kind, drift.n, drift.m FROM :drift AS drift
"""

_REFUSED: Final = "SELECT id, reason, source FROM quarantined_events WHERE dt >= :first_day AND at >= :first_moment"

_REPLAYED: Final = "SELECT DISTINCT id FROM quarantine_replays WHERE dt >= :first_day AND state = 'done'"

_CORRECTIONS: Final = """
SELECT json_extract_scalar(each.correction, '$.rule') AS rule
FROM (SELECT corrections FROM events WHERE :chosen AND corrections IS NOT NULL) AS corrected
CROSS JOIN UNNEST(CAST(json_parse(corrected.corrections) AS ARRAY(JSON))) AS each (correction)
"""

_WAITED: Final = "SELECT date_diff('second', received_ts, curated_ts) AS s FROM events WHERE :chosen"

_WHOSE: Final = """
SELECT CASE WHEN events.user_id IS NOT NULL THEN 'user' WHEN owners.owner_id IS NOT NULL THEN 'claimed' ELSE 'anonymous' END AS kind
FROM events WHERE :chosen
"""


def check_sql(since: datetime, until: datetime) -> str:
    """`section, name, part, kind, n, m` (`quality.check`) of what was curated after `since`; `until` is now.

    An event of the past may be curated today, so that no day of the event bounds the window: `curated_ts` leaves out the files of before.
    """
    chosen = recent(Inserted(since))
    whose = cast(exp.Select, statement(_WHOSE, {"chosen": chosen.copy()}))
    first_day = text(since.astimezone(UTC).date().isoformat())
    today = datetime.combine(until.astimezone(UTC).date(), time(), UTC)
    values: dict[str, exp.Expr] = {
        "chosen": chosen,
        "corrections": exp.Subquery(this=statement(_CORRECTIONS, {"chosen": chosen.copy()})),
        "waited": exp.Subquery(this=statement(_WAITED, {"chosen": chosen.copy()})),
        "whose": exp.Subquery(this=join_owners(whose)),
        "refused": exp.Subquery(this=statement(_REFUSED, {"first_day": first_day, "first_moment": text(iso(since))})),
        "replayed": exp.Subquery(this=statement(_REPLAYED, {"first_day": first_day.copy()})),
        "drift": drift_rows(since, until),
        "volume_from": timestamp(today - timedelta(days=DAYS)),
        "volume_to": timestamp(today),
    }
    union = cast(exp.Union, statement(_CHECK, values))
    return printed(union.with_(OWNERS, as_=owners(until), copy=False))
