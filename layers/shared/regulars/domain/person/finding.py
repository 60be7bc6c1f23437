"""Who has this e-mail address, or this telephone number, by their own word: the traits as they stand in `people`."""

import hashlib
from datetime import datetime
from typing import Final, assert_never, cast

from sqlglot import exp

from regulars.domain.cleaning.emails import email
from regulars.domain.cleaning.fields import FIELDS
from regulars.domain.cleaning.kinds import EMAIL, PHONE
from regulars.domain.cleaning.phones import phone
from regulars.domain.errors import InvalidRequestError
from regulars.domain.lake.owners import OWNERS, join_renamed, owners
from regulars.domain.lake.sql import printed, statement, text
from regulars.domain.person import AddressKind
from regulars.domain.segments.compile.values import JsonValue

MOST: Final = 1_000
"""People who are shown."""

_PEOPLE: Final = """
SELECT people.user_id AS user_id, people.first_seen_ts AS first_seen, people.last_seen_ts AS last_seen, owners.owner_id AS became
FROM people
WHERE people.traits IS NOT NULL AND :theirs
ORDER BY people.last_seen_ts DESC, people.user_id
LIMIT :most
"""

_DIGEST: Final = "to_hex(sha256(to_utf8(lower(:value))))"


def standard_address(kind: AddressKind, asked: str, country: str | None) -> str:
    """In the form that traits are kept in. `country` (ISO 3166 alpha-2) is whose a telephone number without `+` is. Raises InvalidRequestError."""
    match kind:
        case "email":
            found, wanted = email(asked.strip()), "an e-mail address"
        case "phone":
            found, wanted = phone(asked.strip(), country), "a telephone number: give it with + and its country's code, or say of which country it is"
        case _:
            assert_never(kind)
    if found is None:
        raise InvalidRequestError(f"is not {wanted}", field=kind)
    return found


def finding_sql(kind: AddressKind, address: str, as_of: datetime) -> str:
    """Columns `user_id, first_seen, last_seen, became` (whose they are since an alias), whom we saw last first; at most MOST and one.

    The address is compared by its hash, so that Athena's history of queries does not keep it. What was never standardised is found where it differs
    in nothing but capital letters.
    """
    wanted = text(hashlib.sha256(address.lower().encode()).hexdigest().upper())
    theirs = exp.In(this=wanted, expressions=[_digest(name) for name in _names(kind)])
    tree = cast(exp.Select, statement(_PEOPLE, {"theirs": theirs, "most": exp.Literal.number(MOST + 1)}))
    joined = join_renamed(tree, exp.column("user_id", "people"))
    return printed(joined.with_(OWNERS, as_=owners(as_of), copy=False))


def _names(kind: AddressKind) -> list[str]:
    """How the trait may be called."""
    return [name for name, field in FIELDS.items() if field == (EMAIL if kind == "email" else PHONE)]


def _digest(trait: str) -> exp.Expression:
    return statement(_DIGEST, {"value": JsonValue(exp.column("traits", "people"), (trait,)).text()})
