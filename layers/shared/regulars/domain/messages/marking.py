"""What tells a test from a message that was meant, on the phone and to the app."""

from collections.abc import Mapping
from typing import Any, Final

from regulars.domain.documents import JsonObject

MARK: Final = "[Test] "
"""Before what people see first."""

_PLACES: Final = (("notification",), ("android", "notification"), ("webpush", "notification"), ("apns", "payload", "aps", "alert"))
"""Where a platform finds its texts (`messages.visible`). What a platform takes from the app's own resources cannot be marked."""


def marked(message: JsonObject) -> JsonObject:
    """FCM's message with the mark before each title, or before the body where there is none, and `test` in `data`."""
    found: JsonObject = {**message, "data": {**message.get("data", {}), "test": "true"}}
    for place in _PLACES:
        found = _within(found, place)
    return found


def _within(message: Any, place: tuple[str, ...]) -> Any:
    if not place:
        return _with_mark(message)
    first, *rest = place
    if not isinstance(message, Mapping) or first not in message:
        return message
    return {**message, first: _within(message[first], tuple(rest))}


def _with_mark(block: Any) -> Any:
    if isinstance(block, str):
        return MARK + block
    name = next((name for name in ("title", "body") if isinstance(block, Mapping) and block.get(name)), None)
    return {**block, name: MARK + block[name]} if name else block
