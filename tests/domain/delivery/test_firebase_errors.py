"""firebase-admin's error classes and our verdicts agree on every answer of the double; where they say more or less than each other, it is said here.

Codes: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode.
"""

from typing import Any

import pytest
import requests
from firebase_admin import exceptions, messaging
from hypothesis import given
from hypothesis import strategies as st

from local.fcm.answers import INVALID_TOKEN, STATUSES, Answer, Refusal, invalid
from local.fcm.faults import BY_CODE, BY_STATUS, OF_ONE_TOKEN, OF_THE_PROJECT
from local.fcm.protobuf_json import Violations
from local.fcm.schema import SEND_MESSAGE_REQUEST
from regulars.domain.delivery.answers import Action, Verdict, classify


def theirs(answer: Answer) -> type[Exception]:
    """The class that firebase-admin 7.7.0 raises for the answer, by the handler that `send` and `send_each` go through."""
    response = requests.Response()
    response.status_code, response._content = answer.status, answer.body
    error = requests.exceptions.HTTPError(response=response)
    service = messaging._MessagingService.__new__(messaging._MessagingService)
    raised: type[Exception] = type(service._handle_fcm_error(error))
    return raised


def _schema_violation() -> Refusal:
    violations: Violations = []
    SEND_MESSAGE_REQUEST({"message": {"data": {"k": 12}}}, "", violations)
    return Refusal(400, "Invalid value", violations=violations)


REFUSALS = {
    **{f"status {status}": refusal for status, refusal in {**BY_STATUS, **OF_ONE_TOKEN}.items()},
    **{f"project's {status}": refusal for status, refusal in BY_STATUS.items()},
    **BY_CODE,
    **OF_THE_PROJECT,
    "content": invalid("Invalid data payload key: from", "message.data"),
    "schema": _schema_violation(),
}

AGREED: dict[type[Exception], set[tuple[Action, bool]]] = {
    messaging.UnregisteredError: {(Action.FAIL, True)},
    messaging.SenderIdMismatchError: {(Action.FAIL, True)},  # dead for this project, unless all are
    messaging.ThirdPartyAuthError: {(Action.FAIL, False)},
    # FCM has one code for two things: of a device's own limit its advice is not to try again, of the project's to wait.
    messaging.QuotaExceededError: {(Action.FAIL, False), (Action.PAUSE, False)},
    # FCM has one code for a bad token and for bad content: only the first is a dead token.
    exceptions.InvalidArgumentError: {(Action.FAIL, True), (Action.FAIL, False)},
    exceptions.UnavailableError: {(Action.RETRY, False)},
    exceptions.InternalError: {(Action.RETRY, False)},
    exceptions.UnauthenticatedError: {(Action.RENEW, False)},
    exceptions.NotFoundError: {(Action.FAIL, False)},
    exceptions.AbortedError: {(Action.RETRY, False)},
    exceptions.CancelledError: {(Action.UNSURE, False)},  # we cancel nothing: it may have been sent
    exceptions.PermissionDeniedError: {(Action.FAIL, False)},  # the device's, until it comes to all (domain.delivery.suspicion)
}
"""What we do, and whether the device is forgotten, by what firebase-admin raises."""


def verdict(answer: Answer) -> Verdict:
    return classify(answer.status, answer.body)


@pytest.mark.parametrize("name", REFUSALS)
def test_their_class_and_our_verdict_say_the_same_of_each_answer_of_the_double(name: str) -> None:
    answer = REFUSALS[name].answer()
    ours = verdict(answer)
    assert (ours.action, ours.dead_token) in AGREED[theirs(answer)]


@pytest.mark.parametrize(
    ("refusal", "their_class", "reason"),
    [
        (BY_CODE["UNREGISTERED"], messaging.UnregisteredError, "unregistered"),
        (BY_CODE["SENDER_ID_MISMATCH"], messaging.SenderIdMismatchError, "sender_mismatch"),
        (BY_CODE["THIRD_PARTY_AUTH_ERROR"], messaging.ThirdPartyAuthError, "third_party_auth"),
        (BY_CODE["QUOTA_EXCEEDED"], messaging.QuotaExceededError, "device_quota"),
        (INVALID_TOKEN, exceptions.InvalidArgumentError, "invalid_token"),
        (REFUSALS["content"], exceptions.InvalidArgumentError, "invalid_message"),
        (REFUSALS["schema"], exceptions.InvalidArgumentError, "invalid_message"),
    ],
)
def test_what_a_person_is_told_has_the_class_that_it_has_there(refusal: Refusal, their_class: type, reason: str) -> None:
    assert (theirs(refusal.answer()), verdict(refusal.answer()).reason) == (their_class, reason)


CODES = sorted(messaging._MessagingService.FCM_ERROR_TYPES)


@given(st.sampled_from(CODES), st.sampled_from(sorted(STATUSES)), st.text(max_size=20))
def test_a_code_of_fcms_own_counts_whatever_status_and_sentence_come_with_it(code: str, status: int, said: str) -> None:
    """Both read FcmError.errorCode before anything else. Ours asks status 429 of QUOTA_EXCEEDED, which FCM documents with no other."""
    answer = Refusal(429 if code == "QUOTA_EXCEEDED" else status, said, code).answer()
    ours = verdict(answer)
    assert (ours.action, ours.dead_token) in AGREED[theirs(answer)]


@given(st.sampled_from([500, 502, 503, 504, 408]), st.sampled_from([b"", b"<html>", b"[]", b"{}"]))
def test_a_failing_server_without_fcms_body_is_no_verdict_on_the_device(status: int, body: bytes) -> None:
    """firebase-admin has one class for a status that it does not list (502, 504, 408): UnknownError, which says nothing of the push. Ours says what
    may be done: again where it was surely not sent, and nothing where it may have been (RFC 9110, 15.6.5 and 15.5.9)."""
    known: Any = {500: exceptions.InternalError, 503: exceptions.UnavailableError}.get(status, exceptions.UnknownError)
    assert theirs(Answer(status, body)) is known
    assert verdict(Answer(status, body)).action is (Action.UNSURE if status in (504, 408) else Action.RETRY)
