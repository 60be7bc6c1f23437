"""What a journey did, as events of the person (docs/journeys.md): the lake keeps each once, however often it is told."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from regulars.domain.collection.moments import iso
from regulars.domain.documents import JsonObject
from regulars.domain.journeys.errand import Errand, run_id
from regulars.domain.journeys.state import Move, MoveKind, Outcome, State
from regulars.domain.journeys.step import ENTERED, HELD_OUT
from regulars.domain.lake.event_names import JOURNEY_ENTERED, JOURNEY_LEFT, JOURNEY_NOTED, JOURNEY_STEP

TREATED: Final = "treated"
CONTROL: Final = "control"

_NAMES: Final[dict[MoveKind, str]] = {"came": JOURNEY_STEP, "left": JOURNEY_LEFT, "noted": JOURNEY_NOTED}


def trail_events(journey_id: str, before: State | None, outcome: Outcome, user_id: str) -> Iterator[JsonObject]:
    """What is told of one input, in the order in which it happened: it may end a run and begin the next."""
    after, of, at, order = outcome.state, before, None, 0
    for move in outcome.trail:
        at, order = move.at, order + 1 if move.at == at else 0
        if after is not None and of is not after and _begins(move, after, before):
            of = after
            arm = CONTROL if after.status == "held" else TREATED
            yield _event(journey_id, after, JOURNEY_ENTERED, after.entry.at, {**_said(order), "arm": arm}, "")
        yield _moved(journey_id, of, user_id, move, order)


def errand_event(errand: Errand, name: str, at: datetime, said: JsonObject) -> JsonObject:
    """What became of an errand; `name` is one of `event_names.ERRAND_EVENTS`."""
    told = {"journey": errand.journey_id, "version": errand.version, "key": errand.run_key, "run": errand.run, "step": errand.step, **said}
    identity = _digest("\0".join((errand.key, name, str(said.get("device_id", "")))))
    return _track(name, errand.user_id, f"journey-{identity[:32]}", at, told)


def _begins(move: Move, after: State, before: State | None) -> bool:
    """Whether it is the first of the run that somebody is in now."""
    is_new = before is None or after.entry != before.entry
    return is_new and move.at == after.entry.at and move.because in (ENTERED, HELD_OUT)


def _said(order: int) -> JsonObject:
    """The place among the moves of one moment, but of the first: nothing else tells what came before what."""
    return {"order": order} if order else {}


def _moved(journey_id: str, state: State | None, user_id: str, move: Move, order: int) -> JsonObject:
    said = {**_said(order), "step": move.step, "because": move.because}
    name = _NAMES[move.kind]
    if state is not None:
        return _event(journey_id, state, name, move.at, said, f"{move.step} {move.because}")
    identity = _digest("\0".join((journey_id, user_id, name, iso(move.at), move.step, move.because)))
    return _track(name, user_id, f"journey-{identity[:32]}", move.at, {"journey": journey_id, **said})


def _event(journey_id: str, state: State, name: str, at: datetime, said: JsonObject, which: str) -> JsonObject:
    run = run_id(journey_id, state.user_id, state.key, state.entry)
    told = {"journey": journey_id, "version": state.version, "key": state.key, "run": run, **said}
    identity = _digest("\0".join((run, name, iso(at), which)))
    return _track(name, state.user_id, f"journey-{identity[:32]}", at, told)


def _track(name: str, user_id: str, message_id: str, at: datetime, said: dict[str, Any]) -> JsonObject:
    return {"type": "track", "event": name, "userId": user_id, "messageId": message_id, "timestamp": iso(at), "properties": said}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
