"""The one moment at which a write key is known: it is shown to whoever asked for it, and we keep its digest."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.collection.source import is_write_key
from regulars.domain.errors import InvalidRequestError


@dataclass(frozen=True)
class IssuedKey:
    """`name` is the source's. Its other keys end at `others_end_at`, if it has any."""

    name: str
    write_key: str
    others_end_at: datetime | None = None


def issue_key(wanted: str = "") -> str:
    """The key that an app has already, or a new one of 24 random bytes. Raises InvalidRequestError for what can be no key."""
    if wanted and not is_write_key(wanted):
        raise InvalidRequestError("a write key has 1 to 128 letters, digits, `.`, `_`, `~` and `-`", field="write_key")
    return wanted or secrets.token_urlsafe(24)
