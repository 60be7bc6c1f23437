"""Whether FCM would take a push at all, and a phone show it: asked when a campaign is put and when it is launched, of what does not depend on the
person."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from regulars.domain.collection.device import PushTarget
from regulars.domain.definitions import PutWarning
from regulars.domain.documents import JsonObject
from regulars.domain.language import Fields, Problems, Value, says_something
from regulars.domain.messages.fcm import PAYLOAD_LIMIT, fcm_message, merged, payload_bytes
from regulars.domain.messages.fcm_schema import PLATFORMS, image
from regulars.domain.messages.parse import read_push
from regulars.domain.messages.template import PushTemplate, holds_liquid

_NOBODY = PushTarget("token", "")


def check_push(value: Value) -> None:
    """Refuses, with the places, what FCM refuses of this push whoever it is for, or what no phone shows. (Parsing alone takes it: old runs are still
    read.) Raises the value's error, which names the first and has all problems."""
    problems = Problems()
    template, push = problems.read(read_push, value), problems.read(Fields, value)
    if push is not None:
        _check_said(push, problems)
        for _, told in problems.members(push["locales"]) if "locales" in push else ():
            if (said := problems.read(Fields, told)) is not None:
                _check_said(said, problems)
    if template is not None and push is not None:
        problems.read(partial(_check_size, template.document()), value)
        for tag, own in template.locales.items():
            problems.read(partial(_check_size, merged(template.document(), own.document())), push.section("locales")[tag])
    problems.refuse(value.error)


def mixed_languages(push: PushTemplate, path: str) -> Iterator[PutWarning]:
    """Of languages that have a text of their own beside one that is everybody's."""
    for tag, told in push.locales.items():
        for name in ("title", "body"):
            if getattr(push, name) and not getattr(told, name):
                yield PutWarning(f"{path}.locales.{tag}", f"there is no `{name}`: the push's own is shown, in whatever language that is")


def _check_said(said: Fields, problems: Problems) -> None:
    for name, read in {**PLATFORMS, "title": _shown, "body": _shown, "image": image, "deep_link": _link}.items():
        if name in said:
            problems.read(read, said[name])


def _shown(value: Value) -> None:
    if value.raw and not says_something(value.text(limit=None)):
        value.refuse("nobody would see anything of it: leave it out, or say something")


def _link(value: Value) -> None:
    if re.search(r"\s", _without_liquid(value.text(limit=None, empty=True))):
        value.refuse("a link has no spaces: in Liquid, `| url_encode` or `| strip` takes care of a value's")


def _check_size(push: JsonObject, value: Value) -> None:
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
