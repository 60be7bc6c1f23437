"""Whether FCM would take a push at all, and a phone show it: asked when a campaign is put and when it is launched, of what does not depend on the
person."""

import re
from collections.abc import Iterator
from typing import Any

from regulars.domain.collection.device import PushTarget
from regulars.domain.definitions import PutWarning
from regulars.domain.language import Fields, Value
from regulars.domain.messages.fcm import PAYLOAD_LIMIT, fcm_message, merged, payload_bytes
from regulars.domain.messages.fcm_schema import PLATFORMS, image
from regulars.domain.messages.parse import read_push
from regulars.domain.messages.template import PushTemplate, holds_liquid
from regulars.domain.messages.values import says_something

_NOBODY = PushTarget("token", "")


def check_push(value: Value) -> None:
    """Refuses, with the place, what FCM refuses of this push whoever it is for, or what no phone shows. (Parsing alone takes it: old runs are still
    read.)"""
    template, push = read_push(value), Fields(value)
    locales, common = push.section("locales"), template.document()
    _check_said(push)
    _check_size(common, value)
    for tag, told in template.locales.items():
        _check_said(Fields(locales[tag]))
        _check_size(merged(common, told.document()), locales[tag])


def mixed_languages(push: PushTemplate, path: str) -> Iterator[PutWarning]:
    """Of languages that have a text of their own beside one that is everybody's."""
    for tag, told in push.locales.items():
        for name in ("title", "body"):
            if getattr(push, name) and not getattr(told, name):
                yield PutWarning(f"{path}.locales.{tag}", f"there is no `{name}`: the push's own is shown, in whatever language that is")


def _check_said(said: Fields) -> None:
    for name, schema in PLATFORMS.items():
        if name in said:
            schema(said[name])
    for name in ("title", "body"):
        if name in said and said[name].raw and not says_something(str(said[name].raw)):
            said[name].refuse("nobody would see anything of it: leave it out, or say something")
    if "image" in said and said["image"].raw:
        image(said["image"])
    if "deep_link" in said and re.search(r"\s", _without_liquid(said["deep_link"].raw)):
        said["deep_link"].refuse("a link has no spaces: in Liquid, `| url_encode` or `| strip` takes care of a value's")


def _check_size(push: Any, value: Value) -> None:
    size = payload_bytes(fcm_message(_without_liquid(push), _NOBODY, {}))
    if size > PAYLOAD_LIMIT:
        value.refuse(f"{size} bytes before Liquid adds any; FCM takes {PAYLOAD_LIMIT} of data and notification, and as many of an APNs payload")


def _without_liquid(value: Any) -> Any:
    """The same JSON with nothing where Liquid will put something."""
    match value:
        case str():
            return "" if holds_liquid(value) else value
        case list():
            return [_without_liquid(one) for one in value]
        case dict():
            return {key: _without_liquid(one) for key, one in value.items()}
    return value
