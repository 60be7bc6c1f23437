"""What an answer of FCM means for the push that it belongs to.

Codes and what to do about them: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode;
bodies: https://firebase.google.com/docs/cloud-messaging/error-codes.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import orjson

from regulars.domain import reasons

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
QUOTA_FAILURE = "type.googleapis.com/google.rpc.QuotaFailure"


class Action(Enum):
    SENT = "sent"
    FAIL = "fail"
    """This push is over, for `reason`."""
    RETRY = "retry"
    """Surely not sent: again, after a back-off."""
    PAUSE = "pause"
    """The project's quota is used up: nothing more to anybody for a while, then this one again."""
    RENEW = "renew"
    """The access token is not valid: again with a new one."""
    UNSURE = "unsure"
    """It may have been sent."""
    STOP = "stop"
    """Our set-up is wrong and no push can succeed; `explanation` says what FCM said."""


@dataclass(frozen=True)
class Verdict:
    """`reason` (a key of NOT_SENT_REASONS) goes with FAIL and UNSURE; `provider_id` is FCM's name of a message that was sent."""

    action: Action
    reason: str = ""
    dead_token: bool = False
    provider_id: str = ""
    explanation: str = ""


_BY_CODE = {
    "UNREGISTERED": Verdict(Action.FAIL, reasons.UNREGISTERED, dead_token=True),
    "SENDER_ID_MISMATCH": Verdict(Action.FAIL, reasons.SENDER_MISMATCH),
    "THIRD_PARTY_AUTH_ERROR": Verdict(Action.FAIL, reasons.THIRD_PARTY_AUTH),
    "APNS_AUTH_ERROR": Verdict(Action.FAIL, reasons.THIRD_PARTY_AUTH),
}
_UNSURE_STATUSES = frozenset({408, 504})


def classify(status: int, body: bytes) -> Verdict:
    """`status` and `body` are those of the HTTP answer to one `messages:send`."""
    if status == 200:
        return Verdict(Action.SENT, provider_id=_document(body).get("name", ""))
    error = _document(body).get("error")
    error = error if isinstance(error, dict) else {}
    code, message = _fcm_code(error), str(error.get("message") or f"HTTP {status}")
    if code in _BY_CODE:
        return _BY_CODE[code]
    if status == 429:
        return Verdict(Action.FAIL, reasons.DEVICE_QUOTA) if _is_device_quota(error) else Verdict(Action.PAUSE)
    if status in _UNSURE_STATUSES:
        return Verdict(Action.UNSURE, reasons.NO_ANSWER)
    if status >= 500:
        return Verdict(Action.RETRY)
    if status in (400, 413):
        return _invalid(error, message)
    if status == 401:
        return Verdict(Action.RENEW, explanation=message)
    return Verdict(Action.STOP, explanation=f"{status} {message}")


def _invalid(error: dict[str, Any], message: str) -> Verdict:
    # FCM has one code for a bad token and for bad content. Only the sentence tells them apart, see
    # https://github.com/firebase/firebase-admin-java/issues/1064; when in doubt the device is kept.
    if _detail(error, FCM_ERROR) and "not a valid fcm registration token" in message.lower():
        return Verdict(Action.FAIL, reasons.INVALID_TOKEN, dead_token=True)
    return Verdict(Action.FAIL, reasons.INVALID_MESSAGE, explanation=message)


def _is_device_quota(error: dict[str, Any]) -> bool:
    """FCM's advice for a device's own limit is not to retry; the extension QuotaFailure says which quota it was."""
    violations = _detail(error, QUOTA_FAILURE).get("violations")
    texts = [str(error.get("message"))]
    if isinstance(violations, list):
        texts += [f"{one.get('subject')} {one.get('description')}" for one in violations if isinstance(one, dict)]
    return any("device" in text.lower() for text in texts)


def _fcm_code(error: dict[str, Any]) -> str:
    return str(_detail(error, FCM_ERROR).get("errorCode", ""))


def _detail(error: dict[str, Any], kind: str) -> dict[str, Any]:
    details = error.get("details")
    found = (one for one in details if isinstance(one, dict) and one.get("@type") == kind) if isinstance(details, list) else ()
    return next(iter(found), {})


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:  # a proxy's page in place of FCM's answer
        return {}
    return document if isinstance(document, dict) else {}
