"""Who has this e-mail address, or this telephone number, by their own word: the traits as they stand in `people`, or as they told them before they
signed in, where that is later."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final, assert_never, cast

from sqlglot import exp

from regulars.domain.cleaning.emails import email
from regulars.domain.cleaning.fields import FIELDS
from regulars.domain.cleaning.kinds import EMAIL, PHONE
from regulars.domain.cleaning.phones import phone
from regulars.domain.collection.identifiers import tidy
from regulars.domain.errors import InvalidRequestError
from regulars.domain.lake.order import order_text
from regulars.domain.lake.owners import OWNERS, join_renamed, owners
from regulars.domain.lake.sql import printed, statement, text, timestamp
from regulars.domain.person import AddressKind

MOST: Final = 1_000
"""People who are shown."""

_PEOPLE: Final = """
SELECT people.user_id AS user_id, people.first_seen_ts AS first_seen, people.last_seen_ts AS last_seen, owners.owner_id AS became
FROM people
WHERE people.user_id IN (SELECT standing.user_id FROM :standing AS standing WHERE to_hex(sha256(to_utf8(lower(standing.address)))) IN :wanted)
ORDER BY people.last_seen_ts DESC, people.user_id
LIMIT :most
"""

_STANDING: Final = """
SELECT told.user_id AS user_id, json_extract_scalar(max_by(told.value, told.said), '$') AS address
FROM (SELECT * FROM :own AS own UNION ALL SELECT * FROM :early AS early) AS told
GROUP BY told.user_id, told.name
"""

_OWN: Final = """
SELECT user_id, named.name AS name, element_at(traits, named.name) AS value, coalesce(CAST(element_at(times, named.name) AS VARCHAR), '') AS said
FROM (
  SELECT user_id, CAST(json_parse(traits) AS MAP(VARCHAR, JSON)) AS traits,
    CAST(json_parse(coalesce(trait_times, '{}')) AS MAP(VARCHAR, JSON)) AS times
  FROM people WHERE traits IS NOT NULL
) AS known CROSS JOIN UNNEST(map_keys(traits)) AS named (name)
WHERE named.name IN :names
"""

_EARLY: Final = """
SELECT user_id, named.name AS name, element_at(traits, named.name) AS value, said
FROM (
  SELECT owners.owner_id AS user_id, CAST(json_parse(events.traits) AS MAP(VARCHAR, JSON)) AS traits, :order AS said
  FROM events INNER JOIN owners ON owners.owned_kind = 'anonymous' AND owners.owned_id = events.anonymous_id
  WHERE events.event_name = 'identify' AND events.type = 'identify' AND events.user_id IS NULL AND events.traits IS NOT NULL
    AND events.event_ts < :as_of
) AS known CROSS JOIN UNNEST(map_keys(traits)) AS named (name)
WHERE named.name IN :names
"""


def spellings(kind: AddressKind, asked: str, country: str | None) -> Sequence[str]:
    """How a trait may hold the address: in standard form, and as it is asked, for cleaning leaves what it cannot read as it came. `country` (ISO 3166
    alpha-2) is whose a telephone number without `+` is. Raises InvalidRequestError."""
    written = tidy(asked)
    match kind:
        case "email":
            found, wanted = email(written), "an e-mail address"
        case "phone":
            found, wanted = phone(written, country), "a telephone number: give it with + and its country's code, or say of which country it is"
        case _:
            assert_never(kind)
    if found is None:
        raise InvalidRequestError(f"is not {wanted}", field=kind)
    return list(dict.fromkeys((found, written.lower())))


def finding_sql(kind: AddressKind, addresses: Sequence[str], as_of: datetime) -> str:
    """Columns `user_id, first_seen, last_seen, became` (whose they are since an alias), whom we saw last first; at most MOST and one.

    Addresses are compared by their hashes, without regard to capital letters, so that Athena's history of queries does not keep them.
    """
    wanted = exp.Tuple(expressions=[text(hashlib.sha256(address.lower().encode()).hexdigest().upper()) for address in addresses])
    parts = {"standing": _standing(kind, as_of), "wanted": wanted, "most": exp.Literal.number(MOST + 1)}
    joined = join_renamed(cast(exp.Select, statement(_PEOPLE, parts)), exp.column("user_id", "people"))
    return printed(joined.with_(OWNERS, as_=owners(as_of), copy=False))


def _standing(kind: AddressKind, as_of: datetime) -> exp.Subquery:
    """Columns `user_id, address`: the latest that somebody said of each trait that may hold one."""
    names = exp.Tuple(expressions=[text(name) for name in _names(kind)])
    own = statement(_OWN, {"names": names})
    early = statement(_EARLY, {"names": names.copy(), "order": order_text("events"), "as_of": timestamp(as_of)})
    return exp.Subquery(this=statement(_STANDING, {"own": exp.Subquery(this=own), "early": exp.Subquery(this=early)}))


def _names(kind: AddressKind) -> list[str]:
    """How the trait may be called."""
    return [name for name, field in FIELDS.items() if field == (EMAIL if kind == "email" else PHONE)]
