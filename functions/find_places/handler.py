"""HTTP API -> find_places: GET /v1/places?near=51.51,-0.13, by which a telephone learns which places to watch."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from regulars import wiring
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InfrastructureError, RefusedError, RegularsError, TooManyRequestsError, UnknownWriteKeyError
from regulars.domain.places.nearby import Nearby
from regulars.observability import logger
from regulars.usecases.find_places import find_places

FRESH_SECONDS: Final = 3600
"""How long a telephone may keep an answer without asking again."""
RETRY_AFTER_SECONDS: Final = 2

log = logger("find_places")


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
    try:
        found = find_places(
            headers,
            event.get("queryStringParameters") or {},
            places=wiring.current_places(),
            write_keys=wiring.write_keys(),
            clock=wiring.clock(),
        )
    except (RefusedError, InfrastructureError) as error:
        return _refusal(error)
    except Exception:
        log.exception("unexpected")
        return _response(500, {"code": "internal", "message": "something broke on our side; this is safe to ask again"})
    return _response(200, _shown(found), {"cache-control": f"private, max-age={FRESH_SECONDS}"})


def _shown(found: Nearby) -> JsonObject:
    places = [
        {"places": each.list_id, "place_id": each.id, "name": each.name, "lat": each.at.latitude, "lon": each.at.longitude, "radius_m": each.radius_m}
        for each in found.places
    ]
    middle = found.middle
    return {"places": places, "refresh": {"lat": middle.latitude, "lon": middle.longitude, "radius_m": round(found.refresh_m)}}


def _refusal(error: RegularsError) -> dict[str, Any]:
    log.warning("refused", code=error.code)
    waits = {"retry-after": str(RETRY_AFTER_SECONDS)} if isinstance(error, InfrastructureError) else {}
    return _response(_status(error), {"code": error.code, "message": str(error)}, waits)


def _status(error: RegularsError) -> int:
    match error:
        case UnknownWriteKeyError():
            return 401
        case TooManyRequestsError():
            return 429
        case InfrastructureError():
            return 503
        case _:
            return 400


def _response(status: int, document: JsonObject, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    said = {"content-type": "application/json", **(headers or {})}
    return {"statusCode": status, "headers": said, "body": orjson.dumps(document).decode(), "isBase64Encoded": False}
