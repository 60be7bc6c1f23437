"""What is known of the ids of one person: every claim that they made or that was made of what they have."""

from datetime import datetime
from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.owners import OWNERS, owners
from regulars.domain.lake.sql import printed, statement, text, timestamp

_CLAIMS: Final = """
SELECT claim.kind AS kind, claim.id AS id, claim.user_id AS claimed_by, claim.claimed_ts AS claimed_at, claim.event_type AS event_type,
  claim.message_id AS message_id, claim.since_ts AS since, claim.until_ts AS until, owners.owner_id AS owner
FROM identities AS claim
LEFT JOIN owners ON owners.owned_kind = claim.kind AND owners.owned_id = claim.id
WHERE claim.claimed_ts < :as_of AND (claim.user_id = :user_id OR owners.owner_id = :user_id OR (claim.kind = 'user' AND claim.id = :user_id))
ORDER BY claim.claimed_order, claim.kind
LIMIT :most
"""

MOST: Final = 1000
"""A browser in a shop's window has many claims; more than so many are not shown."""


def claims_sql(user_id: str, as_of: datetime) -> str:
    """Columns as those of `people.identities.Identity` (`by` is event_type), the first claims first."""
    values = {"user_id": text(user_id), "as_of": timestamp(as_of), "most": exp.Literal.number(MOST)}
    return printed(cast(exp.Select, statement(_CLAIMS, values)).with_(OWNERS, as_=owners(as_of), copy=False))
