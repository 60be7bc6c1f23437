"""Pushes drawn twice: as a campaign's document writes them, in FCM's names, and as firebase-admin's classes take them, in its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from firebase_admin import messaging
from hypothesis import strategies as st

from regulars.domain.documents import JsonObject

_LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00{")
TEXT = st.text(_LETTERS, max_size=8).map(lambda text: f"a{text}")
FLAG = st.booleans()
LABEL = st.from_regex(r"[a-zA-Z0-9\-_.~%]{1,50}", fullmatch=True)
URL = TEXT.map(lambda path: f"https://example.com/{''.join(path.split())}")
MILLIS = st.integers(0, 100_000)
MOMENT = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
MAP = st.dictionaries(TEXT, TEXT, max_size=2)


@dataclass(frozen=True)
class Drawn:
    """`document` is FCM's JSON; `given` what the class of firebase-admin takes for the same."""

    document: JsonObject
    given: Mapping[str, Any]


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def seconds(millis: int) -> str:
    return f"{millis // 1000}.{millis % 1000:03d}s"


def _renamed(given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in given.items()}


_LIGHTS = st.builds(
    lambda red, on, off: Drawn(
        {"color": {"red": red / 255, "green": 0.0, "blue": 0.0, "alpha": 1.0}, "light_on_duration": seconds(on), "light_off_duration": seconds(off)},
        {"color": f"#{red:02x}0000", "light_on_duration_millis": on, "light_off_duration_millis": off},
    ),
    st.integers(0, 255),
    MILLIS,
    MILLIS,
)

_ANDROID_NOTIFICATION = some(
    **dict.fromkeys(("title", "body", "icon", "sound", "tag", "click_action", "channel_id", "ticker", "body_loc_key"), TEXT),
    image=URL,
    color=st.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True),
    title_loc=st.tuples(TEXT, st.lists(TEXT, max_size=2)),
    **dict.fromkeys(("sticky", "local_only", "default_sound", "default_vibrate_timings", "default_light_settings"), FLAG),
    event_timestamp=MOMENT,
    priority=st.sampled_from(["min", "low", "default", "high", "max"]),
    visibility=st.sampled_from(["private", "public", "secret"]),
    proxy=st.sampled_from(["allow", "deny", "if_priority_lowered"]),
    vibrate_timings_millis=st.lists(MILLIS, min_size=1, max_size=3),
    notification_count=st.integers(0, 99),
    light_settings=_LIGHTS,
)


def _android_notification(drawn: dict[str, Any]) -> Drawn:
    special = {"title_loc", "event_timestamp", "priority", "vibrate_timings_millis", "light_settings"}
    plain = {name: value for name, value in drawn.items() if name not in special}
    document, given = dict(plain), dict(plain)
    if "title_loc" in drawn:
        both = dict(zip(("title_loc_key", "title_loc_args"), drawn["title_loc"], strict=True))
        document |= both
        given |= both
    if "event_timestamp" in drawn:
        document["event_time"], given["event_timestamp"] = drawn["event_timestamp"].isoformat(), drawn["event_timestamp"]
    if "priority" in drawn:
        document["notification_priority"], given["priority"] = f"PRIORITY_{drawn['priority'].upper()}", drawn["priority"]
    document |= {name: drawn[name].upper() for name in ("visibility", "proxy") if name in drawn}
    if "vibrate_timings_millis" in drawn:
        given["vibrate_timings_millis"] = drawn["vibrate_timings_millis"]
        document["vibrate_timings"] = [seconds(each) for each in drawn["vibrate_timings_millis"]]
    if "light_settings" in drawn:
        document["light_settings"] = drawn["light_settings"].document
        given["light_settings"] = messaging.LightSettings(**drawn["light_settings"].given)
    return Drawn(document, given)


def _android(drawn: dict[str, Any]) -> Drawn:
    document, given = dict(drawn), dict(drawn)
    if "ttl" in drawn:
        document["ttl"], given["ttl"] = seconds(drawn["ttl"]), drawn["ttl"] / 1000
    if "notification" in drawn:
        document["notification"], given["notification"] = drawn["notification"].document, drawn["notification"].given
    if "fcm_options" in drawn:
        document["fcm_options"] = {"analytics_label": drawn["fcm_options"]}
        given["fcm_options"] = messaging.AndroidFCMOptions(drawn["fcm_options"])
    return Drawn(document, given)


ANDROID = some(
    collapse_key=TEXT,
    priority=st.sampled_from(["high", "normal"]),
    ttl=st.integers(0, 2_419_200_000),
    restricted_package_name=TEXT,
    **dict.fromkeys(("direct_boot_ok", "bandwidth_constrained_ok", "restricted_satellite_ok"), FLAG),
    fcm_options=LABEL,
    notification=_ANDROID_NOTIFICATION.map(_android_notification),
).map(_android)
"""`given["notification"]` is what AndroidNotification takes."""

_ALERT_NAMES = {name: name.replace("_", "-") for name in ("title_loc_key", "loc_key", "loc_args", "action_loc_key", "launch_image")}
_ALERT = some(**dict.fromkeys(("title", "subtitle", "body", "title_loc_key", "action_loc_key", "launch_image"), TEXT)).flatmap(
    lambda alert: st.lists(TEXT, min_size=1, max_size=2).map(lambda args: {**alert, "loc_key": "k", "loc_args": args})
)
_SOUND = some(critical=st.just(True), volume=st.sampled_from([0.0, 0.5, 1.0])).map(lambda sound: {"name": "alarm", **sound})
_APS = some(
    alert=st.one_of(TEXT, _ALERT),
    badge=st.integers(0, 99),
    sound=st.one_of(TEXT, _SOUND),
    content_available=st.just(True),
    mutable_content=st.just(True),
    category=TEXT,
    thread_id=TEXT,
)


def _aps(drawn: dict[str, Any]) -> tuple[dict[str, Any], messaging.Aps]:
    document, given = dict(drawn), dict(drawn)
    if isinstance(drawn.get("alert"), dict):
        document["alert"], given["alert"] = _renamed(drawn["alert"], _ALERT_NAMES), messaging.ApsAlert(**drawn["alert"])
    if isinstance(drawn.get("sound"), dict):
        given["sound"] = messaging.CriticalSound(**drawn["sound"])
        document["sound"] = {name: 1 if value is True else value for name, value in drawn["sound"].items()}
    for name in ("content_available", "mutable_content"):
        if name in drawn:
            document[name] = 1
    names = {"content_available": "content-available", "mutable_content": "mutable-content", "thread_id": "thread-id"}
    return _renamed(document, names), messaging.Aps(**given)


def _apns(drawn: dict[str, Any]) -> Drawn:
    document, given = dict(drawn), dict(drawn)
    if "payload" in drawn:
        custom, aps = drawn["payload"]
        written, taken = _aps(aps)
        document["payload"], given["payload"] = {**custom, "aps": written}, messaging.APNSPayload(taken, **custom)
    if "fcm_options" in drawn:
        given["fcm_options"] = messaging.APNSFCMOptions(**drawn["fcm_options"])
    return Drawn(document, given)


APNS = some(
    headers=MAP,
    payload=st.tuples(
        st.dictionaries(st.sampled_from(["offer", "screen"]), st.one_of(TEXT, st.integers(-(2**63), 2**64 - 1), FLAG), max_size=2), _APS
    ),
    fcm_options=some(analytics_label=LABEL, image=URL),
).map(_apns)

_WEB_NAMES = {"direction": "dir", "language": "lang", "require_interaction": "requireInteraction", "timestamp_millis": "timestamp"}
_WEB_NOTIFICATION = some(
    **dict.fromkeys(("title", "body", "icon", "image", "badge", "language", "tag"), TEXT),
    **dict.fromkeys(("renotify", "require_interaction", "silent"), FLAG),
    direction=st.sampled_from(["auto", "ltr", "rtl"]),
    timestamp_millis=st.integers(0, 2**41),
    vibrate=st.lists(st.integers(0, 500), min_size=1, max_size=3),
    data=MAP,
    actions=st.lists(st.fixed_dictionaries({"action": TEXT, "title": TEXT}, optional={"icon": URL}), min_size=1, max_size=2),
)


def _webpush(drawn: dict[str, Any]) -> Drawn:
    document, given = dict(drawn), dict(drawn)
    if "notification" in drawn:
        document["notification"] = _renamed(drawn["notification"], _WEB_NAMES)
        taken = dict(drawn["notification"])
        if "actions" in taken:
            taken["actions"] = [messaging.WebpushNotificationAction(**each) for each in taken["actions"]]
        given["notification"] = messaging.WebpushNotification(**taken)
    if "fcm_options" in drawn:
        document["fcm_options"], given["fcm_options"] = {"link": drawn["fcm_options"]}, messaging.WebpushFCMOptions(drawn["fcm_options"])
    return Drawn(document, given)


WEBPUSH = some(headers=MAP, notification=_WEB_NOTIFICATION, fcm_options=URL).map(_webpush)

PUSH = st.fixed_dictionaries(
    {"title": TEXT},
    optional={
        **dict.fromkeys(("body", "collapse_key"), TEXT),
        "image": URL,
        "deep_link": URL,
        "data": st.dictionaries(TEXT, TEXT, max_size=2),
        "ttl": st.integers(0, 2_419_200),
        "priority": st.sampled_from(["normal", "high"]),
        "android": ANDROID,
        "apns": APNS,
        "webpush": WEBPUSH,
    },
)
"""A push with `ttl` in seconds and its blocks as `Drawn`."""
