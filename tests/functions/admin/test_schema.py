"""What an editor of rules is told."""

from tests.fakes.clock import MOMENT
from tests.functions.admin.api import TWICE, request
from tests.functions.admin.conftest import World


def test_the_language_comes_with_its_operators_and_their_kinds(world: World) -> None:
    status, body = request("GET", "/admin/schema")
    assert status == 200
    assert {"name": "gte", "label": "at least {}", "value": "whole"} in body["operators"]["count"]
    assert body["spans"] == {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def test_a_journeys_rules_may_ask_of_what_its_run_began_with_too(world: World) -> None:
    _, of_segments = request("GET", "/admin/schema")
    status, body = request("GET", "/admin/schema", of="journeys")
    assert status == 200
    assert [word["head"] for word in body["heads"]] == [*(word["head"] for word in of_segments["heads"]), "entry"]
    assert request("GET", "/admin/schema", of="runs")[0] == 400


def test_what_is_defined_can_be_named_and_what_is_archived_cannot(world: World) -> None:
    request("PUT", "/admin/segments/twice", TWICE)
    world.definitions.put("segment", "old", {"id": "old", "name": "Old"}, at=MOMENT, by="tests")
    world.definitions.archive("segment", "old")
    request("PUT", "/admin/settings", {"purposes": {"news": "opt_in"}})
    status, body = request("GET", "/admin/suggestions")
    assert status == 200
    assert (body["catalog"], body["segments"], body["purposes"]) == ("empty", [{"id": "twice", "name": "Bought twice"}], ["news"])
