"""What travels to the worker: inputs, as JSON. Those of one person are looked at one after the other, in the order in which they were sent."""

import hashlib
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple, assert_never, get_args

import orjson

from regulars.domain.collection.change import Change
from regulars.domain.collection.device import DeviceSeen, PushTarget, Sighting
from regulars.domain.language.times import shown

TriggerKind = Literal["event", "segment", "near", "content", "api"]
"""What can begin a journey."""

_KINDS: Final = frozenset(get_args(TriggerKind))


class Trigger(NamedTuple):
    """Something happened: `state.Happened`, of a person whom the worker looks up. `told` is what they said of themselves just before it, or with it,
    which their profile may not know yet; `seen` what it came from and registered, which no device may know yet."""

    user_id: str
    kind: TriggerKind
    name: str
    at: datetime
    id: str
    properties: str | None = None
    told: tuple[Change, ...] = ()
    seen: tuple[Sighting, ...] = ()


class Due(NamedTuple):
    """Somebody's time in a step is over."""

    user_id: str
    journey_id: str
    key: str
    at: datetime


class Again(NamedTuple):
    """The time of an errand (`errand.Errand.id`) has come that was put off until then."""

    user_id: str
    errand_id: str
    until: datetime


JourneyInput = Trigger | Due | Again


class UnreadableInputError(Exception):
    """Not an input that anybody here writes. The text says why."""


def moment_of(this: Due | Again) -> datetime:
    """When its time has come."""
    return this.at if isinstance(this, Due) else this.until


def group_of(this: JourneyInput) -> str:
    """The message group: the person. 128 characters are what SQS takes
    (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, MessageGroupId)."""
    return _digest(this.user_id)


def identity_of(this: JourneyInput) -> str:
    """What makes two sends one within SQS's five minutes: both lanes tell of an event, and a sweep may find again what the one before found."""
    match this:
        case Trigger(user_id, "content", name, id=identity, properties=properties):
            return _digest(f"content\0{name}\0{user_id}\0{identity}\0{properties}")  # it may be corrected
        case Trigger(user_id, kind, name, id=identity):
            return _digest(f"{kind}\0{name}\0{user_id}\0{identity}")
        case Due(user_id, journey_id, key, at):
            return _digest(f"due\0{user_id}\0{journey_id}\0{key}\0{at.timestamp()}")
        case Again(user_id, errand_id, until):
            return _digest(f"again\0{user_id}\0{errand_id}\0{until.timestamp()}")
        case _:
            assert_never(this)


def input_document(this: JourneyInput) -> str:
    match this:
        case Trigger():
            document: dict[str, Any] = {"is": this.kind, "user": this.user_id, "name": this.name, "at": shown(this.at), "id": this.id}
            if this.properties is not None:
                document["properties"] = this.properties
            if this.told:
                document["told"] = this.told
            if this.seen:
                document["seen"] = [_sighting_document(each) for each in this.seen]
        case Due():
            document = {"is": "due", "user": this.user_id, "journey": this.journey_id, "key": this.key, "at": shown(this.at)}
        case Again():
            document = {"is": "again", "user": this.user_id, "errand": this.errand_id, "until": shown(this.until)}
        case _:
            assert_never(this)
    return orjson.dumps(document).decode()


def input_of(text: str) -> JourneyInput:
    """Raises UnreadableInputError."""
    try:
        document = orjson.loads(text)
        kind, user_id = document["is"], str(document["user"])
        if kind == "due":
            return Due(user_id, str(document["journey"]), str(document["key"]), _moment(document["at"]))
        if kind == "again":
            return Again(user_id, str(document["errand"]), _moment(document["until"]))
        if kind not in _KINDS:
            raise UnreadableInputError(f"no known kind of input: {str(kind)[:40]!r}")
        properties = document.get("properties")
        if properties is not None and not isinstance(orjson.loads(properties), dict):
            raise UnreadableInputError("its properties are no JSON object")
        told = tuple(Change(**change) for change in document.get("told", ()))
        seen = tuple(_sighting_of(each) for each in document.get("seen", ()))
        return Trigger(user_id, kind, str(document["name"]), _moment(document["at"]), str(document["id"]), properties, told, seen)
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableInputError(f"not the JSON of an input: {error!r}") from error


def _sighting_document(sighting: Sighting) -> dict[str, Any]:
    return {**sighting._asdict(), "device": {name: value for name, value in sighting.device._asdict().items() if value is not None}}


def _sighting_of(document: Any) -> Sighting:
    device = {**document["device"]}
    target = PushTarget(**device.pop("target")) if "target" in device else None
    return Sighting(document["at"], document["tie"], document["user_id"], DeviceSeen(**{"id": None, **device}, target=target))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a zone: {text}")
    return moment.astimezone(UTC)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
