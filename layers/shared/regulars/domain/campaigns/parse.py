"""Campaign documents (docs/campaigns.md) to `Campaign`. What is not honoured yet is refused by name."""

import re
from decimal import Decimal
from typing import Any, Literal

import orjson

from regulars.domain.campaigns.campaign import (
    CONTROL,
    TREATED,
    Campaign,
    DeliveryOptions,
    Goal,
    Variant,
    WhenUnsure,
)
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.language import (
    CAMPAIGN_ID,
    SEGMENT_ID,
    Fields,
    Value,
    all_different,
    read_id,
    read_name,
    read_path,
    read_span,
    read_tree,
)
from regulars.domain.messages.template import PushTemplate

MAX_DOCUMENT_BYTES = 65_536
"""Ours: a run keeps the campaign in its record, and DynamoDB takes 400 KB an item."""

MAX_TTL_SECONDS = 2_419_200
"""FCM keeps a message four weeks at most: https://firebase.google.com/docs/cloud-messaging/customize-messages/setting-message-lifespan"""

_RESERVED_DATA = frozenset({"campaign_id", "run_id", "variant", "message_id", "deep_link", "from", "message_type"})
_RESERVED_DATA_PREFIXES = ("google", "gcm")
"""FCM's own reserved words (Message.data): https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages"""

_ROOT = ("id", "name", "audience", "message", "variants", "control", "goal", "delivery")
_AUDIENCE = ("include", "exclude")
_PUSH = ("title", "body", "image", "deep_link", "data", "ttl", "collapse_key", "priority", "android", "apns", "webpush")
_GOAL = ("event", "within", "value")
_DELIVERY = ("per_second", "when_unsure")

_UNBUILT_ROOT = {"schedule": "is not built yet: launch the campaign when it is due"}
_UNBUILT_DELIVERY = {
    "quiet_hours": "is not built yet: launch the campaign at an hour that suits everybody",
    "cap": "is not built yet: where the app reports its pushes, exclude a segment of those who had enough, "
    'as in {"event": "Push Notification Received", "within": "24h", "count": {"gte": 3}}',
    "purpose": "is not built yet: no consent is checked, so no purpose can be promised; keep out those who refused by `audience.exclude`",
    "priority": "is not built yet: runs do not wait for each other",
}
_STRAYS = {
    **dict.fromkeys(_AUDIENCE, "belongs into `audience`"),
    **dict.fromkeys(_PUSH, "belongs into `message.push`"),
    **dict.fromkeys(_GOAL, "belongs into `goal`"),
    **dict.fromkeys(_DELIVERY, "belongs into `delivery`"),
    **{key: f"belongs into `delivery`, where it {why}" for key, why in _UNBUILT_DELIVERY.items()},
    "percent": "belongs into `control`",
}
"""What is said of keys that stand at the top though their place is further in. (A push has a `priority` too, and says so itself.)"""

_PRIORITIES: tuple[Literal["normal", "high"], ...] = ("normal", "high")
_WHEN_UNSURE: tuple[WhenUnsure, ...] = ("skip", "resend")
_DEFAULT_PERCENT = 10
_DEFAULT_PER_SECOND = 8_000


def parse_campaign(document: object) -> Campaign:
    """Raises InvalidCampaignError, which names the field, for anything that is not as docs/campaigns.md says or that nothing would honour."""
    fields = Fields(Value(document, InvalidCampaignError)).only(_ROOT, {**_STRAYS, **_UNBUILT_ROOT})
    identity = read_id(fields["id"], CAMPAIGN_ID)
    include, exclude = _audience(fields["audience"])
    campaign = Campaign(
        id=identity,
        name=_text(fields, "name") or identity,
        include=include,
        exclude=exclude,
        variants=_variants(fields),
        control_buckets=_control(fields),
        goal=_goal(fields["goal"]) if "goal" in fields else None,
        delivery=_delivery(fields),
    )
    size = len(orjson.dumps(document))  # it can be written: every part of it has been read
    if size > MAX_DOCUMENT_BYTES:
        fields.value.refuse(f"{size} bytes as JSON; at most {MAX_DOCUMENT_BYTES}")
    return campaign


def _text(fields: Fields, key: str) -> str:
    """A text that may be absent or empty, which is the same, and as long as the document may be."""
    return fields[key].text(limit=None, empty=True) if key in fields else ""


def _audience(value: Value) -> tuple[tuple[str, ...], tuple[str, ...]]:
    audience = Fields(value).only(_AUDIENCE)
    include = _segments(audience["include"])
    if not include:
        audience["include"].refuse("at least one segment is needed")
    return include, _segments(audience["exclude"]) if "exclude" in audience else ()


def _segments(value: Value) -> tuple[str, ...]:
    entries = value.items(empty=True)
    ids = tuple(read_id(entry, SEGMENT_ID) for entry in entries)
    all_different(entries)
    return ids


def _variants(fields: Fields) -> tuple[Variant, ...]:
    shared = _message(fields["message"]) if "message" in fields else None
    if "variants" not in fields:
        if shared is None:
            fields["message"].refuse("needed, unless every variant has its own")
        return (Variant(TREATED, 1, shared),)
    entries = fields["variants"].items()
    variants = tuple(_variant(entry, shared) for entry in entries)
    ids = [Fields(entry)["id"] for entry in entries]
    all_different(ids)
    for value in ids:
        if value.raw == CONTROL:
            value.refuse(f"`{CONTROL}` is taken: it is the arm of those who are held back")
    return variants


def _variant(value: Value, shared: PushTemplate | None) -> Variant:
    fields = Fields(value).only(("id", "weight", "message"))
    push = _message(fields["message"]) if "message" in fields else shared
    if push is None:
        fields["message"].refuse("needed, as the campaign has no message of its own")
    weight = fields["weight"].whole(1, BUCKETS) if "weight" in fields else 1
    return Variant(read_id(fields["id"], CAMPAIGN_ID), weight, push)


def _message(value: Value) -> PushTemplate:
    message = Fields(value).only(("push",), dict.fromkeys(_PUSH, "belongs into `push`"))
    push = Fields(message["push"]).only(_PUSH)
    template = PushTemplate(
        title=_text(push, "title"),
        body=_text(push, "body"),
        image=_text(push, "image"),
        deep_link=_text(push, "deep_link"),
        data=_data(push["data"]) if "data" in push else None,
        ttl_seconds=_ttl(push["ttl"]) if "ttl" in push else None,
        collapse_key=_text(push, "collapse_key"),
        priority=push["priority"].choice(_PRIORITIES) if "priority" in push else "",
        android=_platform(push["android"]) if "android" in push else None,
        apns=_platform(push["apns"]) if "apns" in push else None,
        webpush=_platform(push["webpush"]) if "webpush" in push else None,
    )
    if not (template.title or template.body or template.data):
        push.value.refuse("a title, a body or data is needed")
    return template


def _data(value: Value) -> dict[str, str]:
    data = Fields(value)
    for key in data:
        if key in _RESERVED_DATA or key.startswith(_RESERVED_DATA_PREFIXES):
            words = ", ".join(sorted(_RESERVED_DATA))
            data[key].refuse(f"reserved: {words}, and whatever begins with google or gcm")
        if not isinstance(data[key].raw, str):
            data[key].refuse_kind("a text, which is all that FCM carries in `data`,")
    return dict(read_tree(value))


def _ttl(value: Value) -> int:
    match = re.fullmatch(r"([0-9]{1,7})s", value.raw) if isinstance(value.raw, str) else None
    if match is None or int(match[1]) > MAX_TTL_SECONDS:
        value.refuse(f'seconds are expected, such as "86400s", at most "{MAX_TTL_SECONDS}s"')
    return int(match[1])


def _platform(value: Value) -> dict[str, Any]:
    """A block as FCM's v1 reference describes it, which the rest of it is held to by FCM alone."""
    block = Fields(value)
    if "data" in block:
        # It would replace message.data, and with it what reports are made from.
        block["data"].refuse("put it into `data` beside this block: here it would hide run_id and message_id from the app")
    if "headers" in block:
        headers = Fields(block["headers"])
        for key in headers:
            headers[key].text(limit=None, empty=True)
    return dict(read_tree(value))


def _control(fields: Fields) -> int:
    control = fields.section("control").only(("percent",))
    percent = control["percent"].number(0, 100) if "percent" in control else _DEFAULT_PERCENT
    buckets = Decimal(str(percent)) * (BUCKETS // 100)
    if buckets != int(buckets):
        control["percent"].refuse("at most two decimals: people fall into 10,000 buckets")
    return int(buckets)


def _goal(value: Value) -> Goal:
    goal = Fields(value).only(_GOAL)
    nowhere = "value" not in goal or goal["value"].raw == ""
    return Goal(read_name(goal["event"]), read_span(goal["within"]), () if nowhere else read_path(goal["value"]))


def _delivery(fields: Fields) -> DeliveryOptions:
    delivery = fields.section("delivery").only(_DELIVERY, _UNBUILT_DELIVERY)
    return DeliveryOptions(
        per_second=delivery["per_second"].number(1, 100_000) if "per_second" in delivery else _DEFAULT_PER_SECOND,
        when_unsure=delivery["when_unsure"].choice(_WHEN_UNSURE) if "when_unsure" in delivery else "skip",
    )
