"""Timers: what is due now goes to the worker's queue. One that is lost, or comes twice, is nothing to anybody: the sweep finds the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from regulars.domain.journeys.inputs import JourneyInput, UnreadableInputError, input_of
from regulars.ports import JourneyQueue


@dataclass
class Reminded:
    """How many inputs were sent, and why others could not be read."""

    sent: int = 0
    unreadable: list[str] = field(default_factory=list)


def remind(bodies: Iterable[str], *, queue: JourneyQueue) -> Reminded:
    """Raises QueueUnavailableError, TooManyRequestsError: then all of them come again."""
    done, inputs = Reminded(), list[JourneyInput]()
    for body in bodies:
        try:
            inputs.append(input_of(body))
        except UnreadableInputError as error:
            done.unreadable.append(str(error))
    if inputs:
        queue.send(inputs)
    done.sent = len(inputs)
    return done
