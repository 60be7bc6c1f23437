from regulars.domain.campaigns.counts import Counts
from regulars.domain.errors import RunnerUnavailableError, SchedulerUnavailableError
from tests.functions.admin.api import SPRING, request
from tests.functions.admin.conftest import World


def test_a_campaign_to_a_segment_that_is_not_there_is_refused_by_its_path(world: World) -> None:
    status, body = request("PUT", "/admin/campaigns/spring", SPRING)
    assert (status, body["code"], body["field"]) == (400, "invalid_campaign", "audience.include[0]")


def test_a_launch_starts_the_state_machine_and_answers_at_once(defined: World) -> None:
    status, run = request("POST", "/admin/campaigns/spring/runs", {})
    assert (status, run["state"], run["launched_at"]) == (202, "planned", "2026-11-21T12:00:00Z")
    assert defined.campaign_runner.started == [run["run_id"]]
    assert request("GET", f"/admin/runs/{run['run_id']}") == (200, run)


def test_a_key_of_the_callers_own_makes_two_requests_one_launch(defined: World) -> None:
    key = {"idempotency-key": "a" * 255}
    (first, run), again = (request("POST", "/admin/campaigns/spring/runs", {}, headers=key) for _ in range(2))
    assert again == (first, run)
    status, refused = request("POST", "/admin/campaigns/spring/runs", {}, headers={"idempotency-key": "another"})
    assert (status, refused["code"], refused["run_id"]) == (409, "run_under_way", run["run_id"])
    assert defined.campaign_runner.started == [run["run_id"]]


def test_a_launch_that_does_not_know_of_the_last_one_is_refused_with_its_run(defined: World) -> None:
    run = request("POST", "/admin/campaigns/spring/runs", {"last": ""})[1]
    assert run["launched_by"] == "4o5p6q7r8s9t"
    stored = defined.runs.get(run["run_id"])
    sent = stored.value.sharded("runs/manifest.json", 1)
    defined.runs.put(sent.concluded(Counts(), error=None, bytes_scanned={}, cost={}, now=stored.value.launched_at), expected=stored.version)
    status, refused = request("POST", "/admin/campaigns/spring/runs", {"last": ""}, headers={"idempotency-key": "another"})
    assert (status, refused["code"], refused["run_id"]) == (409, "launched_meanwhile", run["run_id"])
    assert request("POST", "/admin/campaigns/spring/runs", {"last": run["run_id"]}, headers={"idempotency-key": "another"})[0] == 202


def test_a_key_that_is_too_long_is_refused(defined: World) -> None:
    status, refused = request("POST", "/admin/campaigns/spring/runs", {}, headers={"idempotency-key": "a" * 256})
    assert (status, refused["field"].lower(), defined.campaign_runner.started) == (400, "idempotency-key", [])


def test_a_launch_as_of_the_past_is_a_rehearsal_unless_it_says_send(defined: World) -> None:
    past = {"as_of": "2026-11-01"}
    assert request("POST", "/admin/campaigns/spring/runs", past, headers={"idempotency-key": "1"})[1]["rehearsal"] is True
    assert request("POST", "/admin/campaigns/spring/runs", {**past, "send": True}, headers={"idempotency-key": "2"})[1]["rehearsal"] is False


def test_a_state_machine_that_refuses_is_not_called_a_queue(defined: World) -> None:
    defined.campaign_runner.refuses = RunnerUnavailableError("the campaign state machine did not take it")
    status, body = request("POST", "/admin/campaigns/spring/runs", {})
    assert (status, body["code"]) == (503, "runner_unavailable")


def test_an_archived_campaign_is_not_launched(defined: World) -> None:
    request("POST", "/admin/campaigns/spring/archive", {})
    status, body = request("POST", "/admin/campaigns/spring/runs", {})
    assert (status, body["code"], defined.campaign_runner.started) == (409, "conflict", [])


THURSDAYS = {**SPRING, "schedule": {"cron": "0 18 ? * THU *", "timezone": "Europe/Berlin"}}


def test_what_is_scheduled_says_what_comes_next_and_can_be_put_as_it_was_got(defined: World) -> None:
    status, saved = request("PUT", "/admin/campaigns/spring", THURSDAYS)
    assert (status, saved["next"][0], len(saved["next"])) == (200, "2026-11-26T18:00+01:00", 5)
    got = request("GET", "/admin/campaigns/spring")[1]
    assert got["next"] == saved["next"]
    assert request("GET", "/admin/campaigns")[1]["campaigns"][0]["next"] == saved["next"]
    assert "next" not in request("GET", "/admin/campaigns/spring", version="2")[1]
    assert request("PUT", "/admin/campaigns/spring", got)[1] == {**saved, "unchanged": True}
    assert len(defined.campaign_scheduler.kept) == 1


def test_an_archived_campaign_and_a_version_without_a_schedule_are_scheduled_no_more(defined: World) -> None:
    request("PUT", "/admin/campaigns/spring", THURSDAYS)
    request("POST", "/admin/campaigns/spring/archive", {})
    assert (defined.campaign_scheduler.kept, request("GET", "/admin/campaigns/spring")[1].get("next")) == ({}, None)
    assert len(request("POST", "/admin/campaigns/spring/restore", {"version": 2})[1]["next"]) == 5
    assert len(defined.campaign_scheduler.kept) == 1
    assert request("POST", "/admin/campaigns/spring/restore", {"version": 1})[1]["next"] == []
    assert defined.campaign_scheduler.kept == {}


def test_a_scheduler_that_is_away_is_told_and_the_same_put_goes_on(defined: World) -> None:
    defined.campaign_scheduler.refuses = SchedulerUnavailableError("EventBridge Scheduler cannot be reached")
    status, body = request("PUT", "/admin/campaigns/spring", THURSDAYS)
    assert (status, body["code"]) == (503, "scheduler_unavailable")
    defined.campaign_scheduler.refuses = None
    assert request("PUT", "/admin/campaigns/spring", THURSDAYS)[1]["unchanged"] is True
    assert len(defined.campaign_scheduler.kept) == 1


def test_what_saving_would_say_is_said_and_nothing_is_saved(defined: World) -> None:
    status, verdict = request("POST", "/admin/campaigns/summer/drafts", {**THURSDAYS, "id": "summer", "control": {"percent": 0}})
    assert (status, len(verdict["next"]), [each["path"] for each in verdict["warnings"]]) == (200, 5, ["control.percent"])
    assert request("GET", "/admin/campaigns/summer")[0] == 404
    assert defined.campaign_scheduler.kept == {}
    status, refused = request("POST", "/admin/campaigns/summer/drafts", {**THURSDAYS, "id": "summer", "audience": {"include": ["nobodys"]}})
    assert (status, refused["field"]) == (400, "audience.include[0]")
