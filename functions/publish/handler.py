"""HTTP API -> publish: POST /v1/content, by which a publisher's own program tells of an item."""

import base64
from typing import Any, Final

import orjson

from regulars import wiring
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InfrastructureError, PayloadTooLargeError, RefusedError, RegularsError, TooManyRequestsError, UnknownWriteKeyError
from regulars.observability import count, logger
from regulars.usecases.publish import publish

RETRY_AFTER_SECONDS: Final = 2
"""With 429 and 503."""

log = logger("publish")


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    try:
        published = publish(
            _content(event),
            {name.lower(): value for name, value in event.get("headers", {}).items()},
            event.get("queryStringParameters") or {},
            write_keys=wiring.write_keys(),
            secrets=wiring.signing_secrets(),
            ledger=wiring.content_ledger(),
            queue=wiring.event_queue(),
            announcer=wiring.announce_trigger(),
            clock=wiring.clock(),
        )
    except (RefusedError, InfrastructureError) as error:
        return _refusal(error)
    except Exception:
        log.exception("unexpected")
        return _response(500, {"code": "internal", "message": "something broke on our side; this is safe to send again"})
    count("publish", ItemsPublished=int(published.is_new))
    return _response(200, {"success": True, "id": published.id, "new": published.is_new})


def _content(event: dict[str, Any]) -> bytes:
    body: str = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "surrogatepass")


def _refusal(error: RegularsError) -> dict[str, Any]:
    log.warning("refused", code=error.code)
    waits = {"retry-after": str(RETRY_AFTER_SECONDS)} if isinstance(error, InfrastructureError) else {}
    return _response(_status(error), {"code": error.code, "message": str(error)}, waits)


def _status(error: RegularsError) -> int:
    match error:
        case UnknownWriteKeyError():
            return 401
        case PayloadTooLargeError():
            return 413
        case TooManyRequestsError():
            return 429
        case InfrastructureError():
            return 503
        case _:
            return 400


def _response(status: int, document: JsonObject, headers: dict[str, str] | None = None) -> dict[str, Any]:
    said = {"content-type": "application/json", **(headers or {})}
    return {"statusCode": status, "headers": said, "body": orjson.dumps(document).decode(), "isBase64Encoded": False}
