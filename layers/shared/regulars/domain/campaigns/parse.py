"""Campaign documents (docs/campaigns.md) to `Campaign`."""

from collections.abc import Mapping

import orjson

from regulars.domain.campaigns.campaign import (
    CONTROL,
    GUARDRAILS,
    TREATED,
    Campaign,
    Guardrail,
    Variant,
)
from regulars.domain.campaigns.parse_schedule import read_schedule
from regulars.domain.delivery.parse import DELIVERY_KEYS, read_delivery
from regulars.domain.delivery.shares import read_share
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.goals import GOAL_KEYS, Goal, read_goal
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.language import (
    CAMPAIGN_ID,
    SEGMENT_ID,
    Fields,
    Value,
    all_different,
    read_id,
    read_name,
)
from regulars.domain.messages.parse import PUSH_FIELDS, read_push
from regulars.domain.messages.template import PushTemplate

MAX_DOCUMENT_BYTES = 65_536
"""Ours: a run keeps the campaign in its record, and DynamoDB takes 400 KB an item."""

_ROOT = ("id", "name", "audience", "message", "variants", "control", "goal", "guardrails", "schedule", "delivery")
_AUDIENCE = ("include", "exclude")

_STRAYS: Mapping[str, str] = {
    **dict.fromkeys(_AUDIENCE, "belongs into `audience`"),
    **dict.fromkeys(PUSH_FIELDS, "belongs into `message.push`"),
    **dict.fromkeys(GOAL_KEYS, "belongs into `goal`"),
    **dict.fromkeys(map(str, GUARDRAILS), "belongs into `guardrails`"),
    **dict.fromkeys(DELIVERY_KEYS, "belongs into `delivery`"),
    "percent": "belongs into `control`",
    **dict.fromkeys(("at", "cron", "rate", "timezone", "until"), "belongs into `schedule`"),
}
"""What is said of keys that stand at the top though their place is further in. (A push has a `priority` too, and says so itself.)"""

_DEFAULT_CONTROL = BUCKETS // 10


def parse_campaign(document: object) -> Campaign:
    """Raises InvalidCampaignError, which names the field, for anything that is not as docs/campaigns.md says or that nothing would honour."""
    fields = Fields(Value(document, InvalidCampaignError)).only(_ROOT, _STRAYS)
    identity = read_id(fields["id"], CAMPAIGN_ID)
    include, exclude = _audience(fields["audience"])
    goal = read_goal(fields["goal"]) if "goal" in fields else None
    campaign = Campaign(
        id=identity,
        name=_text(fields, "name") or identity,
        include=include,
        exclude=exclude,
        variants=_variants(fields),
        control_buckets=_control(fields),
        goal=goal,
        guardrails=_guardrails(fields, goal),
        schedule=read_schedule(fields["schedule"]) if "schedule" in fields else None,
        delivery=read_delivery(fields.section("delivery")),
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
    return read_push(Fields(value).only(("push",), dict.fromkeys(PUSH_FIELDS, "belongs into `push`"))["push"])


def _control(fields: Fields) -> int:
    control = fields.section("control").only(("percent",))
    return read_share(control["percent"]) if "percent" in control else _DEFAULT_CONTROL


def _guardrails(fields: Fields, goal: Goal | None) -> Mapping[Guardrail, tuple[str, ...]]:
    """No event tells of two of them, or is the goal."""
    named = fields.section("guardrails").only(GUARDRAILS)
    if goal is None and "guardrails" in fields:
        fields["guardrails"].refuse("needs a `goal`, whose `within` says for how long they are looked for")
    entries = {guardrail: named[guardrail].items() for guardrail in GUARDRAILS if guardrail in named}
    everything = [entry for listed in entries.values() for entry in listed]
    names = {guardrail: tuple(map(read_name, listed)) for guardrail, listed in entries.items()}
    all_different(everything)
    for entry in everything:
        if goal and entry.raw == goal.event:
            entry.refuse("is the goal: what a message is sent for is no harm")
    return names
