"""Sending somebody into a journey that begins by a call (`entry`: `api`), from another system."""

from dataclasses import dataclass
from uuid import uuid4

import orjson

from regulars.domain.collection.identifiers import MAX_LENGTH, tidy
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
    identity: str = "",
    definitions: DefinitionStore,
    registry: JourneyRegistry,
    queue: JourneyQueue,
    clock: Clock,
) -> JourneyStarted:
    """Whether they come in is the journey's to say: by `where`, `if`, `key` and `reentry`. `identity` names the call: made again with the same one
    it is the same start.

    Raises NotFoundError for a journey that was never launched, ConflictError where it is stopped or begins by something else, InvalidRequestError,
    QueueUnavailableError, TooManyRequestsError.
    """
    listed = registry.get().value.listed(journey_id)
    if listed.standing == "stopped":
        raise ConflictError(f"the journey {journey_id} is stopped: launch it again")
    entry = parse_journey(definitions.get("journey", journey_id, listed.versions[-1]).document).entry
    if entry.kind != "api":
        raise ConflictError(f"the journey {journey_id} begins by `{entry.kind}`: only one whose entry is `api` is begun by a call")
    whom = tidy(user_id)
    if not 0 < len(whom) <= MAX_LENGTH:
        raise InvalidRequestError(f"an id of 1 to {MAX_LENGTH} characters is needed", field="user_id")
    this = Trigger(whom, "api", journey_id, clock.now(), identity or uuid4().hex, orjson.dumps(properties).decode() if properties else None)
    queue.send([this])
    return JourneyStarted(journey_id, whom, this.id)
