"""HTTP API -> publish: POST /v1/content, by which a publisher's own program tells of an item."""

from typing import Any

from regulars import wiring
from regulars.domain.errors import InfrastructureError, RefusedError
from regulars.http_api import answer, content_of, refusal
from regulars.observability import count, logger
from regulars.usecases.publish import publish

log = logger("publish")


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    try:
        published = publish(
            content_of(event),
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
        log.warning("refused", code=error.code)
        return refusal(error)
    except Exception:
        log.exception("unexpected")
        return answer(500, {"code": "internal", "message": "something broke on our side; this is safe to send again"})
    count("publish", ItemsPublished=int(published.is_new))
    return answer(200, {"success": True, "id": published.id, "new": published.is_new})
