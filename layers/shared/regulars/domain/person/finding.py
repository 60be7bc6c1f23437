"""Who has this e-mail address, or this telephone number, by their own word: the traits as they stand in `people`."""

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
    wanted = [text(hashlib.sha256(address.lower().encode()).hexdigest().upper()) for address in addresses]
    theirs = exp.Paren(this=exp.or_(*(exp.In(this=each, expressions=[_digest(name) for name in _names(kind)]) for each in wanted)))
    tree = cast(exp.Select, statement(_PEOPLE, {"theirs": theirs, "most": exp.Literal.number(MOST + 1)}))
    joined = join_renamed(tree, exp.column("user_id", "people"))
    return printed(joined.with_(OWNERS, as_=owners(as_of), copy=False))


def _names(kind: AddressKind) -> list[str]:
    """How the trait may be called."""
    return [name for name, field in FIELDS.items() if field == (EMAIL if kind == "email" else PHONE)]


def _digest(trait: str) -> exp.Expression:
    return statement(_DIGEST, {"value": JsonValue(exp.column("traits", "people"), (trait,)).text()})
