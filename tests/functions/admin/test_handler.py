"""What holds of every route: how requests are read, errors answered, and what the log has of them."""

import json
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.admin import handler
from regulars.ports import CurateStateStore
from tests.functions.admin.api import EVENTS, REQUEST_ID, TWICE, asking, invoke, recorded, request
from tests.functions.admin.conftest import World


@pytest.mark.parametrize("case", sorted(path.stem for path in EVENTS.glob("*.json")))
def test_every_recorded_event_is_answered_well(case: str, defined: World) -> None:
    status, _ = invoke(recorded(case))
    assert status in (200, 202)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("{not json", "the body is not JSON: unexpected character"),
        ('{"as_of": "yesterday"}', "yesterday"),
        ('{"as_of": 17}', "as in 2017"),
        ('{"as_of": "0001-01-01T00:00:00+14:00"}', "out of range"),
        ('{"asof": "2026-01-01"}', "unknown key 'asof'; allowed: as_of"),
        ("[" * 100_000, "JSON"),
        ("7", ""),
        ('"\\ud800"', "JSON"),
        ("[" * 1_000 + "]" * 1_000, "nested too deeply"),
        ('{"as_of": "2026-01-01", "as_of": "2026-01-02"}', "as_of: is written twice in the same object; only the last of them would count"),
    ],
)
def test_a_body_that_is_not_as_described_is_refused_with_what_is_wrong(body: str, word: str, world: World) -> None:
    status, refused = request("POST", "/admin/segments/twice/sql", body)
    assert (status, refused["code"]) == (400, "invalid_request")
    assert word in refused["message"]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("journeys/x/why", {}, ["user_id: it is needed, and it is missing"]),
        ("journeys/x/why", {"user_id": 5}, ["user_id: a text is needed, not a number"]),
        ("journeys/x/why", {"user_id": ""}, ["user_id: a text is needed, and this one is empty"]),
        ("journeys/x/why", [], [": an object is needed, not a list"]),
        ("journeys/x/reports", {"since": "x"}, ["since: a moment, as in 2017-10-01 or 2017-10-01T08:30:00Z, is needed, not `x`"]),
        ("journeys/x/reports", {"version": "x", "since": 7}, ["since: a moment", "version: a whole number is needed"]),
        ("journeys/x/backtests", {"from": "x", "sample": 101}, ["from: a moment", "to: it is needed", "sample: at most 100"]),
        ("campaigns/x/preflight", {"document": 7}, ["document: an object is needed, not a number"]),
    ],
)
def test_all_that_is_not_as_described_is_said_in_the_words_of_documents(path: str, body: Any, said: list[str], world: World) -> None:
    status, refused = request("POST", f"/admin/{path}", body)
    told = [f"{each['path']}: {each['message']}" for each in refused["problems"]]
    assert status == 400 and len(told) == len(said)
    assert all(each.startswith(wanted) for each, wanted in zip(told, said, strict=True)), told


def test_a_step_that_is_written_twice_is_refused_with_all_such_keys_and_nothing_is_saved(world: World) -> None:
    steps = '{"m": {"wait": "1d", "wait": "2d", "then": null}, "m": {"exit": "done"}}'
    status, refused = request("PUT", "/admin/journeys/twice", f'{{"start": "m", "start": "n", "entry": {{"api": true}}, "steps": {steps}}}')
    assert (status, refused["code"]) == (400, "invalid_request")
    assert [each["path"] for each in refused["problems"]] == ["start", "steps.m"]
    assert request("GET", "/admin/journeys/twice")[0] == 404


@pytest.mark.parametrize(
    ("path", "asked", "said"),
    [
        ("journeys", {"limit": "1"}, ["limit: is no parameter of this call; known: `archived`"]),
        ("journeys", {"archive": "true", "page": "2"}, ["archive: is no parameter of this call (did you mean `archived`?)", "page: is no parameter"]),
        ("settings", {"version": "1"}, ["version: is no parameter of this call; known: none"]),
    ],
)
def test_a_parameter_that_no_call_has_is_refused_with_those_that_there_are(path: str, asked: dict[str, str], said: list[str], world: World) -> None:
    status, refused = request("GET", f"/admin/{path}", **asked)
    told = [f"{each['path']}: {each['message']}" for each in refused["problems"]]
    assert (status, refused["code"], len(told)) == (400, "invalid_request", len(said))
    assert all(each.startswith(wanted) for each, wanted in zip(told, said, strict=True)), told


@pytest.mark.parametrize(("path", "said"), [("we%20ird", "we ird"), ("..%2Fx", "../x"), ("caf%C3%A9", "café")])
def test_an_id_of_a_path_is_told_as_whoever_asks_wrote_it(path: str, said: str, world: World) -> None:
    status, refused = request("POST", f"/admin/journeys/{path}/preflight", {})
    assert (status, refused["message"].endswith(f"journey {said}")) == (404, True)


def test_a_day_is_a_moment_in_utc_also_of_a_look_back(world: World) -> None:
    status, refused = request("POST", "/admin/journeys/nosuch/backtests", {"from": "2026-01-01", "to": "2026-02-01"})
    assert (status, refused["code"]) == (404, "not_found")


def test_bytes_that_are_not_text_are_refused(world: World) -> None:
    made = recorded("put_segment") | {"body": "/////w==", "isBase64Encoded": True}
    assert invoke(made)[1] == {"code": "invalid_request", "message": "the body is not UTF-8"}


def test_any_content_type_is_read_as_json(world: World) -> None:
    made = recorded("put_segment")
    made["headers"]["content-type"] = "application/x-www-form-urlencoded"
    assert invoke(made)[0] == 200


def test_an_unknown_route_says_where_all_are(world: World) -> None:
    status, body = request("PUT", "/admin/flush", x="1")
    assert (status, body["code"]) == (404, "no_such_route")
    assert "/admin/openapi.json" in body["message"]


def burst() -> CurateStateStore:
    raise KeyError("secret")


def test_what_nobody_expected_is_a_500_that_names_its_request_and_the_log_has_it_all(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: list[dict[str, Any]]
) -> None:
    monkeypatch.setattr(world.event_queue, "depth", burst)
    status, body = request("POST", "/admin/flush", {})
    assert (status, body["code"]) == (500, "internal")
    assert body["message"] == f"something broke on our side (request {REQUEST_ID}): the log of the admin function says what"
    (line,) = logged
    assert (line["level"], line["request_id"], line["exception_name"]) == ("ERROR", REQUEST_ID, "KeyError")
    assert "in burst" in line["exception"]


def test_an_answer_that_is_not_as_described_is_our_fault_and_not_the_callers(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: list[dict[str, Any]]
) -> None:
    """Powertools would answer 422, as if the request were wrong."""
    monkeypatch.setattr("regulars.usecases.flush.flush", lambda *_, **__: {"ticket": 3})
    assert request("POST", "/admin/flush", {})[0] == 500
    assert (logged[0]["level"], logged[0]["exception_name"]) == ("ERROR", "ResponseValidationError")


def test_the_log_lines_of_a_request_name_it_and_no_later_ones_do(world: World, monkeypatch: pytest.MonkeyPatch, logged: list[dict[str, Any]]) -> None:
    monkeypatch.setattr(world.event_queue, "depth", burst)
    invoke(asking("POST", "/admin/flush", {}), request_id="one")
    invoke(asking("POST", "/admin/flush", {}), request_id="two")
    handler.log.error("between two requests")
    assert [line.get("request_id") for line in logged] == ["one", "two", None]
    assert "route" not in logged[2]


def test_two_copies_of_the_handler_answer_at_the_same_time_without_mixing_requests() -> None:
    """As in the local cloud, where each sandbox has its own copy: powertools itself keeps the current event on a shared class."""
    both = threading.Barrier(2)
    seen: dict[str, tuple[str, str]] = {}

    def serve(name: str) -> None:
        resolver, router = handler.Resolver(), APIGatewayHttpRouter()

        def route() -> dict[str, str]:
            both.wait(5)
            return {"path": router.current_event.path, "request": router.lambda_context.aws_request_id}

        router.get(f"/admin/{name}")(route)
        resolver.include_router(router)
        context: Any = SimpleNamespace(aws_request_id=name)
        answer = json.loads(resolver.resolve(asking("GET", f"/admin/{name}"), context)["body"])
        seen[name] = (answer["path"], answer["request"])

    threads = [threading.Thread(target=serve, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"one": ("/admin/one", "one"), "two": ("/admin/two", "two")}


def test_a_segment_may_be_named_like_a_route(world: World) -> None:
    document = TWICE | {"id": "versions"}
    assert request("PUT", "/admin/segments/versions", document)[0] == 200
    assert request("GET", "/admin/segments/versions")[1]["id"] == "versions"
