"""A trait as it stands, and which of two sayings of it is the later.

The lake keeps the first copy of each message; a profile sees every copy, in any order. Of two messages of the same moment the later received wins,
so that a copy of the earlier one, received last, must not win: the profile keeps all sayings of that moment, each message's with its first receipt.
They are rare (two calls of one millisecond) and few.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

MOST_RIVALS: Final = 7
"""Sayings of one moment that are kept beside the latest; an app that says more of one trait in a millisecond may see a copy win."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another saying of the moment, and its place in it."""

    value: Any
    tie: str


@dataclass(frozen=True, slots=True)
class KnownTrait:
    """A trait's value, any JSON, and when it was said: `tie` as in `collection.change`, `rivals` what else was said at that moment."""

    value: Any
    at: str
    tie: str = ""
    rivals: tuple[Rival, ...] = ()


def keep_latest(known: dict[str, KnownTrait], name: str, candidate: KnownTrait) -> None:
    """The later of both, in place. Every order of arrival, with any copies, ends in the same."""
    present = known.get(name)
    if present is None or candidate.at > present.at:
        known[name] = candidate
    elif candidate.at == present.at and candidate != present:
        known[name] = _of_one_moment(present, candidate)


def latest(*sayings: KnownTrait) -> KnownTrait:
    """The last of what several ids of one person told: no message of one is a copy of another's."""
    return max(sayings, key=lambda saying: (saying.at, saying.tie))


def _of_one_moment(present: KnownTrait, candidate: KnownTrait) -> KnownTrait:
    sayings: dict[str, Rival] = {}
    for saying in (Rival(present.value, present.tie), *present.rivals, Rival(candidate.value, candidate.tie), *candidate.rivals):
        message = _message(saying)
        first = sayings.get(message)
        if first is None or _order(saying) < _order(first):
            sayings[message] = saying
    latest, *others = sorted(sayings.values(), key=_order, reverse=True)
    return KnownTrait(latest.value, present.at, latest.tie, tuple(others[:MOST_RIVALS]))


def _message(saying: Rival) -> str:
    """What its copies have in common (`collection.change.message_of`), at the end of a tie, behind the words of a time and a place. Entries of a
    version before have none: each is its own."""
    return saying.tie.split(" ", 3)[3] if saying.tie else f" {_order(saying)}"


def _order(saying: Rival) -> tuple[str, bytes]:
    return saying.tie, orjson.dumps(asdict(saying), option=orjson.OPT_SORT_KEYS)


def trait_of(document: Mapping[str, Any]) -> KnownTrait:
    """Out of its JSON."""
    known = document.get("rivals")
    rivals = tuple(Rival(each["value"], each["tie"]) for each in known) if known else ()  # nearly never, and thousands are read a second
    return KnownTrait(document["value"], document["at"], document.get("tie", ""), rivals)
