"""A put that says which version it replaces: ETag, If-Match and 412."""

from typing import Any

import pytest

from functions.admin import handler
from tests.functions.admin.api import SPRING, TWICE, asking, request
from tests.functions.admin.conftest import World

PLAN = {"id": "shop", "name": "Shop", "track": {"X": {"schema": {"type": "object"}}}}
SETTINGS = {"daily_limit": 3}
CASES = [("/admin/segments/twice", TWICE), ("/admin/campaigns/spring", SPRING), ("/admin/plans/shop", PLAN), ("/admin/settings", SETTINGS)]


def etag(path: str) -> str:
    from types import SimpleNamespace

    context: Any = SimpleNamespace(aws_request_id="1")
    return str(handler.lambda_handler(asking("GET", path), context)["headers"]["ETag"])


def changed(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "name": "Another"} if "name" in document else {"daily_limit": 4}


@pytest.mark.parametrize(("path", "document"), CASES)
def test_a_put_replaces_the_version_that_it_names_and_no_other(world: World, path: str, document: dict[str, Any]) -> None:
    request("PUT", "/admin/segments/twice", TWICE)
    request("PUT", path, document)
    tag = etag(path)
    assert tag == '"1"'
    assert request("PUT", path, changed(document), {"if-match": tag})[1]["version"] == 2
    status, body = request("PUT", path, document, {"if-match": tag})
    assert (status, body["code"], body["version"]) == (412, "stale_version", 2)


def test_a_put_whose_answer_was_lost_can_be_repeated(world: World) -> None:
    for _ in range(2):
        assert request("PUT", "/admin/segments/twice", TWICE, {"if-match": '"0"'})[0] == 200
    assert request("PUT", "/admin/segments/twice", changed(TWICE), {"if-match": '"0"'})[0] == 412


def test_a_weak_tag_is_taken_and_what_is_none_of_ours_is_refused(world: World) -> None:
    request("PUT", "/admin/segments/twice", TWICE)
    assert request("PUT", "/admin/segments/twice", changed(TWICE), {"if-match": 'W/"1"'})[0] == 200
    status, body = request("PUT", "/admin/segments/twice", TWICE, {"if-match": '"abc"'})
    assert (status, body["code"], body["field"]) == (400, "invalid_request", "If-Match")
