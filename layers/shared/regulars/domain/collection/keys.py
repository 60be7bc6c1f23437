"""Whose request it is. Clients put the write key in the Authorization header, in the body, or in both; we store it nowhere."""

import base64
import binascii
import hashlib
from collections.abc import Collection, Iterator
from typing import Any, Final

from regulars.domain.documents import JsonObject
from regulars.domain.errors import UnknownWriteKeyError

KEY_FIELDS: Final = ("writeKey", "api_key")
"""What clients call the write key in a body: Segment's and Rudder's name, and PostHog's."""


def known_key(authorization: str, body: JsonObject, write_keys: Collection[str]) -> str:
    """The first of the request's keys that is ours: Basic user name, then the body's, then that of the first event that has one.

    A Bearer token says nothing about the source and is passed over. Raises UnknownWriteKeyError.
    """
    given = list(_candidates(authorization, body))
    for key in given:
        if key in write_keys:
            return key
    if given:
        raise UnknownWriteKeyError("no source has this write key")
    raise UnknownWriteKeyError("no write key: send it as the Basic user name, or as writeKey in the body")


def source_id(write_key: str) -> str:
    """The short name under which events of this key are known from here on: 8 hex digits of its SHA-256."""
    return hashlib.sha256(write_key.encode()).hexdigest()[:8]


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


def _candidates(authorization: str, body: JsonObject) -> Iterator[str]:
    scheme, _, credentials = authorization.strip().partition(" ")
    if scheme.lower() == "basic":
        yield from _basic_user(credentials)
    yield from _stated(body)
    batch = body.get("batch")
    if isinstance(batch, list):
        yield from next((keys for event in batch if isinstance(event, dict) and (keys := _stated(event))), [])


def _basic_user(credentials: str) -> list[str]:
    try:
        decoded = base64.b64decode(credentials.strip() + "==").decode()
    except (binascii.Error, ValueError):
        return []
    user = decoded.partition(":")[0]
    return [user] if user else []


def _stated(document: JsonObject) -> list[str]:
    return [key for name in KEY_FIELDS if isinstance(key := document.get(name), str) and key]
