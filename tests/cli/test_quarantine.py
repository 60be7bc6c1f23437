"""`regulars quarantine`: what is counted, shown, and asked before anything is sent again."""

import json
from pathlib import Path
from typing import Any, cast

import pytest

from cli.client import AdminApi
from cli.command import Session
from cli.errors import CommandError
from cli.replay import apply_replay, require_consent
from tests.cli.conftest import FakeApi, Run

START = ("POST", "/admin/quarantine-searches")
REPLAYS = ("POST", "/admin/quarantine-searches/t/replays")
GROUP = {
    "reason": "missing_id",
    "source": "shop",
    "event": "Bought",
    "count": 12345,
    "first": "2026-11-20T00:00:00.000Z",
    "last": "2026-11-21T00:00:00.000Z",
    "example": "e9",
    "meaning": "neither userId nor anonymousId is given",
}


def searching(api: FakeApi, **found: Any) -> None:
    api.on(*START, {"ticket": "t", "state": "queued"}, status=202)
    costs = {"bytes_scanned": 2_000_000, "cost_usd": 0.00005, "kept_days": 90}
    api.on("GET", "/admin/quarantine-searches/t", {"ticket": "t", "state": "succeeded", **costs, **found})


def page(**said: Any) -> dict[str, Any]:
    nothing = {"replay": "r1", "events": 0, "good": 0, "resumed": 0, "already": 0, "refused": {}, "examples": [], "applied": False, "next": ""}
    return {**nothing, **said}


def test_groups_are_listed_with_what_their_reason_means_and_how_long_they_are_kept(api: FakeApi, regulars: Run) -> None:
    searching(api, groups=[GROUP], replayed=7, more=False)
    shown = regulars("quarantine", "list", "--reason", "missing_id", "--since", "2026-11-14").stdout
    for words in ("12,345", "shop", "Bought", "e9", "neither userId nor", "each for 90 days", "7 were replayed", "2.00 MB scanned"):
        assert words in shown
    assert api.asked[0][2] == {"kind": "groups", "reason": "missing_id", "since": "2026-11-14T00:00:00+00:00"}
    assert json.loads(regulars("quarantine", "list", "--json").stdout)["groups"] == [GROUP]


def test_an_event_is_shown_whole_with_what_was_done_with_it(api: FakeApi, regulars: Run) -> None:
    searching(api)
    replay = {"id": "r1", "at": "2026-11-22T00:00:00.000Z", "by": "ada", "repair": {"steps": []}, "done": True}
    event = {
        **GROUP,
        "id": "e9",
        "at": GROUP["last"],
        "message": "one is needed",
        "event_name": "Bought",
        "event": {"type": "track"},
        "replay": replay,
    }
    api.on("GET", "/admin/quarantine-searches/t/events", {"events": [event], "next": ""})
    shown = regulars("quarantine", "show", "e9").stdout
    for words in ("e9", '"type": "track"', "missing_id: one is needed", "replayed 2026-11-22", "by ada"):
        assert words in shown
    missing = regulars("quarantine", "show", "e9", "e8")
    assert (missing.exit_code, "there is no refused event e8" in missing.stderr) == (1, True)


def test_without_a_terminal_a_replay_needs_yes_and_says_what_it_would_do(api: FakeApi, regulars: Run) -> None:
    searching(api)
    api.on(*REPLAYS, page(events=3, good=2, refused={"missing_id": 1}))
    done = regulars("quarantine", "replay", "--default", "event=Named")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "3 events: 2 would be good now, 1 stay: 1 missing_id. Nothing was sent." in done.stderr
    assert [asked[2]["apply"] for asked in api.asked if asked[:2] == REPLAYS] == [False]


def test_all_pages_are_tried_before_the_first_is_sent(api: FakeApi, regulars: Run) -> None:
    searching(api)
    api.on(*REPLAYS, page(events=2, good=2, next="p2"), page(events=1, good=1), page(events=2, good=2, next="p2"), page(events=1, good=1))
    done = json.loads(regulars("quarantine", "replay", "--yes", "--json").stdout)
    assert (done["replay"], done["replayed"], done["events"]) == ("r1", 3, 3)
    asked = [body for method, path, body in api.asked if (method, path) == REPLAYS]
    assert [(body["apply"], body["page"]) for body in asked] == [(False, ""), (False, "p2"), (True, ""), (True, "p2")]


def test_a_dry_run_shows_what_changes_and_sends_nothing(api: FakeApi, regulars: Run) -> None:
    searching(api)
    good = {"id": "e1", "before": {"uid": "u"}, "after": {"userId": "u"}, "reason": "", "message": ""}
    bad = {"id": "e2", "before": {}, "after": None, "reason": "missing_id", "message": "one is needed"}
    api.on(*REPLAYS, page(events=2, good=1, refused={"missing_id": 1}, examples=[good, bad]))
    shown = regulars("quarantine", "replay", "--rename", "uid=userId", "--dry-run").stdout
    for words in ('-  "uid": "u"', '+  "userId": "u"', "e2 stays: missing_id: one is needed"):
        assert words in shown
    assert [asked[2]["apply"] for asked in api.asked if asked[:2] == REPLAYS] == [False]


def test_a_replay_of_nothing_says_so_and_ends_well(api: FakeApi, regulars: Run) -> None:
    searching(api)
    api.on(*REPLAYS, page())
    done = regulars("quarantine", "replay", "--yes")
    assert (done.exit_code, "Nothing waits that was selected" in done.stdout) == (0, True)


def test_options_become_steps_in_their_order(api: FakeApi, regulars: Run) -> None:
    searching(api)
    api.on(*REPLAYS, page())
    options = (
        "--cast",
        "properties.price=number",
        "--set",
        "properties.n=7",
        "--set",
        "a=EUR",
        "--default",
        "userId=@anonymousId",
        "--rename",
        "b=c",
    )
    regulars("quarantine", "replay", *options)
    assert api.asked[-1][2]["repair"] == {
        "steps": [
            {"rename": "b", "to": "c"},
            {"set": "properties.n", "to": 7},
            {"set": "a", "to": "EUR"},
            {"default": "userId", "from": "anonymousId"},
            {"cast": "properties.price", "to": "number"},
        ]
    }


def test_a_file_has_all_the_steps(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    searching(api)
    api.on(*REPLAYS, page())
    file = tmp_path / "repair.json"
    file.write_text('{"steps": [{"set": "type", "to": "track"}]}')
    regulars("quarantine", "replay", "--repair", str(file))
    assert api.asked[-1][2]["repair"] == {"steps": [{"set": "type", "to": "track"}]}
    both = regulars("quarantine", "replay", "--repair", str(file), "--set", "a=1")
    assert (both.exit_code, "leave the other steps out" in both.stderr) == (1, True)


@pytest.mark.parametrize("option", ["--rename", "--set", "--default", "--cast"])
def test_a_step_without_a_value_is_refused_here(api: FakeApi, regulars: Run, option: str) -> None:
    done = regulars("quarantine", "replay", option, "userId")
    assert (done.exit_code, "has no `=`" in done.stderr, api.asked) == (1, True, [])


def test_on_a_terminal_it_shows_what_would_become_of_them_and_asks(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []
    monkeypatch.setattr("typer.confirm", lambda question, **_: bool(asked.append(question)))
    with pytest.raises(CommandError, match="nothing was sent"):
        require_consent(page(events=3, good=2, refused={"missing_id": 1}), yes=False, may_ask=True)
    assert asked == ["Send 2 events?"]
    assert "3 events: 2 would be good now" in capsys.readouterr().out


def test_a_replay_that_is_stopped_says_how_to_go_on() -> None:
    class Stopped:
        def post(self, *_: str, body: object) -> None:
            raise KeyboardInterrupt

    with pytest.raises(CommandError, match="The same command goes on") as stopped:
        apply_replay(Session(cast(AdminApi, Stopped()), as_json=True), "t", {})
    assert stopped.value.exit_code == 130
