from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.execution import Execution
from regulars.domain.campaigns.places import manifest_key
from regulars.domain.campaigns.shards import Shard, shard_manifest
from regulars.domain.delivery.progress import Progress
from regulars.domain.delivery.tally import Tally
from tests.functions.admin.api import SPRING, recorded, request
from tests.functions.admin.conftest import NOON, World


def launched(world: World, campaign: str = "spring") -> str:
    """A request of its own, a minute later, when no other run is under way any more."""
    world.clock.advance(timedelta(minutes=1))
    for run in world.runs.unfinished():
        world.runs.put(replace(run, state="failed"), expected=world.runs.get(run.run_id).version)
    status, run = request("POST", f"/admin/campaigns/{campaign}/runs", {}, headers={"idempotency-key": str(world.clock.now())})
    assert status == 202
    return str(run["run_id"])


def ids(**query: str) -> list[str]:
    listed: list[dict[str, Any]] = request("GET", "/admin/runs", **query)[1]["runs"]
    return [run["run_id"] for run in listed]


def test_runs_are_listed_the_newest_first_in_pages(defined: World) -> None:
    first, second, third = (launched(defined) for _ in range(3))
    status, page = request("GET", "/admin/runs", limit="2")
    assert (status, [run["run_id"] for run in page["runs"]]) == (200, [third, second])
    assert {"run_id", "campaign_id", "state", "launched_at", "counts"} <= set(page["runs"][0])
    assert page["runs"][0]["counts"]["audience"] == 0
    last = request("GET", "/admin/runs", limit="2", page=page["next"])[1]
    assert ([run["run_id"] for run in last["runs"]], last["next"]) == ([first], "")


def test_runs_are_listed_by_campaign(defined: World) -> None:
    defined.definitions.put("campaign", "autumn", SPRING | {"id": "autumn"}, at=NOON, by="test")
    spring, autumn = launched(defined), launched(defined, "autumn")
    assert ids(campaign_id="spring") == [spring]
    assert ids() == [autumn, spring]
    assert request("GET", "/admin/runs", campaign_id="nothing")[0] == 404
    defined.definitions.put("campaign", "unsent", SPRING | {"id": "unsent"}, at=NOON, by="test")
    assert ids(campaign_id="unsent") == []


def test_a_run_under_way_and_the_list_of_runs_tell_what_became_of_its_people_by_now(defined: World) -> None:
    run_id, key = launched(defined), manifest_key("spring")
    stored = defined.runs.get(run_id)
    defined.lake.content[key] = shard_manifest(run_id, [Shard(0, ["a"]), Shard(3, ["b"])])
    sized = stored.value.sharded(key, 2).sized(Counts(11, 1, 10, skipped={"not_reached": 10}), 0)
    defined.runs.put(sized, expected=stored.version)
    now, at_work = defined.clock.now(), Tally({("sent", ""): 4, ("failed", "refused"): 1}, pushes=6, per_second=2.5)
    defined.progress.put(Progress(run_id, 0, "a call", now + timedelta(seconds=9), tally=at_work), expected=0)
    defined.progress.put(Progress(run_id, 3, "dead", now, tally=replace(at_work, people={("sent", ""): 1})), expected=0)
    status, found = request("GET", f"/admin/runs/{run_id}")
    assert (status, found["per_second"], found["seconds_left"]) == (200, 2.5, 1.6)
    expected = {"audience": 11, "control": 1, "treated": 10, "sent": 5, "unknown": 0, "failed": {"refused": 1}, "skipped": {"not_reached": 4}}
    assert found["counts"] == {**expected, "pushes": 12, "held_out": 0}
    assert request("GET", "/admin/runs")[1]["runs"][0]["counts"] == found["counts"]
    assert request("POST", f"/admin/runs/{run_id}/pause", {})[1]["counts"] == found["counts"]


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_a_page_of_runs_has_its_limits(limit: str, world: World) -> None:
    status, body = request("GET", "/admin/runs", limit=limit)
    assert (status, body["field"]) == (400, "limit")


def test_an_unknown_run_is_not_found(world: World) -> None:
    assert request("GET", "/admin/runs/spring-1")[0] == 404
    assert request("POST", "/admin/runs/spring-1/reports", {})[0] == 404


def test_a_report_is_started_and_then_asked_after_by_its_ticket_alone(defined: World) -> None:
    run_id = launched(defined)
    status, refused = request("POST", f"/admin/runs/{run_id}/reports", {})
    assert (status, refused["code"]) == (409, "conflict")
    stored = defined.runs.get(run_id)
    defined.runs.put(replace(stored.value, state="succeeded"), expected=stored.version)
    status, begun = request("POST", f"/admin/runs/{run_id}/reports", {})
    assert (status, begun["state"], begun["report"]) == (202, "queued", None)
    address = f"/admin/reports/{begun['ticket']}"
    defined.queries.state = "running"
    assert request("GET", address)[1]["state"] == "running"
    defined.queries.state = "succeeded"
    status, done = request("GET", address)
    assert (status, done["ticket"]) == (200, begun["ticket"])
    assert {"sentence", "arms", "effect", "cost"} <= set(done["report"])


def test_a_report_is_a_page_once_it_is_there(defined: World) -> None:
    run_id = launched(defined)
    stored = defined.runs.get(run_id)
    defined.runs.put(replace(stored.value, state="succeeded"), expected=stored.version)
    ticket = request("POST", f"/admin/runs/{run_id}/reports", {})[1]["ticket"]
    defined.queries.state = "running"
    status, page = request("GET", f"/admin/reports/{ticket}/page")
    assert (status, page["state"], page["html"]) == (200, "running", None)
    defined.queries.state = "succeeded"
    status, page = request("GET", f"/admin/reports/{ticket}/page")
    assert (status, page["html"].startswith("<!doctype html>"), run_id in page["html"]) == (200, True, True)


def test_what_was_counted_last_is_a_page_at_once_and_section_by_section(defined: World) -> None:
    run_id = launched(defined)
    assert request("GET", f"/admin/runs/{run_id}/report/page")[0] == 404
    stored = defined.runs.get(run_id)
    defined.runs.put(replace(stored.value, state="succeeded"), expected=stored.version)
    ticket = request("POST", f"/admin/runs/{run_id}/reports", {})[1]["ticket"]
    request("GET", f"/admin/reports/{ticket}")
    status, page = request("GET", f"/admin/runs/{run_id}/report/page")
    assert (status, page["ticket"], page["html"].startswith("<!doctype html>")) == (200, ticket, True)
    tags, verdict, *_ = page["sections"]
    assert (tags["tag"], verdict["attributes"]["class"]) == ("p", "card stack")


def test_the_ticket_of_an_evaluation_shows_no_report(defined: World) -> None:
    ticket = request("POST", "/admin/segments/twice/evaluations", {})[1]["ticket"]
    status, body = request("GET", f"/admin/reports/{ticket}")
    assert (status, body["field"]) == (400, "ticket")


def test_the_same_request_launches_the_same_run(defined: World) -> None:
    """API Gateway's id of a request names its run, so that a request that Lambda is given twice launches once."""
    event = recorded("launch_campaign")
    assert event["requestContext"]["requestId"]
    first = request("POST", "/admin/campaigns/spring/runs", {})
    assert request("POST", "/admin/campaigns/spring/runs", {}) == first
    assert (first[0], len(defined.campaign_runner.started)) == (202, 1)


def test_a_run_that_came_to_a_halt_is_resumed(defined: World) -> None:
    run_id = launched(defined)
    defined.campaign_runner.executions[run_id] = Execution("aborted")
    status, run = request("POST", f"/admin/runs/{run_id}/resume", {})
    assert (status, run["run_id"], run["state"], run["continues"]) == (202, run_id, "planned", [])
    assert defined.campaign_runner.started == [run_id, f"{run_id}-2"]


def test_a_run_that_goes_on_by_itself_is_not_resumed(defined: World) -> None:
    run_id = launched(defined)
    status, refused = request("POST", f"/admin/runs/{run_id}/resume", {})
    assert (status, refused["code"]) == (409, "conflict")
    assert refused["message"] == f"run {run_id} goes on by itself: its execution is running"


def test_a_run_is_paused_resumed_and_aborted_by_whoever_asks(defined: World) -> None:
    run_id = launched(defined)
    status, run = request("POST", f"/admin/runs/{run_id}/pause", {})
    assert (status, run["state"], run["stopped_by"]) == (202, "paused", "4o5p6q7r8s9t")
    assert request("GET", f"/admin/runs/{run_id}")[1]["state"] == "paused"
    assert request("POST", f"/admin/runs/{run_id}/resume", {"late": True})[1]["state"] == "planned"
    status, run = request("POST", f"/admin/runs/{run_id}/abort", {})
    assert (status, run["state"], run["stopped_at"]) == (202, "aborted", defined.clock.now().isoformat().replace("+00:00", "Z"))
    assert request("GET", "/admin/runs")[1]["runs"][0]["state"] == "aborted"


def test_what_cannot_be_paused_any_more_is_a_conflict(defined: World) -> None:
    run_id = launched(defined)
    stored = defined.runs.get(run_id)
    defined.runs.put(replace(stored.value, state="succeeded"), expected=stored.version)
    for verb in ("pause", "abort", "resume"):
        status, refused = request("POST", f"/admin/runs/{run_id}/{verb}", {})
        assert (status, refused["code"]) == (409, "conflict"), verb
    assert request("POST", "/admin/runs/spring-1/pause", {})[0] == 404


def test_why_somebody_got_nothing_is_asked_after_by_a_ticket(defined: World) -> None:
    run_id = launched(defined)
    status, begun = request("POST", f"/admin/runs/{run_id}/why", {"user_id": "a/b"})
    assert (status, begun["state"]) == (202, "queued")
    status, done = request("GET", f"/admin/whys/{begun['ticket']}")
    assert (status, done["state"], done["why"]["outcome"]) == (200, "succeeded", "pending")
    assert {"user_id", "run_id", "outcome", "reason", "gates"} <= set(done["why"])
    assert set(done["why"]["gates"][0]) == {"gate", "passed", "because"}
    assert request("POST", f"/admin/runs/{run_id}/why", {"user_id": ""})[0] == 400
