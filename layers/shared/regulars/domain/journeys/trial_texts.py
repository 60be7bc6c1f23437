"""What a person of a trial would read: each message that a journey sends them, rendered by what was known of them at its moment."""

from collections.abc import Iterable, Sequence

import orjson

from regulars.domain.collection.device import PushTarget
from regulars.domain.documents import JsonObject
from regulars.domain.journeys.errand import Errand
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.messages import occasion, template
from regulars.domain.journeys.state import Action
from regulars.domain.journeys.steps import Message, SetTraits
from regulars.domain.journeys.trial_document import Says
from regulars.domain.messages.rendering import Addressee, Unsendable
from regulars.domain.segments.evaluate import PersonHistory

_TELEPHONE = PushTarget("token", "")


class Texts:
    """Of journeys, each text of which is parsed once."""

    def __init__(self, journeys: Iterable[Journey]) -> None:
        self._templates = {
            (journey.id, name): template(journey, name, step)
            for journey in journeys
            for name, step in journey.steps.items()
            if isinstance(step, Message)
        }

    def said(self, action: Action, history: PersonHistory, done: Sequence[Action]) -> Says:
        """`history` is all of a person's life, `done` what journeys did for them: those traits count that were told by then."""
        errand = Errand.of(action.journey_id, action)
        to = Addressee(action.user_id, _TELEPHONE, _traits(action, history, done), errand.id)
        found = self._templates[action.journey_id, action.step].render(to, occasion(errand, action.at))
        if isinstance(found, Unsendable):
            return (("fails", found.reason), ("because", f"{found.field}: {found.because}"))
        shown = orjson.loads(found)["message"].get("notification", {})
        return tuple((name, str(shown.get(name, ""))) for name in ("title", "body"))


def _traits(action: Action, history: PersonHistory, done: Sequence[Action]) -> JsonObject:
    told = [(event.at, orjson.loads(event.traits)) for event in history.events if event.traits]
    told += [(each.at, each.does.traits) for each in done if isinstance(each.does, SetTraits)]
    known: dict[str, object] = {}
    for at, traits in sorted(told, key=lambda each: each[0]):
        if at <= action.at:
            known |= traits
    return known
