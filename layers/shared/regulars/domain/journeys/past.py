"""What people did whom journeys would have taken in: a line a person, as `past_sql` has it written."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import orjson

from regulars.domain.errors import InvalidRequestError
from regulars.domain.journeys.context import said_in
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.state import made
from regulars.domain.journeys.steps import Start
from regulars.domain.lake.event_names import PLACE_ENTERED, SEGMENT_ENTERED

BEARERS: Final = {"segment": (SEGMENT_ENTERED, "segment_id"), "near": (PLACE_ENTERED, "places")}
"""By which events it is told what begins a journey, where that is no event of the shop's own; and which property says what segment, or places."""


class PastRow(NamedTuple):
    """An event, or an identify: that has `traits`. `is_own`: the platform told it. `properties` are there if one of the journeys asks for them."""

    at: datetime
    name: str
    id: str
    received: datetime
    is_own: bool
    properties: str | None
    traits: str | None


class Past(NamedTuple):
    """One person's, in the order of moment and id. `zone` is where their device says that they are, or empty."""

    user_id: str
    rows: Sequence[PastRow]
    zone: str = ""


def past_of(line: bytes) -> Past:
    """Of a line that UNLOAD wrote."""
    told = orjson.loads(line)
    moment = datetime.fromisoformat
    rows = [
        made(
            PastRow,
            (at := moment(when), name, identity, at if received == when else moment(received), own == "own", properties or None, traits or None),
        )
        for when, name, identity, received, own, properties, traits in told["did"]
    ]
    return Past(told["user_id"], rows, told["zone"])


class Beginning(NamedTuple):
    """By which event it is told what a journey begins with; `asked` is what it has to say to be that, by the name of a property."""

    name: str
    asked: tuple[str, str] | None = None

    def is_told_by(self, row: PastRow) -> bool:
        if row.name != self.name:
            return False
        return self.asked is None or said_in(row.properties).get(self.asked[0]) == self.asked[1]


def beginnings(journeys: Collection[Journey]) -> Mapping[str, Beginning]:
    """Of those that are looked at together, by id. Which another of them starts has none: people come to it from there. Raises InvalidRequestError
    where the lake does not tell who would have come in."""
    started = {step.journey_id for journey in journeys for step in journey.steps.values() if isinstance(step, Start)}
    found = {journey.id: _beginning(journey) for journey in journeys if journey.entry.kind != "api" or journey.id not in started}
    if not found:
        raise InvalidRequestError("only each other start these journeys: nobody would have come in")
    return found


def _beginning(journey: Journey) -> Beginning:
    entry = journey.entry
    if entry.kind == "event":
        return Beginning(entry.name)
    if entry.kind in BEARERS:
        name, says = BEARERS[entry.kind]
        return Beginning(name, (says, entry.name))
    raise InvalidRequestError(f"a journey that begins by `{entry.kind}` cannot be looked back at: the lake does not keep whom it would have taken in")
