import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.collection.events import enveloped
from regulars.domain.collection.message import QueueMessage, Verb, unpacked
from regulars.domain.collection.source import Source, digest_of
from regulars.domain.errors import InvalidRequestError, PayloadTooLargeError, QueueUnavailableError, UnknownWriteKeyError
from regulars.usecases.collect import MAX_EVENTS, Accepted, collect
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemorySources

NOW = datetime(2026, 11, 21, 10, 0, 1, tzinfo=UTC)
KEY = {"writeKey": "wk"}


def send(body: Any, *, queue: MemoryQueue | None = None, verb: Verb = "batch", encoding: str = "") -> Accepted:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sources, queue = MemorySources(Source.created("app", digest_of("wk"), at=NOW)), queue or MemoryQueue()
    return collect(content, {"content-encoding": encoding}, {}, verb=verb, write_keys=sources, queue=queue, clock=MovableClock(NOW))


def test_one_request_is_one_message_with_everything_in_it() -> None:
    queue = MemoryQueue()
    body = {**KEY, "batch": [{"n": n} for n in range(300)], "sentAt": "t"}
    assert send(body, queue=queue) == Accepted(300, "app")
    (message,) = queue.bodies
    delivery = unpacked(QueueMessage("id", message))
    assert (delivery.received, delivery.source, delivery.verb, delivery.document) == (NOW, "app", "batch", body)


def test_gzip_is_read_and_passed_on() -> None:
    queue = MemoryQueue()
    send(gzip.compress(json.dumps({**KEY, "batch": [1]}).encode()), queue=queue, encoding="gzip")
    assert unpacked(QueueMessage("id", queue.bodies[0])).document["batch"] == [1]


@pytest.mark.parametrize("event", [None, 5, "text", [], {}, {"type": "buy"}, {"properties": {"note": "\ud800"}}])
def test_a_bad_event_is_no_reason_to_refuse_its_batch(event: Any) -> None:
    assert send({**KEY, "batch": [event, {"type": "page"}]}).events == 2


def test_what_was_sent_as_an_import_is_known_as_history_behind_the_queue() -> None:
    for verb in ("batch", "import"):
        queue = MemoryQueue()
        send({**KEY, "batch": [{"n": 1}, {"n": 2}]}, queue=queue, verb=verb)  # type: ignore[arg-type]
        delivery = unpacked(QueueMessage("id", queue.bodies[0]))
        assert (delivery.tells_history, len(enveloped(delivery)[1])) == (verb == "import", 2)  # type: ignore[arg-type]


def test_an_empty_batch_is_a_success_that_sends_nothing() -> None:
    queue = MemoryQueue()
    assert send({**KEY, "batch": []}, queue=queue).events == 0
    assert queue.bodies == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{not json", "not JSON"),
        (b"", "empty"),
        (b'["writeKey"]', "JSON object"),
        (b"null", "JSON object"),
        ({**KEY}, "^batch: an array"),
        ({**KEY, "batch": None}, "^batch: an array"),
        ({**KEY, "batch": {"0": 1}}, "^batch: an array"),
        (b"[" * 200_000, "nested too deeply|not JSON"),
    ],
)
def test_a_body_that_is_no_batch_is_refused_and_nothing_is_sent(body: Any, says: str) -> None:
    queue = MemoryQueue()
    with pytest.raises(InvalidRequestError, match=says):
        send(body, queue=queue)
    assert queue.bodies == []


def test_a_single_call_needs_no_batch() -> None:
    assert send({**KEY, "event": "x"}, verb="track").events == 1


def test_without_a_known_key_nothing_is_sent() -> None:
    queue = MemoryQueue()
    with pytest.raises(UnknownWriteKeyError):
        send({"writeKey": "other", "batch": [1]}, queue=queue)
    assert queue.bodies == []


def test_a_batch_holds_at_most_segments_limit_of_events() -> None:
    assert send({**KEY, "batch": [0] * MAX_EVENTS}).events == MAX_EVENTS
    with pytest.raises(PayloadTooLargeError, match="2,501 events"):
        send({**KEY, "batch": [0] * (MAX_EVENTS + 1)})


def test_a_body_of_segments_largest_size_is_taken() -> None:
    assert send({**KEY, "batch": [{"note": "x" * 5000}] * 102}).events == 102


def test_a_queue_that_takes_nothing_is_no_success() -> None:
    with pytest.raises(QueueUnavailableError):
        send({**KEY, "batch": [1]}, queue=MemoryQueue(fail_after=0))
