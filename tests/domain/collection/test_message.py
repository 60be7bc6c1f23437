import base64
import gzip
import random
import zlib
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from regulars.domain.collection.body import Body
from regulars.domain.collection.examination import MAX_EVENT_BYTES
from regulars.domain.collection.json_text import parsed, written
from regulars.domain.collection.message import (
    MAX_MESSAGE_BYTES,
    QueueMessage,
    UnreadableMessageError,
    events_of,
    packed,
    unpacked,
)
from regulars.domain.errors import PayloadTooLargeError

RECEIVED = datetime(2026, 11, 21, 10, 0, 1, 123456, tzinfo=UTC)


def messages(document: dict[str, Any], *, compressed: bytes | None = None, verb: str = "batch") -> list[str]:
    return packed(Body(written(document), compressed), received=RECEIVED, source="0123abcd", verb=verb)


def noise(length: int, seed: int = 1) -> str:
    return base64.b85encode(random.Random(seed).randbytes(length)).decode()


def test_a_message_is_time_source_verb_and_the_body_in_base64() -> None:
    (message,) = messages({"batch": [{"a": 1}]})
    received_at, source, verb, body = message.split("|")
    assert (received_at, source, verb) == ("2026-11-21T10:00:01.123Z", "0123abcd", "batch")
    assert zlib.decompress(base64.b64decode(body)) == b'{"batch":[{"a":1}]}'


def test_the_clients_own_gzip_travels_as_it_came() -> None:
    compressed = gzip.compress(b'{"batch":[{"a":1}]}')
    (message,) = messages({"batch": [{"a": 1}]}, compressed=compressed)
    assert base64.b64decode(message.split("|")[3]) == compressed


def test_a_message_reads_back_as_what_was_packed() -> None:
    (message,) = messages({"event": "x"}, verb="track")
    delivery = unpacked(QueueMessage("id-1", message))
    assert (delivery.identity, delivery.source, delivery.verb, delivery.document) == ("id-1", "0123abcd", "track", {"event": "x"})
    assert delivery.received == RECEIVED.replace(microsecond=123000)
    assert events_of(delivery.document, "track") == [{"event": "x"}]


def test_a_batch_too_large_for_the_queue_is_cut_and_loses_nothing() -> None:
    events = [{"messageId": str(n), "note": noise(20_000, n)} for n in range(40)] + [{"messageId": "hostile", "note": "\ud800"}]
    document = {"batch": events, "sentAt": "now", "context": {"ip": "::1"}}
    parts = messages(document, compressed=gzip.compress(written(document), 0))
    assert len(parts) > 1
    assert all(len(part) <= MAX_MESSAGE_BYTES for part in parts)
    read = [unpacked(QueueMessage(str(n), part)).document for n, part in enumerate(parts)]
    assert [event for document in read for event in document["batch"]] == events
    assert all(document["sentAt"] == "now" and document["context"] == {"ip": "::1"} for document in read)


def test_a_batch_that_is_cut_keeps_what_cannot_be_kept_to_be_refused_with_its_event() -> None:
    events = [b'{"note":"%s"}' % noise(20_000, n).encode() for n in range(60)]
    body = b'{"batch":[%s,{"n":12345678901234567890123},{"n":NaN}]}' % b",".join(events)
    parts = packed(Body(body, None), received=RECEIVED, source="0123abcd", verb="batch")
    last = unpacked(QueueMessage("id", parts[-1])).exactly().document["batch"]
    assert [event["n"].literal for event in last[-2:]] == ["12345678901234567890123", "NaN"]


def test_a_gzip_that_was_hardly_compressed_is_compressed_better_before_anything_is_cut() -> None:
    document = {"batch": [{"note": "x" * 1000} for _ in range(1000)]}
    assert len(messages(document, compressed=gzip.compress(written(document), 0))) == 1


@pytest.mark.parametrize("verb", ["track", "batch"])
def test_of_an_event_that_cannot_fit_the_beginning_goes_and_its_neighbours_whole(verb: str) -> None:
    event = {"event": "Huge", "writeKey": "s3cret", "note": noise(900_000)}
    parts = messages({"batch": [{"n": 1}, event, {"n": 2}]} if verb == "batch" else event, verb=verb)
    documents = [unpacked(QueueMessage("id", part)).document for part in parts]
    found = [each for document in documents for each in events_of(document, verb)]
    (huge,) = [each for each in found if each not in ({"n": 1}, {"n": 2})]
    assert len(found) == (3 if verb == "batch" else 1)
    assert (huge["event"], huge["beginning"][:52]) == ("Huge", '{"event":"Huge","writeKey":"***","note":"' + noise(900_000)[:11])
    assert MAX_EVENT_BYTES < len(written(huge)) < MAX_MESSAGE_BYTES


def test_a_batch_whose_own_fields_cannot_fit_is_refused() -> None:
    with pytest.raises(PayloadTooLargeError, match="beside its events"):
        messages({"batch": [{"n": 1}, {"n": 2}], "context": {"note": noise(900_000)}})


def test_a_single_call_is_one_event_whatever_its_fields_are_called() -> None:
    (message,) = messages({"event": "x", "batch": [noise(450_000), noise(450_000, 2)]}, verb="track")
    assert unpacked(QueueMessage("id", message)).document["event"] == "x"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        "2026-11-21T10:00:01.123Z|0123abcd|import|eJyrBgAAdQD5",
        "2026-11-21T10:00:01.123Z|0123abcd|batch|",
        "2026-11-21T10:00:01.123Z|0123abcd|batch|§",
        "2026-11-21T10:00:01.123Z|0123abcd|batch|bm90IHpsaWI=",
        "yesterday|0123abcd|batch|" + base64.b64encode(zlib.compress(b"{}")).decode(),
        "2026-11-21T10:00:01.123|0123abcd|batch|" + base64.b64encode(zlib.compress(b"{}")).decode(),
        "2026-11-21T10:00:01.123Z|0123abcd|batch|" + base64.b64encode(zlib.compress(b"[]")).decode(),
        "2026-11-21T10:00:01.123Z|0123abcd|batch|" + base64.b64encode(zlib.compress(b"{")).decode(),
        "2026-11-21T10:00:01.123Z|0123abcd|batch|" + base64.b64encode(zlib.compress(b" " * 3_000_000)).decode(),
    ],
)
def test_what_collect_did_not_write_is_unreadable(body: str) -> None:
    with pytest.raises(UnreadableMessageError):
        unpacked(QueueMessage("id", body))


def test_a_body_that_is_only_just_json_reads_back() -> None:
    document = parsed(b'{"batch":[{"n":1180591620717411303424,"s":"\\ud800"}]}')
    (message,) = messages(document)
    assert unpacked(QueueMessage("id", message)).document == document
    assert orjson.loads(b"1180591620717411303424") == 2.0**70
