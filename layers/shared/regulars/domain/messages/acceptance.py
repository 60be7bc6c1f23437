"""Whether FCM would take a push at all: asked when a campaign is put and when it is launched, of what does not depend on the person."""

from typing import Any

from regulars.domain.collection.device import PushTarget
from regulars.domain.language import Fields, Value
from regulars.domain.messages.fcm import PAYLOAD_LIMIT, fcm_message, payload_bytes
from regulars.domain.messages.fcm_schema import PLATFORMS
from regulars.domain.messages.parse import read_push
from regulars.domain.messages.template import holds_liquid

_NOBODY = PushTarget("token", "")


def check_push(value: Value) -> None:
    """Refuses, with the place, what FCM refuses of this push whoever it is for. (Parsing alone takes it: old runs are still read.)"""
    template, push = read_push(value), Fields(value)
    for name, schema in PLATFORMS.items():
        if name in push:
            schema(push[name])
    size = payload_bytes(fcm_message(_without_liquid(template.document()), _NOBODY, {}))
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
