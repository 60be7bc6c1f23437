"""firebase-admin's own encoder makes the same JSON as we do, of any message that a campaign's document can express."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import orjson
from firebase_admin import messaging
from firebase_admin._messaging_encoder import MessageEncoder
from hypothesis import given

from regulars.domain.campaigns.acceptance import check_messages
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.templates import templates
from regulars.domain.collection.device import PushTarget
from regulars.domain.messages.rendering import Addressee, Occasion
from tests.domain.messages.firebase_messages import PUSH, Drawn
from tests.drawn import drawn

NOW = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)
TRACKING = {"campaign_id": "spring", "run_id": "run-1", "variant": "treated", "message_id": "m1"}
NOTHING = Drawn({}, {})


def ours(push: dict[str, Any]) -> Any:
    """The whole way: the document is put, parsed and rendered for one device."""
    written = {name: value.document if isinstance(value, Drawn) else value for name, value in push.items()}
    if "ttl" in written:
        written["ttl"] = f"{written['ttl']}s"
    document = {"id": "spring", "audience": {"include": ["a"]}, "message": {"push": written}}
    check_messages(document)
    template = templates(parse_campaign(document))["treated"]
    body = template.render(Addressee("ann", PushTarget("fid", "f1"), {}, "m1"), Occasion("run-1", NOW, NOW))
    assert isinstance(body, bytes)
    return orjson.loads(body)["message"]


def theirs(push: dict[str, Any]) -> Any:
    """What is set for every platform, docs/campaigns.md says, is set in each in its own way, and a block's own wins."""
    link = {"deep_link": push["deep_link"]} if "deep_link" in push else {}
    message = messaging.Message(
        fid="f1",
        data={**push.get("data", {}), **link, **TRACKING},
        notification=messaging.Notification(push["title"], push.get("body"), push.get("image")),
        android=messaging.AndroidConfig(**_android(push)),
        apns=messaging.APNSConfig(**_apns(push)),
        webpush=messaging.WebpushConfig(**_webpush(push)),
    )
    return MessageEncoder().default(message)


def _android(push: dict[str, Any]) -> dict[str, Any]:
    given = {**{name: push[name] for name in ("collapse_key", "ttl", "priority") if name in push}, **push.get("android", NOTHING).given}
    tag = {"tag": push["collapse_key"]} if "collapse_key" in push else {}
    return {**given, "notification": messaging.AndroidNotification(**{**tag, **given.get("notification", {})})}


def _apns(push: dict[str, Any]) -> dict[str, Any]:
    given, headers = push.get("apns", NOTHING).given, {}
    if "collapse_key" in push:
        key = push["collapse_key"].encode()
        headers["apns-collapse-id"] = hashlib.sha256(key).hexdigest()[:32] if len(key) > 64 else push["collapse_key"]
    if "priority" in push:
        headers["apns-priority"] = {"high": "10", "normal": "5"}[push["priority"]]
    if "ttl" in push:
        headers["apns-expiration"] = str(int(NOW.timestamp()) + push["ttl"]) if push["ttl"] else "0"
    return {**given, "headers": {**headers, **given.get("headers", {})}}


def _webpush(push: dict[str, Any]) -> dict[str, Any]:
    given, headers = push.get("webpush", NOTHING).given, {}
    if "ttl" in push:
        headers["TTL"] = str(push["ttl"])
    if "priority" in push:
        headers["Urgency"] = push["priority"]
    return {**given, "headers": {**headers, **given.get("headers", {})}}


def normal(message: Any) -> Any:
    """One spelling of what protobuf reads as the same: nothing for what is empty, durations and moments as numbers."""
    android = message.get("android", {})
    if "ttl" in android:
        android["ttl"] = _seconds(android["ttl"])
    notification = android.get("notification", {})
    if "event_time" in notification:
        notification["event_time"] = datetime.fromisoformat(notification["event_time"].replace("Z", "+00:00"))
    notification["vibrate_timings"] = [_seconds(each) for each in notification.get("vibrate_timings", [])]
    lights = notification.get("light_settings", {})
    lights.update({name: _seconds(lights[name]) for name in ("light_on_duration", "light_off_duration") if name in lights})
    return _filled(message)


def _seconds(duration: str) -> float:
    return round(float(duration.removesuffix("s")), 3)  # firebase-admin cuts nanoseconds off a float: 0.001 becomes 0.000999999


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: kept for name, one in value.items() if (kept := _filled(one)) not in (None, [], {})}
    return [_filled(one) for one in value] if isinstance(value, list) else value


@given(PUSH)
@drawn(250)
def test_firebase_admins_encoder_and_ours_agree_on_any_message(push: dict[str, Any]) -> None:
    assert normal(ours(push)) == normal(theirs(push))
