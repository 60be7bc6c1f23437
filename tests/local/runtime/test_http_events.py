"""Requests become payload 2.0 events, results become answers, and the most specific route wins."""

import json
from typing import Any

import pytest

from local.resources.model import Route
from local.runtime.http_events import Request, find_route, to_answer, to_event
from local.runtime.jwt import Granted

DEFAULT = Route("ANY", "$default", "collect")


def request(**parts: Any) -> Request:
    return Request(**{"method": "POST", "path": "/", "query": "", "headers": [], "body": b"", "client": "127.0.0.1", **parts})


def event(granted: Granted | None = None, parameters: dict[str, str] | None = None, **parts: Any) -> dict[str, Any]:
    return to_event(request(**parts), DEFAULT, parameters or {}, granted)


@pytest.mark.parametrize(
    ("method", "path", "key", "parameters"),
    [
        ("GET", "/admin/segments/lapsing", "GET /admin/segments/{id}", {"id": "lapsing"}),
        ("GET", "/admin/segments/a%20b", "GET /admin/segments/{id}", {"id": "a b"}),
        ("GET", "/admin/segments/count", "GET /admin/segments/count", {}),
        ("POST", "/admin/segments/lapsing", "ANY /admin/{proxy+}", {"proxy": "segments/lapsing"}),
        ("GET", "/admin/segments/lapsing/sql", "GET /admin/{proxy+}", {"proxy": "segments/lapsing/sql"}),
        ("GET", "/admin/other/x", "GET /admin/{proxy+}", {"proxy": "other/x"}),
        ("GET", "/admin/", "$default", {}),
        ("GET", "/admin", "$default", {}),
        ("OPTIONS", "/v1/track", "$default", {}),
    ],
)
def test_the_most_specific_route_takes_the_request(method: str, path: str, key: str, parameters: dict[str, str]) -> None:
    routes = [
        DEFAULT,
        Route("ANY", "/admin/{proxy+}", "admin"),
        Route("GET", "/admin/{proxy+}", "admin"),
        Route("GET", "/admin/segments/{id}", "admin"),
        Route("GET", "/admin/segments/count", "admin"),
    ]
    found = find_route(routes, method, path)
    assert found is not None
    assert (found[0].key, found[1]) == (key, parameters)


def test_a_route_with_a_slash_at_its_end_is_another_than_the_one_without() -> None:
    routes = [DEFAULT, Route("GET", "/console", "console"), Route("GET", "/console/", "console"), Route("GET", "/console/{proxy+}", "console")]
    keys = [found[0].key for path in ("/console", "/console/", "/console/a") if (found := find_route(routes, "GET", path))]
    assert keys == ["GET /console", "GET /console/", "GET /console/{proxy+}"]


def test_without_a_default_route_nothing_may_match() -> None:
    assert find_route([Route("GET", "/a", "f")], "POST", "/a") is None


def test_headers_are_lower_case_and_joined_and_cookies_apart() -> None:
    made = event(headers=[("X-Tag", "a"), ("x-tag", "b"), ("Cookie", "s=1; t=2"), ("Host", "h:1"), ("User-Agent", "ua")])
    assert made["headers"]["x-tag"] == "a,b"
    assert "cookie" not in made["headers"]
    assert made["cookies"] == ["s=1", "t=2"]
    assert made["requestContext"]["domainName"] == "h:1"
    assert made["requestContext"]["http"]["userAgent"] == "ua"


def test_the_query_is_kept_raw_and_parsed() -> None:
    made = event(query="a=1&a=2&b=x%20y&c=")
    assert made["rawQueryString"] == "a=1&a=2&b=x%20y&c="
    assert made["queryStringParameters"] == {"a": "1,2", "b": "x y", "c": ""}
    assert "queryStringParameters" not in event()


@pytest.mark.parametrize(
    ("headers", "body", "expected", "encoded"),
    [
        ([("Content-Type", "application/json; charset=utf-8")], "é".encode(), "é", False),
        ([("content-type", "text/plain")], b"x", "x", False),
        ([("content-type", "application/json"), ("content-encoding", "gzip")], b"\x1f\x8b", "H4s=", True),
        ([("content-type", "application/json")], b"\xff", "/w==", True),
        ([("content-type", "application/octet-stream")], b"x", "eA==", True),
        ([], b"x", "eA==", True),
    ],
)
def test_text_stays_text_and_all_else_is_base64(headers: list[tuple[str, str]], body: bytes, expected: str, encoded: bool) -> None:
    made = event(headers=headers, body=body)
    assert (made["body"], made["isBase64Encoded"]) == (expected, encoded)
    assert made["headers"]["content-length"] == str(len(body))


def test_the_event_has_the_shape_that_powertools_reads() -> None:
    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

    granted = Granted({"jwt": {"claims": {"sub": "me"}, "scopes": ["regulars/read"]}})
    made = event(granted, {"id": "7"}, method="GET", path="/x/7", query="a=1", body=b"")
    read = APIGatewayProxyEventV2(made)
    assert (read.http_method, read.path, read.route_key) == ("GET", "/x/7", "$default")
    assert read.path_parameters == {"id": "7"}
    assert read.request_context.authorizer is not None
    assert read.request_context.authorizer.jwt_claim == {"sub": "me"}
    assert read.request_context.http.source_ip == "127.0.0.1"
    assert "body" not in made
    json.dumps(made)


def answer(result: object) -> tuple[int, dict[str, str], bytes]:
    made = to_answer(json.dumps(result).encode())
    return made.status, dict(made.headers), made.body


def test_a_result_without_status_is_the_body() -> None:
    assert answer({"a": 1}) == (200, {"content-type": "application/json"}, b'{"a": 1}')
    assert answer("x") == (200, {"content-type": "application/json"}, b'"x"')


def test_a_result_is_mapped() -> None:
    result = {
        "statusCode": "201",
        "headers": {"X-A": 1, "Content-Type": "a/b"},
        "body": "aGk=",
        "isBase64Encoded": True,
    }
    assert answer(result) == (201, {"x-a": "1", "content-type": "a/b"}, b"hi")
    assert answer({"statusCode": 204}) == (204, {"content-type": "text/plain; charset=utf-8"}, b"")


def test_each_cookie_is_a_header() -> None:
    made = to_answer(b'{"statusCode": 200, "cookies": ["a=1", "b=2"]}')
    assert [value for name, value in made.headers if name == "set-cookie"] == ["a=1", "b=2"]


@pytest.mark.parametrize(
    "result",
    [
        {"statusCode": "many"},
        {"statusCode": None},
        {"statusCode": 99},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "body": "%", "isBase64Encoded": True},
        {"statusCode": 200, "headers": {"x": "a\r\nset-cookie: b"}},
    ],
)
def test_a_malformed_result_is_refused(result: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        answer(result)
