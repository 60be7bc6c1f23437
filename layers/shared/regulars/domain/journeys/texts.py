"""What somebody would read: a message of a journey, rendered as it is when it is sent, by what was known of the person at a moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import orjson

from regulars.domain.collection.device import PushTarget
from regulars.domain.documents import JsonObject
from regulars.domain.journeys.context import said_in
from regulars.domain.journeys.errand import Errand
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.messages import occasion, template
from regulars.domain.journeys.state import Action
from regulars.domain.journeys.steps import Message
from regulars.domain.messages.rendering import Addressee, Unsendable
from regulars.domain.segments.evaluate import PersonHistory

_TELEPHONE = PushTarget("token", "")

Told = Sequence[tuple[datetime, JsonObject]]
"""The traits that somebody told, or that a journey set, with when: the earliest first."""


class Reading(NamedTuple):
    """What a telephone shows; empty where the message says none."""

    title: str
    body: str


class Texts:
    """Of journeys, each text of which is parsed once. `vary`: some are not the same for everybody."""

    def __init__(self, journeys: Iterable[Journey]) -> None:
        self._templates = {
            (journey.id, name): template(journey, name, step)
            for journey in journeys
            for name, step in journey.steps.items()
            if isinstance(step, Message)
        }
        self._varying = frozenset(place for place, made in self._templates.items() if made.varies)
        self.vary = bool(self._varying)
        self._same: dict[tuple[str, str], Reading | Unsendable] = {}
        """What all read alike is made once."""

    def varies(self, action: Action) -> bool:
        """Whether it depends on the person what its message says, so that it may be none for some."""
        return (action.journey_id, action.step) in self._varying

    def made(self, action: Action, told: Told, at: datetime) -> Reading | Unsendable:
        """For whoever told that, as of `at`."""
        if self.varies(action):
            return self._made(action, told, at)
        place = action.journey_id, action.step
        if place not in self._same:
            self._same[place] = self._made(action, (), at)
        return self._same[place]

    def _made(self, action: Action, told: Told, at: datetime) -> Reading | Unsendable:
        errand = Errand.of(action.journey_id, action)
        to = Addressee(action.user_id, _TELEPHONE, _known(told, at), errand.id)
        found = self._templates[action.journey_id, action.step].render(to, occasion(errand, at))
        if isinstance(found, Unsendable):
            return found
        shown = orjson.loads(found)["message"].get("notification", {})
        return Reading(str(shown.get("title", "")), str(shown.get("body", "")))


def traits_told(history: PersonHistory) -> Told:
    """All of a life."""
    return sorted(((event.at, said_in(event.traits)) for event in history.events if event.traits), key=lambda each: each[0])


def _known(told: Told, at: datetime) -> JsonObject:
    known: dict[str, object] = {}
    for when, traits in told:
        if when <= at:
            known |= traits
    return known
