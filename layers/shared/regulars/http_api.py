"""What functions behind routes of the HTTP API have in common: the body as bytes, and answers in JSON, with `code` and `message` where it is no."""

import base64
from collections.abc import Mapping
from typing import Any, Final

import orjson

from regulars.domain.errors import (
    InfrastructureError,
    InvalidSignatureError,
    PayloadTooLargeError,
    RefusedError,
    RegularsError,
    TooManyRequestsError,
    UnknownWriteKeyError,
)

RETRY_AFTER_SECONDS: Final = 2
"""With 429 and 503. Whole seconds: that is what clients read."""

Answer = dict[str, Any]
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html, payload format 2.0."""


def content_of(event: Mapping[str, Any]) -> bytes:
    """As it was sent."""
    body: str = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "surrogatepass")


def answer(status: int, document: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
    said = {"content-type": "application/json", **(headers or {})}
    return {"statusCode": status, "headers": said, "body": orjson.dumps(document).decode(), "isBase64Encoded": False}


def refusal(error: RegularsError) -> Answer:
    """4xx where the request is at fault, 429 and 503 where it may be sent again. `problems`: all that is wrong with a document."""
    waits = {"retry-after": str(RETRY_AFTER_SECONDS)} if isinstance(error, InfrastructureError) else {}
    found = error.problems if isinstance(error, RefusedError) else ()
    problems = {"problems": [{"path": path, "message": message} for path, message in found]} if found else {}
    return answer(_status(error), {"code": error.code, "message": str(error), **problems}, waits)


def _status(error: RegularsError) -> int:
    match error:
        case UnknownWriteKeyError() | InvalidSignatureError():
            return 401
        case PayloadTooLargeError():
            return 413
        case TooManyRequestsError():
            return 429
        case InfrastructureError():
            return 503
        case _:
            return 400
