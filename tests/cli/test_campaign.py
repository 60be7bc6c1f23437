import json
from typing import Any

import pytest

from tests.cli.conftest import FakeApi, Run

COUNTS = {"audience": 20, "control": 5, "treated": 15, "sent": 14, "unknown": 0, "failed": {"unregistered": 1}, "skipped": {}, "pushes": 14}
REPORT: dict[str, Any] = {
    "sentence": "No effect can be told from zero.",
    "as_of": "2017-10-15T00:00:00Z",
    "arms": [
        {
            "arm": "control",
            "people": 5,
            "sent": 0,
            "unknown": 0,
            "failed": {},
            "skipped": {},
            "received": 0,
            "opened": 0,
            "converted": 1,
            "value": 10.5,
        },
        {
            "arm": "treated",
            "people": 15,
            "sent": 14,
            "unknown": 0,
            "failed": {"unregistered": 1},
            "skipped": {},
            "received": 0,
            "opened": 0,
            "converted": 4,
            "value": 42.0,
        },
    ],
    "effect": [{"variant": "treated", "metric": "conversion", "difference": 0.0667, "low": -0.3, "high": 0.35, "method": "Newcombe"}],
    "cost": {"total_usd": 0.0004},
}


def test_launch_answers_at_once_and_passes_the_moment_on(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/runs", {"run_id": "r1", "state": "planned"}, status=202)
    done = regulars("campaign", "launch", "spring", "--as-of", "2017-10-01", "--json")
    assert json.loads(done.stdout) == {"run_id": "r1", "state": "planned"}
    assert api.asked == [("POST", "/admin/campaigns/spring/runs", {"as_of": "2017-10-01"})]


def test_launch_and_wait_returns_the_ended_run(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/runs", {"run_id": "r1", "state": "planned"}, status=202)
    ended = {"run_id": "r1", "state": "succeeded", "counts": COUNTS}
    api.on("GET", "/admin/runs/r1", {"run_id": "r1", "state": "running", "counts": {}}, ended)
    done = regulars("campaign", "launch", "spring", "--yes", "--wait", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, ended)


def test_waiting_outlasts_an_api_that_is_away_for_a_moment(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/runs", {"run_id": "r1", "state": "planned"}, status=202)
    away = {"message": "Service Unavailable"}
    api.answers["GET", "/admin/runs/r1"] = [(503, away), (429, away), (200, {"run_id": "r1", "state": "succeeded"})]
    assert regulars("campaign", "launch", "spring", "--yes", "--wait").exit_code == 0


def test_a_failed_run_fails_the_command_and_is_shown_all_the_same(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/runs", {"run_id": "r1", "state": "planned"}, status=202)
    api.on(
        "GET",
        "/admin/runs/r1",
        {"run_id": "r1", "state": "failed", "error": {"code": "push_configuration", "message": "FCM refuses our credentials"}},
    )
    done = regulars("campaign", "launch", "spring", "--yes", "--wait", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["state"] == "failed"
    assert "FCM refuses our credentials" in done.stderr


def test_resume_answers_as_launch_does(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/runs/r1/resume", {"run_id": "r1", "state": "running"}, status=202)
    done = regulars("campaign", "resume", "r1", "--json")
    assert (done.exit_code, json.loads(done.stdout), done.stderr) == (0, {"run_id": "r1", "state": "running"}, "")
    ended = {"run_id": "r1", "state": "failed", "error": {"code": "unfinished", "message": "3 people were not reached"}}
    api.on("GET", "/admin/runs/r1", ended)
    done = regulars("campaign", "resume", "r1", "--wait", "--json")
    assert (done.exit_code, json.loads(done.stdout), "3 people were not reached" in done.stderr) == (1, ended, True)


def test_resume_says_that_another_run_goes_on_with_one_that_has_ended_and_waits_for_that(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/runs/r1/resume", {"run_id": "r2", "state": "planned", "continues": ["r1"]}, status=202)
    api.on("GET", "/admin/runs/r2", {"run_id": "r2", "state": "succeeded", "counts": COUNTS})
    done = regulars("campaign", "resume", "r1", "--wait")
    assert (done.exit_code, done.stderr) == (0, "run r1 has ended: run r2 goes on with it.\n")
    assert "run r2: succeeded" in done.stdout


def test_status_lists_the_counts_with_their_reasons(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/runs/r1", {"run_id": "r1", "state": "succeeded", "counts": COUNTS})
    shown = regulars("campaign", "status", "r1").stdout
    assert "run r1: succeeded" in shown
    assert "failed: unregistered" in shown


def test_report_waits_and_shows_sentence_arms_and_effect(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/runs/r1/reports", {"ticket": "q2", "state": "queued"}, status=202)
    api.on("GET", "/admin/reports/q2", {"ticket": "q3", "state": "running"})
    api.on("GET", "/admin/reports/q3", {"ticket": "q3", "state": "succeeded", "report": REPORT})
    shown = regulars("campaign", "report", "r1").stdout
    assert shown.startswith("No effect can be told from zero.\n")
    for part in ("control", "treated", "unregistered", "+6.67 pp", "-30.00 pp", "Newcombe", "$0.0004"):
        assert part in shown
    assert json.loads(regulars("campaign", "report", "r1", "--json").stdout) == REPORT


def test_a_report_that_fails_says_why(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/runs/r1/reports", {"ticket": "q2", "state": "queued"}, status=202)
    api.on("GET", "/admin/reports/q2", {"ticket": "q2", "state": "failed", "reason": "TABLE_NOT_FOUND"})
    done = regulars("campaign", "report", "r1")
    assert (done.exit_code, "TABLE_NOT_FOUND" in done.stderr) == (1, True)


def test_put_list_and_get(api: FakeApi, regulars: Run) -> None:
    api.on("PUT", "/admin/campaigns/spring", {"id": "spring", "version": 1})
    api.on("GET", "/admin/campaigns", {"campaigns": [{"id": "spring", "name": "Spring", "version": 1}]})
    api.on("GET", "/admin/campaigns/spring", {"id": "spring", "name": "Spring", "version": 1})
    assert regulars("campaign", "put", "-", stdin='{"id": "spring"}').stdout == "campaign spring: version 1 saved\n"
    assert "Spring" in regulars("campaign", "list").stdout
    assert json.loads(regulars("campaign", "get", "spring").stdout)["id"] == "spring"


def test_when_a_campaign_is_launched_by_itself_is_shown_by_the_clock_that_it_goes_by(api: FakeApi, regulars: Run) -> None:
    moments = ["2026-10-22T18:00+02:00", "2026-10-29T18:00+01:00"]
    api.on("PUT", "/admin/campaigns/spring", {"id": "spring", "version": 1, "next": moments})
    api.on("POST", "/admin/campaigns/spring/restore", {"id": "spring", "version": 2, "unchanged": False, "next": ["2026-12-03T18:00"]})
    api.on("GET", "/admin/campaigns", {"campaigns": [{"id": "spring", "name": "S", "version": 1, "next": moments}, {"id": "once", "version": 1}]})
    put = regulars("campaign", "put", "-", stdin='{"id": "spring"}').stdout
    assert put.splitlines()[1:] == ["next: Thu 22 Oct 2026 18:00 +02:00", "      Thu 29 Oct 2026 18:00 +01:00"]
    restored = regulars("campaign", "restore", "spring", "--version", "1").stdout
    assert "next: Thu 3 Dec 2026 18:00 on each person's own clock" in restored
    assert "Thu 22 Oct 2026 18:00 +02:00" in regulars("campaign", "list").stdout
    assert json.loads(regulars("campaign", "list", "--json").stdout)["campaigns"][0]["next"] == moments


def test_an_occurrence_that_was_missed_is_listed_as_that_and_status_says_when_and_why(api: FakeApi, regulars: Run) -> None:
    missed = {"code": "missed", "message": "the occurrence of 2026-12-03T04:00Z was not started: nothing started it"}
    run = {**RUN, "state": "failed", "error": missed, "counts": {}, "occurrence": "2026-12-03T04:00:00Z", "local_time": "2026-12-03T18:00:00"}
    api.on("GET", "/admin/runs?limit=20", {"runs": [run], "next": ""})
    api.on("GET", "/admin/runs/spring-1", run)
    assert " missed " in regulars("campaign", "runs").stdout
    told = regulars("campaign", "status", "spring-1").stdout
    assert "was not started: nothing started it (missed)" in told
    assert "due by its schedule: Thu 3 Dec 2026 18:00 on each person's own clock" in told


def test_an_api_that_goes_away_while_one_waits_does_not_lose_the_run(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/runs", {"run_id": "r1", "state": "planned"}, status=202)
    api.on("GET", "/admin/runs/r1", {"message": "Unauthorized"}, status=401)
    done = regulars("campaign", "launch", "spring", "--yes", "--wait")
    assert (done.exit_code, "`regulars campaign status r1 --watch`" in done.stderr) == (1, True)


def test_a_launch_that_may_have_begun_is_not_called_safe_to_try_again(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/runs", {"message": "Service Unavailable"}, status=503)
    told = regulars("campaign", "launch", "spring", "--yes").stderr
    assert "regulars campaign runs spring" in told
    assert "safe" not in told


RUN = {"run_id": "spring-1", "campaign_id": "spring", "state": "succeeded", "launched_at": "2026-01-02T00:00:00Z", "counts": COUNTS}


def test_runs_are_listed_of_one_campaign_or_of_all(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/runs?limit=20", {"runs": [RUN], "next": ""})
    api.on("GET", "/admin/runs?campaign_id=spring&limit=20", {"runs": [RUN | {"counts": {}}], "next": ""})
    shown = regulars("campaign", "runs").stdout
    assert all(part in shown for part in ("spring-1", "succeeded", "2026-01-02T00:00:00Z", "20", "14"))
    assert json.loads(regulars("campaign", "runs", "spring", "--json").stdout)["runs"][0]["run_id"] == "spring-1"


def test_runs_come_page_by_page_until_there_are_as_many_as_asked_for(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/runs?limit=3", {"runs": [RUN, RUN], "next": "p/2"})
    api.on("GET", "/admin/runs?limit=1&page=p%2F2", {"runs": [RUN], "next": "p/3"})
    assert len(json.loads(regulars("campaign", "runs", "--limit", "3", "--json").stdout)["runs"]) == 3


def test_no_page_is_longer_than_the_api_gives(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/runs?limit=100", {"runs": [RUN] * 100, "next": "p"})
    api.on("GET", "/admin/runs?limit=50&page=p", {"runs": [RUN] * 50, "next": ""})
    assert len(json.loads(regulars("campaign", "runs", "--limit", "150", "--json").stdout)["runs"]) == 150


def test_a_launch_beside_another_names_the_run_for_programs_too(api: FakeApi, regulars: Run) -> None:
    refusal = {"code": "run_under_way", "message": "run spring-1 of this campaign is under way", "run_id": "spring-1"}
    api.on("POST", "/admin/campaigns/spring/runs", refusal, status=409)
    told = json.loads(regulars("campaign", "launch", "spring", "--yes", "--json").stderr)
    assert (told["code"], told["run_id"]) == ("run_under_way", "spring-1")


def test_whoever_archives_a_campaign_is_told_what_goes_on_all_the_same(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/archive", {"id": "spring", "version": 2, "archived": True, "under_way": ["spring-1"]})
    done = regulars("campaign", "archive", "spring")
    assert "archived" in done.stdout
    assert "`regulars campaign abort spring-1` ends it" in done.stderr


def test_a_conflict_is_told_in_the_apis_own_words(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/archive", {"code": "conflict", "message": "it is used by somebody"}, status=409)
    assert regulars("campaign", "archive", "spring").stderr == "regulars: it is used by somebody (conflict)\n"


def test_an_unknown_run_is_told_with_the_command_that_lists_runs(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/runs/r9", {"code": "not_found", "message": "there is no run r9"}, status=404)
    assert "`regulars campaign runs` shows which there are" in regulars("campaign", "status", "r9").stderr


# ------------------------------------------------------------------------------------------------------- before it goes out

FORESEEN: dict[str, Any] = {
    "campaign_id": "spring",
    "version": 3,
    "as_of": "2026-11-21T12:00:00Z",
    "audience": 1234,
    "control": 123,
    "eligible": 1000,
    "messages": 1100,
    "reasons": {"no_device": 111},
    "problems": [
        {
            "severity": "warning",
            "path": "message.push.title",
            "message": "they lack the trait name",
            "people": 7,
            "examples": [{"user_id": "bob", "variant": "treated", "device_id": "d3", "push": {"title": "Hi friend"}}],
        }
    ],
    "duration_s": 2.4,
    "cost_usd": 0.0312,
    "examples": [{"user_id": "ann", "variant": "treated", "device_id": "d1", "push": {"title": "Hi Ann", "body": "10 % off"}}],
    "objections": [],
}


def foreseen(api: FakeApi, **changes: Any) -> None:
    api.on("POST", "/admin/campaigns/spring/preflight", {"ticket": "p1", "state": "queued"}, status=202)
    api.on("GET", "/admin/preflights/p1", {"ticket": "p1", "state": "succeeded", "preflight": {**FORESEEN, **changes}})
    api.on("POST", "/admin/campaigns/spring/runs", {"run_id": "r1", "state": "planned"}, status=202)


def posted(api: FakeApi) -> list[tuple[str, Any]]:
    return [(path.removeprefix("/admin/campaigns/spring/"), body) for method, path, body in api.asked if method == "POST"]


def test_a_preflight_says_who_what_and_how_much(api: FakeApi, regulars: Run) -> None:
    foreseen(api)
    shown = regulars("campaign", "preflight", "spring").stdout
    assert "1,100 messages to 1,000 of 1,234 people, 123 held back; 2 s of sending, $0.03" in shown
    for part in ("no_device", "message.push.title", "bob: Hi friend", "treated to ann: Hi Ann · 10 % off"):
        assert part in shown
    assert json.loads(regulars("campaign", "preflight", "spring", "--json").stdout) == FORESEEN


def test_without_a_terminal_a_launch_goes_on_after_its_preflight(api: FakeApi, regulars: Run) -> None:
    foreseen(api)
    done = regulars("campaign", "launch", "spring", "--json")
    assert (done.exit_code, json.loads(done.stdout)["run_id"]) == (0, "r1")
    assert posted(api) == [("preflight", {}), ("runs", {})]


def test_without_a_terminal_an_objection_needs_yes(api: FakeApi, regulars: Run) -> None:
    foreseen(api, objections=["nobody would get it: nobody is in the audience"])
    done = regulars("campaign", "launch", "spring", "--json")
    assert (done.exit_code, done.stdout, json.loads(done.stderr)["code"]) == (3, "", "needs_yes")
    assert "nobody is in the audience" in done.stderr and "--yes" in done.stderr
    assert regulars("campaign", "launch", "spring", "--yes").exit_code == 0
    assert posted(api) == [("preflight", {}), ("runs", {})]


@pytest.mark.parametrize(("said", "exit_code", "launches"), [("y\n", 0, 1), ("n\n", 1, 0), ("\n", 1, 0)])
def test_on_a_terminal_somebody_is_asked(
    api: FakeApi, regulars: Run, monkeypatch: pytest.MonkeyPatch, said: str, exit_code: int, launches: int
) -> None:
    foreseen(api)
    monkeypatch.setattr("cli.preflight.on_a_terminal", lambda: True)
    done = regulars("campaign", "launch", "spring", stdin=said)
    assert (done.exit_code, len(posted(api))) == (exit_code, 1 + launches)
    for part in ("spring, version 3", "1,000 of 1,234 people", "$0.03", "no_device", "Hi Ann", "Launch it?"):
        assert part in done.stderr


def test_a_rehearsal_is_not_asked_about_and_one_that_sends_is(api: FakeApi, regulars: Run) -> None:
    foreseen(api)
    regulars("campaign", "launch", "spring", "--as-of", "2017-10-01")
    regulars("campaign", "launch", "spring", "--as-of", "2017-10-01", "--send")
    past = {"as_of": "2017-10-01"}
    assert posted(api) == [("runs", past), ("preflight", past), ("runs", {**past, "send": True})]


def test_a_launch_that_was_not_answered_is_asked_for_again_by_the_same_key(api: FakeApi, regulars: Run) -> None:
    api.answers["POST", "/admin/campaigns/spring/runs"] = [(503, {"message": "Service Unavailable"}), (202, {"run_id": "r1", "state": "planned"})]
    assert regulars("campaign", "launch", "spring", "--yes").exit_code == 0
    first, again = api.keys
    assert first == again and len(first) == 36


def test_render_shows_each_variant_and_marks_the_persons_own(api: FakeApi, regulars: Run) -> None:
    message = {"notification": {"title": "Hi Zoë"}, "data": {}}
    rendered = {"variant": "warm", "own": True, "device_id": "d1", "outcome": "rendered", "message": message, "bytes": 7}
    failed = {
        "variant": "plain",
        "own": False,
        "device_id": "",
        "outcome": "failed",
        "message": {},
        "field": "",
        "because": "no text",
        "reason": "empty",
    }
    answer = {"campaign_id": "spring", "version": 1, "user_id": "zoe", "arm": "warm", "messages": [rendered, failed]}
    api.on("POST", "/admin/campaigns/spring/renderings", answer)
    shown = regulars("campaign", "render", "spring", "--user", "zoe").stdout
    for part in ("zoe is in the arm warm", "warm (their own), d1: 7 bytes", '"title": "Hi Zoë"', "plain, no device: nothing: no text (empty)"):
        assert part in shown


def test_why_shows_each_gate_with_its_verdict(api: FakeApi, regulars: Run) -> None:
    gates = [
        {"gate": "audience", "passed": True, "because": "by buyers"},
        {"gate": "cap", "passed": False, "because": "had three"},
        {"gate": "fcm", "passed": None, "because": "not asked"},
    ]
    answer = {"user_id": "a/b", "run_id": "r1", "outcome": "skipped", "reason": "capped", "gates": gates, "devices": []}
    api.on("POST", "/admin/runs/r1/why", {"ticket": "w1", "state": "queued"}, status=202)
    api.on("GET", "/admin/whys/w1", {"ticket": "w1", "state": "succeeded", "why": answer})
    shown = regulars("campaign", "why", "r1", "--user", "a/b").stdout
    assert shown.startswith("a/b in run r1: skipped, capped\n")
    assert all(part in shown for part in ("✓", "✗", "?", "by buyers", "had three"))
    assert json.loads(regulars("campaign", "why", "r1", "--user", "a/b", "--json").stdout) == answer
    assert api.asked[0] == ("POST", "/admin/runs/r1/why", {"user_id": "a/b"})
