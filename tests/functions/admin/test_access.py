"""Who may what: a person by their groups, a program by its scopes, before any route runs."""

from typing import Any

import pytest

from tests.functions.admin.api import SPRING, TWICE, asking, invoke
from tests.functions.admin.conftest import World

EVERY = "regulars/read regulars/write regulars/send regulars/query regulars/privacy"


def signed_in(event: dict[str, Any], groups: str, *, auth_time: int = 0) -> dict[str, Any]:
    claims = {"sub": "8a1f", "client_id": "browser", "username": "mara", "scope": EVERY, "cognito:groups": groups, "auth_time": str(auth_time)}
    event["requestContext"]["authorizer"]["jwt"]["claims"] = claims
    return event


def as_person(group: str, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, dict[str, Any]]:
    return invoke(signed_in(asking(method, path, body), f"[{group}]", **more))


@pytest.mark.parametrize(("group", "status"), [("marketer", 200), ("operator", 200), ("analyst", 403), ("privacy_officer", 403), ("nobody", 403)])
def test_a_person_changes_a_segment_if_one_of_their_groups_may(world: World, group: str, status: int) -> None:
    assert as_person(group, "PUT", "/admin/segments/twice", TWICE)[0] == status


def test_what_a_person_does_stands_under_their_name(world: World) -> None:
    as_person("marketer", "PUT", "/admin/segments/twice", TWICE)
    assert world.definitions.all("segment")[0].saved_by == "mara"


def test_whoever_may_not_hears_which_groups_may_and_nothing_is_done(world: World) -> None:
    status, body = as_person("analyst", "PUT", "/admin/segments/twice", TWICE)
    assert (status, body["code"]) == (403, "forbidden")
    assert "marketer, operator" in body["message"]
    assert not world.definitions.all("segment")


def test_whoever_is_in_no_group_may_not_even_read(world: World) -> None:
    assert as_person("", "GET", "/admin/segments")[1]["code"] == "forbidden"


def test_a_person_launches_within_ten_minutes_of_signing_in_and_rehearses_whenever_they_like(world: World) -> None:
    as_person("marketer", "PUT", "/admin/segments/twice", TWICE)
    as_person("marketer", "PUT", "/admin/campaigns/spring", SPRING)
    now = int(world.clock.now().timestamp())
    launch: Any = ("marketer", "POST", "/admin/campaigns/spring/runs")
    assert as_person(*launch, {}, auth_time=now - 601)[1]["code"] == "sign_in_again"
    assert as_person(*launch, {"as_of": "2017-10-01", "send": True}, auth_time=now - 601)[1]["code"] == "sign_in_again"
    assert as_person(*launch, {"as_of": "2017-10-01"}, auth_time=now - 601)[0] == 202
    assert as_person(*launch, {}, auth_time=now - 600)[0] != 403


def test_me_is_who_asks_and_what_they_may(world: World) -> None:
    status, body = as_person("marketer", "GET", "/admin/me")
    assert (status, body["id"], body["name"], body["is_person"]) == (200, "8a1f", "mara", True)
    assert (body["groups"], body["scopes"]) == (["marketer"], ["regulars/read", "regulars/write", "regulars/send"])
