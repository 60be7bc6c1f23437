"""Whether a push has a text that people see. One without is a data message, which the app gets in silence.

Where FCM takes texts: https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages; for Apple `alert`,
https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification; for browsers `title` and `body` of `showNotification`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_TEXTS = ("title", "body", "title_loc_key", "body_loc_key")
_ALERT_TEXTS = ("title", "subtitle", "body", "title-loc-key", "subtitle-loc-key", "loc-key")


def shows_something(push: Mapping[str, Any]) -> bool:
    """`push` as `fcm_message` takes it, its texts rendered or not."""
    return any(isinstance(text, str) and text.strip() for text in _texts(push))


def _texts(push: Mapping[str, Any]) -> Iterator[Any]:
    for block in (push, _inside(push, "android", "notification"), _inside(push, "webpush", "notification")):
        yield from (block.get(name) for name in _TEXTS)
    aps = _inside(push, "apns", "payload", "aps")
    yield aps.get("alert")
    yield from (_inside(aps, "alert").get(name) for name in _ALERT_TEXTS)


def _inside(push: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    found: Any = push
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}
