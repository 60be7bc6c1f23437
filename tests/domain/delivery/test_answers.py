import json

import pytest

from regulars.domain.delivery.answers import Action, Blame, Verdict, classify
from regulars.domain.reasons import NOT_SENT_REASONS

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
QUOTA_FAILURE = "type.googleapis.com/google.rpc.QuotaFailure"


def error(status: int, message: str = "", code: str = "", *details: dict[str, object]) -> bytes:
    known = [{"@type": FCM_ERROR, "errorCode": code}] if code else []
    return json.dumps({"error": {"code": status, "message": message, "status": "ANY", "details": [*known, *details]}}).encode()


def test_a_sent_message_keeps_the_name_that_fcm_gave_it() -> None:
    assert classify(200, b'{"name": "projects/p/messages/1"}') == Verdict(Action.SENT)


@pytest.mark.parametrize(
    ("status", "code", "reason", "dead"),
    [
        (404, "UNREGISTERED", "unregistered", True),
        (403, "SENDER_ID_MISMATCH", "sender_mismatch", True),
        (401, "THIRD_PARTY_AUTH_ERROR", "third_party_auth", False),
        (401, "APNS_AUTH_ERROR", "third_party_auth", False),
    ],
)
def test_an_error_of_fcm_itself_ends_the_push_of_that_device(status: int, code: str, reason: str, dead: bool) -> None:
    verdict = classify(status, error(status, code=code))
    assert (verdict.action, verdict.reason, verdict.dead_token) == (Action.FAIL, reason, dead)
    assert reason in NOT_SENT_REASONS


def test_a_400_for_the_token_kills_the_token() -> None:
    body = error(400, "The registration token is not a valid FCM registration token", "INVALID_ARGUMENT")
    assert classify(400, body) == Verdict(Action.FAIL, "invalid_token", dead_token=True)


def test_a_400_for_the_content_keeps_the_device_and_says_what_fcm_said() -> None:
    violation = {"@type": BAD_REQUEST, "fieldViolations": [{"field": "message.data[0].value", "description": "Invalid value"}]}
    verdict = classify(400, error(400, "Invalid value at 'message.data[0].value' (TYPE_STRING), 12", "", violation))
    assert (verdict.action, verdict.reason, verdict.dead_token) == (Action.FAIL, "invalid_message", False)
    assert verdict.explanation == "400 Invalid value at 'message.data[0].value' (TYPE_STRING), 12 (in message.data[0].value)"


@pytest.mark.parametrize(
    ("status", "code", "reason", "blame"),
    [
        (403, "", "refused", Blame.PROJECT),
        (404, "", "refused", Blame.PROJECT),
        (409, "", "refused", Blame.PROJECT),
        (403, "SENDER_ID_MISMATCH", "sender_mismatch", Blame.PROJECT),
        (401, "THIRD_PARTY_AUTH_ERROR", "third_party_auth", Blame.PROJECT),
        (400, "INVALID_ARGUMENT", "invalid_message", Blame.MESSAGE),
        (413, "", "invalid_message", Blame.MESSAGE),
        (404, "UNREGISTERED", "unregistered", None),
    ],
)
def test_what_everybody_might_be_told_has_somebody_to_blame(status: int, code: str, reason: str, blame: Blame | None) -> None:
    verdict = classify(status, error(status, "why", code))
    assert (verdict.action, verdict.reason, verdict.blame) == (Action.FAIL, reason, blame)
    assert blame is None or verdict.explanation == f"{status} why"
    assert reason in NOT_SENT_REASONS


def test_what_was_aborted_was_not_done_and_is_tried_again() -> None:
    assert classify(409, b'{"error": {"status": "ABORTED"}}').action is Action.RETRY
    assert classify(409, b'{"error": {"status": "ALREADY_EXISTS"}}').action is Action.FAIL


def test_text_of_ours_that_is_quoted_in_an_error_kills_no_token() -> None:
    said = "Invalid value at 'message.data[0].value': not a valid FCM registration token"
    assert classify(400, error(400, said)).dead_token is False


def test_the_projects_quota_pauses_everybody_and_a_devices_quota_only_that_device() -> None:
    project = {"@type": QUOTA_FAILURE, "violations": [{"subject": "project:1", "description": "Messages per minute"}]}
    device = {"@type": QUOTA_FAILURE, "violations": [{"subject": "device", "description": "Message rate exceeded"}]}
    assert classify(429, error(429, "Quota exceeded", "QUOTA_EXCEEDED", project)).action is Action.PAUSE
    assert classify(429, b"").action is Action.PAUSE
    assert classify(429, error(429, "Too many", "QUOTA_EXCEEDED", device)) == Verdict(Action.FAIL, "device_quota")


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (500, Action.RETRY),
        (502, Action.RETRY),
        (503, Action.RETRY),
        (504, Action.UNSURE),
        (408, Action.UNSURE),
        (401, Action.RENEW),
        (499, Action.UNSURE),
        (403, Action.FAIL),
        (404, Action.FAIL),
        (409, Action.FAIL),
        (302, Action.FAIL),
    ],
)
def test_answers_without_a_code_of_fcm_are_taken_by_their_status(status: int, action: Action) -> None:
    assert classify(status, error(status, "why")).action is action


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": "text"}', b'{"error": {"details": [1, {"@type": null}]}}', b"\xff"])
def test_a_body_that_is_not_fcms_is_no_reason_to_fail(body: bytes) -> None:
    assert classify(503, body).action is Action.RETRY
    assert classify(403, body).explanation == "403 HTTP 403"
    assert classify(400, body).dead_token is False
