"""What `collect` does for journeys: next to nothing, unless a request holds an event that one of them names."""

from __future__ import annotations  # what makes inputs of events is imported where there is one

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from regulars.domain.collection.body import Body
from regulars.domain.collection.message import Verb
from regulars.ports import JourneyQueue
from regulars.usecases.live_journeys import LiveJourneys

if TYPE_CHECKING:
    from regulars.domain.cleaning.standards import Standards
    from regulars.domain.tracking.plan import Plan


@dataclass(frozen=True)
class Taken:
    """How many inputs went to the worker at once, and why more did not."""

    inputs: int = 0
    trouble: str = ""


NOTHING_TAKEN: Final = Taken()


class FastLane:
    """Of one function. `load` brings everything that does not go this way."""

    def __init__(self, live: LiveJourneys, queue: JourneyQueue, plans: Callable[[], Sequence[Plan]], standards: Callable[[], Standards]) -> None:
        self._live, self._queue, self._plans, self._standards = live, queue, plans, standards

    def take(self, body: Body, document: dict[str, Any], events: Sequence[Any], *, received: datetime, source: str, verb: Verb) -> Taken:
        """Of a request that the event queue has."""
        try:
            names = self._live.names()
            if not names or not any(isinstance(event, dict) and _name(event, verb) in names for event in events):
                return NOTHING_TAKEN
            return Taken(self._sent(body, document, received, source, verb))
        except Exception as error:  # whatever it is: the client's events are safe, and are not to be sent again for this
            return Taken(trouble=f"{type(error).__name__}: {error}")

    def _sent(self, body: Body, document: dict[str, Any], received: datetime, source: str, verb: Verb) -> int:
        from regulars.usecases.trigger_journeys import trigger_journeys

        return trigger_journeys(
            body,
            document,
            received=received,
            source=source,
            verb=verb,
            plans=self._plans(),
            standards=self._standards(),
            published=self._live(),
            queue=self._queue,
        )


def _name(event: dict[str, Any], verb: Verb) -> object:
    """As it was sent: one that is cleaned first goes the other way."""
    called = event.get("event")
    return called if isinstance(called, str) else event.get("type", verb)
