"""What the double answers: an HTTP status with FCM's own error bodies.

Bodies: https://firebase.google.com/docs/cloud-messaging/error-codes and https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
QUOTA_FAILURE = "type.googleapis.com/google.rpc.QuotaFailure"

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
"""google.rpc.Code by HTTP status, as far as FCM uses them."""


class Violation(NamedTuple):
    """One wrong field: its path in the request ("" for the request itself) and a sentence."""

    field: str
    description: str


class Answer(NamedTuple):
    """`reason` is what the double counts the answer by: an FCM error code or a google.rpc status; empty when accepted.
    `delay` is the seconds until it is sent."""

    status: int
    body: bytes
    reason: str = ""
    retry_after: int | None = None
    delay: float = 0.0


@dataclass(frozen=True)
class Refusal:
    """Why a request is not accepted. `code` is FCM's own error code, where it has one for this."""

    status: int
    message: str
    code: str = ""
    violations: Sequence[Violation] = ()
    quota: str = ""
    retry_after: int | None = None

    def answer(self) -> Answer:
        details: list[dict[str, object]] = []
        if self.code:
            details.append({"@type": FCM_ERROR, "errorCode": self.code})
        if self.violations:
            fields = [{"field": one.field, "description": one.description} for one in self.violations]
            details.append({"@type": BAD_REQUEST, "fieldViolations": fields})
        if self.quota:
            details.append({"@type": QUOTA_FAILURE, "violations": [{"subject": self.quota, "description": self.message}]})
        status = STATUSES[self.status]
        error: dict[str, object] = {"code": self.status, "message": self.message, "status": status}
        if details:
            error["details"] = details
        return Answer(self.status, orjson.dumps({"error": error}), self.code or status, self.retry_after)


def invalid(message: str, field: str) -> Refusal:
    """FCM refuses the content of a field that the schema allows."""
    return Refusal(400, message, "INVALID_ARGUMENT", (Violation(field, message),))


INVALID_TOKEN = Refusal(400, "The registration token is not a valid FCM registration token", "INVALID_ARGUMENT")
UNREGISTERED = Refusal(404, "Requested entity was not found.", "UNREGISTERED")
UNAUTHENTICATED = Refusal(
    401,
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
)
