"""What travels on the queue: `received_at|source|verb|base64(gzip or zlib of the request body)`.

One message a request, not an event. The body is the client's own bytes, so collect parses once and writes nothing anew; base64, because SQS
takes no NUL and would count characters differently from bytes.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, get_args

from regulars.domain.collection.body import MAX_BODY_BYTES, Body, deflated, inflated, salvaged
from regulars.domain.collection.json_text import parsed, parsed_exactly, written
from regulars.domain.collection.keys import masked
from regulars.domain.documents import JsonObject
from regulars.domain.errors import PayloadTooLargeError, RefusedError

Verb = Literal["batch", "import", "track", "identify", "page", "screen", "group", "alias"]
"""What a request asks for: Segment's calls (https://segment.com/docs/connections/spec/), of which `batch` and `import` hold many."""

BATCHES: Final[frozenset[str]] = frozenset({"batch", "import"})
"""The verbs whose body is an envelope of events."""

MAX_MESSAGE_BYTES: Final = 1_048_576
"""SQS's limit (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html)."""

RETRY_AFTER: Final = (timedelta(seconds=5), timedelta(seconds=60), timedelta(seconds=360))
"""After the first, the second and each later failure."""

_BEGINNING: Final = 65_536
"""Bytes of JSON: twice what an event may have, so that it is refused for its size."""
_LONGEST_NAME: Final = 255

_VERBS: Final = frozenset(get_args(Verb))
_MAX_INFLATED: Final = 2 * MAX_BODY_BYTES
"""A body that collect had to write anew may be a little longer than what the client sent (`1e5` becomes `100000.0`)."""


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """As the queue hands it over. `identity` is the queue's own id of it: the same at every redelivery, different for every send.

    `receipt` is what this delivery is given back with, and `receives` counts the deliveries so far.
    """

    identity: str
    body: str
    receipt: str = ""
    receives: int = 1

    @property
    def comes_again_after(self) -> timedelta:
        """How long it waits if this delivery fails. Soon after the first time, because what failed then is nearly always over; later as late as
        the queue itself would have it, so that its tries (template.yaml, maxReceiveCount) outlast half an hour without a store."""
        return RETRY_AFTER[min(self.receives, len(RETRY_AFTER)) - 1]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that was read: who sent what, and when it reached us. `plain` where all its text is ASCII, without an escape.

    Where `document` is not `exact`, it may hold rounded numbers (`json_text`): what stands in `text`, the body, is told by `exactly`.
    """

    identity: str
    received: datetime
    source: str
    verb: str
    document: dict[str, Any]
    plain: bool = False
    text: bytes = b""
    exact: bool = True

    def exactly(self) -> "Delivery":
        return replace(self, document=parsed_exactly(self.text), exact=True)

    @property
    def tells_history(self) -> bool:
        """Whether all its events are of the past by the client's own word: it sent them to `/v1/import`."""
        return self.verb == "import"


class UnreadableMessageError(Exception):
    """Not a message that collect writes. The text says why."""


def packed(body: Body, *, received: datetime, source: str, verb: str) -> list[str]:
    """The messages for one request: nearly always one. A batch that would exceed the queue's limit is cut in halves until each part fits, and of an
    event that does not fit by itself the beginning goes, to be refused.

    Raises PayloadTooLargeError where the batch without its events does not fit.
    """
    head = f"{received.isoformat(timespec='milliseconds').replace('+00:00', 'Z')}|{source}|{verb}|"
    whole = head + _encoded(body.compressed or deflated(body.text))
    if len(whole) <= MAX_MESSAGE_BYTES:
        return [whole]
    return [head + part for part in _parts(parsed_exactly(body.text), verb, MAX_MESSAGE_BYTES - len(head))]


def unpacked(message: QueueMessage) -> Delivery:
    """Reads a message back. Raises UnreadableMessageError."""
    received_at, _, rest = message.body.partition("|")
    source, _, rest = rest.partition("|")
    verb, _, encoded = rest.partition("|")
    if verb not in _VERBS:
        raise UnreadableMessageError(f"no known verb: {verb[:40]!r}")
    try:
        received = datetime.fromisoformat(received_at)
        text = inflated(base64.b64decode(encoded, validate=True), limit=_MAX_INFLATED)
        document = parsed(text)
    except (ValueError, binascii.Error, RefusedError) as error:
        raise UnreadableMessageError(str(error)) from error
    if received.tzinfo is None or not isinstance(document, dict):
        raise UnreadableMessageError("the time of arrival has no zone, or the body is not a JSON object")
    return Delivery(message.identity, received.astimezone(UTC), source, verb, document, text.isascii() and b"\\" not in text, text, exact=False)


def legible(message: QueueMessage) -> bytes:
    """Of a message that cannot be read, what can: its body inflated as far as that goes, so that write keys in it are found."""
    head, bar, encoded = message.body.rpartition("|")
    try:
        compressed = base64.b64decode(encoded)
    except ValueError:
        compressed = b""
    text = salvaged(compressed, limit=_MAX_INFLATED)
    return (head + bar).encode("utf-8", "surrogatepass") + (text or encoded.encode("utf-8", "surrogatepass"))


def events_of(document: JsonObject, verb: str) -> Sequence[Any]:
    """The events in a body: those of its batch, or the body itself. Whether each is any good is for `events.normalised` to say."""
    if verb not in BATCHES:
        return [document]
    batch = document.get("batch")
    return batch if isinstance(batch, list) else []


def _encoded(compressed: bytes) -> str:
    return base64.b64encode(compressed).decode("ascii")


def _parts(document: JsonObject, verb: str, limit: int) -> Iterator[str]:
    encoded = _encoded(deflated(written(document)))
    if len(encoded) <= limit:
        yield encoded
        return
    events = events_of(document, verb)
    if len(events) > 1:
        middle = len(events) // 2
        pieces: list[JsonObject] = [{**document, "batch": half} for half in (events[:middle], events[middle:])]
    else:
        begun = _beginning(events[0])
        pieces = [{**document, "batch": [begun]} if verb in BATCHES else begun]
    for piece in pieces:
        yield from _parts(piece, verb, limit)


def _beginning(event: Any) -> JsonObject:
    """In place of an event that is too large for the queue: enough of it to be refused for its size, which costs its neighbours nothing."""
    text = written(event)
    if len(text) <= 4 * _BEGINNING:
        raise PayloadTooLargeError("what the batch holds beside its events is too large for the queue, even compressed")
    named = {name: event[name] for name in ("type", "event") if isinstance(event, dict) and isinstance(event.get(name), str)}
    return {**{name: text[:_LONGEST_NAME] for name, text in named.items()}, "beginning": masked(text[:_BEGINNING].decode("utf-8", "ignore"))}
