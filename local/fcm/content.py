"""What FCM refuses in a message that its schema allows.

Limits and reserved words: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode (INVALID_ARGUMENT) and the field descriptions of
https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from local.fcm.answers import INVALID_TOKEN, Refusal, invalid

MAX_BYTES = 4096
MAX_TOPIC_BYTES = 2048
MAX_TTL_SECONDS = 2_419_200
MAX_CONDITION_TOPICS = 5

# Real tokens are 140 characters and more, of this alphabet; shorter ones pass here because only FCM can tell which it has issued.
TOKEN = re.compile(r"[A-Za-z0-9_:.%~=+/-]{8,4096}")
TOPIC = re.compile(r"[a-zA-Z0-9\-_.~%]{1,900}")
CONDITION_TOPIC = re.compile(r"'[a-zA-Z0-9\-_.~%]+' in topics")
CONDITION_REST = re.compile(r"[\s()!]*(T[\s)]*((&&|\|\|)[\s(!]*T[\s)]*)*)")
RESERVED_KEY = re.compile(r"(from|message_type)|(google|gcm).*", re.DOTALL)
COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
LABEL = re.compile(r"[a-zA-Z0-9\-_.~%]{1,50}")


def check(message: Mapping[str, Any]) -> None:
    """Takes a message as `SEND_MESSAGE_REQUEST` gives it. Raises Refusal."""
    _check_target(message)
    android: Mapping[str, Any] = message.get("android", {})
    webpush: Mapping[str, Any] = message.get("webpush", {})
    if "android" in message and "android_v2" in message:
        raise invalid("Only one of android and android_v2 may be set", "message.android_v2")
    for path, data in (("message.data", message.get("data")), ("message.android.data", android.get("data"))):
        for key in data or ():
            if RESERVED_KEY.fullmatch(key):
                raise invalid(f"Invalid data payload key: {key}", path)
    for block in ("android", "android_v2"):
        if not 0 <= message.get(block, {}).get("ttl", 0) <= MAX_TTL_SECONDS:
            raise invalid("Invalid ttl: it must be between 0 and 2419200 seconds", f"message.{block}.ttl")
    _check_android_notification(android.get("notification", {}))
    _check_options(message)
    link = webpush.get("fcm_options", {}).get("link", "https://")
    if not link.startswith("https://"):
        raise invalid("Invalid link: it must use HTTPS", "message.webpush.fcm_options.link")
    limit = MAX_TOPIC_BYTES if "topic" in message or "condition" in message else MAX_BYTES
    if max(_sizes(message)) > limit:
        raise invalid("Message is too big", "message")


def _check_target(message: Mapping[str, Any]) -> None:
    if not any(target in message for target in ("token", "fid", "topic", "condition")):
        raise invalid("Recipient of the message is not set.", "message")
    for target in ("token", "fid"):
        if target in message and not TOKEN.fullmatch(message[target]):
            raise INVALID_TOKEN
    if "topic" in message and not TOPIC.fullmatch(message["topic"]):
        raise invalid("Malformed topic name", "message.topic")
    if "condition" in message:
        rest, topics = CONDITION_TOPIC.subn("T", message["condition"])
        if not CONDITION_REST.fullmatch(rest) or rest.count("(") != rest.count(")") or topics > MAX_CONDITION_TOPICS:
            raise invalid("Invalid condition expression provided.", "message.condition")


def _check_android_notification(notification: Mapping[str, Any]) -> None:
    if not COLOR.fullmatch(notification.get("color", "#000000")):
        raise invalid("Invalid color: it must be #rrggbb", "message.android.notification.color")
    lights = notification.get("light_settings", {"color": {}, "light_on_duration": 0, "light_off_duration": 0})
    for name in ("color", "light_on_duration", "light_off_duration"):
        if name not in lights:
            raise invalid(f"{name} is required", f"message.android.notification.light_settings.{name}")


def _check_options(message: Mapping[str, Any]) -> None:
    for block in ("", "android", "android_v2", "apns", "webpush"):
        options = (message.get(block, {}) if block else message).get("fcm_options", {})
        if not LABEL.fullmatch(options.get("analytics_label", "ok")):
            path = ".".join(part for part in ("message", block, "fcm_options", "analytics_label") if part)
            raise invalid("Invalid analytics label", path)


def _sizes(message: Mapping[str, Any]) -> Iterator[int]:
    """The payload in bytes as each platform gets it: keys and values of `data`, texts of the notification."""
    data, notification = message.get("data", {}), message.get("notification", {})
    yield _bytes(data) + _texts(notification)
    for block in ("android", "android_v2", "webpush"):
        own = message.get(block, {})
        yield _bytes(own.get("data", data)) + _texts({**notification, **own.get("notification", {})})
    yield len(orjson.dumps(message.get("apns", {}).get("payload", {})))


def _bytes(data: Mapping[str, str]) -> int:
    return sum(len(key.encode()) + len(value.encode()) for key, value in data.items())


def _texts(notification: Mapping[str, Any]) -> int:
    return sum(len(value.encode()) for value in notification.values() if isinstance(value, str))


__all__ = ["Refusal", "check"]
