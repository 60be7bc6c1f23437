"""Who and what: ids and names as plain text, within what the stores take, in the unit that each of them counts."""

import re
import unicodedata
from typing import Any, Final
from urllib.parse import quote_plus

from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.errors import InvalidRequestError

MAX_LENGTH: Final = 255
"""Of an id or an event name, in characters: of four bytes at most, so 1,020 bytes, within the 2,048 that DynamoDB takes of a partition key
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html). No id of a client is in a sort key or in an object's name."""

MAX_PATH_BYTES: Final = 768
"""Of an event name as its partition's folder has it. S3 takes 1,024 bytes of UTF-8 a key
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html); Iceberg writes each byte that is no plain letter as three. About 150 are
taken: `lake/events/data/`, up to 24 of an object store layout, `event_ts_month=2026-11/event_name=` and a file of up to 73."""

_SURELY_SHORT: Final = MAX_PATH_BYTES // 12
"""Characters: four bytes each, three letters a byte."""

_MAX_EXACT_FLOAT: Final = 2.0**53
_CONTROL: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_INVISIBLE: Final = (
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064" + "\u2066\u2067\u2068\u2069\ufeff"
)
"""Characters without width: joiners, marks of direction, the byte order mark. Inside a text they have their uses, round it they have none."""
_AROUND: Final = _INVISIBLE + "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace())


def identifier(value: Any, field: str) -> str | None:
    """An id as tidy text: numbers become their digits; null and blank are None. Raises EventRejectedError("invalid_id")."""
    if value is None:
        return None
    if isinstance(value, str):
        text = value
    elif isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
    elif isinstance(value, float) and value.is_integer() and abs(value) <= _MAX_EXACT_FLOAT:
        text = str(int(value))
    else:
        raise EventRejectedError(
            "invalid_id", f"{field} is neither text nor a whole number (digits alone up to 64 bits, with a point or an exponent up to 2^53)"
        )
    return plain_text(text, field, "invalid_id")


def tidy(text: str) -> str:
    """The text in Unicode's composed form (NFC, https://unicode.org/reports/tr15/), without space and invisible characters round it."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip(_AROUND)


def plain_text(text: str, field: str, reason: str) -> str | None:
    """The text, tidy; None where it is blank. Raises EventRejectedError(reason) over 255 characters or with control characters."""
    text = text.strip() if text.isascii() else tidy(text)
    if len(text) > MAX_LENGTH:
        raise EventRejectedError(reason, f"{field} is longer than {MAX_LENGTH} characters")
    if not text.isprintable() and _CONTROL.search(text):
        raise EventRejectedError(reason, f"{field} holds a control character or half of a surrogate pair")
    return text or None


def person_named(user_id: str) -> str:
    """The id of somebody whom a call names, as that of an event is kept. Raises InvalidRequestError for one that no event can have."""
    try:
        whom = plain_text(user_id, "it", "invalid_id")
    except EventRejectedError as error:
        raise InvalidRequestError(str(error), field="user_id") from error
    if whom is None:
        raise InvalidRequestError("whose? It is empty", field="user_id")
    return whom


def event_name(text: str) -> str | None:
    """The name of an event, tidy; None where it is blank. Raises EventRejectedError: "invalid_event_name" for what `plain_text` refuses,
    "event_name_too_long" where it would not fit into the key of an object."""
    name = plain_text(text, "event", "invalid_event_name")
    if name is not None and len(name) > _SURELY_SHORT and (taken := path_bytes(name)) > MAX_PATH_BYTES:
        raise EventRejectedError("event_name_too_long", f"event takes {taken} bytes where the lake's paths have room for {MAX_PATH_BYTES}")
    return name


def path_bytes(text: str) -> int:
    """What a partition's value takes in a path: `PartitionSpec.partitionToPath` URL-encodes its UTF-8
    (https://github.com/apache/iceberg/blob/main/api/src/main/java/org/apache/iceberg/PartitionSpec.java), where of `~` and `*` Java's encoder
    escapes the one and Python's the other: both are counted as escaped."""
    return len(quote_plus(text, safe="")) + 2 * text.count("~")
