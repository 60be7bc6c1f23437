"""Who and what: ids and names as plain text."""

import re
from typing import Any, Final

from regulars.domain.collection.rejection import EventRejectedError

MAX_LENGTH: Final = 255
"""Of an id or an event name, in characters: at most 1,020 bytes, within DynamoDB's 2,048 for a key and S3's 1,024 for a path."""

_MAX_EXACT_FLOAT: Final = 2.0**53
_CONTROL: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def identifier(value: Any, field: str) -> str | None:
    """An id as text: numbers become their digits; null and blank are None. Raises EventRejectedError("invalid_id")."""
    if value is None:
        return None
    if isinstance(value, str):
        text = value
    elif isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
    elif isinstance(value, float) and value.is_integer() and abs(value) <= _MAX_EXACT_FLOAT:
        text = str(int(value))
    else:
        raise EventRejectedError("invalid_id", f"{field} is neither text nor a whole number below 2^53")
    return plain_text(text, field, "invalid_id")


def plain_text(text: str, field: str, reason: str) -> str | None:
    """The text unchanged, None where it is blank. Raises EventRejectedError(reason) over 255 characters or with control characters."""
    if len(text) > MAX_LENGTH:
        raise EventRejectedError(reason, f"{field} is longer than {MAX_LENGTH} characters")
    if not text.isprintable() and _CONTROL.search(text):
        raise EventRejectedError(reason, f"{field} holds a control character or half of a surrogate pair")
    return text if text.strip() else None
