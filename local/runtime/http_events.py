"""Requests to events and results to answers, as an HTTP API does with payload format 2.0; and which route takes a
request.

docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html and
http-api-develop-routes.html
"""

import base64
import binascii
import json
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from local.resources.model import Route
from local.runtime.jwt import Granted

# Bodies of these types reach the function as text, all others as base64.
TEXT_TYPES = (
    "text/",
    "application/json",
    "application/javascript",
    "application/xml",
    "application/x-www-form-urlencoded",
)


@dataclass(frozen=True, slots=True)
class Request:
    """What came over the wire. `path` and `query` are as sent (not decoded)."""

    method: str
    path: str
    query: str
    headers: Iterable[tuple[str, str]]
    body: bytes
    client: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. Header names are lower case; there may be several `set-cookie`."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def message(status: int, text: str, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer of the gateway's own."""
    body = json.dumps({"message": text}, separators=(",", ":")).encode()
    return Answer(status, (("content-type", "application/json"), *(headers or {}).items()), body)


def find_route(routes: Iterable[Route], method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The most specific route for a request, with its path parameters decoded; None means API Gateway's own 404."""
    best: tuple[tuple[object, ...], Route, dict[str, str]] | None = None
    for route in routes:
        if route.method not in ("ANY", method):
            continue
        matched = _match(route.path, path)
        if matched is not None:
            rank = (matched[0], route.method == "ANY")
            if best is None or rank < best[0]:
                best = (rank, route, matched[1])
    return None if best is None else (best[1], best[2])


def _match(pattern: str, path: str) -> tuple[tuple[int, ...], dict[str, str]] | None:
    """How specific the match is (smaller is more: text 0, variable 1, greedy variable 2, $default 3) and the
    parameters.
    """
    if pattern == "$default":
        return (3,), {}
    rank: list[int] = []
    parameters: dict[str, str] = {}
    wanted, given = pattern[1:].split("/"), path[1:].split("/")
    for position, part in enumerate(wanted):
        if part.endswith("+}"):
            rest = "/".join(given[position:])
            if not rest:  # `/console/` is not below /console: what AWS makes of it is not documented
                return None
            parameters[part[1:-2]] = unquote(rest)
            return (*rank, 2), parameters
        if position >= len(given):
            return None
        if part.startswith("{"):
            if not given[position]:
                return None
            parameters[part[1:-1]] = unquote(given[position])
            rank.append(1)
        elif part == given[position]:
            rank.append(0)
        else:
            return None
    return (tuple(rank), parameters) if len(wanted) == len(given) else None


def to_event(request: Request, route: Route, parameters: Mapping[str, str], granted: Granted | None) -> dict[str, Any]:
    """The event that the route's function gets."""
    headers, cookies = _headers(request)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": _context(request, route, headers),
    }
    if granted is not None:
        event["requestContext"]["authorizer"] = dict(granted.context)
    if cookies:
        event["cookies"] = cookies
    if request.query:
        event["queryStringParameters"] = _joined(parse_qsl(request.query, keep_blank_values=True))
    if parameters:
        event["pathParameters"] = dict(parameters)
    body, encoded = _body(request.body, headers)
    if body is not None:
        event["body"] = body
    event["isBase64Encoded"] = encoded
    return event


def _context(request: Request, route: Route, headers: Mapping[str, str]) -> dict[str, Any]:
    now = time.time()
    return {
        "accountId": "123456789012",
        "apiId": "local",
        "domainName": headers.get("host", ""),
        "domainPrefix": "local",
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.client,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": uuid.uuid4().hex[:16],
        "routeKey": route.key,
        "stage": "$default",
        "time": datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now * 1000),
    }


def _headers(request: Request) -> tuple[dict[str, str], list[str]]:
    pairs = [(name.lower(), value) for name, value in request.headers]
    cookies = [part.strip() for name, value in pairs if name == "cookie" for part in value.split(";")]
    headers = _joined((name, value) for name, value in pairs if name not in ("cookie", "transfer-encoding", "connection"))
    headers["x-forwarded-for"] = request.client
    headers["x-forwarded-proto"] = "https"
    headers["x-forwarded-port"] = "443"
    if request.body:
        headers["content-length"] = str(len(request.body))
    return headers, cookies


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body(body: bytes, headers: Mapping[str, str]) -> tuple[str | None, bool]:
    if not body:
        return None, False
    if headers.get("content-type", "").lower().startswith(TEXT_TYPES) and "content-encoding" not in headers:
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass  # text in name only: base64 keeps every byte
    return base64.b64encode(body).decode("ascii"), True


def to_answer(payload: bytes) -> Answer:
    """A function's result as an HTTP answer. Raises ValueError if it is not one; the gateway then answers 500.

    A result without statusCode is itself the JSON body of a 200.
    """
    result = json.loads(payload)
    if not isinstance(result, dict) or "statusCode" not in result:
        return Answer(200, (("content-type", "application/json"),), payload)
    headers = {str(name).lower(): _header_text(value) for name, value in (result.get("headers") or {}).items()}
    headers.pop("content-length", None)
    headers.setdefault("content-type", "text/plain; charset=utf-8")
    body = result.get("body") or ""
    if not isinstance(body, str):
        raise ValueError("body is not text")
    try:
        status = int(result["statusCode"])
        content = base64.b64decode(body, validate=True) if result.get("isBase64Encoded") else body.encode()
    except (TypeError, binascii.Error) as error:
        raise ValueError(str(error)) from error
    if not 100 <= status <= 599:
        raise ValueError(f"statusCode {status}")
    cookies = [("set-cookie", str(cookie)) for cookie in result.get("cookies") or ()]
    return Answer(status, (*headers.items(), *cookies), content)


def _header_text(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if "\r" in text or "\n" in text:
        raise ValueError("a header value holds a line break")
    return text
