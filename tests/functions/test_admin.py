"""The admin handler: events as API Gateway sends them, fakes behind the ports."""

import copy
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.fakes.campaigns import MemoryDefinitions, MemoryLake, MemoryProfiles, MemoryRunner, MemoryRuns, MemoryState, MovableClock

from functions.admin import handler
from regulars import wiring
from regulars.config import Config
from regulars.domain.errors import NotFoundError, QueryFailedError
from regulars.ports import DefinitionKind, Query

EVENTS = Path(__file__).parents[2] / "events/admin"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TWICE = {"id": "twice", "name": "Bought twice", "rule": {"event": "Order Completed", "count": {"gte": 2}}}
SPRING = {
    "id": "spring",
    "name": "Spring",
    "audience": {"include": ["twice"]},
    "message": {"push": {"title": "Hi", "body": "Come back"}},
    "control": {"percent": 25},
}


class Definitions(MemoryDefinitions):
    """Remembers who put what."""

    def __init__(self) -> None:
        super().__init__()
        self.by: list[str] = []

    def put(self, kind: DefinitionKind, identity: str, document: dict[str, Any], *, at: datetime, by: str) -> int:
        self.by.append(by)
        return super().put(kind, identity, document, at=at, by=by)


class Queries:
    """One query, `q1`, that has been asked for and stands as `query` says."""

    def __init__(self) -> None:
        self.sql: list[str] = []
        self.query = Query("q1", "succeeded", bytes_scanned=25_000_000)
        self.pages: dict[str, tuple[list[Mapping[str, str | None]], str]] = {"": ([], "")}

    def start(self, sql: str, *, token: str = "") -> str:
        self.sql.append(sql)
        return "q1"

    def look(self, query_id: str) -> Query:
        if query_id != "q1":
            raise NotFoundError(f"there is no query {query_id}")
        return self.query

    def rows(self, query_id: str, *, page: str = "", size: int = 1000) -> tuple[Sequence[Mapping[str, str | None]], str]:
        return self.pages[page]

    def run(self, sql: str) -> Query:
        raise AssertionError("a request must not wait for a query")

    def all_rows(self, sql: str) -> Iterator[Mapping[str, str | None]]:
        raise AssertionError("a request must not wait for a query")


class World(SimpleNamespace):
    definitions: Definitions
    runner: MemoryRunner
    queries: Queries


@pytest.fixture
def world() -> Iterator[World]:
    world = World(definitions=Definitions(), runner=MemoryRunner(), queries=Queries())
    wiring.install(
        clock=MovableClock(NOON),
        definitions=world.definitions,
        runs=MemoryRuns(),
        queries=world.queries,
        campaign_runner=world.runner,
        event_queue=SimpleNamespace(depth=lambda: 3),
        state=MemoryState(),
        curate_trigger=SimpleNamespace(start=lambda: None),
        profiles=MemoryProfiles({"a/b": {"user_id": "a/b", "traits": {}}}),
        lake=MemoryLake(),
        config=Config({"QUEUE_SETTLE_SECONDS": "0"}),
    )
    yield world
    wiring.install()


def event(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return loaded


def invoke(given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    context: Any = SimpleNamespace(aws_request_id="5e5c4d3f-0000-4000-8000-000000000000")
    answer = handler.lambda_handler(given, context)
    assert answer["headers"]["Content-Type"] == "application/json"
    return answer["statusCode"], json.loads(answer["body"])


def request(method: str, path: str, body: Any = None, **query: str) -> tuple[int, dict[str, Any]]:
    """The event of any request, made from the recorded one."""
    made = copy.deepcopy(event("put_segment"))
    made |= {"rawPath": path, "queryStringParameters": query or None, "body": body if isinstance(body, str | None) else json.dumps(body)}
    made["requestContext"]["http"] |= {"method": method, "path": path}
    return invoke(made)


@pytest.mark.parametrize("case", sorted(path.stem for path in EVENTS.glob("*.json")))
def test_every_recorded_event_is_answered_well(case: str, world: World) -> None:
    world.definitions.put("segment", "twice", TWICE, at=NOON, by="test")
    world.definitions.put("campaign", "spring", SPRING, at=NOON, by="test")
    status, _ = invoke(event(case))
    assert status in (200, 202)


def test_a_segment_is_saved_in_the_name_of_the_tokens_subject(world: World) -> None:
    assert invoke(event("put_segment")) == (200, {"id": "twice", "version": 1})
    assert world.definitions.by == [event("put_segment")["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]]


def test_a_segment_under_another_address_is_refused(world: World) -> None:
    status, body = request("PUT", "/admin/segments/other", TWICE)
    assert (status, body["code"], body["field"]) == (400, "invalid_request", "id")


def test_an_id_that_no_segment_may_have_is_refused_as_it_was_written(world: World) -> None:
    status, body = request("PUT", "/admin/segments/my%20segment", TWICE | {"id": "my segment"})
    assert (status, body["code"], body["field"]) == (400, "invalid_rule", "id")


def test_a_wrong_rule_names_what_is_wrong(world: World) -> None:
    status, body = request("PUT", "/admin/segments/twice", TWICE | {"rule": {"trait": "plan", "equals": "pro"}})
    assert (status, body["code"]) == (400, "invalid_rule")
    assert "equals" in body["message"]


def test_segments_are_listed_with_their_versions(world: World) -> None:
    request("PUT", "/admin/segments/twice", TWICE)
    request("PUT", "/admin/segments/twice", TWICE)
    assert request("GET", "/admin/segments")[1]["segments"][0]["version"] == 2
    assert request("GET", "/admin/segments/twice")[1]["rule"] == TWICE["rule"]
    assert request("GET", "/admin/segments/thrice")[0] == 404


@pytest.mark.parametrize(("noun", "document"), [("segments", TWICE), ("campaigns", SPRING)])
def test_what_was_got_can_be_put_again(noun: str, document: dict[str, Any], world: World) -> None:
    request("PUT", "/admin/segments/twice", TWICE)
    address = f"/admin/{noun}/{document['id']}"
    request("PUT", address, document)
    got = request("GET", address)[1]
    status, saved = request("PUT", address, got)
    assert (status, saved["version"]) == (200, got["version"] + 1)
    assert request("GET", address)[1] == {**document, "version": saved["version"]}


@pytest.mark.parametrize("text", ["2026-01-02", "2026-01-02T00:00:00Z", "2026-01-02T02:00:00+02:00"])
def test_sql_is_made_as_of_the_moment_asked_for(text: str, world: World) -> None:
    request("PUT", "/admin/segments/twice", TWICE)
    status, body = request("POST", "/admin/segments/twice/sql", {"as_of": text})
    assert (status, body["as_of"]) == (200, "2026-01-02T00:00:00Z")
    assert body["sql"].startswith(("SELECT", "WITH"))
    assert "2026-01-02 00:00:00" in body["sql"]


def test_sql_is_as_of_now_without_a_body(world: World) -> None:
    request("PUT", "/admin/segments/twice", TWICE)
    assert request("POST", "/admin/segments/twice/sql")[1]["as_of"] == "2026-11-21T12:00:00Z"


def test_a_count_is_started_and_then_asked_after(world: World) -> None:
    request("PUT", "/admin/segments/twice", TWICE)
    status, begun = request("POST", "/admin/segments/twice/evaluations", {"kind": "count", "as_of": "2026-01-02"})
    assert (status, begun["state"]) == (202, "queued")
    world.queries.query = Query("q1", "running")
    path = f"/admin/evaluations/{begun['evaluation_id']}"
    assert request("GET", path, kind="count", as_of=begun["as_of"])[1]["state"] == "running"
    world.queries.query = Query("q1", "succeeded", bytes_scanned=25_000_000)
    world.queries.pages[""] = ([{"people": "20"}], "")
    status, done = request("GET", path, kind="count", as_of=begun["as_of"])
    assert (status, done["state"], done["count"], done["bytes_scanned"], done["as_of"]) == (200, "succeeded", 20, 25_000_000, "2026-01-02T00:00:00Z")
    assert 0 < done["cost_usd"] < 0.001


def test_a_failed_count_gives_athenas_reason(world: World) -> None:
    world.queries.query = Query("q1", "failed", reason="HIVE_BAD_DATA")
    status, body = request("GET", "/admin/evaluations/q1", kind="count", as_of="2026-01-02")
    assert (status, body["state"], body["reason"]) == (200, "failed", "HIVE_BAD_DATA")


def test_members_come_in_pages(world: World) -> None:
    world.queries.pages = {"": ([{"user_id": "ada"}, {"user_id": "bob"}], "p2"), "p2": ([{"user_id": "cy"}], "")}
    assert request("GET", "/admin/evaluations/q1/members")[1] == {"members": ["ada", "bob"], "next": "p2"}
    assert request("GET", "/admin/evaluations/q1/members", page="p2")[1] == {"members": ["cy"], "next": ""}


def test_an_unknown_evaluation_is_not_found(world: World) -> None:
    assert request("GET", "/admin/evaluations/nope", kind="count", as_of="2026-01-02")[0] == 404


def test_a_launch_starts_the_state_machine_and_answers_at_once(world: World) -> None:
    world.definitions.put("segment", "twice", TWICE, at=NOON, by="test")
    assert request("PUT", "/admin/campaigns/spring", SPRING) == (200, {"id": "spring", "version": 1})
    status, run = request("POST", "/admin/campaigns/spring/runs", {})
    assert (status, run["state"]) == (202, "planned")
    assert world.runner.started == [run["run_id"]]
    assert request("GET", f"/admin/runs/{run['run_id']}")[1]["state"] == "planned"


def test_a_report_is_started_and_then_asked_after(world: World) -> None:
    world.definitions.put("segment", "twice", TWICE, at=NOON, by="test")
    request("PUT", "/admin/campaigns/spring", SPRING)
    run = request("POST", "/admin/campaigns/spring/runs", {})[1]["run_id"]
    status, begun = request("POST", f"/admin/runs/{run}/reports")
    assert (status, begun) == (202, {"report_id": "q1"})
    world.queries.query = Query("q1", "running")
    assert request("GET", f"/admin/runs/{run}/reports/q1")[1]["state"] == "running"
    world.queries.query = Query("q1", "succeeded", bytes_scanned=1)
    report = request("GET", f"/admin/runs/{run}/reports/q1")[1]["report"]
    assert {"sentence", "arms", "effect", "cost"} <= set(report)


def test_a_flush_hands_out_a_ticket(world: World) -> None:
    status, body = request("POST", "/admin/flush", {})
    assert (status, body["state"], body["queued"]) == (200, "pending", 3)
    assert request("POST", "/admin/flush", {"flush_id": body["flush_id"]})[0] == 200
    assert request("POST", "/admin/flush", {"flush_id": "forged"})[1]["field"] == "flush_id"


def test_a_person_is_found_by_any_id_in_a_query(world: World) -> None:
    assert request("GET", "/admin/profiles", user_id="a/b")[1]["user_id"] == "a/b"
    assert request("GET", "/admin/profiles/nobody")[0] == 404
    assert request("GET", "/admin/profiles")[1]["field"] == "user_id"


def test_quarantine_is_listed_within_its_limit(world: World) -> None:
    assert request("GET", "/admin/quarantine") == (200, {"events": []})
    assert request("GET", "/admin/quarantine", limit="1000")[1]["field"] == "limit"


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
    ],
)
def test_a_body_that_is_not_as_described_is_refused_with_what_is_wrong(body: str, word: str, world: World) -> None:
    status, refused = request("POST", "/admin/segments/twice/sql", body)
    assert (status, refused["code"]) == (400, "invalid_request")
    assert word in refused["message"]


def test_bytes_that_are_not_text_are_refused(world: World) -> None:
    made = event("put_segment") | {"body": "/////w==", "isBase64Encoded": True}
    assert invoke(made)[1] == {"code": "invalid_request", "message": "the body is not UTF-8"}


def test_any_content_type_is_read_as_json(world: World) -> None:
    made = event("put_segment")
    made["headers"]["content-type"] = "application/x-www-form-urlencoded"
    assert invoke(made)[0] == 200


def test_an_unknown_route_says_where_all_are(world: World) -> None:
    status, body = request("DELETE", "/admin/segments/twice")
    assert (status, body["code"]) == (404, "no_such_route")
    assert "/admin/openapi.json" in body["message"]


def test_what_fails_under_us_keeps_its_status_and_reason(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> Query:
        raise QueryFailedError("Athena cannot be reached")

    monkeypatch.setattr(world.queries, "look", refuse)
    status, body = request("GET", "/admin/evaluations/q1", kind="count", as_of="2026-01-02")
    assert (status, body) == (502, {"code": "query_failed", "message": "Athena cannot be reached"})


def test_what_nobody_expected_is_500_without_its_details(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(_: str) -> Query:
        raise KeyError("secret")

    monkeypatch.setattr(world.queries, "look", burst)
    status, body = request("GET", "/admin/evaluations/q1", kind="count", as_of="2026-01-02")
    assert (status, body["code"], "secret" in body["message"]) == (500, "internal", False)


def test_the_description_is_openapi_3_1_with_every_route_its_scope_and_its_problems(world: World) -> None:
    status, description = request("GET", "/admin/openapi.json")
    assert (status, description["openapi"][:3]) == (200, "3.1")
    operations = {(method, path): each for path, methods in description["paths"].items() for method, each in methods.items()}
    assert {("put", "/admin/segments/{segment_id}"), ("post", "/admin/campaigns/{campaign_id}/runs"), ("post", "/admin/flush")} <= set(operations)
    for operation in operations.values():
        assert operation["security"][0]["admin"][0].startswith("regulars/")
        assert operation["responses"]["default"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
        assert "422" not in operation["responses"]
    assert operations["post", "/admin/campaigns/{campaign_id}/runs"]["security"] == [{"admin": ["regulars/send"]}]
    references = {text.split('"')[0] for text in json.dumps(description).split("#/components/schemas/")[1:]}
    assert references <= set(description["components"]["schemas"])


def test_two_copies_of_the_handler_answer_at_the_same_time_without_mixing_requests() -> None:
    """As in the local cloud, where each sandbox has its own copy: powertools itself keeps the current event on a shared class."""
    both = threading.Barrier(2)
    seen: dict[str, str] = {}

    def serve(name: str) -> None:
        resolver = handler.Resolver()

        def route() -> dict[str, str]:
            both.wait(5)
            return {"path": resolver.current_event.path}

        resolver.get(f"/admin/{name}")(route)
        made = event("put_segment") | {"rawPath": f"/admin/{name}", "body": None}
        made["requestContext"]["http"] |= {"method": "GET", "path": f"/admin/{name}"}
        seen[name] = json.loads(resolver.resolve(made, SimpleNamespace())["body"])["path"]  # type: ignore[arg-type]

    threads = [threading.Thread(target=serve, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"one": "/admin/one", "two": "/admin/two"}
