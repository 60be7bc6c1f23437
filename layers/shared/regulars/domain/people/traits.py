"""A trait as it stands, and which of two sayings of it is the later.

The lake keeps the first copy of each message; a profile sees every copy, in any order. Of two messages of the same moment the later received wins,
so that a copy of the earlier one, received last, must not win: the profile keeps all sayings of that moment, each message's with its first receipt.
They are rare (two calls of one millisecond) and few.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

from regulars.domain.documents import JsonObject

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


class KeptTraits(Mapping[str, KnownTrait]):
    """Traits out of their JSON, each made when somebody asks for it: whoever writes a message asks for none, and thousands of people are read a
    second."""

    def __init__(self, document: Mapping[str, Mapping[str, Any]]) -> None:
        self._document = document

    def __getitem__(self, name: str) -> KnownTrait:
        return _trait_of(self._document[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._document)

    def __len__(self) -> int:
        return len(self._document)

    @property
    def plain(self) -> JsonObject:
        """The values by name."""
        return {name: trait["value"] for name, trait in self._document.items()}


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


def _trait_of(document: Mapping[str, Any]) -> KnownTrait:
    rivals = tuple(Rival(each["value"], each["tie"]) for each in document.get("rivals", ()))
    return KnownTrait(document["value"], document["at"], document.get("tie", ""), rivals)
