"""FCM's own blocks of a push, held to FCM's published schema: what it would refuse of every person is refused once, when a campaign is put.

https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages, with the fields that the generated clients of 2026 have beside it
(https://pub.dev/documentation/googleapis/latest/fcm_v1/). A text with Liquid in it is not known before it is rendered, and is let through.

Of the spellings that protobuf's JSON knows (https://protobuf.dev/programming-guides/json/) one is taken: original names, enums by name,
numbers as numbers, nothing as null. Of two spellings of one field (collapse_key is ours too) FCM would refuse the second.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from regulars.domain.language import Problems, Value, printable, unknown
from regulars.domain.messages.parse import MAX_TTL_SECONDS
from regulars.domain.messages.template import holds_liquid
from regulars.domain.messages.visible import HTTPS

Reader = Callable[[Value], None]
"""Refuses what FCM would, all of it at once, and says so of a value that is missing too."""

_DURATION = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?s")
_TIMESTAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})")


def _text(value: Value) -> None:
    value.text(limit=None, empty=True)


def _constant(value: Value) -> str | None:
    """The text, or None where Liquid will make it."""
    text = value.text(limit=None, empty=True)
    return None if holds_liquid(text) else text


def _boolean(value: Value) -> None:
    value.boolean()


def _int32(value: Value) -> None:
    if not _is_liquid(value):  # which renders to a text of digits, and protobuf reads that as a number
        value.whole(-(2**31), 2**31 - 1)


def _number(value: Value) -> None:
    if not _is_liquid(value):
        value.number()


def _is_liquid(value: Value) -> bool:
    return isinstance(value.raw, str) and holds_liquid(value.raw)


def _duration(value: Value) -> None:
    text = _constant(value)
    if text is not None and not _DURATION.fullmatch(text):
        value.refuse(f'seconds that end with an "s" are expected, such as "3.5s", not `{printable(text)}`')


def _ttl(value: Value) -> None:
    _duration(value)
    text = _constant(value)
    if text is not None and not 0 <= float(text.removesuffix("s")) <= MAX_TTL_SECONDS:
        value.refuse(f'FCM keeps a message from "0s" to "{MAX_TTL_SECONDS}s", not `{printable(text)}`')


def _timestamp(value: Value) -> None:
    text = _constant(value)
    if text is None:
        return
    parts = _TIMESTAMP.fullmatch(text)
    try:
        datetime.fromisoformat(f"{parts[1]}T{parts[2]}" if parts else "")
    except ValueError:
        value.refuse(f'a moment is expected, such as "2027-01-31T09:00:00Z", not `{printable(text)}`')


def image(value: Value) -> None:
    """An address that phones load (`visible.HTTPS`), as far as it is known before it is rendered."""
    text = value.text(limit=None, empty=True)
    start = text.split("{{")[0].split("{%")[0]
    if text and not start.startswith(HTTPS) and not (holds_liquid(text) and HTTPS.startswith(start)):
        value.refuse(f"an address that begins with {HTTPS} is expected: neither Android nor iOS loads another")


def _with(known: Mapping[str, Reader]) -> Reader:
    """Any JSON object, which FCM passes on to a platform that may know more words than these."""

    def read(value: Value) -> None:
        problems = Problems()
        for key, inner in problems.members(value):
            problems.read(known.get(key, _anything), inner)
        problems.refuse(value.error)

    return read


def _anything(_: Value) -> None:
    pass


def _text_or(reader: Reader) -> Reader:
    def read(value: Value) -> None:
        (_text if isinstance(value.raw, str) else reader)(value)

    return read


def _count(value: Value) -> None:
    """Liquid makes texts, and here none is read as a number: iOS would show nothing of it."""
    value.whole(0, 2**31 - 1)


def _texts_by_key(value: Value) -> None:
    problems = Problems()
    for _, inner in problems.members(value):
        problems.read(_text, inner)
    problems.refuse(value.error)


def _repeated(reader: Reader) -> Reader:
    def read(value: Value) -> None:
        problems = Problems()
        for entry in value.items(empty=True):
            problems.read(reader, entry)
        problems.refuse(value.error)

    return read


def _matching(pattern: str, expected: str) -> Reader:
    form = re.compile(pattern, re.DOTALL)

    def read(value: Value) -> None:
        text = _constant(value)
        if text is not None and not form.fullmatch(text):
            value.refuse(f"{expected}, not `{printable(text)}`")

    return read


def _one_of(*names: str) -> Reader:
    """In capitals or not: FCM's own documentation writes "normal" and "high"."""

    def read(value: Value) -> None:
        text = _constant(value)
        if text is not None and text.upper() not in names:
            value.refuse(unknown(text, names))

    return read


def _message(known: Mapping[str, Reader], *, required: tuple[str, ...] = ()) -> Reader:
    def read(value: Value) -> None:
        problems = Problems()
        fields = problems.fields(value, known)
        for key in dict.fromkeys((*fields, *required)) if fields is not None else ():
            if key in known and fields is not None:
                problems.read(known[key], fields[key])
        problems.refuse(value.error)

    return read


_LABEL = {"analytics_label": _matching(r"[a-zA-Z0-9\-_.~%]{1,50}", "1 to 50 letters, digits, -, _, ., ~ and % are expected")}

_COLOR = _message(dict.fromkeys(("red", "green", "blue", "alpha"), _number))
_LIGHTS = {"color": _COLOR, "light_on_duration": _duration, "light_off_duration": _duration}
_PRIORITIES = ("UNSPECIFIED", "MIN", "LOW", "DEFAULT", "HIGH", "MAX")

_ANDROID_NOTIFICATION = _message(
    {
        **dict.fromkeys(("title", "body", "icon", "sound", "tag", "click_action", "channel_id", "ticker"), _text),
        "image": image,
        "color": _matching(r"#[0-9A-Fa-f]{6}", "a colour is expected as #rrggbb"),
        **dict.fromkeys(("body_loc_key", "title_loc_key"), _text),
        **dict.fromkeys(("body_loc_args", "title_loc_args"), _repeated(_text)),
        **dict.fromkeys(("sticky", "local_only", "default_sound", "default_vibrate_timings"), _boolean),
        **dict.fromkeys(("default_light_settings", "bypass_proxy_notification"), _boolean),
        "event_time": _timestamp,
        "notification_priority": _one_of(*(f"PRIORITY_{name}" for name in _PRIORITIES)),
        "vibrate_timings": _repeated(_duration),
        "visibility": _one_of("VISIBILITY_UNSPECIFIED", "PRIVATE", "PUBLIC", "SECRET"),
        "notification_count": _int32,
        "light_settings": _message(_LIGHTS, required=tuple(_LIGHTS)),
        "proxy": _one_of("PROXY_UNSPECIFIED", "ALLOW", "DENY", "IF_PRIORITY_LOWERED"),
    }
)

_ALERT = _with(
    {
        **dict.fromkeys(("title", "subtitle", "body", "launch-image", "title-loc-key", "subtitle-loc-key", "loc-key"), _text),
        **dict.fromkeys(("title-loc-args", "subtitle-loc-args", "loc-args"), _repeated(_text)),
    }
)
_APS = _with(
    {
        "alert": _text_or(_ALERT),
        "badge": _count,
        "sound": _text_or(_with({"name": _text})),
        **dict.fromkeys(("category", "thread-id", "target-content-id"), _text),
        **dict.fromkeys(("content-available", "mutable-content"), _count),
        "interruption-level": _matching("passive|active|time-sensitive|critical", "passive, active, time-sensitive or critical is expected"),
    }
)
"""https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification. A `category` shows the buttons that the app
registered for it."""

_WEB_NOTIFICATION = _with(
    {
        **dict.fromkeys(("title", "body", "icon", "image", "badge", "lang", "tag"), _text),
        "actions": _repeated(_message({"action": _text, "title": _text, "icon": _text}, required=("action", "title"))),
    }
)
"""The options of `showNotification`: https://notifications.spec.whatwg.org/#dictdef-notificationoptions. Its `actions` are buttons."""

PLATFORMS: Mapping[str, Reader] = {
    "android": _message(
        {
            "collapse_key": _text,
            "priority": _one_of("NORMAL", "HIGH"),
            "ttl": _ttl,
            "restricted_package_name": _text,
            "notification": _ANDROID_NOTIFICATION,
            "fcm_options": _message(_LABEL),
            **dict.fromkeys(("direct_boot_ok", "bandwidth_constrained_ok", "restricted_satellite_ok"), _boolean),
        }
    ),
    "apns": _message(
        {"headers": _texts_by_key, "payload": _with({"aps": _APS}), "fcm_options": _message({**_LABEL, "image": image}), "live_activity_token": _text}
    ),
    "webpush": _message(
        {
            "headers": _texts_by_key,
            "notification": _WEB_NOTIFICATION,
            "fcm_options": _message({**_LABEL, "link": _matching(r"https://.*", "a link that begins with https:// is expected")}),
        }
    ),
}
"""The blocks of a message that a campaign may write itself. `data` is none of their fields: a campaign has one for all platforms."""
