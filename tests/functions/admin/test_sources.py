"""Sources over the admin API: a key is shown by the answer that makes it, and by no other."""

from typing import Any

import pytest

from regulars.domain.collection.source import digest_of
from tests.functions.admin.api import invoke, recorded, request
from tests.functions.admin.conftest import World


def test_a_source_is_created_listed_rotated_and_revoked(world: World) -> None:
    status, made = invoke(recorded("create_source"))
    assert (status, made["name"], made["others_end_at"]) == (200, "app", None)
    status, rotated = request("POST", "/admin/sources/app/rotate", {"overlap": "7d"})
    assert (status, rotated["name"], rotated["others_end_at"]) == (200, "app", "2026-11-28T12:00:00Z")
    (app,) = request("GET", "/admin/sources")[1]["sources"]
    assert (app["name"], app["state"], app["created_at"]) == ("app", "active", "2026-11-21T12:00:00Z")
    assert [key["fingerprint"] for key in app["keys"]] == [digest_of(each["write_key"])[:8] for each in (rotated, made)]
    status, revoked = request("POST", "/admin/sources/app/revoke", {})
    assert (status, revoked["state"], revoked["keys"]) == (200, "revoked", [])
    assert request("GET", "/admin/sources")[1]["sources"] == [revoked]


def test_no_answer_but_the_first_shows_a_key(world: World) -> None:
    key = request("POST", "/admin/sources", {"name": "app"})[1]["write_key"]
    later = [request("GET", "/admin/sources"), request("POST", "/admin/sources/app/rotate", {}), request("POST", "/admin/sources/app/revoke", {})]
    assert key not in repr(later)


def test_an_overlap_is_a_week_unless_it_is_said(world: World) -> None:
    request("POST", "/admin/sources", {"name": "app"})
    for overlap, ends in (({}, "2026-11-28T12:00"), ({"overlap": "12h"}, "2026-11-22T00:00"), ({"overlap": "0"}, "2026-11-21T12:00")):
        assert request("POST", "/admin/sources/app/rotate", overlap)[1]["others_end_at"] == f"{ends}:00Z"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("POST", "/admin/sources", {"name": "The App"}, 400, "name: a source's name has 1 to 40 of a-z, 0-9"),
        ("POST", "/admin/sources", {}, 400, "name: it is needed, and it is missing"),
        ("POST", "/admin/sources", {"name": "site", "write_key": "a b"}, 400, "write_key: a write key has 1 to 128 letters"),
        ("POST", "/admin/sources", {"name": "app"}, 409, "there is a source app already"),
        ("POST", "/admin/sources/app/rotate", {"overlap": "soon"}, 400, "overlap: a span, as in 90m, 12h, 30d or 2w, is needed"),
        ("POST", "/admin/sources/app/rotate", {"overlap": "2000d"}, 400, "overlap: from 0 to 366 days"),
        ("POST", "/admin/sources/site/rotate", {}, 404, "there is no source site"),
        ("POST", "/admin/sources/site/revoke", {}, 404, "there is no source site"),
        ("POST", "/admin/sources/app/revoke", {"now": True}, 400, "unknown key 'now'"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_wrong(world: World, method: str, path: str, body: Any, status: int, says: str) -> None:
    request("POST", "/admin/sources", {"name": "app"})
    answered, problem = request(method, path, body)
    assert answered == status and says in problem["message"], problem
