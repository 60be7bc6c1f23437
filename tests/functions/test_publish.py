"""The publish handler over its real payloads."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.publish.handler import lambda_handler
from regulars import wiring
from regulars.domain.collection.message import QueueMessage, unpacked
from regulars.domain.collection.source import Source, digest_of
from regulars.domain.content.signature import SigningSecret, signature
from tests.fakes.clock import MovableClock
from tests.fakes.content import MemoryContentLedger, MemorySigningSecrets
from tests.fakes.services import MemoryAnnounceTrigger, MemoryQueue
from tests.fakes.stores import MemorySources

EVENTS = Path(__file__).parents[2] / "events" / "publish"
NOW = datetime(2026, 11, 21, 10, 0, 1, tzinfo=UTC)


@pytest.fixture
def queue() -> Iterator[MemoryQueue]:
    queue = MemoryQueue()
    wiring.install(event_queue=queue, **parts())
    yield queue
    wiring.install()


def parts() -> dict[str, Any]:
    secrets = MemorySigningSecrets()
    secrets.put(SigningSecret("demo", "demo-secret", NOW))
    keys = MemorySources(Source.created("demo", digest_of("demo-key"), at=NOW), Source.created("app", digest_of("app-key"), at=NOW))
    stores = {"write_keys": keys, "signing_secrets": secrets, "content_ledger": MemoryContentLedger()}
    return {**stores, "announce_trigger": MemoryAnnounceTrigger(), "clock": MovableClock(NOW)}


def payload(case: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{case}.json").read_text())
    return event


def answer(event: dict[str, Any]) -> tuple[int, Any]:
    response = lambda_handler(event, None)
    return response["statusCode"], json.loads(response["body"])


def signed(document: Any, *, key: str = "demo-key", at: datetime = NOW) -> dict[str, Any]:
    event, body = payload("item"), json.dumps(document)
    event["headers"] |= {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
    event["headers"]["regulars-signature"] = signature("demo-secret", at, body.encode())
    return {**event, "body": body}


def test_an_item_is_told_once_however_often_it_is_sent(queue: MemoryQueue) -> None:
    assert answer(payload("item")) == (200, {"success": True, "id": "42", "new": True})
    assert answer(payload("item")) == (200, {"success": True, "id": "42", "new": False})
    assert answer(signed({"id": "43", "title": "Rain, updated", "url": "https://example.com/rain#now"}))[1]["new"] is False
    (body,) = queue.bodies
    (event,) = unpacked(QueueMessage("id", body)).document["batch"]
    assert (event["event"], event["properties"]["tags"], event["properties"]["origin"]) == ("Content Published", ["weather"], "demo")


def test_an_item_that_is_sent_with_another_title_is_no_new_one_and_corrects_what_waits(queue: MemoryQueue) -> None:
    announcer = MemoryAnnounceTrigger()
    wiring.install(event_queue=queue, **{**parts(), "announce_trigger": announcer})
    for title, new in (("Rain", True), ("Rain", False), ("Snow", False)):
        assert answer(signed({"id": "7", "title": title}))[1]["new"] is new
    assert [(each.item["title"], each.corrects) for each in announcer.started] == [("Rain", False), ("Snow", True)]
    assert len({each.id for each in announcer.started}) == 1 and len(queue.bodies) == 1


def test_a_body_in_base64_is_signed_as_it_was_sent(queue: MemoryQueue) -> None:
    event = payload("item")
    event |= {"body": base64.b64encode(event["body"].encode()).decode(), "isBase64Encoded": True}
    assert answer(event)[0] == 200


@pytest.mark.parametrize(
    ("event", "status", "code"),
    [
        (payload("unsigned"), 401, "invalid_signature"),
        (signed({"id": "1", "title": "T"}, key="nobodys"), 401, "unknown_write_key"),
        (signed({"id": "1", "title": "T"}, key="app-key"), 401, "invalid_signature"),
        (signed({"id": "1", "title": "T"}, at=NOW - timedelta(minutes=6)), 401, "invalid_signature"),
        ({**signed({"id": "1", "title": "T"}), "body": '{"id": "2", "title": "T"}'}, 401, "invalid_signature"),
        (signed({"id": "1"}), 400, "invalid_request"),
        (signed({"id": "1", "title": "\u200b "}), 400, "invalid_request"),
        (signed([1]), 400, "invalid_request"),
        ({**signed({}), "body": "{"}, 400, "invalid_request"),
        (signed({"id": "1", "title": "x" * 1_100_000}), 413, "payload_too_large"),
    ],
    ids=["unsigned", "no source", "no secret", "too old", "another body", "no title", "a blank title", "a list", "not JSON", "too large"],
)
def test_what_is_refused_says_why_and_tells_nobody(queue: MemoryQueue, event: dict[str, Any], status: int, code: str) -> None:
    assert (answer(event)[0], answer(event)[1]["code"]) == (status, code)
    assert queue.bodies == []


def test_all_that_is_wrong_with_an_item_is_in_the_answer(queue: MemoryQueue) -> None:
    told = answer(signed({"id": " ", "title": "T", "colour": 1}))[1]
    assert told["message"].startswith("colour: ") and [each["path"] for each in told["problems"]] == ["colour", "id"]


def test_an_item_that_the_queue_did_not_take_is_told_when_it_is_sent_again() -> None:
    kept = parts()
    wiring.install(event_queue=MemoryQueue(fail_after=0), **kept)
    refused = lambda_handler(payload("item"), None)
    assert (refused["statusCode"], refused["headers"]["retry-after"]) == (503, "2")
    wiring.install(event_queue=MemoryQueue(), **kept)
    assert answer(payload("item"))[1]["new"] is True
    wiring.install()
