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


def refusal(message: Mapping[str, Any]) -> Refusal | None:
    """Why FCM would not take this message (as `SEND_MESSAGE_REQUEST` gives it), or None."""
    return next(_refusals(message), None)


def _refusals(message: Mapping[str, Any]) -> Iterator[Refusal]:
    yield from _target_refusals(message)
    yield from _data_refusals(message)
    if "android" in message and "android_v2" in message:
        yield invalid("Only one of android and android_v2 may be set", "message.android_v2")
    for block in ("android", "android_v2"):
        if not 0 <= message.get(block, {}).get("ttl", 0) <= MAX_TTL_SECONDS:
            yield invalid("Invalid ttl: it must be between 0 and 2419200 seconds", f"message.{block}.ttl")
    yield from _android_notification_refusals(message.get("android", {}).get("notification", {}))
    yield from _option_refusals(message)
    limit = MAX_TOPIC_BYTES if "topic" in message or "condition" in message else MAX_BYTES
    if max(_sizes(message)) > limit:
        yield invalid("Message is too big", "message")


def _target_refusals(message: Mapping[str, Any]) -> Iterator[Refusal]:
    if not any(target in message for target in ("token", "fid", "topic", "condition")):
        yield invalid("Recipient of the message is not set.", "message")
    for target in ("token", "fid"):
        if target in message and not TOKEN.fullmatch(message[target]):
            yield INVALID_TOKEN
    if "topic" in message and not TOPIC.fullmatch(message["topic"]):
        yield invalid("Malformed topic name", "message.topic")
    if "condition" in message:
        rest, topics = CONDITION_TOPIC.subn("T", message["condition"])
        if not CONDITION_REST.fullmatch(rest) or rest.count("(") != rest.count(")") or topics > MAX_CONDITION_TOPICS:
            yield invalid("Invalid condition expression provided.", "message.condition")


def _data_refusals(message: Mapping[str, Any]) -> Iterator[Refusal]:
    for block in ("", "android", "android_v2"):
        for key in (message.get(block, {}) if block else message).get("data", ()):
            if RESERVED_KEY.fullmatch(key):
                yield invalid(f"Invalid data payload key: {key}", f"message.{block}.data" if block else "message.data")


def _android_notification_refusals(notification: Mapping[str, Any]) -> Iterator[Refusal]:
    if not COLOR.fullmatch(notification.get("color", "#000000")):
        yield invalid("Invalid color: it must be #rrggbb", "message.android.notification.color")
    if "light_settings" in notification:
        for name in ("color", "light_on_duration", "light_off_duration"):
            if name not in notification["light_settings"]:
                yield invalid(f"{name} is required", f"message.android.notification.light_settings.{name}")


def _option_refusals(message: Mapping[str, Any]) -> Iterator[Refusal]:
    for block in ("", "android", "android_v2", "apns", "webpush"):
        options = (message.get(block, {}) if block else message).get("fcm_options", {})
        path = f"message.{block}.fcm_options" if block else "message.fcm_options"
        if not LABEL.fullmatch(options.get("analytics_label", "none")):
            yield invalid("Invalid analytics label", f"{path}.analytics_label")
        if not options.get("link", "https://").startswith("https://"):
            yield invalid("Invalid link: it must use HTTPS", f"{path}.link")


def _sizes(message: Mapping[str, Any]) -> Iterator[int]:
    """The payload in bytes as each platform gets it: keys and values of `data`, texts of the notification."""
    data, notification = message.get("data", {}), message.get("notification", {})
    yield _bytes(data) + _texts(notification)
    for block in ("android", "android_v2", "webpush"):
        own = message.get(block, {})
        if "data" in own or "notification" in own:
            yield _bytes(own.get("data", data)) + _texts({**notification, **own.get("notification", {})})
    if "apns" in message:
        yield len(orjson.dumps(message["apns"].get("payload", {})))


def _bytes(data: Mapping[str, str]) -> int:
    return sum(len(key.encode()) + len(value.encode()) for key, value in data.items())


def _texts(notification: Mapping[str, Any]) -> int:
    return sum(len(value.encode()) for value in notification.values() if isinstance(value, str))
