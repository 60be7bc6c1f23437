"""FCM's fields with values that are right and wrong for them, written down a third time: neither the product's schema nor the double's."""

from collections.abc import Iterable, Mapping
from typing import Any

Place = tuple[str, ...]
Assignment = tuple[Place, Any]

TEXTS = ("x", "", 7, True, ["x"], {"a": "b"})
ADDRESSES = ("https://x/y.png", "", 7, True, ["https://x"], {"a": "b"})
"""Phones load no others, which FCM does not mind."""

FLAGS = (True, False, "true", 1, [])
DURATIONS = ("3.5s", "0s", "-1s", "1.1234567890s", "60", "1m", 60)
COUNTS = (3, -1, 0, 2**31, 1.5, [3])
LISTS = (["a", "b"], [], ["a", 1], "a")
LABELS = ("spring-1_.~%", "", "two words", "x" * 50, "x" * 51, 7)
OBJECTS = ({"any": [1, None, {"deep": "x"}]}, {}, "x", [1], {"long": "x" * 4_096})
MAPS = ({"a": "b"}, {}, {"a": 1}, "x", ["a"])
NUMBERS = (0.5, 1, 0, True, [0.5])

_NOTIFICATION: Mapping[str, Iterable[Any]] = {
    **dict.fromkeys(("title", "body"), (*TEXTS, "x" * 4_096, "é" * 2_049)),
    "image": (*ADDRESSES, f"https://{'x' * 4_096}"),
    **dict.fromkeys(("icon", "sound", "tag", "click_action", "channel_id", "ticker", "body_loc_key", "title_loc_key"), TEXTS),
    **dict.fromkeys(("body_loc_args", "title_loc_args"), LISTS),
    **dict.fromkeys(("sticky", "local_only", "default_sound", "default_vibrate_timings", "default_light_settings"), FLAGS),
    "bypass_proxy_notification": FLAGS,
    "color": ("#aabbcc", "#AABBCC", "#abc", "red", "", 7),
    "event_time": ("2027-01-31T09:00:00Z", "2027-01-31T09:00:00.123456789+01:00", "2027-01-31", "tomorrow", 7),
    "notification_priority": ("PRIORITY_HIGH", "priority_max", "HIGH", "", ["PRIORITY_HIGH"]),
    "visibility": ("PUBLIC", "private", "VISIBLE"),
    "proxy": ("ALLOW", "IF_PRIORITY_LOWERED", "MAYBE"),
    "vibrate_timings": (["0.1s", "1s"], [], ["1"], [1], "1s"),
    "notification_count": COUNTS,
    "light_settings": ({}, {"color": {"red": 1}}, "red"),
    "colour": ("#aabbcc",),
}
_LIGHTS: Mapping[str, Iterable[Any]] = {"color": ({"red": 1, "green": 0.5, "blue": 0, "alpha": 1}, {}, {"hue": 1}, "#aabbcc")}
_FULL_LIGHTS = {"color": {"red": 1}, "light_on_duration": "1s", "light_off_duration": "0.5s"}

_FIELDS: Mapping[Place, Mapping[str, Iterable[Any]]] = {
    ("notification",): {name: _NOTIFICATION[name] for name in ("title", "body", "image")},
    ("data",): {
        "k": (*TEXTS, "x" * 4_095, "x" * 4_096),
        "from": ("x",),
        "gcm": ("x",),
        "google.x": ("x",),
        "message_type": ("x",),
        "fromage": ("x",),
    },
    ("android",): {
        **dict.fromkeys(("collapse_key", "restricted_package_name"), TEXTS),
        **dict.fromkeys(("direct_boot_ok", "bandwidth_constrained_ok", "restricted_satellite_ok"), FLAGS),
        "priority": ("high", "NORMAL", "urgent", ["high"]),
        "ttl": (*DURATIONS, "2419200s", "2419200.5s", "2419201s"),
        "notification": ({}, "x", []),
        "no_such_field": ("x", {}),
    },
    ("android", "notification"): _NOTIFICATION,
    ("android", "notification", "light_settings"): {**_LIGHTS, **dict.fromkeys(("light_on_duration", "light_off_duration"), DURATIONS)},
    ("android", "notification", "light_settings", "color"): {**dict.fromkeys(("red", "green", "blue", "alpha"), NUMBERS), "hue": NUMBERS},
    ("android", "fcm_options"): {"analytics_label": LABELS, "image": ("x",)},
    ("apns",): {"headers": MAPS, "payload": OBJECTS, "live_activity_token": TEXTS, "aps": ({},)},
    ("apns", "fcm_options"): {"analytics_label": LABELS, "image": ADDRESSES, "link": ("https://x",)},
    ("webpush",): {"headers": MAPS, "notification": (*OBJECTS, {"title": "x" * 4_096}), "title": ("x",)},
    ("webpush", "fcm_options"): {"analytics_label": LABELS, "link": ("https://example.com/a", "http://example.com", "", 7), "image": ("x",)},
}

ASSIGNMENTS: tuple[Assignment, ...] = (
    *(((*place, name), value) for place, fields in _FIELDS.items() for name, values in fields.items() for value in values),
    (("android", "notification", "light_settings"), _FULL_LIGHTS),
)


def assigned(assignments: Iterable[Assignment]) -> dict[str, Any]:
    """A message of these fields; a later one replaces what stands in its way."""
    message: dict[str, Any] = {}
    for (*place, name), value in assignments:
        here = message
        for step in place:
            if not isinstance(here.get(step), dict):
                here[step] = {}
            here[step] = here = dict(here[step])
        here[name] = value
    return message
