"""`journey report` and `journey why`: on the terminal, as JSON, and as a page in a file."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import FakeApi, Run

EFFECT: dict[str, Any] = json.loads((Path(__file__).parents[1] / "domain/measure/page/three_arms.json").read_text())
NOTHING: dict[str, Any] = {"waiting": None, "left": {}, "noted": {}, "sent": 0, "unknown": 0, "failed": {}, "skipped": {}}
STEPS = [
    {**NOTHING, "step": "pause", "came": 450, "waiting": 17, "left": {"exit": 30}},
    {**NOTHING, "step": "hello", "came": 403, "sent": 410, "skipped": {"no_device": 50}, "unknown": 2},
]
REPORT = {"journey": "welcome", "version": 2, "since": "2026-08-23T00:00:00Z", "effect": EFFECT, "steps": STEPS}
WHY: dict[str, Any] = {
    "user_id": "ann",
    "journey": "welcome",
    "where": "never",
    "reason": "rule",
    "because": "`entry.if` is false of them now: plan is pro",
    "runs": [],
    "put_off": [],
    "later": [],
    "trail": [],
    "clauses": [{"path": "entry.if", "sentence": "plan is pro", "verdict": False, "because": []}],
}


@pytest.fixture
def reported(api: FakeApi) -> FakeApi:
    api.on("POST", "/admin/journeys/welcome/reports", {"ticket": "q1", "state": "queued"}, status=202)
    api.on("GET", "/admin/journey-reports/q1", {"ticket": "q2", "state": "succeeded", "report": REPORT})
    api.on("GET", "/admin/journey-reports/q2/page", {"ticket": "q2", "state": "succeeded", "html": "<!doctype html>\n"})
    return api


def test_the_terminal_shows_the_sentence_the_effect_and_each_step(reported: FakeApi, regulars: Run) -> None:
    shown = regulars("journey", "report", "welcome").stdout
    assert shown.startswith("Variant mens won.")
    for told in (
        "+7.65 pp",
        "pause",
        "450",
        "17",
        "30 exit",
        "50 no_device, 2 unknown",
        "converted after opening",
        "since 2026-08-23T00:00:00Z, by version 2",
    ):
        assert told in shown, told


def test_json_is_the_whole_answer_and_a_page_is_written(reported: FakeApi, regulars: Run, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    shown = json.loads(regulars("journey", "report", "welcome", "--html", str(page), "--json").stdout)
    assert (shown["steps"], shown["html"], page.read_text()) == (STEPS, str(page), "<!doctype html>\n")


def test_why_names_the_clause_that_keeps_somebody_out(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/journeys/welcome/why", {"ticket": "q1", "state": "queued"}, status=202)
    api.on("GET", "/admin/journey-whys/q1", {"ticket": "q1", "state": "succeeded", "why": WHY})
    shown = regulars("journey", "why", "welcome", "--user", "ann").stdout
    assert shown.startswith("ann in welcome: never came in: `entry.if` is false of them now: plan is pro\n")
    assert "✗" in shown and "entry.if" in shown


RUN = {"key": "", "version": 2, "since": "2026-11-21T11:00:00Z", "step": "pause", "status": "in", "waits_for": "time to pass"}
ENTERED = {"at": "2026-11-21T11:00:00Z", "event": "Journey Step", "step": "pause", "because": "entered", "meaning": "", "run": "r", "key": ""}


def told_why(api: FakeApi, regulars: Run, **why: Any) -> list[str]:
    inside = {"where": "inside", "reason": "pause", "because": "inside since 11:00, at the step pause", "clauses": []}
    api.on("POST", "/admin/journeys/welcome/why", {"ticket": "q1", "state": "queued"}, status=202)
    api.on("GET", "/admin/journey-whys/q1", {"ticket": "q1", "state": "succeeded", "why": {**WHY, **inside, **why}})
    return [line for line in regulars("journey", "why", "welcome", "--user", "ann").stdout.splitlines() if line.strip()]


def test_why_says_what_somebody_waits_for_and_what_happened(api: FakeApi, regulars: Run) -> None:
    due, late = "2026-11-22T11:00:00Z", "2026-11-22T11:01:30Z"
    later = [
        {"step": "hello", "does": "message", "until": "2026-11-21T19:00:00Z", "key": ""},
        {"step": "hello", "does": "message", "until": None, "key": ""},
    ]
    lines = told_why(api, regulars, runs=[{**RUN, "until": due, "goes_on_at": due}], later=later, trail=[ENTERED])
    assert lines[:4] == [
        "ann in welcome: inside since 11:00, at the step pause",
        "at pause it waits for time to pass, until 2026-11-22T11:00:00Z",
        "the message of hello is put off until 2026-11-21T19:00:00Z",
        "the message of hello waits for the journey to be resumed",
    ]
    assert "Journey Step" in lines[-1] and "entered" in lines[-1] and "key" not in "".join(lines)
    assert "until 2026-11-22T11:00:00Z; goes on at 2026-11-22T11:01:30Z, because" in "".join(
        told_why(api, regulars, runs=[{**RUN, "until": due, "goes_on_at": late}])
    )


def test_why_says_of_which_run_each_thing_is(api: FakeApi, regulars: Run) -> None:
    due = "2026-11-22T11:00:00Z"
    runs = [{**RUN, "key": key, "until": due, "goes_on_at": due} for key in ("cart-1", "cart-2")]
    lines = told_why(api, regulars, runs=runs, trail=[{**ENTERED, "key": "cart-2"}])
    assert [line.split(":")[0] for line in lines[1:3]] == ["cart-1", "cart-2"]
    assert "key" in lines[3] and "cart-2" in lines[-1]
