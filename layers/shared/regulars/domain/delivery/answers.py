"""What an answer of FCM means for the push that it belongs to.

Codes and what to do about them: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode;
bodies: https://firebase.google.com/docs/cloud-messaging/error-codes; statuses that are not FCM's own are those of
https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto.
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


class Blame(Enum):
    """Whose fault a refusal is, should everybody be refused alike (`suspicion`): one alone is that device's failure."""

    PROJECT = "project"
    """Our set-up: no push of any message can succeed."""
    MESSAGE = "message"
    """The content of the message: to whomever it is sent, it is refused."""


@dataclass(frozen=True)
class Verdict:
    """`reason` (a key of NOT_SENT_REASONS) goes with FAIL and UNSURE; `explanation` is what FCM said, and `blame` whom it would concern if everybody
    were told so; None: it is the device's, however often it comes."""

    action: Action
    reason: str = ""
    dead_token: bool = False
    explanation: str = ""
    blame: Blame | None = None
    status: int = 0


_SENT = Verdict(Action.SENT)
_UNREGISTERED = Verdict(Action.FAIL, reasons.UNREGISTERED, dead_token=True)
_OF_THE_PROJECT_OR_THE_DEVICE = {
    "SENDER_ID_MISMATCH": (reasons.SENDER_MISMATCH, True),
    "THIRD_PARTY_AUTH_ERROR": (reasons.THIRD_PARTY_AUTH, False),
    "APNS_AUTH_ERROR": (reasons.THIRD_PARTY_AUTH, False),
}
"""By FCM's code: the reason, and whether the token leads nowhere from this project, if the fault is not the project's."""

# 499 is CANCELLED, "typically by the caller", and we cancel nothing: like a deadline that was exceeded, it does not say that nothing was done.
_UNSURE_STATUSES = frozenset({408, 499, 504})


def classify(status: int, body: bytes) -> Verdict:
    """`status` and `body` are those of the HTTP answer to one `messages:send`."""
    if status == 200:
        return _SENT
    error = _document(body).get("error")
    error = error if isinstance(error, dict) else {}
    code, message = _fcm_code(error), str(error.get("message") or f"HTTP {status}")
    if code == "UNREGISTERED":
        return _UNREGISTERED
    if code in _OF_THE_PROJECT_OR_THE_DEVICE:
        reason, dead = _OF_THE_PROJECT_OR_THE_DEVICE[code]
        return _refused(Blame.PROJECT, reason, status, message, dead_token=dead)
    if status == 429:
        return Verdict(Action.FAIL, reasons.DEVICE_QUOTA) if _is_device_quota(error) else Verdict(Action.PAUSE)
    if status in _UNSURE_STATUSES:
        return Verdict(Action.UNSURE, reasons.NO_ANSWER)
    if status >= 500 or _was_aborted(status, error):
        return Verdict(Action.RETRY)
    if status in (400, 413):
        return _invalid(status, error, message)
    if status == 401:
        return Verdict(Action.RENEW, explanation=message)
    return _refused(Blame.PROJECT, reasons.REFUSED, status, message)


def _refused(blame: Blame, reason: str, status: int, message: str, *, dead_token: bool = False) -> Verdict:
    return Verdict(Action.FAIL, reason, dead_token, explanation=f"{status} {message}", blame=blame, status=status)


def _was_aborted(status: int, error: dict[str, Any]) -> bool:
    """409 is ABORTED, which is to be tried again from the start, or ALREADY_EXISTS, which is not."""
    return status == 409 and error.get("status") == "ABORTED"


def _invalid(status: int, error: dict[str, Any], message: str) -> Verdict:
    # FCM has one code for a bad token and for bad content. Only the sentence tells them apart, see
    # https://github.com/firebase/firebase-admin-java/issues/1064; when in doubt the device is kept.
    if _detail(error, FCM_ERROR) and "not a valid fcm registration token" in message.lower():
        return Verdict(Action.FAIL, reasons.INVALID_TOKEN, dead_token=True)
    return _refused(Blame.MESSAGE, reasons.INVALID_MESSAGE, status, f"{message}{_fields(error)}")


def _fields(error: dict[str, Any]) -> str:
    """Which fields of the message are wrong, as the extension BadRequest names them."""
    violations = _detail(error, BAD_REQUEST).get("fieldViolations")
    named = [str(one["field"]) for one in violations if isinstance(one, dict) and one.get("field")] if isinstance(violations, list) else []
    return f" (in {', '.join(named)})" if named else ""


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
