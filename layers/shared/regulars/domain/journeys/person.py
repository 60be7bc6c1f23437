"""What a journey asks of a person, and how it is known: the same live, in a test and looking back."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Final, Protocol

import orjson

from regulars.domain.delivery.zones import TRAITS, zone_named
from regulars.domain.documents import JsonObject
from regulars.domain.journeys.rules import ENTRY
from regulars.domain.people.profile import Profile
from regulars.domain.segments.evaluate import PastEvent, PersonHistory, Verdict
from regulars.domain.segments.evaluate.json_texts import scalar, value_at
from regulars.domain.segments.evaluate.rules import verdict
from regulars.domain.segments.evaluate.traits import telling
from regulars.domain.segments.rule import Rule

_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
_ENTRY_KEY: Final = ENTRY.replace("\0", r"\u0000")


class Person(Protocol):
    """One person, as of any moment."""

    @property
    def user_id(self) -> str: ...

    def verdict(self, rule: Rule, as_of: datetime, entry: str | None) -> Verdict:
        """Of a rule that is lowered (`book`); `entry` is the JSON of what the run began with."""

    def zone(self, as_of: datetime) -> tzinfo | None:
        """Whose clock they go by; None where nobody knows."""

    def told(self, traits: JsonObject, at: datetime, identity: str) -> "Person":
        """The same person, of whom a journey has told these traits (`set`): by then all that comes after it knows them."""


def with_entry(history: PersonHistory, entry: str) -> PersonHistory:
    """Who is known to have begun with this, the JSON of what it said."""
    told = PastEvent("", "identify", _ALWAYS, "identify", traits=f'{{"{_ENTRY_KEY}": {entry}}}')
    return replace(history, events=(*history.events, told))


@dataclass
class PersonOfHistory:
    """By what is known of their past: events of the lake, or a profile's traits as the identify calls that told them."""

    history: PersonHistory
    of_device: tzinfo | None = None
    """Where their device is."""

    def __post_init__(self) -> None:
        self._with_entry: tuple[str | None, PersonHistory] = None, self.history

    @property
    def user_id(self) -> str:
        return self.history.user_id

    def verdict(self, rule: Rule, as_of: datetime, entry: str | None) -> Verdict:
        known_with, history = self._with_entry
        if entry is not None and entry != known_with:
            history = with_entry(self.history, entry)
            self._with_entry = entry, history
        return verdict(rule, history if entry is not None else self.history, as_of)

    def zone(self, as_of: datetime) -> tzinfo | None:
        """By what quiet hours go by: the device, else a trait."""
        if self.of_device is not None:
            return self.of_device
        for name in TRAITS:
            told = telling(self.history, name, as_of)
            if told and (zone := zone_named(scalar(value_at(told.traits, (name,))) or "")):
                return zone
        return None

    def told(self, traits: JsonObject, at: datetime, identity: str) -> "PersonOfHistory":
        said = PastEvent(identity, "identify", at, "identify", traits=orjson.dumps(traits).decode())
        return PersonOfHistory(replace(self.history, events=(*self.history.events, said)), self.of_device)


def history_of(profile: Profile) -> PersonHistory:
    """What a person is by their profile: each trait as an identify that told it when it was told. Who has a profile, or does something, is known."""
    told = (
        PastEvent("", "identify", datetime.fromisoformat(trait.at), "identify", traits=orjson.dumps({name: trait.value}).decode())
        for name, trait in profile.traits.items()
    )
    return PersonHistory(profile.user_id, _ALWAYS, tuple(told))
