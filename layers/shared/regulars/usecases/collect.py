"""Take a request in: whose is it, can it be read, and hand it to the queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from regulars.domain.collection.body import opened
from regulars.domain.collection.json_text import parsed
from regulars.domain.collection.keys import stated_keys
from regulars.domain.collection.message import BATCHES, Verb, events_of, packed
from regulars.domain.errors import InvalidRequestError, PayloadTooLargeError
from regulars.ports import Clock, EventQueue, WriteKeys
from regulars.usecases.authenticate import authenticate
from regulars.usecases.fast_lane import NOTHING_TAKEN, FastLane, Taken

MAX_EVENTS: Final = 2_500
"""In one batch: Segment's documented limit (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#batch),
25 times what its libraries send. It bounds what a body of `{},{},...` can cost."""


@dataclass(frozen=True)
class Accepted:
    """The queue has it."""

    events: int
    source: str
    journeys: Taken = NOTHING_TAKEN
    """What of it went to the journeys that run, ahead of all that is loaded."""


def collect(
    content: bytes,
    headers: Mapping[str, str],
    query: Mapping[str, str],
    *,
    verb: Verb,
    write_keys: WriteKeys,
    queue: EventQueue,
    clock: Clock,
    fast_lane: FastLane | None = None,
) -> Accepted:
    """Returns when every event of the body is durably in the queue; what each event is worth is for `load` to judge.

    `headers` are by lower-case name. Raises InvalidRequestError, PayloadTooLargeError, UnknownWriteKeyError, StoreUnavailableError,
    QueueUnavailableError and TooManyRequestsError.
    """
    received = clock.now()
    body = opened(content, headers.get("content-encoding", ""))
    document = parsed(body.text)
    if not isinstance(document, dict):
        raise InvalidRequestError("the body must be a JSON object")
    stated = stated_keys(headers.get("authorization", ""), query, document)
    source = authenticate(stated, write_keys=write_keys, clock=clock)
    if verb in BATCHES and not isinstance(document.get("batch"), list):
        raise InvalidRequestError("an array of events is needed here", field="batch")
    events = events_of(document, verb)
    if len(events) > MAX_EVENTS:
        raise PayloadTooLargeError(f"{len(events):,} events in one batch; send at most {MAX_EVENTS:,}", field="batch")
    if events:
        for message in packed(body, received=received, source=source, verb=verb):
            queue.send(message)
    if fast_lane is None or verb == "import":
        return Accepted(len(events), source)
    return Accepted(len(events), source, fast_lane.take(body, document, events, received=received, source=source, verb=verb))
