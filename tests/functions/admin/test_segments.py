from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.evaluations import Evaluation
from tests.fakes.clock import MOMENT
from tests.functions.admin.api import SPRING, TWICE, invoke, recorded, request
from tests.functions.admin.conftest import World

SAID = 'did "Order Completed" at least twice'


def test_a_segment_is_saved_in_the_name_of_the_tokens_subject(world: World) -> None:
    assert invoke(recorded("put_segment")) == (200, {"id": "twice", "version": 1, "unchanged": False, "warnings": [], "sentence": SAID})
    assert world.definitions.get("segment", "twice").saved_by == recorded("put_segment")["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]


def test_a_segment_that_says_the_same_already_is_no_new_version(world: World) -> None:
    request("PUT", "/admin/segments/twice", TWICE)
    assert request("PUT", "/admin/segments/twice", TWICE) == (200, {"id": "twice", "version": 1, "unchanged": True, "warnings": [], "sentence": SAID})


def test_a_segment_under_another_address_is_refused(world: World) -> None:
    status, body = request("PUT", "/admin/segments/other", TWICE)
    assert (status, body["code"], body["field"]) == (400, "invalid_request", "id")


def test_an_id_that_no_segment_may_have_is_refused_as_it_was_written(world: World) -> None:
    status, body = request("PUT", "/admin/segments/my%20segment", TWICE | {"id": "my segment"})
    assert (status, body["code"], body["field"]) == (400, "invalid_rule", "id")


def test_a_wrong_rule_names_what_is_wrong(world: World) -> None:
    status, body = request("PUT", "/admin/segments/twice", TWICE | {"rule": {"trait": "plan", "equals": "pro"}})
    assert (status, body["code"]) == (400, "invalid_rule")
    assert "equals" in body["message"]


PLAN = {"id": "shop", "name": "Shop", "track": {"X": {"schema": {"type": "object"}}}}


def test_a_draft_of_a_segment_is_answered_as_a_put_would_be_with_its_sql_and_nothing_is_saved(world: World) -> None:
    status, judged = request("POST", "/admin/segments/twice/drafts", TWICE)
    assert (status, judged["sentence"], judged["warnings"]) == (200, SAID, [])
    assert judged["sql"].startswith(("SELECT", "WITH"))
    status, refused = request("POST", "/admin/segments/twice/drafts", TWICE | {"rule": {"all": [{"segment": "ghost"}]}})
    assert (status, refused["code"], refused["field"]) == (400, "invalid_rule", "rule.all[0]")
    assert world.definitions.all("segment") == []


def test_a_plan_with_a_schema_that_is_none_is_refused_whole(world: World) -> None:
    status, body = request("PUT", "/admin/plans/shop", PLAN | {"identify": {"schema": {"type": "nmber"}}})
    assert (status, body["code"], body["field"]) == (400, "invalid_plan", "identify.schema.type")
    assert request("GET", "/admin/plans/shop")[0] == 404


def test_a_plan_that_was_got_can_be_put_and_one_that_is_archived_is_not_listed(world: World) -> None:
    assert request("PUT", "/admin/plans/shop", PLAN)[1] == {"id": "shop", "version": 1, "unchanged": False, "warnings": []}
    got = request("GET", "/admin/plans/shop")[1]
    assert request("PUT", "/admin/plans/shop", got)[1]["unchanged"] is True
    assert request("GET", "/admin/plans")[1] == {"plans": [got]}
    assert request("POST", "/admin/plans/shop/archive", {})[1] == {"id": "shop", "version": 1, "archived": True}
    assert request("GET", "/admin/plans")[1] == {"plans": []}
    assert request("GET", "/admin/plans/shop/versions")[1]["versions"][0]["archived"] is True


@pytest.mark.parametrize(("noun", "document"), [("segments", TWICE), ("campaigns", SPRING)])
def test_the_newest_of_each_is_listed_and_got_and_what_was_got_can_be_put(noun: str, document: dict[str, Any], defined: World) -> None:
    address = f"/admin/{noun}/{document['id']}"
    assert request("PUT", address, document | {"name": "Newer"})[1]["version"] == 2
    got = request("GET", address)[1]
    assert got == document | {"name": "Newer", "version": 2}
    assert request("GET", f"/admin/{noun}") == (200, {noun: [got]})
    assert request("PUT", address, got)[1].items() >= {"id": document["id"], "version": 2, "unchanged": True, "warnings": []}.items()


@pytest.mark.parametrize(("noun", "document"), [("segments", TWICE), ("campaigns", SPRING)])
def test_older_versions_are_listed_and_shown(noun: str, document: dict[str, Any], defined: World) -> None:
    address = f"/admin/{noun}/{document['id']}"
    request("PUT", address, document | {"name": "Newer"})
    versions = request("GET", f"{address}/versions")[1]["versions"]
    assert [each["version"] for each in versions] == [2, 1]
    assert versions[1] == {"version": 1, "saved_at": "2026-11-21T12:00:00Z", "saved_by": "test", "archived": False, "changes": []}
    assert versions[0]["changes"] == ([f"name: {document['name']} -> Newer"])
    difference = request("GET", f"{address}/diff", **{"from": "2", "to": "1"})[1]
    assert (difference["from_version"], difference["to_version"], difference["changes"][0]["path"]) == (2, 1, "name")
    assert request("GET", f"{address}/diff", to="1")[1]["field"] == "from"
    assert request("POST", f"{address}/restore", {"version": 1})[1]["version"] == 3
    assert request("GET", address)[1] == document | {"version": 3}
    assert request("POST", f"{address}/restore", {})[1]["field"] == "version"
    assert request("PUT", address, document | {"name": "Newer"})[1]["version"] == 4
    assert request("GET", address, version="1") == (200, document | {"version": 1})
    assert request("GET", address, version="5")[0] == 404
    assert request("GET", address, version="0")[1]["field"] == "version"


@pytest.mark.parametrize("address", ["/admin/segments/thrice", "/admin/segments/thrice/versions", "/admin/campaigns/thrice"])
def test_what_nobody_put_is_not_found(address: str, world: World) -> None:
    status, body = request("GET", address)
    assert (status, body["code"]) == (404, "not_found")


def test_a_segment_that_others_use_is_not_archived_and_they_are_named(defined: World) -> None:
    status, body = request("POST", "/admin/segments/twice/archive", {})
    assert (status, body["code"]) == (409, "conflict")
    assert "campaign spring" in body["message"]


def test_what_is_archived_is_left_out_of_the_list_unless_asked_for_until_it_is_put_again(defined: World) -> None:
    assert request("POST", "/admin/campaigns/spring/archive", {}) == (200, {"id": "spring", "version": 1, "archived": True, "under_way": []})
    assert request("POST", "/admin/segments/twice/archive") == (200, {"id": "twice", "version": 1, "archived": True})
    assert request("GET", "/admin/segments")[1] == {"segments": []}
    (archived,) = request("GET", "/admin/segments", archived="true")[1]["segments"]
    assert archived == TWICE | {"version": 1, "archived": True}
    assert request("PUT", "/admin/segments/twice", archived)[1] == {"id": "twice", "version": 2, "unchanged": False, "warnings": [], "sentence": SAID}
    assert request("GET", "/admin/segments")[1]["segments"] == [TWICE | {"version": 2}]


@pytest.mark.parametrize("text", ["2026-01-02", "2026-01-02T00:00:00Z", "2026-01-02T02:00:00+02:00"])
def test_sql_is_made_as_of_the_moment_asked_for(text: str, defined: World) -> None:
    status, body = request("POST", "/admin/segments/twice/sql", {"as_of": text})
    assert (status, body["as_of"]) == (200, "2026-01-02T00:00:00Z")
    assert body["sql"].startswith(("SELECT", "WITH"))
    assert "2026-01-02 00:00:00" in body["sql"]


def test_sql_is_as_of_now_without_a_body(defined: World) -> None:
    assert request("POST", "/admin/segments/twice/sql")[1]["as_of"] == "2026-11-21T12:00:00Z"


def test_sizes_are_those_of_the_last_count_and_nobody_is_counted_for_them(world: World) -> None:
    request("PUT", "/admin/segments/twice", TWICE)
    assert request("GET", "/admin/segment-sizes") == (200, {"sizes": {}})
    made: Any = {"segment_id": "twice", "kind": "count", "as_of": MOMENT, "started_by": "tests", "versions": {"twice": 1}, "sql": "", "snapshots": {}}
    world.evaluations.put(Evaluation("1", started_at=MOMENT, state="succeeded", count=7, **made))
    world.evaluations.put(Evaluation("2", started_at=MOMENT + timedelta(hours=1), state="failed", **made))
    long_ago = {**made, "as_of": MOMENT - timedelta(days=300)}
    world.evaluations.put(Evaluation("3", started_at=MOMENT + timedelta(hours=2), state="succeeded", count=3, **long_ago))
    status, body = request("GET", "/admin/segment-sizes")
    assert (status, body["sizes"]["twice"]["count"], body["sizes"]["twice"]["version"]) == (200, 7, 1)
    assert not world.queries.ran
