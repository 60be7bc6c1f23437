"""HTTP API -> find_places: GET /v1/places?near=51.51,-0.13, by which a telephone learns which places to watch."""

from typing import Any, Final

from regulars import wiring
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InfrastructureError, RefusedError
from regulars.domain.places.nearby import Nearby
from regulars.http_api import answer, refusal
from regulars.observability import logger
from regulars.usecases.find_places import find_places

FRESH_SECONDS: Final = 3600
"""How long a telephone may keep an answer without asking again."""

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
        log.warning("refused", code=error.code)
        return refusal(error)
    except Exception:
        log.exception("unexpected")
        return answer(500, {"code": "internal", "message": "something broke on our side; this is safe to ask again"})
    return answer(200, _shown(found), {"cache-control": f"private, max-age={FRESH_SECONDS}"})


def _shown(found: Nearby) -> JsonObject:
    places = [
        {"places": each.list_id, "place_id": each.id, "name": each.name, "lat": each.at.latitude, "lon": each.at.longitude, "radius_m": each.radius_m}
        for each in found.places
    ]
    middle = found.middle
    return {"places": places, "refresh": {"lat": middle.latitude, "lon": middle.longitude, "radius_m": round(found.refresh_m)}}
