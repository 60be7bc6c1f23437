"""Sending somebody into a journey that begins by a call (`entry`: `api`), from another system."""

from dataclasses import dataclass
from uuid import uuid4

import orjson

from regulars.domain.collection.examination import examine
from regulars.domain.collection.identifiers import person_named
from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError, InvalidRequestError
from regulars.domain.journeys.inputs import Trigger
from regulars.domain.journeys.parse import parse_journey
from regulars.ports import Clock, DefinitionStore, JourneyQueue, JourneyRegistry


@dataclass(frozen=True)
class JourneyStarted:
    """The queue of journeys has it. `id` is what the same call has again."""

    journey_id: str
    user_id: str
    id: str


def start_journey(
    journey_id: str,
    user_id: str,
    properties: JsonObject,
    *,
    identity: str | None = None,
    definitions: DefinitionStore,
    registry: JourneyRegistry,
    queue: JourneyQueue,
    clock: Clock,
) -> JourneyStarted:
    """Whether they come in is the journey's to say: by `where`, `if`, `key` and `reentry`. `identity` names the call: made again with the same one
    it is the same start. Without one, each call is another.

    Raises NotFoundError for a journey that was never launched, ConflictError where it is stopped or begins by something else, InvalidRequestError,
    also for properties that no event could have, QueueUnavailableError, TooManyRequestsError.
    """
    whom = person_named(user_id)
    if identity is not None and not identity.strip():
        raise InvalidRequestError("is empty: it would name no call; say one, or leave it out", field="id")
    said = _as_of_an_event(properties)
    listed = registry.get().value.listed(journey_id)
    if listed.standing == "stopped":
        raise ConflictError(f"the journey {journey_id} is stopped: launch it again")
    entry = parse_journey(definitions.get("journey", journey_id, listed.versions[-1]).document).entry
    if entry.kind != "api":
        raise ConflictError(f"the journey {journey_id} begins by `{entry.kind}`: only one whose entry is `api` is begun by a call")
    this = Trigger(whom, "api", journey_id, clock.now(), identity or uuid4().hex, said)
    queue.send([this])
    return JourneyStarted(journey_id, whom, this.id)


def _as_of_an_event(properties: JsonObject) -> str | None:
    """Their JSON, without write keys; None where there are none. Raises InvalidRequestError for what an event is refused for."""
    kept = dict(properties)
    try:
        examine(kept)
    except EventRejectedError as error:
        raise InvalidRequestError(str(error), field="properties") from error
    return orjson.dumps(kept).decode() if kept else None
