"""Journeys over HTTP."""

from typing import Any

from tests.functions.admin.api import request
from tests.functions.admin.conftest import World
from tests.usecases.journey_world import DOCUMENTS

WELCOME = dict(DOCUMENTS["welcome"])


def saved(world: World) -> None:
    assert request("PUT", "/admin/journeys/welcome", WELCOME)[0] == 200


def test_a_journey_is_saved_launched_paused_resumed_and_stopped(world: World) -> None:
    saved(world)
    assert request("GET", "/admin/journeys/welcome/status")[1]["standing"] == "saved"
    for verb, standing in (("launch", "live"), ("pause", "paused"), ("resume", "live"), ("stop", "stopped")):
        status, body = request("POST", f"/admin/journeys/welcome/{verb}", {})
        assert (status, body["standing"], body["version"], body["unchanged"]) == (200, standing, 1, False)
        assert request("POST", f"/admin/journeys/welcome/{verb}", {})[1]["unchanged"] is True
    assert request("POST", "/admin/journeys/welcome/resume", {})[0] == 409
    status, body = request("GET", "/admin/journeys")
    assert [(each["document"]["id"], each["standing"], each["launched_version"]) for each in body["journeys"]] == [("welcome", "stopped", 1)]


def test_another_system_sends_somebody_into_a_journey(world: World) -> None:
    request("PUT", "/admin/journeys/welcome", {**WELCOME, "entry": {"api": True}})
    assert request("POST", "/admin/journeys/welcome/starts", {"user_id": "ann"})[0] == 404
    request("POST", "/admin/journeys/welcome/launch", {})
    status, body = request("POST", "/admin/journeys/welcome/starts", {"user_id": " ann ", "properties": {"amount": 3}, "id": "order-1"})
    assert (status, body) == (202, {"journey_id": "welcome", "user_id": "ann", "id": "order-1"})
    assert [(this.user_id, this.name, this.properties) for this in world.journey_queue.sent] == [("ann", "welcome", '{"amount":3}')]


def test_everything_that_is_wrong_is_answered_at_once(world: World) -> None:
    wrong: dict[str, Any] = {**WELCOME, "start": "nowhere", "entry": {"event": ""}}
    status, body = request("PUT", "/admin/journeys/welcome", wrong)
    assert (status, body["code"]) == (400, "invalid_journey")
    assert {each["path"] for each in body["problems"]} >= {"start", "entry.event"}
    status, body = request("POST", "/admin/journeys/welcome/drafts", wrong)
    assert status == 200 and {each["path"] for each in body["errors"]} >= {"start", "entry.event"}
    assert request("GET", "/admin/journeys/welcome")[0] == 404


def test_a_launch_of_a_version_that_is_not_the_newest_any_more_is_refused(world: World) -> None:
    saved(world)
    request("PUT", "/admin/journeys/welcome", {**WELCOME, "name": "Newer"})
    assert request("POST", "/admin/journeys/welcome/launch", {"version": 1})[0] == 409
    assert request("POST", "/admin/journeys/welcome/launch", {"version": 2})[1]["version"] == 2


def test_one_that_runs_is_not_archived(world: World) -> None:
    saved(world)
    request("POST", "/admin/journeys/welcome/launch", {})
    assert request("POST", "/admin/journeys/welcome/archive", {})[0] == 409
    request("POST", "/admin/journeys/welcome/stop", {})
    assert request("POST", "/admin/journeys/welcome/archive", {})[0] == 200


def test_a_preflight_says_what_a_launch_would_do(world: World) -> None:
    saved(world)
    status, body = request("POST", "/admin/journeys/welcome/preflight", {})
    assert (status, body["version"], body["launched_version"], body["errors"], body["inside"]) == (200, 1, None, [], [])


def test_a_look_back_is_started_and_asked_after(world: World) -> None:
    saved(world)
    status, body = request("POST", "/admin/journeys/welcome/backtests", {"from": "2026-01-01T00:00:00Z", "to": "2026-01-31T00:00:00Z", "sample": 5})
    assert (status, body["state"]) == (202, "queued")
    assert request("GET", f"/admin/journey-backtests/{body['ticket']}")[1]["state"] in ("running", "failed")
    status, body = request("POST", "/admin/journeys/welcome/backtests", {"from": "2026-02-01T00:00:00Z", "to": "2026-01-31T00:00:00Z"})
    assert (status, body["field"]) == (400, "to")


def test_a_journey_is_drawn_as_it_is_saved_or_as_somebody_writes_it(world: World) -> None:
    saved(world)
    status, body = request("POST", "/admin/journeys/welcome/pictures", {})
    assert (status, body["id"], body["drawing"]["tag"]) == (200, "welcome", "svg")
    assert {each["step"] for each in body["steps"]} == set(WELCOME["steps"])
    renamed = {**WELCOME, "name": "Newer", "start": "now", "steps": {"now": {"exit": "gone"}}}
    status, body = request("POST", "/admin/journeys/welcome/pictures", {"document": renamed})
    assert body["steps"] == [{"step": "now", "kind": "exit", "sentence": "leave: gone"}] and body["drawing"]["attributes"]["aria-label"] == "Newer"
    status, body = request("POST", "/admin/journeys/welcome/pictures", {"document": {**renamed, "start": "nowhere"}})
    assert (status, body["field"]) == (400, "start")
    assert request("POST", "/admin/journeys/none/pictures", {})[0] == 404
