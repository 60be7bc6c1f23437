"""Campaign documents (docs/campaigns.md) to `Campaign`. What is not honoured yet is refused by name."""

import re
from decimal import Decimal
from typing import Any, Literal, cast

import orjson

from regulars.domain.campaigns.campaign import (
    BUCKETS,
    CONTROL,
    TREATED,
    Campaign,
    DeliveryOptions,
    Goal,
    Variant,
    WhenUnsure,
)
from regulars.domain.campaigns.strict import Fields
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.messages.template import PushTemplate

MAX_DOCUMENT_BYTES = 65_536
"""Ours: a run keeps the campaign in its record, and DynamoDB takes 400 KB an item."""

MAX_TTL_SECONDS = 2_419_200
"""FCM keeps a message four weeks at most: https://firebase.google.com/docs/cloud-messaging/customize-messages/setting-message-lifespan"""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,47}")
"""A run id is `<campaign>-<15 characters>-<6>`, and Step Functions allows 80 for an execution's name."""

_UNUSABLE_NAME = re.compile(r'["\\\x00-\x1f]')

_RESERVED_DATA = frozenset({"campaign_id", "run_id", "variant", "message_id", "deep_link", "from", "message_type"})
_RESERVED_DATA_PREFIXES = ("google", "gcm")
"""FCM's own reserved words (Message.data): https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages"""

_ROOT = ("id", "name", "audience", "message", "variants", "control", "goal", "delivery")
_PUSH = ("title", "body", "image", "deep_link", "data", "ttl", "collapse_key", "priority", "android", "apns", "webpush")
_UNBUILT_ROOT = {"schedule": "launch the campaign when it is due"}
_UNBUILT_DELIVERY = {
    "quiet_hours": "launch the campaign at an hour that suits everybody",
    "cap": "exclude those who were lately sent something by a segment",
    "purpose": "no consent is checked yet, so no purpose can be promised; keep out those who refused by audience.exclude",
    "priority": "runs do not wait for each other yet",
}


def parse_campaign(document: object) -> Campaign:
    """Raises InvalidCampaignError, which names the field, for anything that is not as docs/campaigns.md says or that nothing would honour."""
    fields = Fields(document, "", _ROOT, unbuilt=_UNBUILT_ROOT)
    _check_size(document)
    identity = _identity(fields, "id")
    include, exclude = _audience(fields)
    return Campaign(
        id=identity,
        name=fields.text("name") or identity,
        include=include,
        exclude=exclude,
        variants=_variants(fields),
        control_buckets=_control(fields),
        goal=_goal(fields),
        delivery=_delivery(fields),
    )


def _check_size(document: object) -> None:
    try:
        size = len(orjson.dumps(document))
    except orjson.JSONEncodeError as error:
        raise InvalidCampaignError(f"holds what JSON cannot carry: {error}") from error
    if size > MAX_DOCUMENT_BYTES:
        raise InvalidCampaignError(f"has {size} bytes as JSON; {MAX_DOCUMENT_BYTES} are allowed")


def _identity(fields: Fields, key: str) -> str:
    value = fields.text(key, needed=True)
    if not _ID.fullmatch(value):
        raise InvalidCampaignError("1 to 48 letters, digits, - and _ are expected, the first a letter or digit", field=fields.at(key))
    return value


def _audience(fields: Fields) -> tuple[tuple[str, ...], tuple[str, ...]]:
    audience = Fields(fields.raw("audience"), "audience", ("include", "exclude"))
    include = audience.texts("include")
    if not include:
        raise InvalidCampaignError("at least one segment is needed", field="audience.include")
    return include, audience.texts("exclude")


def _variants(fields: Fields) -> tuple[Variant, ...]:
    shared = _message(fields.raw("message"), "message") if "message" in fields else None
    if "variants" not in fields:
        if shared is None:
            raise InvalidCampaignError("needed, unless every variant has its own", field="message")
        return (Variant(TREATED, 1, shared),)
    listed = fields.raw("variants")
    if not isinstance(listed, list) or not listed:
        raise InvalidCampaignError("a list of at least one variant is expected", field="variants")
    variants = tuple(_variant(one, f"variants[{index}]", shared) for index, one in enumerate(listed))
    for index, variant in enumerate(variants):
        if variant.id == CONTROL or variant.id in (other.id for other in variants[:index]):
            raise InvalidCampaignError(f"{variant.id!r} is taken: the ids of arms differ, and {CONTROL} is one", field=f"variants[{index}].id")
    return variants


def _variant(value: object, path: str, shared: PushTemplate | None) -> Variant:
    fields = Fields(value, path, ("id", "weight", "message"))
    push = _message(fields.raw("message"), fields.at("message")) if "message" in fields else shared
    if push is None:
        raise InvalidCampaignError("needed, as the campaign has no message of its own", field=fields.at("message"))
    weight = fields.whole("weight", low=1, high=BUCKETS) if "weight" in fields else 1
    return Variant(_identity(fields, "id"), weight, push)


def _message(value: object, path: str) -> PushTemplate:
    message = Fields(value, path, ("push",))
    push = Fields(message.raw("push"), message.at("push"), _PUSH)
    template = PushTemplate(
        title=push.text("title"),
        body=push.text("body"),
        image=push.text("image"),
        deep_link=push.text("deep_link"),
        data=_data(push),
        ttl_seconds=_ttl(push),
        collapse_key=push.text("collapse_key"),
        priority=cast(
            Literal["", "normal", "high"],
            push.choice("priority", ("normal", "high"), "normal") if "priority" in push else "",
        ),
        android=_platform(push, "android"),
        apns=_platform(push, "apns"),
        webpush=_platform(push, "webpush"),
    )
    if not (template.title or template.body or template.data):
        raise InvalidCampaignError("a title, a body or data is needed", field=push.path)
    return template


def _data(push: Fields) -> dict[str, str] | None:
    if "data" not in push:
        return None
    data, path = push.raw("data"), push.at("data")
    if not isinstance(data, dict):
        raise InvalidCampaignError("an object of texts is expected", field=path)
    for key, value in data.items():
        if key in _RESERVED_DATA or key.startswith(_RESERVED_DATA_PREFIXES):
            words = ", ".join(sorted(_RESERVED_DATA))
            raise InvalidCampaignError(f"reserved: {words}, and whatever begins with google or gcm", field=f"{path}.{key}")
        if not isinstance(value, str):
            raise InvalidCampaignError("FCM carries texts only; put it in quotes", field=f"{path}.{key}")
    return dict(data)


def _ttl(push: Fields) -> int | None:
    if "ttl" not in push:
        return None
    value = push.raw("ttl")
    match = re.fullmatch(r"([0-9]{1,7})s", value) if isinstance(value, str) else None
    if match is None or int(match[1]) > MAX_TTL_SECONDS:
        raise InvalidCampaignError(f'seconds are expected, such as "86400s", at most "{MAX_TTL_SECONDS}s"', field=push.at("ttl"))
    return int(match[1])


def _platform(push: Fields, key: str) -> dict[str, Any] | None:
    if key not in push:
        return None
    block, path = push.raw(key), push.at(key)
    if not isinstance(block, dict):
        raise InvalidCampaignError("an object is expected, as FCM's v1 reference describes it", field=path)
    if "data" in block:
        # It would replace message.data, and with it what reports are made from.
        raise InvalidCampaignError("put it into data beside it: here it would hide run_id and message_id from the app", field=f"{path}.data")
    headers = block.get("headers", {})
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise InvalidCampaignError("an object of texts is expected", field=f"{path}.headers")
    return dict(block)


def _control(fields: Fields) -> int:
    control = Fields(fields.raw("control") if "control" in fields else {}, "control", ("percent",))
    percent = control.number("percent", default=10, low=0, high=100)
    buckets = Decimal(str(percent)) * (BUCKETS // 100)
    if buckets != int(buckets):
        raise InvalidCampaignError("at most two decimals: people fall into 10,000 buckets", field="control.percent")
    return int(buckets)


def _goal(fields: Fields) -> Goal | None:
    if "goal" not in fields:
        return None
    goal = Fields(fields.raw("goal"), "goal", ("event", "within", "value"))
    return Goal(event=goal.text("event", needed=True), within=goal.duration("within"), value=_property(goal, "value"))


def _property(fields: Fields, key: str) -> tuple[str, ...]:
    """`revenue` or `totals.net`, with the names that a segment's `property` may have (`regulars.domain.segments.paths`)."""
    text = fields.text(key)
    names = tuple(text.split(".")) if text else ()
    if not all(names) or any(name == "*" or name.isdigit() or _UNUSABLE_NAME.search(name) for name in names):
        raise InvalidCampaignError("the name of a property is expected, such as revenue or totals.net", field=fields.at(key))
    return names


def _delivery(fields: Fields) -> DeliveryOptions:
    known = ("per_second", "when_unsure")
    delivery = Fields(fields.raw("delivery") if "delivery" in fields else {}, "delivery", known, unbuilt=_UNBUILT_DELIVERY)
    return DeliveryOptions(
        per_second=delivery.number("per_second", default=8000, low=1, high=100_000),
        when_unsure=cast(WhenUnsure, delivery.choice("when_unsure", ("skip", "resend"), "skip")),
    )
