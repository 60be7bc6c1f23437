"""Which texts of a push people see. One without any is a data message, which the app gets in silence.

Where FCM takes texts: https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages; for Apple `alert`,
https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification; for browsers `title` and `body` of `showNotification`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from regulars.domain.language import says_something

Place = tuple[str, ...]
"""Keys of a push, from the outside in."""

_TEXTS = ("title", "body", "title_loc_key", "body_loc_key")
_ALERT_TEXTS = ("title", "subtitle", "body", "title-loc-key", "subtitle-loc-key", "loc-key")
_ALERT: Final = ("apns", "payload", "aps", "alert")

SEEN: Final[frozenset[Place]] = frozenset(
    {
        *((*block, name) for block in ((), ("android", "notification"), ("webpush", "notification")) for name in _TEXTS),
        *((*_ALERT, name) for name in _ALERT_TEXTS),
        _ALERT,  # a text, or an object of them
    }
)

BUTTON: Final[Place] = ("webpush", "notification", "actions", "")
"""Each entry of that list."""

LABELS: Final[frozenset[Place]] = frozenset({(*BUTTON, "title")})

IMAGES: Final[frozenset[Place]] = frozenset({("image",), ("android", "notification", "image"), ("apns", "fcm_options", "image")})

NAMES: Final[frozenset[Place]] = frozenset({("deep_link",), ("collapse_key",)})

HTTPS: Final = "https://"
"""How an image's address begins: neither Android (https://developer.android.com/privacy-and-security/security-config) nor iOS
(https://developer.apple.com/documentation/bundleresources/information-property-list/nsapptransportsecurity) loads another."""


def stays(text: str, place: Place) -> bool:
    """Whether a rendered text is sent: what says nothing where people would see it is left out, so that what stands behind it shows (of a platform's
    own texts, those for all); so is the address of an image that no phone loads, and what a button says that says nothing, with the button."""
    if place in SEEN or place in LABELS:
        return says_something(text)
    if place in IMAGES:
        return text.startswith(HTTPS)
    return place not in NAMES or says_something(text)


def shows_something(push: Mapping[str, Any]) -> bool:
    """`push` as `fcm_message` takes it, its texts rendered or not."""
    return any(says_something(text) for text in texts_seen(push))


def texts_seen(push: Mapping[str, Any]) -> Iterator[str]:
    for place in SEEN:
        found: Any = push
        for name in place:
            found = found.get(name) if isinstance(found, Mapping) else None
        if isinstance(found, str):
            yield found
