"""Dead letters over HTTP."""

from typing import Any

import pytest

from tests.fakes.operations import MemoryDeadLetters
from tests.functions.admin.api import request
from tests.functions.admin.conftest import World
from tests.functions.admin.test_access import as_person


@pytest.fixture
def lettered(world: World) -> World:
    """Three requests that nobody can read, and a curate that failed."""
    world.dead_letters.update(
        events=MemoryDeadLetters("a", "b", "c"), curate=MemoryDeadLetters('{"requestContext": {"condition": "RetriesExhausted"}}')
    )
    return world


def test_queues_are_told_with_what_they_are_for(lettered: World) -> None:
    status, body = request("GET", "/admin/dead-letters")
    assert status == 200
    assert [(each["queue"], each["letters"], each["goes_back"], each["function"]) for each in body["queues"]] == [
        ("curate", 1, False, "curate"),
        ("events", 3, True, "load"),
    ]


def test_a_look_tells_ids_and_no_bodies(lettered: World) -> None:
    status, body = request("GET", "/admin/dead-letters/events")
    assert (status, body["total"]) == (200, 3)
    assert [(each["cause"], each["letters"]) for each in body["causes"]] == [("unreadable_request", 3)]
    assert set(body["letters"][0]) == {"id", "cause", "subject", "ids", "detail", "sent_at", "lost_at", "receives", "bytes"}
    assert request("GET", "/admin/dead-letters/orders")[0] == 404


def test_letters_go_back_by_their_ids_and_all_at_once(lettered: World, logged: list[dict[str, Any]]) -> None:
    status, body = request("POST", "/admin/dead-letters/events/retries", {"ids": ["letter-1", "letter-9"]})
    assert (status, body["letters"], body["gone"], body["left"], body["move"]) == (200, 1, ["letter-9"], 2, None)
    assert lettered.event_queue.bodies == ["b"]
    body = request("POST", "/admin/dead-letters/events/retries", {})[1]
    assert (body["letters"], body["left"], body["move"]["state"]) == (2, 0, "done")
    assert [(line["message"], line["ids"]) for line in logged if "dead letters" in line["message"]] == [
        ("dead letters retried", ["letter-1", "letter-9"]),
        ("dead letters retried", "all"),
    ]


def test_records_do_not_go_back_and_are_forgotten(lettered: World) -> None:
    status, body = request("POST", "/admin/dead-letters/curate/retries", {})
    assert (status, body["code"]) == (409, "conflict")
    status, body = request("POST", "/admin/dead-letters/curate/removals", {"ids": ["letter-0"]})
    assert (status, body["letters"], body["left"]) == (200, 1, 0)


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": ["x"] * 101}, {"all": True}])
def test_what_is_forgotten_has_to_be_named(lettered: World, body: dict[str, Any]) -> None:
    assert request("POST", "/admin/dead-letters/events/removals", body)[0] == 400
    assert lettered.dead_letters["events"].depth() == 3


def test_an_operator_moves_them_and_who_may_only_read_does_not(lettered: World) -> None:
    for way in ("retries", "removals"):
        path = f"/admin/dead-letters/events/{way}"
        assert as_person("analyst", "POST", path, {"ids": ["letter-0"]})[1]["code"] == "forbidden"
        assert as_person("operator", "POST", path, {"ids": [f"letter-{len(way) - 7}"]})[1]["letters"] == 1
    assert as_person("analyst", "GET", "/admin/dead-letters/events")[1]["total"] == 1
