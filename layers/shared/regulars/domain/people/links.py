"""Whose profile is to show what another id told: of the ids whose owner may have changed lately, who has them, and who has not.

Only what curate's last statement may have moved is asked for: a claim (or what an anonymous id told) is of an event that was inserted lately, or
somebody decided about it. Of anonymous ids, those that told traits. docs/decisions/0033-anonymous-traits.md.
"""

from collections.abc import Iterable
from typing import Final

from sqlglot import exp

from regulars.domain.collection.change import anonymous_key
from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.recent import recent
from regulars.domain.lake.order import order_text
from regulars.domain.lake.sql import printed, statement
from regulars.domain.people.profile import Link
from regulars.domain.queries import ResultRow

_MOVED: Final = """
SELECT moved.id AS id, moved.user_id AS user_id FROM identities AS moved
INNER JOIN (
  SELECT :order AS said FROM events WHERE :inserted AND (anonymous_id IS NOT NULL OR (event_name = 'alias' AND type = 'alias'))
) AS new ON new.said = moved.claimed_order
UNION ALL
SELECT id, user_id FROM identity_decisions
"""

# Of both ids of a claim, because an alias may turn round, and so end, one of the person who claims by it. Named once: each use would be a scan.
_LINKS: Final = """
SELECT claim.kind AS kind, claim.id AS id, claim.user_id AS user_id, CASE WHEN claim.until_ts IS NULL THEN claim.since_ts END AS since
FROM identities AS claim
WHERE (claim.kind = 'user' OR (claim.kind = 'anonymous' AND claim.id IN (SELECT id FROM identities WHERE kind = 'told')))
  AND claim.id IN (SELECT touched.id FROM :moved AS moved CROSS JOIN UNNEST(ARRAY[moved.id, moved.user_id]) AS touched (id))
"""


def links_sql(inserted: Inserted) -> str:
    """Columns of `links_of`."""
    moved = exp.Subquery(this=statement(_MOVED, {"inserted": recent(inserted), "order": order_text()}))
    return printed(statement(_LINKS, {"moved": moved}))


def links_of(rows: Iterable[ResultRow]) -> list[Link]:
    """One for each claim of an id: of all who claimed it, one at most has it."""
    return [Link(row["user_id"] or "", _key(row["kind"], row["id"] or ""), row["since"]) for row in rows]


def _key(kind: str | None, identity: str) -> str:
    return identity if kind == "user" else anonymous_key(identity)
