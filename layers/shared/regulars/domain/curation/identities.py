"""How `identities` follows `events`: who claimed which id first, and who has it.

A claim is made by any event that carries a user id and an anonymous id, and by an alias (`previousId` becomes `userId`). The first claim of an id
wins by the one order of events (`lake.order`), so it does not matter in which order they arrive: a smaller one takes its place whenever it comes.
Any other is kept as a conflict, with nothing moved. An id that equals the person's says nothing.

A claim that was separated ends then, and the first of the others that stands begins; a decision `joined` takes the separation back, also for the
time between. An anonymous identify that tells traits claims nothing: its row, of kind `told` and nobody's, says that there is something to be joined
(`people.links`). What is worked out of a set of claims and decisions is the same however they came. docs/decisions/0028-who-it-is.md.
"""

from typing import Final

from sqlglot import exp

from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.recent import recent
from regulars.domain.lake.order import order_text
from regulars.domain.lake.sql import printed, statement

_PREVIOUS: Final = "json_extract_scalar(properties, '$.previousId')"

# An alias does not say whether its previous id was a person's or an anonymous one: it claims both, but for the browser's own.
_CLAIMS: Final = f"""
SELECT 'anonymous' AS kind, anonymous_id AS id, user_id, :order AS claimed_order, event_ts AS claimed_ts, message_id, type AS event_type
FROM events WHERE :inserted AND user_id IS NOT NULL AND anonymous_id IS NOT NULL AND anonymous_id <> user_id
UNION ALL
SELECT kinds.kind AS kind, {_PREVIOUS} AS id, user_id, :order AS claimed_order, event_ts AS claimed_ts, message_id, type AS event_type
FROM events CROSS JOIN UNNEST(ARRAY['anonymous', 'user']) AS kinds (kind)
WHERE :inserted AND event_name = 'alias' AND type = 'alias' AND user_id IS NOT NULL AND {_PREVIOUS} <> '' AND {_PREVIOUS} <> user_id
  AND (kinds.kind = 'anonymous' OR {_PREVIOUS} <> coalesce(anonymous_id, ''))
UNION ALL
SELECT 'told' AS kind, anonymous_id AS id, '' AS user_id, :order AS claimed_order, event_ts AS claimed_ts, message_id, type AS event_type
FROM events WHERE :inserted AND event_name = 'identify' AND type = 'identify' AND user_id IS NULL AND anonymous_id IS NOT NULL AND traits IS NOT NULL
"""

_KEPT: Final = """
SELECT kind, id, user_id, claimed_order, claimed_ts, message_id, event_type FROM identities
WHERE kind = 'user' OR id IN (SELECT id FROM :claims AS claim) OR id IN (SELECT id FROM identity_decisions)
"""

_PAIRS: Final = """
SELECT kind, id, user_id, min(claimed_order) AS claimed_order, min_by(claimed_ts, claimed_order) AS claimed_ts,
  min_by(message_id, claimed_order) AS message_id, min_by(event_type, claimed_order) AS event_type
FROM (SELECT * FROM :claims AS claim UNION ALL SELECT * FROM :kept AS kept) AS told
GROUP BY kind, id, user_id
"""

_SEPARATED: Final = """
SELECT kind, id, user_id, min(decided_ts) AS separated_ts
FROM (
  SELECT kind, id, user_id, decision, decided_ts,
    max(CASE WHEN decision = 'joined' THEN decided_ts END) OVER (PARTITION BY kind, id, user_id) AS joined_ts
  FROM identity_decisions
) AS decided
WHERE decision = 'separated' AND decided_ts > coalesce(joined_ts, TIMESTAMP '1970-01-01 00:00:00')
GROUP BY kind, id, user_id
"""

# An alias that turns an earlier one round would close a ring: it counts as separated before it began.
_STANDING: Final = """
SELECT pair.*,
  CASE WHEN pair.kind = 'user' AND row_number() OVER (
    PARTITION BY pair.kind, least(pair.id, pair.user_id), greatest(pair.id, pair.user_id) ORDER BY pair.claimed_order
  ) > 1 THEN TIMESTAMP '1970-01-01 00:00:00' ELSE separated.separated_ts END AS ended_ts
FROM :pairs AS pair
LEFT JOIN :separated AS separated ON separated.kind = pair.kind AND separated.id = pair.id AND separated.user_id = pair.user_id
"""

# Nobody has an id while an earlier claim of it stands, and everybody before has to have ended.
_OWNING: Final = """
SELECT standing.*,
  coalesce(bool_and(ended_ts IS NOT NULL) OVER earlier, TRUE) AS is_next,
  greatest(claimed_ts, coalesce(max(ended_ts) OVER earlier, claimed_ts)) AS begins_ts
FROM :standing AS standing
WINDOW earlier AS (PARTITION BY kind, id ORDER BY claimed_order, user_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
"""

_SPANS: Final = """
SELECT kind, id, user_id, claimed_order, claimed_ts, message_id, event_type,
  CASE WHEN kind <> 'told' AND is_next AND (ended_ts IS NULL OR begins_ts < ended_ts) THEN begins_ts END AS since_ts,
  CASE WHEN is_next AND begins_ts < ended_ts THEN ended_ts END AS until_ts
FROM :owning AS owning
"""

_MERGE: Final = """
MERGE INTO identities AS i USING :spans AS s ON i.kind = s.kind AND i.id = s.id AND i.user_id = s.user_id
WHEN MATCHED AND (
  s.claimed_order <> i.claimed_order OR s.since_ts IS DISTINCT FROM i.since_ts OR s.until_ts IS DISTINCT FROM i.until_ts
) THEN UPDATE SET
  since_ts = s.since_ts, until_ts = s.until_ts, claimed_order = s.claimed_order, claimed_ts = s.claimed_ts,
  message_id = s.message_id, event_type = s.event_type
WHEN NOT MATCHED THEN INSERT (kind, id, user_id, since_ts, until_ts, claimed_order, claimed_ts, message_id, event_type)
VALUES (s.kind, s.id, s.user_id, s.since_ts, s.until_ts, s.claimed_order, s.claimed_ts, s.message_id, s.event_type)
"""


def identities_sql(inserted: Inserted) -> str:
    """Brings `identities` up to date with what was inserted and with all that was decided. Changes nothing where nothing changed."""

    def part(sql: str, **parts: exp.Expression) -> exp.Subquery:
        return exp.Subquery(this=statement(sql, parts))

    claims = part(_CLAIMS, inserted=recent(inserted), order=order_text())
    pairs = part(_PAIRS, claims=claims, kept=part(_KEPT, claims=claims.copy()))
    standing = part(_STANDING, pairs=pairs, separated=part(_SEPARATED))
    return printed(statement(_MERGE, {"spans": part(_SPANS, owning=part(_OWNING, standing=standing))}))
