"""What a run remembers of the event that it began with: what rules ask of it and texts name, no more."""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import orjson

from regulars.domain.documents import JsonObject
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.limits import MAX_KEPT_BYTES
from regulars.domain.journeys.rules import asked_of_entry
from regulars.domain.journeys.steps import Branch, Collect, Message, WaitFor, Webhook, gathers_items
from regulars.domain.language import Path
from regulars.domain.messages.template import holds_liquid

KEPT_WHOLE: Final = 1_024
"""Bytes. So much is kept as it came, so that a test says what a longer one would have said."""

_LONGEST_CHARACTER: Final = 4
"""Bytes that one may be written with."""

_EVENT: Final = re.compile(r"\bevent\s*(?:\.\s*([\w-]+)|\[\s*[\"']([^\"']+)[\"']\s*\])")

_COLLECTED: Final = re.compile(r"\bcollected\b")
_PERSON: Final = re.compile(r"\bperson\b")


class Named(NamedTuple):
    """The properties that a journey names, by their outermost name; `all_of_it`: a text goes through them one by one, or through collected items, of
    which what the run began with is the first."""

    properties: frozenset[str]
    all_of_it: bool = False


def named_in(journey: Journey) -> Named:
    texts = list(_texts(journey))
    inside = {found[1] or found[2] for text in texts for found in _EVENT.finditer(text)}
    whole = any(re.search(r"\bevent\b(?!\s*[.\[])", text) for text in texts) or gathers_items(journey.steps.values())
    return Named(frozenset(inside | {path[0] for path in asked_paths(journey)}), whole)


def names_collected(journey: Journey) -> bool:
    """Whether a text may say what a `collect` has gathered."""
    return any(_COLLECTED.search(text) for text in _texts(journey))


def asks_person(journey: Journey) -> bool:
    """Whether a text may say what somebody told of themselves, or is told in their language."""
    return any(_PERSON.search(text) for text in _texts(journey)) or any(
        step.push.locales for step in journey.steps.values() if isinstance(step, Message)
    )


def kept(properties: str | None, named: Named) -> str | None:
    """Of the JSON of an entry's properties."""
    if properties is None or len(properties.encode()) <= KEPT_WHOLE or named.all_of_it:
        return properties
    try:
        known = orjson.loads(properties)
    except orjson.JSONDecodeError:
        return None
    return orjson.dumps({name: known[name] for name in named.properties if name in known}).decode() if isinstance(known, dict) else None


def shortened(properties: str | None, most: int = MAX_KEPT_BYTES) -> str | None:
    """At most so many bytes of the JSON of an event's properties: the longest are left out."""
    if properties is None or len(properties) * _LONGEST_CHARACTER <= most or size_of(properties) <= most:
        return properties
    known = said_in(properties)
    fit, room = set[str](), most - len("{}")
    for name, size in sorted(((name, size_of(orjson.dumps({name: value}).decode())) for name, value in known.items()), key=lambda each: each[1]):
        room -= size
        if room < 0:
            break
        fit.add(name)
    return orjson.dumps({name: value for name, value in known.items() if name in fit}).decode()


def size_of(text: str) -> int:
    """In bytes, inside of JSON."""
    return len(orjson.dumps(text))


def said_in(properties: str | None) -> JsonObject:
    known = orjson.loads(properties) if properties else {}
    return known if isinstance(known, dict) else {}


def asked_paths(journey: Journey) -> Iterator[Path]:
    """Where in the entry's properties its steps and exits look."""
    for step in journey.steps.values():
        match step:
            case Branch(choices):
                for choice in choices:
                    yield from asked_of_entry(choice.rule)
            case WaitFor(pattern) | Collect(pattern) if pattern.same is not None:
                yield pattern.same
    yield from (end.pattern.same for end in journey.exits if end.pattern.same is not None)


def _texts(journey: Journey) -> Iterator[str]:
    for step in journey.steps.values():
        match step:
            case Message(push):
                yield from _liquid(push.document())
                for told in push.locales.values():
                    yield from _liquid(told.document())
            case Webhook(body=body):
                yield from _liquid(body)


def _liquid(value: Any) -> Iterator[str]:
    match value:
        case str() if holds_liquid(value):
            yield value
        case list():
            for each in value:
                yield from _liquid(each)
        case dict():
            for each in value.values():
                yield from _liquid(each)
