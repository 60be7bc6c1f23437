"""The push of a campaign (docs/campaigns.md) to `PushTemplate`."""

import re
from dataclasses import replace
from typing import Literal

from regulars.domain.documents import JsonObject
from regulars.domain.language import Fields, Value, read_tree
from regulars.domain.messages.locales import read_tag
from regulars.domain.messages.template import PushTemplate

LOCALE_FIELDS = ("title", "body", "image", "deep_link", "data", "android", "apns", "webpush")
PUSH_FIELDS = (*LOCALE_FIELDS, "ttl", "collapse_key", "priority", "locale", "locales")

MAX_TTL_SECONDS = 2_419_200
"""FCM keeps a message four weeks at most: https://firebase.google.com/docs/cloud-messaging/customize-messages/setting-message-lifespan"""

_RESERVED_DATA = frozenset({"campaign_id", "run_id", "variant", "message_id", "deep_link", "from", "message_type"})
_RESERVED_DATA_PREFIXES = ("google", "gcm")
"""FCM's own reserved words (Message.data): https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages"""

_THE_SAME_IN_ALL = {
    **dict.fromkeys(("ttl", "collapse_key", "priority"), "is the same in every language: it belongs beside `locales`"),
    **dict.fromkeys(("locale", "locales"), "belongs into the push itself"),
}

_PRIORITIES: tuple[Literal["normal", "high"], ...] = ("normal", "high")


def read_push(value: Value) -> PushTemplate:
    """The push that `value` describes. Raises the value's error, which names the field."""
    push = Fields(value).only(PUSH_FIELDS)
    template = replace(
        _said(push),
        ttl_seconds=_ttl(push["ttl"]) if "ttl" in push else None,
        collapse_key=_text(push, "collapse_key"),
        priority=push["priority"].choice(_PRIORITIES) if "priority" in push else "",
        locale=read_tag(push["locale"]) if "locale" in push else "",
        locales=_locales(push),
        path=value.path,
    )
    if not (template.title or template.body or template.data):
        value.refuse("a title, a body or data is needed")
    return template


def _said(push: Fields) -> PushTemplate:
    """What may be another in another language."""
    return PushTemplate(
        title=_text(push, "title"),
        body=_text(push, "body"),
        image=_text(push, "image"),
        deep_link=_text(push, "deep_link"),
        data=_data(push["data"]) if "data" in push else None,
        android=_platform(push, "android"),
        apns=_platform(push, "apns"),
        webpush=_platform(push, "webpush"),
    )


def _locales(push: Fields) -> dict[str, PushTemplate]:
    locales = push.section("locales")
    tags = {key: read_tag(Value(key, locales.value.error, locales[key].path)) for key in locales}
    taken = {read_tag(push["locale"]): "locale"} if "locale" in push else {}
    for key, tag in tags.items():
        if tag in taken:
            locales[key].refuse(f"the same language as `{taken[tag]}`")
        taken[tag] = key
    return {key: _said(Fields(locales[key]).only(LOCALE_FIELDS, _THE_SAME_IN_ALL)) for key in tags}


def _text(fields: Fields, key: str) -> str:
    """A text that may be absent or empty, which is the same, and as long as FCM takes."""
    return fields[key].text(limit=None, empty=True) if key in fields else ""


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


def _platform(push: Fields, name: str) -> JsonObject | None:
    """A block in FCM's own words, which `acceptance` holds to FCM's schema."""
    if name not in push:
        return None
    block = Fields(push[name])
    if "data" in block:
        # It would replace message.data, and with it what reports are made from.
        block["data"].refuse("put it into `data` beside this block: here it would hide run_id and message_id from the app")
    if "headers" in block:
        headers = Fields(block["headers"])
        for key in headers:
            headers[key].text(limit=None, empty=True)
    return dict(read_tree(push[name]))
