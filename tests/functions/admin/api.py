"""The admin API as a test asks it: events as API Gateway sends them, made from a recorded one."""

import copy
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from functions.admin import handler

EVENTS = Path(__file__).parents[3] / "events/admin"
REQUEST_ID = "5e5c4d3f-0000-4000-8000-000000000000"

TWICE = {"id": "twice", "name": "Bought twice", "rule": {"event": "Order Completed", "count": {"gte": 2}}}
SPRING = {
    "id": "spring",
    "name": "Spring",
    "audience": {"include": ["twice"]},
    "message": {"push": {"title": "Hi", "body": "Come back"}},
    "control": {"percent": 25},
}


def recorded(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return loaded


def invoke(event: dict[str, Any], *, request_id: str = REQUEST_ID) -> tuple[int, dict[str, Any]]:
    context: Any = SimpleNamespace(aws_request_id=request_id)
    answer = handler.lambda_handler(event, context)
    assert answer["headers"]["Content-Type"] == "application/json"
    return answer["statusCode"], json.loads(answer["body"])


def asking(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: str) -> dict[str, Any]:
    """The event of any request."""
    made = copy.deepcopy(recorded("put_segment"))
    made |= {"rawPath": path, "queryStringParameters": query or None, "body": body if isinstance(body, str | None) else json.dumps(body)}
    made["headers"] |= headers or {}
    made["requestContext"]["http"] |= {"method": method, "path": path}
    return made


def request(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: str) -> tuple[int, dict[str, Any]]:
    """`headers` in lower case, as API Gateway gives them."""
    return invoke(asking(method, path, body, headers, **query))
