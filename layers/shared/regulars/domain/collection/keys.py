"""Where clients put the write key: in the Authorization header, in the body, in the query, or in several of them. We store it nowhere."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from regulars.domain.collection.source import is_write_key
from regulars.domain.documents import JsonObject

KEY_FIELDS: Final = ("writeKey", "api_key")
"""What clients call the write key in a body: Segment's and Rudder's name, and PostHog's."""

_GIVEN: Final = re.compile(rf"""((?:{"|".join(KEY_FIELDS)})[\\"']*\s*[:=]\s*[\\"']*)[^\s\\"',;&}}\]]+""", re.IGNORECASE)
"""A key where it is given in a text: JSON, JSON within a text, a query."""

QUERY_FIELD: Final = "writeKey"
"""The same in a query: what Rudder's browser library sends as a beacon has no headers."""


def stated_keys(authorization: str, query: Mapping[str, str], body: JsonObject) -> Sequence[str]:
    """Each key of the request once: Basic user name, then the body's, then that of the first event that has one, then the query's.

    A Bearer token says nothing about the source and is passed over, and so is what can be no key.
    """
    given = [*_basic_users(authorization), *_in_body(body), query.get(QUERY_FIELD, "")]
    return [key for key in dict.fromkeys(given) if is_write_key(key)]


def remove_keys(value: Any) -> None:
    """Takes every write key out of parsed JSON, in place, at any depth (clients copy it into events, contexts and metadata)."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            for name in KEY_FIELDS:
                item.pop(name, None)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def masked(text: str) -> str:
    """The text, which nothing can parse, with `***` for every write key in it."""
    return _GIVEN.sub(r"\1***", text)


def _basic_users(authorization: str) -> Iterator[str]:
    """The user name, if there is one; a colon behind it may be missing."""
    scheme, _, credentials = authorization.strip().partition(" ")
    if scheme.lower() == "basic":
        try:
            yield base64.b64decode(credentials.strip() + "==").decode().partition(":")[0]
        except (binascii.Error, ValueError):
            return


def _in_body(body: JsonObject) -> Iterator[str]:
    yield from _stated(body)
    batch = body.get("batch")
    if isinstance(batch, list):
        yield from next((keys for event in batch if isinstance(event, dict) and (keys := _stated(event))), [])


def _stated(document: JsonObject) -> list[str]:
    return [key for name in KEY_FIELDS if isinstance(key := document.get(name), str) and key]
