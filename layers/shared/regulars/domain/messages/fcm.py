"""From a campaign's push (docs/campaigns.md, texts already rendered) to FCM's message.

Fields: https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages. Headers for Apple:
https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns; for browsers: RFC 8030, section 5.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from regulars.domain.collection.device import PushTarget
from regulars.domain.documents import JsonObject

PAYLOAD_LIMIT = 4096
"""Bytes of keys and values that FCM takes for one device."""

_APNS_PRIORITY = {"high": "10", "normal": "5"}


def fcm_message(push: JsonObject, target: PushTarget, tracking: Mapping[str, str]) -> JsonObject:
    """`push` has title, body, image, deep_link, data, ttl ("86400s"), collapse_key, priority ("high" or "normal") and whole android, apns and
    webpush blocks, each optional. `tracking` (campaign_id, run_id, variant, message_id) goes into `data` and wins over it there.

    ttl, collapse_key and priority are set for every platform in its own way, and a block of the campaign's wins over that: with the same
    collapse key a second message replaces the first on the device.
    """
    data = {**push.get("data", {}), **({"deep_link": push["deep_link"]} if push.get("deep_link") else {}), **tracking}
    message: dict[str, Any] = {target.kind: target.value, "data": data}
    notification = {name: push[name] for name in ("title", "body", "image") if push.get(name)}
    if notification:
        message["notification"] = notification
    for block, defaults in (("android", _android(push)), ("apns", _apns(push)), ("webpush", _webpush(push))):
        whole = merged(defaults, push.get(block, {}))
        if whole:
            message[block] = whole
    return message


def payload_bytes(message: JsonObject) -> int:
    """What FCM counts against PAYLOAD_LIMIT, of the platform that gets most: keys and values of `data` and the texts of the notification,
    in which a block's own texts take the place of the message's; for Apple the JSON of the block's payload, where it has one."""
    notification = message.get("notification", {})
    data = sum(len(key.encode()) + len(value.encode()) for key, value in message.get("data", {}).items())
    sizes = [data + _texts(notification)]
    for block in ("android", "webpush"):
        own = message.get(block, {}).get("notification")
        if isinstance(own, dict):
            sizes.append(data + _texts({**notification, **own}))
    if "payload" in message.get("apns", {}):
        sizes.append(len(orjson.dumps(message["apns"]["payload"])))
    return max(sizes)


def _texts(notification: Mapping[str, Any]) -> int:
    return sum(len(text.encode()) for text in notification.values() if isinstance(text, str))


def _android(push: Mapping[str, Any]) -> dict[str, Any]:
    block: dict[str, Any] = {name: push[name] for name in ("collapse_key", "ttl", "priority") if push.get(name)}
    if push.get("collapse_key") and (push.get("title") or push.get("body")):
        block["notification"] = {"tag": push["collapse_key"]}
    return block


def _apns(push: Mapping[str, Any]) -> dict[str, Any]:
    headers: dict[str, str] = {}
    if push.get("collapse_key"):
        headers["apns-collapse-id"] = push["collapse_key"]
    if push.get("priority"):
        headers["apns-priority"] = _APNS_PRIORITY[push["priority"]]
    return {"headers": headers} if headers else {}


def _webpush(push: Mapping[str, Any]) -> dict[str, Any]:
    headers: dict[str, str] = {}
    if push.get("ttl"):
        headers["TTL"] = push["ttl"].removesuffix("s").partition(".")[0]
    if push.get("priority"):
        headers["Urgency"] = push["priority"]
    return {"headers": headers} if headers else {}


def merged(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """`own` wins, object by object; lists and texts are taken whole."""
    whole = dict(defaults)
    for key, value in own.items():
        known = whole.get(key)
        whole[key] = merged(known, value) if isinstance(known, dict) and isinstance(value, Mapping) else value
    return whole
