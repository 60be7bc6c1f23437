"""A run at a terminal: followed, paused, aborted; what is told of it, and when one stops waiting."""

import io
import json
import sys
from typing import Any

import pytest

from cli.run_bar import pace, run_bar, turns
from tests.cli.conftest import FakeApi, Run

COUNTS = {
    "audience": 30,
    "control": 5,
    "treated": 25,
    "sent": 14,
    "unknown": 0,
    "failed": {"unregistered": 1},
    "skipped": {"not_reached": 10},
    "pushes": 14,
}
RUNNING: dict[str, Any] = {"run_id": "r1", "state": "running", "counts": COUNTS, "per_second": 4.2, "seconds_left": 2.4}
PAUSED = {**RUNNING, "state": "paused", "stopped_at": "2026-11-26T19:00:00Z", "stopped_by": "ina", "per_second": 0, "seconds_left": None}
ABORTED = {
    **RUNNING,
    "state": "aborted",
    "stopped_at": "2026-11-26T19:00:00Z",
    "stopped_by": "ina",
    "error": {"code": "aborted", "message": "aborted by ina"},
    "concluded_at": None,
}
REFUSED = {**PAUSED, "stopped_by": "", "error": {"code": "message_refused", "message": "message.title: FCM refuses it"}}
ENDED = {"run_id": "r1", "state": "succeeded", "counts": COUNTS}


def test_a_run_is_paused_and_says_since_when_by_whom_and_how_it_goes_on(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/runs/r1/pause", PAUSED, status=202)
    done = regulars("campaign", "pause", "r1")
    assert done.stdout.startswith("run r1: paused: since 2026-11-26T19:00:00Z by ina\n")
    assert "`regulars campaign resume r1` goes on with it, within three days of its launch; `abort` ends it." in done.stdout
    assert json.loads(regulars("campaign", "pause", "r1", "--json").stdout) == PAUSED


def test_a_run_is_aborted_and_says_when_and_by_whom(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/runs/r1/abort", ABORTED, status=202)
    assert regulars("campaign", "abort", "r1").stdout.startswith("run r1: aborted: aborted by ina (aborted) at 2026-11-26T19:00:00Z\n")


@pytest.mark.parametrize(("arguments", "body"), [((), {}), (("--late",), {"late": True})])
def test_a_message_that_has_outlived_itself_is_sent_only_where_that_is_said(
    api: FakeApi, regulars: Run, arguments: tuple[str, ...], body: Any
) -> None:
    api.on("POST", "/admin/runs/r1/resume", RUNNING, status=202)
    assert regulars("campaign", "resume", "r1", *arguments).exit_code == 0
    assert api.asked == [("POST", "/admin/runs/r1/resume", body)]


def test_the_status_of_a_run_under_way_says_how_fast_it_is_and_how_long_it_takes(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/runs/r1", RUNNING)
    assert regulars("campaign", "status", "r1").stdout.startswith("run r1: running: 15 of 25 people, 4.2 a second, 2 s left\n")
    answer = json.loads(regulars("campaign", "status", "r1", "--json").stdout)
    assert {"run_id", "state", "counts", "per_second", "seconds_left"} <= set(answer)


def test_a_run_is_watched_to_its_end_also_through_a_pause_and_its_end_is_no_failure_of_the_command(api: FakeApi, regulars: Run) -> None:
    failed = {"run_id": "r1", "state": "failed", "counts": {}, "error": {"code": "unfinished", "message": "3 people were not reached"}}
    api.on("GET", "/admin/runs/r1", RUNNING, PAUSED, RUNNING, failed)
    done = regulars("campaign", "status", "r1", "--watch", "--json")
    assert (done.exit_code, json.loads(done.stdout), len(api.asked)) == (0, failed, 4)


def test_one_that_was_aborted_is_followed_until_it_is_counted(api: FakeApi, regulars: Run) -> None:
    counted = {**ABORTED, "concluded_at": "2026-11-26T19:00:07Z"}
    api.on("GET", "/admin/runs/r1", ABORTED, counted)
    assert json.loads(regulars("campaign", "status", "r1", "--watch", "--json").stdout) == counted


def test_nobody_waits_for_a_run_that_waits_for_somebody(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/runs", RUNNING, status=202)
    api.on("GET", "/admin/runs/r1", RUNNING, REFUSED)
    done = regulars("campaign", "launch", "spring", "--yes", "--wait")
    assert (done.exit_code, "paused: message.title: FCM refuses it (message_refused)" in done.stderr) == (1, True)
    assert "run r1: paused: since 2026-11-26T19:00:00Z, until this is mended: message.title: FCM refuses it" in done.stdout


def test_the_run_that_is_waited_for_is_named_first(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/runs", RUNNING, status=202)
    api.on("GET", "/admin/runs/r1", ENDED)
    plain, as_json = (regulars("campaign", "launch", "spring", "--yes", "--wait", *form) for form in ((), ("--json",)))
    assert plain.stdout.startswith("run r1\nrun r1: succeeded\n")
    assert (json.loads(as_json.stderr), json.loads(as_json.stdout)) == ({"run_id": "r1"}, ENDED)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar_and_takes_it_away_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    with run_bar() as show:
        show({"run_id": "r1", "state": "planned"})
        show(RUNNING)
    shown = terminal.getvalue()
    assert "running" in shown and "15 of 25 people, 4.2 a second, 2 s left" in shown
    assert shown.rstrip().endswith("\x1b[2K")


def test_what_is_no_terminal_has_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with run_bar() as show:
        show(RUNNING)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ({"counts": {}}, ""),
        (RUNNING | {"per_second": 1234.5, "seconds_left": 700}, "15 of 25 people, 1,234 a second, 12 min left"),
        (RUNNING | {"seconds_left": 11_100}, "15 of 25 people, 4.2 a second, 3 h 05 min left"),
        (PAUSED, "15 of 25 people"),
    ],
)
def test_how_far_a_run_is_is_said_as_far_as_it_is_known(run: dict[str, Any], told: str) -> None:
    assert pace(run) == told
    assert turns({"counts": {}}) == (0, 0)
