"""The push of a campaign (docs/campaigns.md) to `PushTemplate`."""

import re
from dataclasses import replace
from functools import partial
from typing import Literal

from regulars.domain.documents import JsonObject
from regulars.domain.language import Fields, Problems, Value, read_tree
from regulars.domain.messages.locales import read_tag
from regulars.domain.messages.template import PushTemplate

LOCALE_FIELDS = ("title", "body", "image", "deep_link", "data", "android", "apns", "webpush")
PUSH_FIELDS = (*LOCALE_FIELDS, "ttl", "collapse_key", "priority", "locale", "locales")
SAYING = ("title", "body", "data")
"""Of which one at least says something."""

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
    """The push that `value` describes. Raises the value's error, which names the first field that is wrong and has all problems."""
    problems = Problems()
    push = problems.fields(value, PUSH_FIELDS)
    template = _push(push, problems) if push is not None else PushTemplate()
    problems.refuse(value.error)
    return template


def _push(push: Fields, problems: Problems) -> PushTemplate:
    template = replace(
        _said(push, problems),
        ttl_seconds=problems.read(_ttl, push["ttl"]) if "ttl" in push else None,
        collapse_key=problems.optional(_text, push, "collapse_key", ""),
        priority=problems.read(lambda it: it.choice(_PRIORITIES), push["priority"]) or "" if "priority" in push else "",
        locale=problems.optional(read_tag, push, "locale", ""),
        locales=_locales(push, problems),
        path=push.value.path,
    )
    # What says something and cannot be read has its own problem, and so has what may be a misspelt title.
    says_nothing = not (template.title or template.body or template.data)
    if says_nothing and all(key in PUSH_FIELDS and (key not in SAYING or not problems.within(push[key].path)) for key in push):
        problems.note(push.value.path, "a title, a body or data is needed")
    return template


def _said(push: Fields, problems: Problems) -> PushTemplate:
    """What may be another in another language."""
    return PushTemplate(
        title=problems.optional(_text, push, "title", ""),
        body=problems.optional(_text, push, "body", ""),
        image=problems.optional(_text, push, "image", ""),
        deep_link=problems.optional(_text, push, "deep_link", ""),
        data=_data(push["data"], problems) if "data" in push else None,
        android=_platform(push, "android", problems),
        apns=_platform(push, "apns", problems),
        webpush=_platform(push, "webpush", problems),
    )


def _locales(push: Fields, problems: Problems) -> dict[str, PushTemplate]:
    own = problems.read(read_tag, push["locale"]) if "locale" in push else None
    taken = {own: "locale"} if own else {}
    told: dict[str, PushTemplate] = {}
    for key, locale in problems.members(push["locales"]) if "locales" in push else ():
        tag = problems.read(read_tag, Value(key, locale.error, locale.path))
        if tag in taken:
            problems.note(locale.path, f"the same language as `{taken[tag]}`")
        elif tag is not None:
            taken[tag] = key
        said = problems.fields(locale, LOCALE_FIELDS, _THE_SAME_IN_ALL)
        if said is not None:
            told[key] = _said(said, problems)
    return told


def _text(value: Value) -> str:
    """A text that may be absent or empty, which is the same, and as long as FCM takes."""
    return value.text(limit=None, empty=True)


def _data(value: Value, problems: Problems) -> dict[str, str]:
    return {key: problems.read(partial(_datum, key), told) or "" for key, told in problems.members(value)}


def _datum(key: str, value: Value) -> str:
    if key in _RESERVED_DATA or key.startswith(_RESERVED_DATA_PREFIXES):
        words = ", ".join(sorted(_RESERVED_DATA))
        value.refuse(f"reserved: {words}, and whatever begins with google or gcm")
    if not isinstance(value.raw, str):
        value.refuse_kind("a text, which is all that FCM carries in `data`,")
    _text(Value(key, value.error, value.path))
    return _text(value)


def _ttl(value: Value) -> int:
    match = re.fullmatch(r"([0-9]{1,7})s", value.raw) if isinstance(value.raw, str) else None
    if match is None or int(match[1]) > MAX_TTL_SECONDS:
        value.refuse(f'seconds are expected, such as "86400s", at most "{MAX_TTL_SECONDS}s"')
    return int(match[1])


def _platform(push: Fields, name: str, problems: Problems) -> JsonObject | None:
    """A block in FCM's own words, which `acceptance` holds to FCM's schema."""
    block = problems.read(Fields, push[name]) if name in push else None
    if block is None:
        return None
    if "data" in block:
        # It would replace message.data, and with it what reports are made from.
        problems.note(block["data"].path, "put it into `data` beside this block: here it would hide run_id and message_id from the app")
    for _, header in problems.members(block["headers"]) if "headers" in block else ():
        problems.read(_text, header)
    return dict(problems.read(read_tree, block.value) or {})
