"""`regulars dlq`."""

import json
from typing import Any

import pytest

from tests.cli.conftest import FakeApi, Run

NOON = "2026-11-21T12:00:00Z"
CAUSE = {"cause": "not_loaded", "message": "They failed", "advice": "Mend it.", "letters": 2, "details": ["no store"]}


def queue(name: str, letters: int, **more: Any) -> dict[str, Any]:
    told = {"queue": name, "about": f"about {name}", "function": "load", "goes_back": True, "advice": "Mend it.", "letters": letters, "move": None}
    return told | more


def look(*ids: str, total: int | None = None) -> dict[str, Any]:
    letters = [
        {"id": each, "cause": "not_loaded", "subject": "1 event of source site", "ids": [], "detail": "", "sent_at": NOON, "lost_at": NOON}
        for each in ids
    ]
    return {"queue": "events", "total": len(ids) if total is None else total, "causes": [CAUSE], "letters": letters}


def moved(letters: int, *, left: int = 0, gone: tuple[str, ...] = (), move: Any = None) -> dict[str, Any]:
    return {"queue": "events", "letters": letters, "gone": list(gone), "left": left, "move": move}


def test_list_counts_each_queue_and_says_why_and_what_to_do(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/dead-letters", {"queues": [queue("curate", 0), queue("events", 2)]})
    api.on("GET", "/admin/dead-letters/events", look("a", "b"))
    shown = regulars("dlq", "list")
    assert shown.exit_code == 0
    assert "2: They failed. Mend it." in shown.stdout
    assert "no store" in shown.stdout
    as_json = json.loads(regulars("dlq", "list", "--json").stdout)
    assert [(each["queue"], each["causes"]) for each in as_json["queues"]] == [("curate", []), ("events", [CAUSE])]


def test_list_of_a_queue_shows_its_letters(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/dead-letters/events", look("a", "b", total=120))
    shown = regulars("dlq", "list", "events")
    assert "120 dead letters of events, of which 2 are shown" in shown.stdout
    assert "1 event of source site" in shown.stdout


def test_retry_sends_all_back_or_those_that_are_named(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/dead-letters/events/retries", moved(2), moved(1, left=1, gone=("b",)))
    assert regulars("dlq", "retry", "events").stdout == "2 dead letters went back, 0 are left.\n"
    assert regulars("dlq", "retry", "events", "a", "b").stdout == "1 dead letter went back, 1 are left. Not there, or in somebody's hands: b.\n"
    assert [body for _, _, body in api.asked] == [{}, {"ids": ["a", "b"]}]


def test_a_move_that_goes_on_says_how_far_it_is(api: FakeApi, regulars: Run) -> None:
    move = {"state": "running", "moved": 500, "total": 9000, "started_at": NOON, "reason": ""}
    api.on("POST", "/admin/dead-letters/events/retries", moved(500, left=8500, move=move))
    assert "500 so far, 8,500 are left" in regulars("dlq", "retry", "events").stdout


def test_more_than_a_hundred_are_named_in_several_requests(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/dead-letters/events/retries", moved(100, left=20), moved(20))
    shown = regulars("dlq", "retry", "events", *map(str, range(120)), "--json")
    assert json.loads(shown.stdout) == moved(120)
    assert [len(body["ids"]) for _, _, body in api.asked] == [100, 20]


def test_forgetting_without_a_terminal_needs_a_yes(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/dead-letters/events", look("a", "b"))
    shown = regulars("dlq", "forget", "events", "--all", "--json")
    assert (shown.exit_code, json.loads(shown.stderr)["code"]) == (3, "needs_yes")
    assert "is lost" in shown.stderr
    assert all(method == "GET" for method, _, _ in api.asked)


def test_all_that_were_there_are_forgotten_look_by_look(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/dead-letters/events", look(total=3), look("a", "b"), look("c", "d"))
    api.on("POST", "/admin/dead-letters/events/removals", moved(2, left=2), moved(1, left=1))
    shown = regulars("dlq", "forget", "events", "--all", "--yes")
    assert (shown.exit_code, shown.stdout) == (0, "3 dead letters forgotten, 1 are left.\n")
    assert [body["ids"] for method, _, body in api.asked if method == "POST"] == [["a", "b"], ["c"]]


def test_those_that_are_named_are_forgotten(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/dead-letters/curate/removals", moved(1))
    shown = regulars("dlq", "forget", "curate", "a", "--yes", "--json")
    assert json.loads(shown.stdout) == {"queue": "events", "letters": 1, "gone": [], "left": 0}


@pytest.mark.parametrize("arguments", [[], ["a", "--all"]])
def test_what_is_forgotten_is_said_one_way(api: FakeApi, regulars: Run, arguments: list[str]) -> None:
    shown = regulars("dlq", "forget", "events", *arguments)
    assert (shown.exit_code, "--all" in shown.stderr) == (2, True)
    assert not api.asked


def test_a_refusal_is_the_apis_own(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/dead-letters/curate/retries", {"code": "conflict", "message": "letters of curate are records"}, status=409)
    shown = regulars("dlq", "retry", "curate")
    assert (shown.exit_code, "are records" in shown.stderr) == (1, True)
