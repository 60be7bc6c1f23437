"""Logs and health over HTTP."""

from dataclasses import replace
from datetime import timedelta

from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.run import RunError
from regulars.domain.costs import Statement
from regulars.domain.operations import Alarm
from tests.functions.admin.api import request
from tests.functions.admin.conftest import NOON, World


def test_logs_are_those_of_all_functions_in_the_last_hour_unless_one_is_named(world: World) -> None:
    status, body = request("GET", "/admin/logs")
    assert status == 200
    assert [(event["function"], event["message"], event["at"]) for event in body["events"]] == [
        ("collect", "one", "2026-11-21T12:00:00Z"),
        ("load", "two", "2026-11-21T12:00:01Z"),
    ]
    assert [event["message"] for event in request("GET", "/admin/logs", function="load")[1]["events"]] == ["two"]
    assert [event["message"] for event in request("GET", "/admin/logs", since="2026-11-21T12:00:01Z")[1]["events"]] == ["two"]
    world.clock.advance(timedelta(hours=2))
    assert request("GET", "/admin/logs")[1] == {"events": [], "next": ""}


def test_the_functions_are_told_whose_logs_there_are(world: World) -> None:
    assert request("GET", "/admin/functions") == (200, {"functions": ["collect", "load"]})


def test_logs_of_nobody_are_refused_with_whose_there_are(world: World) -> None:
    status, body = request("GET", "/admin/logs", function="lode")
    assert (status, body["field"]) == (400, "function")
    assert "there are collect, load" in body["message"]
    assert request("GET", "/admin/logs", since="yesterday")[1]["field"] == "since"
    assert request("GET", "/admin/logs", limit="0")[1]["field"] == "limit"


def test_health_tells_what_is_wrong_and_what_to_do(world: World) -> None:
    status, body = request("GET", "/admin/health")
    assert (status, body["healthy"], body["concerns"]) == (200, True, [])
    world.dead_letters["events"].put("a batch")
    world.alarms.alarms.append(Alarm("EventDeadLetters", "alarm", "bring them back", "1 > 0", NOON))
    body = request("GET", "/admin/health")[1]
    assert (body["healthy"], [concern["code"] for concern in body["concerns"]]) == (False, ["alarm", "dead_letters"])
    assert body["dead_letters"] == {"events": 1}


def launched(world: World) -> str:
    world.clock.advance(timedelta(minutes=1))
    return str(request("POST", "/admin/campaigns/spring/runs", {})[1]["run_id"])


def test_a_failed_run_counts_until_a_newer_run_of_its_campaign_has_not_failed(defined: World) -> None:
    failed = launched(defined)
    stored = defined.runs.get(failed)
    defined.runs.put(stored.value.failed_to_start(RunError("query_failed", "no such table"), NOON), expected=stored.version)
    body = request("GET", "/admin/health")[1]
    assert body["failed_runs"] == [failed]
    assert body["concerns"][0]["message"] == f"run {failed} of spring failed: no such table"
    newer = launched(defined)
    assert request("GET", "/admin/health")[1]["healthy"]
    stored = defined.runs.get(newer)
    defined.runs.put(replace(stored.value, state="succeeded"), expected=stored.version)
    assert request("GET", "/admin/health")[1]["failed_runs"] == []


def test_a_run_that_waits_for_somebody_to_mend_something_is_a_concern_and_one_that_somebody_paused_is_none(defined: World) -> None:
    run_id = launched(defined)
    stored = defined.runs.get(run_id)
    defined.runs.put(stored.value.paused(Pause(NOON, "ina")), expected=stored.version)
    assert request("GET", "/admin/health")[1]["healthy"]
    defined.runs.put(stored.value.paused(Pause(NOON), RunError("message_refused", "title: no")), expected=stored.version + 1)
    (concern,) = request("GET", "/admin/health")[1]["concerns"]
    assert (concern["code"], concern["message"]) == ("run_paused", f"run {run_id} of spring is paused: title: no")
    assert concern["advice"].startswith(f"Mend it, then `regulars campaign resume {run_id}`")


def test_costs_are_told_by_day_with_what_is_not_counted(world: World) -> None:
    world.query_history.kept = [
        Statement(NOON, "SELECT", "DML", "succeeded", 10**9),
        Statement(NOON - timedelta(days=1), "MERGE", "DML", "succeeded", 1),
    ]
    status, body = request("GET", "/admin/costs", days="2")
    assert (status, body["complete"], body["counted"]) == (200, True, ["Athena"])
    assert [(day["day"], day["statements"], day["cost_usd"]) for day in body["days"]] == [("2026-11-21", 1, 0.005), ("2026-11-20", 1, 0.00005)]
    assert "Lambda" in body["not_counted"]
    assert request("GET", "/admin/costs", days="31")[0] == 400
