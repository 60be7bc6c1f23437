"""firebase-admin, unmodified, takes the double for FCM; and what it makes of each answer agrees with what we make of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from firebase_admin import exceptions, messaging

from bench.firebase import firebase_at
from local.fcm import FcmDouble
from regulars.domain.delivery.answers import Action, Verdict, classify

TOKEN = "token-1:APA91b" + "x" * 100


@pytest.fixture(scope="module")
def app(running_double: FcmDouble) -> Iterator[Any]:
    with firebase_at(running_double, repeats=False) as app:
        yield app


def every_option() -> messaging.Message:
    light = messaging.LightSettings(color="#aabbccdd", light_on_duration_millis=200, light_off_duration_millis=300)
    return messaging.Message(
        token=TOKEN,
        data={"k": "v"},
        notification=messaging.Notification("title", "body", "https://example.com/a.png"),
        android=messaging.AndroidConfig(
            collapse_key="k",
            priority="high",
            ttl=3600.5,
            restricted_package_name="com.example",
            data={"a": "b"},
            direct_boot_ok=True,
            bandwidth_constrained_ok=True,
            restricted_satellite_ok=True,
            fcm_options=messaging.AndroidFCMOptions("label"),
            notification=messaging.AndroidNotification(
                title="t",
                body="b",
                color="#112233",
                title_loc_key="k",
                title_loc_args=["1"],
                notification_count=3,
                vibrate_timings_millis=[100, 50],
                light_settings=light,
                visibility="public",
                priority="max",
                proxy="deny",
                sticky=True,
            ),
        ),
        apns=messaging.APNSConfig(
            headers={"apns-priority": "10"},
            payload=messaging.APNSPayload(messaging.Aps(alert=messaging.ApsAlert("t", body="b"), badge=1, sound="default"), custom="x"),
            fcm_options=messaging.APNSFCMOptions("label", "https://example.com/a.png"),
            live_activity_token="t",
        ),
        webpush=messaging.WebpushConfig(
            headers={"Urgency": "high"},
            notification=messaging.WebpushNotification("t", "b", actions=[messaging.WebpushNotificationAction("a", "A")]),
            fcm_options=messaging.WebpushFCMOptions("https://example.com"),
        ),
        fcm_options=messaging.FCMOptions("label"),
    )


def test_everything_that_firebase_admin_can_write_is_accepted(double: FcmDouble, app: Any) -> None:
    messages = [
        every_option(),
        messaging.Message(topic="news", data={"k": "v"}),
        messaging.Message(condition="'a' in topics", notification=messaging.Notification("t")),
        messaging.Message(fid="dQw4w9WgXcQ-abcdefghij"),
    ]
    answer = messaging.send_each(messages, app=app)
    assert [one.exception for one in answer.responses] == [None] * 4
    assert double.counts()["accepted"] == 4


def test_a_dry_run_is_checked_and_not_sent(double: FcmDouble, app: Any) -> None:
    assert messaging.send(every_option(), dry_run=True, app=app).endswith("fake_message_id")
    assert double.counts()["accepted"] == 0


@pytest.mark.parametrize(
    ("fault", "theirs", "ours"),
    [
        ("UNREGISTERED", messaging.UnregisteredError, Verdict(Action.FAIL, "unregistered", dead_token=True)),
        ("SENDER_ID_MISMATCH", messaging.SenderIdMismatchError, Action.FAIL),
        ("THIRD_PARTY_AUTH_ERROR", messaging.ThirdPartyAuthError, Action.FAIL),
        ("QUOTA_EXCEEDED", messaging.QuotaExceededError, Verdict(Action.FAIL, "device_quota")),
        ("RESOURCE_EXHAUSTED", messaging.QuotaExceededError, Verdict(Action.PAUSE)),
        ("INVALID_ARGUMENT", exceptions.InvalidArgumentError, Verdict(Action.FAIL, "invalid_token", dead_token=True)),
        ("UNAVAILABLE", exceptions.UnavailableError, Verdict(Action.RETRY)),
        ("INTERNAL", exceptions.InternalError, Verdict(Action.RETRY)),
        ("UNAUTHENTICATED", exceptions.UnauthenticatedError, Action.RENEW),
        ("PERMISSION_DENIED", exceptions.PermissionDeniedError, Action.FAIL),
    ],
)
def test_their_error_and_our_verdict_agree_on_each_answer(double: FcmDouble, app: Any, fault: Any, theirs: type, ours: Verdict | Action) -> None:
    double.set_faults(tokens={TOKEN: fault})
    response = messaging.send_each([messaging.Message(token=TOKEN)], app=app).responses[0]
    assert type(response.exception) is theirs
    http = response.exception.http_response
    verdict = classify(http.status_code, http.content)
    assert (verdict.action if isinstance(ours, Action) else verdict) == ours


def test_content_that_fcm_refuses_is_their_invalid_argument_and_our_invalid_message(double: FcmDouble, app: Any) -> None:
    with pytest.raises(exceptions.InvalidArgumentError, match="Invalid data payload key") as refused:
        messaging.send(messaging.Message(token=TOKEN, data={"from": "me"}), app=app)
    assert classify(400, refused.value.http_response.content).reason == "invalid_message"


def test_topics_are_managed_in_both_generations(double: FcmDouble, app: Any) -> None:
    gone = TOKEN + "gone"
    double.set_faults(tokens={gone: "UNREGISTERED"})
    for call in (messaging.subscribe_to_topic, messaging.subscribe_to_topic_legacy, messaging.unsubscribe_from_topic_legacy):
        answer = call([TOKEN, gone], "news", app=app)
        assert (answer.success_count, answer.failure_count) == (1, 1), call.__name__
    assert messaging.unsubscribe_from_topic(TOKEN, "news", app=app).success_count == 1
