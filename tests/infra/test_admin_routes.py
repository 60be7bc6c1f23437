"""The admin API's routes in template.yaml and in its own description say the same."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from functions.admin import handler
from local.resources.model import Route
from local.runtime.http_events import find_route
from tests.functions.admin.api import recorded


def routes(source: dict[str, Any]) -> list[Route]:
    """Of the admin function; the catch-all of collect is not among them."""
    events = [event["Properties"] for event in source["Resources"]["AdminFunction"]["Properties"]["Events"].values()]
    return [Route(each["Method"], each["Path"], "admin", scopes=tuple(each["Auth"].get("AuthorizationScopes", ()))) for each in events]


def test_every_operation_can_be_reached_with_the_scope_that_it_is_described_with(source: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SIGN_IN_URL", "OPERATOR_CLIENT", "BROWSER_CLIENT"):
        monkeypatch.setenv(name, "unknown")
    context: Any = SimpleNamespace(aws_request_id="1")
    description = json.loads(handler.lambda_handler(recorded("openapi"), context)["body"])
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            found = find_route(routes(source), method.upper(), path.replace("{", "").replace("}", ""))
            assert found is not None, f"{method} {path} has no route"
            assert [{"admin": list(found[0].scopes)}] == operation["security"], f"{method} {path}"
