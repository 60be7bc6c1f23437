"""HTTP API -> collect. Takes every path that is no route of the admin API, so that each answer is ours: exactly 200 on success, else JSON with
`code` and `message`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from regulars import wiring
from regulars.domain.collection.keys import stated_keys
from regulars.domain.collection.source import is_write_key
from regulars.domain.errors import InfrastructureError, RefusedError, RegularsError
from regulars.http_api import RETRY_AFTER_SECONDS, content_of
from regulars.observability import count, logger
from regulars.usecases.authenticate import authenticate
from regulars.usecases.collect import collect
from regulars.usecases.fast_lane import FastLane

from .errors import MethodNotAllowedError, status_of
from .routes import Collect, Drop, Preflight, Settings, SourceConfig, routed
from .settings import client_settings, source_config

PREFLIGHT_SECONDS: Final = 7200
"""How long a browser may keep our answer to a preflight: Chromium's own maximum."""

log = logger("collect")

Response = dict[str, Any]


def lambda_handler(event: dict[str, Any], context: object) -> Response:
    headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
    try:
        return _answer(event, headers)
    except (RefusedError, InfrastructureError) as error:
        return _refusal(error)
    except Exception:
        log.exception("unexpected")
        return _response(500, {"code": "internal", "message": "something broke on our side; this is safe to send again"})


def _answer(event: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    query = event.get("queryStringParameters") or {}
    match routed(event["requestContext"]["http"]["method"], event["rawPath"]):
        case Preflight():
            return _preflight(headers)
        case Drop():
            return _response(200, {"success": True})
        case Settings(write_key):
            _source_of([write_key] if is_write_key(write_key) else [])
            return _response(200, client_settings(write_key, headers.get("host", "")))
        case SourceConfig():
            return _response(200, source_config(_source_of(stated_keys(headers.get("authorization", ""), query, {}))))
        case Collect(verb):
            accepted = collect(
                content_of(event),
                headers,
                query,
                verb=verb,
                write_keys=wiring.write_keys(),
                queue=wiring.event_queue(),
                clock=wiring.clock(),
                fast_lane=_fast_lane(),
            )
            if accepted.journeys.trouble:
                log.warning("journeys hear of it when it is loaded", detail=accepted.journeys.trouble)
            count("collect", EventsAccepted=accepted.events, JourneyInputs=accepted.journeys.inputs)
            return _response(200, {"success": True})


def _fast_lane() -> FastLane:
    return FastLane(wiring.live_journeys(), wiring.journey_queue(), wiring.current_plans(), wiring.standards)


def _source_of(stated: Sequence[str]) -> str:
    return authenticate(stated, write_keys=wiring.write_keys(), clock=wiring.clock())


def _refusal(error: RegularsError) -> Response:
    headers: dict[str, str] = {}
    if isinstance(error, InfrastructureError):
        log.error("not accepted", code=error.code, detail=str(error))
        headers["retry-after"] = str(RETRY_AFTER_SECONDS)
    else:
        log.warning("refused", code=error.code)
        count("collect", RequestsRefused=1)
    if isinstance(error, MethodNotAllowedError):
        headers["allow"] = error.allowed
    return _response(status_of(error), {"code": error.code, "message": str(error)}, headers)


def _preflight(headers: Mapping[str, str]) -> Response:
    """Clients add headers of their own to retries, so what they ask for is allowed as it stands."""
    allowed = {
        "access-control-allow-methods": "GET, POST, OPTIONS",
        "access-control-allow-headers": headers.get("access-control-request-headers", "authorization, content-type"),
        "access-control-max-age": str(PREFLIGHT_SECONDS),
        "vary": "access-control-request-headers",
    }
    return _response(204, None, allowed)


def _response(status: int, document: Mapping[str, Any] | None, headers: Mapping[str, str] | None = None) -> Response:
    common = {"access-control-allow-origin": "*", "access-control-expose-headers": "retry-after"}
    if document is not None:
        common["content-type"] = "application/json"
    body = "" if document is None else orjson.dumps(document).decode()
    return {"statusCode": status, "headers": {**common, **(headers or {})}, "body": body, "isBase64Encoded": False}
