"""`regulars logs` and `regulars doctor`."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cli import logs
from tests.cli.conftest import FakeApi, Run

NOON = "2026-11-21T12:00:00Z"


def event(number: int, message: str, *, at: str = NOON) -> dict[str, Any]:
    return {"id": f"load.{number}", "at": at, "function": "load", "message": message}


@pytest.fixture
def queries(api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What each GET of the logs asked."""
    asked: list[dict[str, str]] = []
    answer = api.answer

    def remembering(method: str, path: str, body: Any) -> tuple[int, Any]:
        parts = urlsplit(path)
        if parts.path == "/admin/logs":
            asked.append({name: values[0] for name, values in parse_qs(parts.query).items()})
        return answer(method, parts.path, body)

    monkeypatch.setattr(api, "answer", remembering)
    return asked


def test_lines_of_all_pages_are_shown_as_a_person_reads_them(api: FakeApi, queries: list[dict[str, str]], regulars: Run) -> None:
    structured = json.dumps({"level": "ERROR", "message": "failed", "location": "x:1", "service": "load", "batch": 7})
    metric = json.dumps({"_aws": {"CloudWatchMetrics": [{"Metrics": [{"Name": "EventsLoaded"}]}]}, "EventsLoaded": 3})
    first = {"events": [event(1, "START RequestId: 1 Version: 2"), event(2, structured)], "next": "p2"}
    api.on("GET", "/admin/logs", first, {"events": [event(3, metric), event(4, "plain\n")], "next": ""})
    shown = regulars("logs", "load", "--since", "10m")
    assert shown.exit_code == 0
    assert [line.split(maxsplit=3)[3] for line in shown.stdout.splitlines()] == ["ERROR failed batch=7", "METRIC EventsLoaded=3", "plain"]
    assert [(asked["function"], asked.get("page")) for asked in queries] == [("load", None), ("load", "p2")]
    since = datetime.fromisoformat(queries[0]["since"])
    assert timedelta(minutes=9) < datetime.now(UTC) - since < timedelta(minutes=20)


def test_json_has_every_line_in_one_document(api: FakeApi, queries: list[dict[str, str]], regulars: Run) -> None:
    api.on("GET", "/admin/logs", {"events": [event(1, "one")], "next": ""})
    assert json.loads(regulars("logs", "--since", "2026-11-21", "--json").stdout) == {"events": [event(1, "one")]}
    assert queries == [{"since": "2026-11-21T00:00:00+00:00"}]


def test_following_shows_each_line_once_also_one_that_comes_late(
    api: FakeApi, queries: list[dict[str, str]], regulars: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = "2026-11-21T12:00:05Z"
    looks = [[event(1, "one")], [event(1, "one"), event(3, "three", at=later)], [event(2, "two"), event(3, "three", at=later)]]
    api.on("GET", "/admin/logs", *({"events": events, "next": ""} for events in looks))
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(logs.time, "sleep", sleep)
    shown = regulars("logs", "--since", "2026-11-21T11:59", "--follow", "--json")
    assert [json.loads(line)["message"] for line in shown.stdout.splitlines()] == ["one", "three", "two"]
    assert [asked["since"] for asked in queries] == ["2026-11-21T11:59:00+00:00", "2026-11-21T11:59:30+00:00", "2026-11-21T11:59:35+00:00"]


def test_a_since_that_is_no_time_is_refused(api: FakeApi, regulars: Run) -> None:
    shown = regulars("logs", "--since", "soon")
    assert shown.exit_code != 0
    assert "10m, 2h, 7d" in shown.stderr


WELL = {
    "healthy": True,
    "concerns": [],
    "alarms": [{"name": "RunFailed", "state": "insufficient_data", "description": "", "reason": "unchecked", "since": NOON}],
    "dead_letters": {"curate": 0, "events": 0},
    "curate": {"running": False, "finished_at": NOON, "error": ""},
    "failed_runs": [],
}


def test_the_doctor_has_nothing_to_say_where_all_is_well(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/health", WELL)
    shown = regulars("doctor")
    assert (shown.exit_code, shown.stdout.splitlines()[-1]) == (0, "all is well")
    assert "curate finished last at 2026-11-21 12:00:00 UTC" in shown.stdout


def test_the_doctor_says_what_is_wrong_and_what_to_do_and_ends_with_1(api: FakeApi, regulars: Run) -> None:
    concern = {"code": "dead_letters", "message": "3 in the dead-letter queue of events", "advice": "bring them back"}
    ill = WELL | {"healthy": False, "concerns": [concern], "dead_letters": {"events": 3}}
    api.on("GET", "/admin/health", ill)
    shown = regulars("doctor")
    assert (shown.exit_code, shown.stderr) == (1, "regulars: 1 thing needs somebody:\n- 3 in the dead-letter queue of events\n  bring them back\n")
    as_json = regulars("doctor", "--json")
    assert (as_json.exit_code, json.loads(as_json.stdout)) == (1, ill)
    assert json.loads(as_json.stderr)["code"] == "unhealthy"


def test_the_doctor_of_a_platform_that_is_not_there_says_so(regulars: Run) -> None:
    shown = regulars("doctor", "--api", "http://127.0.0.1:1")
    assert (shown.exit_code, "cannot reach the API" in shown.stderr) == (1, True)
