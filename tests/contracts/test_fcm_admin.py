"""What every FcmAdmin does: firebase-admin over the FCM double, and the scripted one."""

import pytest

from local.fcm import FcmDouble
from regulars.adapters.firebase import FirebaseFcmAdmin
from regulars.domain.errors import PushConfigurationError, PushUnavailableError
from regulars.domain.messages.checks import FcmAnswer
from regulars.ports import FcmAdmin
from tests.contracts.suite import suite
from tests.fakes.fcm_admin import MemoryFcmAdmin

GOOD = {"token": "token-1:APA91b" + "x" * 100, "notification": {"title": "Hi"}, "data": {"message_id": "m1"}}


@pytest.fixture
def firebase(double: FcmDouble) -> FcmAdmin:
    return FirebaseFcmAdmin(double.service_account, base_url=double.url, ca_bundle=str(double.ca_path))


fcm_admin = suite(FcmAdmin, adapter="firebase", fake=MemoryFcmAdmin)


def test_what_fcm_takes_is_taken_asked_or_sent(fcm_admin: FcmAdmin) -> None:
    assert fcm_admin.validate(GOOD) == fcm_admin.send(GOOD) == FcmAnswer(accepted=True)


def test_a_topic_is_heard_and_heard_no_more_and_twice_is_no_mistake(fcm_admin: FcmAdmin) -> None:
    for subscribe in (True, True, False, False):
        assert fcm_admin.change_topic("news", [GOOD["token"], "token-2:APA91b"], subscribe=subscribe) == ["", ""]


def test_a_token_that_leads_nowhere_is_refused_for_itself(double: FcmDouble, firebase: FcmAdmin) -> None:
    double.set_faults(tokens={"token-2:APA91b": "UNREGISTERED"})
    assert firebase.change_topic("news", [GOOD["token"], "token-2:APA91b"], subscribe=True) == ["", "UNREGISTERED"]


def test_what_is_only_asked_reaches_nobody_and_what_is_sent_goes_out_to_the_letter(double: FcmDouble, firebase: FcmAdmin) -> None:
    unsaid = {**GOOD, "android": {"notification": {"bypass_proxy_notification": True}}}  # firebase-admin's own classes have no such field
    firebase.validate(unsaid)
    assert (double.counts()["accepted"], double.counts()["validated"]) == (0, 1)
    firebase.send(unsaid)
    assert [one["body"] for one in double.messages()] == [{"message": unsaid, "validate_only": True}, {"message": unsaid}]


def test_a_refusal_is_fcms_code_its_sentence_and_the_field(firebase: FcmAdmin) -> None:
    assert firebase.validate({**GOOD, "data": {"from": "me"}}) == FcmAnswer(
        accepted=False, code="INVALID_ARGUMENT", said="Invalid data payload key: from", field="message.data"
    )
    unknown = firebase.validate({**GOOD, "android": {"no_such_field": 1}})
    assert (unknown.accepted, unknown.code, unknown.field) == (False, "INVALID_ARGUMENT", "message.android")
    assert "no_such_field" in unknown.said


@pytest.mark.parametrize("fault", ["UNREGISTERED", "SENDER_ID_MISMATCH", "THIRD_PARTY_AUTH_ERROR", "QUOTA_EXCEEDED", "UNAVAILABLE", "INTERNAL"])
def test_what_is_not_sent_is_said_and_not_tried_again(double: FcmDouble, firebase: FcmAdmin, fault: str) -> None:
    double.set_faults(tokens={GOOD["token"]: fault})
    answer = firebase.send(GOOD)
    assert (answer.accepted, answer.code) == (False, fault)
    assert len(double.messages()) == (3 if fault == "THIRD_PARTY_AUTH_ERROR" else 1), "google-auth asks again after a 401, which FCM has not sent"


@pytest.mark.parametrize("fault", ["PERMISSION_DENIED", "UNAUTHENTICATED"])
def test_a_key_that_may_not_send_is_ours_to_mend(double: FcmDouble, firebase: FcmAdmin, fault: str) -> None:
    double.set_faults(tokens={GOOD["token"]: fault})
    with pytest.raises(PushConfigurationError, match="JSON key of a service account"):
        firebase.send(GOOD)


@pytest.mark.parametrize("account", [{}, {"type": "service_account"}, {"type": "authorized_user"}])
def test_what_is_no_service_account_is_refused_before_anything_is_asked(account: dict[str, str]) -> None:
    with pytest.raises(PushConfigurationError, match="not a service account key"):
        FirebaseFcmAdmin(account, base_url="https://127.0.0.1:9")


def test_one_that_google_does_not_know_is_ours_to_mend_too(double: FcmDouble) -> None:
    stranger = {**double.service_account, "client_email": "somebody@else.iam.gserviceaccount.com"}
    with pytest.raises(PushConfigurationError, match="Google refuses the service account"):
        FirebaseFcmAdmin(stranger, base_url=double.url, ca_bundle=str(double.ca_path)).validate(GOOD)
    with pytest.raises(PushConfigurationError, match="Google refuses the service account"):
        FirebaseFcmAdmin(stranger, base_url=double.url, ca_bundle=str(double.ca_path)).change_topic("news", ["t"], subscribe=True)


def test_where_nobody_answers_it_can_be_tried_again(double: FcmDouble) -> None:
    away = {**double.service_account, "token_uri": "https://127.0.0.1:9/token"}
    firebase = FirebaseFcmAdmin(away, base_url=double.url, ca_bundle=str(double.ca_path))
    with pytest.raises(PushUnavailableError):
        firebase.send(GOOD)
    with pytest.raises(PushUnavailableError):
        firebase.change_topic("news", [GOOD["token"]], subscribe=True)
