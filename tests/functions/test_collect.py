import base64
import json
import subprocess
import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.collect.handler import lambda_handler
from regulars import wiring
from regulars.domain.collection.message import QueueMessage, unpacked
from regulars.domain.collection.source import Source, digest_of
from regulars.domain.errors import RegularsError, StoreUnavailableError, TooManyRequestsError
from regulars.usecases.live_journeys import LiveJourneys
from tests.fakes.clock import MovableClock
from tests.fakes.journeys import MemoryJourneyQueue, MemoryJourneyRegistry
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryObjects, MemorySources

EVENTS = Path(__file__).parents[2] / "events" / "collect"
NOW = datetime(2026, 11, 21, 10, 0, 1, tzinfo=UTC)
CASES = sorted(path.stem for path in EVENTS.glob("*.json"))


@pytest.fixture
def queue() -> Iterator[MemoryQueue]:
    queue = MemoryQueue()
    install(queue)
    yield queue
    wiring.install()


def install(queue: MemoryQueue, write_keys: MemorySources | None = None) -> None:
    demo = Source.created("demo", digest_of("demo-key"), at=NOW)
    revoked = Source.created("revoked", digest_of("revoked-key"), at=NOW).revoked(NOW)
    clock = MovableClock(NOW)
    wiring.install(
        event_queue=queue,
        clock=clock,
        write_keys=write_keys or MemorySources(demo, revoked),
        live_journeys=LiveJourneys(MemoryJourneyRegistry(), MemoryObjects(), clock),
        journey_queue=MemoryJourneyQueue(),
        current_plans=tuple,
    )


def payload(case: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{case}.json").read_text(encoding="utf-8"))
    return event


def answer(case: str) -> tuple[int, Any]:
    response = lambda_handler(payload(case), None)
    return response["statusCode"], json.loads(response["body"]) if response["body"] else None


@pytest.mark.parametrize(
    ("case", "messages"),
    [
        ("segment_python_batch", ["m-1", "m-2"]),
        ("rudder_node_gzip_as_form", ["r-1"]),
        ("browser_track_text_plain", ["b-1"]),
        ("kotlin_batch_key_in_body", ["m-2"]),
        ("rudder_browser_beacon", ["rb-1"]),
        ("import_of_history", ["h-1"]),
    ],
)
def test_what_each_client_sends_is_queued_and_answered_with_exactly_200(queue: MemoryQueue, case: str, messages: list[str]) -> None:
    assert answer(case) == (200, {"success": True})
    (body,) = queue.bodies
    delivery = unpacked(QueueMessage("id", body))
    assert [event["messageId"] for event in delivery.document.get("batch", [delivery.document])] == messages
    assert (delivery.source, delivery.tells_history) == ("demo", case == "import_of_history")


@pytest.mark.parametrize(
    ("case", "status", "code"),
    [
        ("wrong_key", 401, "unknown_write_key"),
        ("no_key", 401, "unknown_write_key"),
        ("revoked_key", 401, "unknown_write_key"),
        ("not_json", 400, "invalid_request"),
        ("broken_gzip", 400, "invalid_request"),
        ("no_batch", 400, "invalid_request"),
        ("gzip_bomb", 413, "payload_too_large"),
        ("unknown_path", 404, "not_found"),
        ("wrong_method", 405, "method_not_allowed"),
        ("delete_below_admin", 404, "no_such_route"),
    ],
)
def test_a_refusal_has_code_and_message_and_queues_nothing(queue: MemoryQueue, case: str, status: int, code: str) -> None:
    answered, body = answer(case)
    assert (answered, body["code"], set(body)) == (status, code, {"code", "message"})
    assert body["message"]
    assert queue.bodies == []


@pytest.mark.parametrize("case", CASES)
def test_every_answer_may_be_read_by_a_browser(queue: MemoryQueue, case: str) -> None:
    response = lambda_handler(payload(case), None)
    headers = response["headers"]
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-expose-headers"] == "retry-after"
    assert headers.get("content-type") == ("application/json" if response["body"] else None)
    assert response["statusCode"] in (200, 204, 400, 401, 404, 405, 413), "never a redirect, which Segment's clients take for success"


def test_of_a_request_its_body_goes_on_and_nothing_else(queue: MemoryQueue) -> None:
    event = payload("segment_python_batch")
    event["requestContext"]["http"]["sourceIp"] = "203.0.113.7"
    assert lambda_handler(event, None)["statusCode"] == 200
    received, source, verb, body = queue.bodies[0].split("|")
    assert (received, source, verb) == ("2026-11-21T10:00:01.000Z", "demo", "batch")
    assert zlib.decompress(base64.b64decode(body)).decode() == event["body"]


@pytest.mark.parametrize(
    "headers", ["authorization,content-type,anonymousid,sentat", "rsa-retry-attempt,rsa-retry-reason,rsa-since-first-attempt,rsa-since-last-attempt"]
)
def test_rudders_own_headers_pass_a_preflight(queue: MemoryQueue, headers: str) -> None:
    event = payload("preflight_of_a_retry")
    event["headers"]["access-control-request-headers"] = headers
    assert lambda_handler(event, None)["headers"]["access-control-allow-headers"] == headers


def test_a_preflight_allows_the_headers_that_were_asked_for(queue: MemoryQueue) -> None:
    response = lambda_handler(payload("preflight_of_a_retry"), None)
    assert response["statusCode"] == 204
    assert response["headers"]["access-control-allow-headers"] == "authorization,content-type,x-retry-count"
    assert "POST" in response["headers"]["access-control-allow-methods"]


def test_a_wrong_method_is_told_the_right_one(queue: MemoryQueue) -> None:
    assert lambda_handler(payload("wrong_method"), None)["headers"]["allow"] == "POST"


def test_whoever_asks_below_admin_for_what_is_not_there_is_not_told_to_post_events(queue: MemoryQueue) -> None:
    _, body = answer("delete_below_admin")
    assert body["message"] == "there is no DELETE /admin/segments/lapsing; GET /admin/openapi.json lists what there is"


def test_settings_send_clients_to_this_host(queue: MemoryQueue) -> None:
    status, settings = answer("settings")
    assert status == 200
    destination = settings["integrations"]["Segment.io"]
    assert (destination["apiKey"], destination["apiHost"]) == ("demo-key", "abcde12345.execute-api.eu-central-1.amazonaws.com/v1")
    assert "plan" in settings


@pytest.mark.parametrize("key", ["nobody", "revoked-key", "no%20key"])
def test_settings_of_an_unknown_key_are_refused(queue: MemoryQueue, key: str) -> None:
    response = lambda_handler({**payload("settings"), "rawPath": f"/v1/projects/{key}/settings"}, None)
    assert response["statusCode"] == 401


def test_rudders_browser_library_gets_the_source_that_it_asks_for(queue: MemoryQueue) -> None:
    """What its 3.34.1 checks before it sends anything (isValidSourceConfig), and what would make it send elsewhere."""
    status, config = answer("rudder_browser_source_config")
    source = config["source"]
    assert (status, source["id"], source["enabled"], source["destinations"]) == (200, "demo", True, [])
    assert [source["config"]["statsCollection"][name]["enabled"] for name in ("errors", "metrics")] == [False, False]


@pytest.mark.parametrize("missing", ["authorization", "queryStringParameters"])
def test_rudders_source_is_known_by_its_header_or_its_query(queue: MemoryQueue, missing: str) -> None:
    event = payload("rudder_browser_source_config")
    (event if missing in event else event["headers"]).pop(missing)
    assert lambda_handler(event, None)["statusCode"] == 200
    event["headers"].pop("authorization", None)
    event.pop("queryStringParameters", None)
    assert lambda_handler(event, None)["statusCode"] == 401


def test_the_metrics_beacon_is_dropped_with_success(queue: MemoryQueue) -> None:
    assert answer("metrics_beacon") == (200, {"success": True})
    assert queue.bodies == []


def test_a_queue_that_takes_nothing_is_503_with_a_whole_number_of_seconds(queue: MemoryQueue) -> None:
    install(MemoryQueue(fail_after=0))
    response = lambda_handler(payload("segment_python_batch"), None)
    assert response["statusCode"] == 503
    assert response["headers"]["retry-after"].isdigit()
    assert set(json.loads(response["body"])) == {"code", "message"}


@pytest.mark.parametrize(
    ("failure", "status"), [(StoreUnavailableError("the table of sources failed"), 503), (TooManyRequestsError("the table of sources failed"), 429)]
)
@pytest.mark.parametrize("case", ["segment_python_batch", "settings", "rudder_browser_source_config"])
def test_who_cannot_be_looked_up_is_told_to_come_again(queue: MemoryQueue, case: str, failure: RegularsError, status: int) -> None:
    sources = MemorySources()
    sources.fails = failure
    install(queue, sources)
    response = lambda_handler(payload(case), None)
    assert (response["statusCode"], json.loads(response["body"])["code"]) == (status, failure.code)
    assert response["headers"]["retry-after"].isdigit()


def test_what_nobody_thought_of_is_answered_in_the_same_form(queue: MemoryQueue) -> None:
    sources = MemorySources()
    sources.fails = ZeroDivisionError("a bug")
    install(queue, sources)
    response = lambda_handler(payload("segment_python_batch"), None)
    body = json.loads(response["body"])
    assert (response["statusCode"], body["code"], response["headers"]["access-control-allow-origin"]) == (500, "internal", "*")
    assert "a bug" not in body["message"]


def test_text_that_is_no_utf_8_is_refused_and_never_an_exception(queue: MemoryQueue) -> None:
    for body, encoded in (("\ud800", False), (base64.b64encode(b'{"a":"\xff"}').decode(), True), (None, False), ("", True)):
        response = lambda_handler({**payload("segment_python_batch"), "body": body, "isBase64Encoded": encoded}, None)
        assert response["statusCode"] == 400


def test_accepted_events_are_counted(queue: MemoryQueue, capsys: pytest.CaptureFixture[str]) -> None:
    lambda_handler(payload("segment_python_batch"), None)
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["EventsAccepted"] == 2


def test_no_key_is_ever_logged(queue: MemoryQueue, capsys: pytest.CaptureFixture[str]) -> None:
    for case in CASES:
        lambda_handler(payload(case), None)
    printed = capsys.readouterr()
    assert "demo-key" not in printed.out + printed.err
    assert "revoked-key" not in printed.out + printed.err
    assert "nobody" not in printed.out + printed.err


def test_a_cold_start_reads_no_sql() -> None:
    """Whatever collect imports by way of others: sqlglot alone would double its start."""
    told = subprocess.run(
        [sys.executable, "-c", "import sys, functions.collect.handler; print('sqlglot' in sys.modules)"], capture_output=True, text=True
    )
    assert told.stdout == "False\n", told.stderr
