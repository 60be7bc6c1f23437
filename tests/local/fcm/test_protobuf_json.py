from typing import Any

import pytest

from local.fcm.answers import Violation
from local.fcm.schema import SEND_MESSAGE_REQUEST

TOKEN = "token-1:APA91b" + "x" * 100


def read(**message: Any) -> tuple[dict[str, Any], list[Violation]]:
    violations: list[Violation] = []
    result = SEND_MESSAGE_REQUEST({"message": {"token": TOKEN, **message}}, "", violations)
    return result.get("message", {}), violations


def test_both_spellings_of_a_field_are_the_same_field() -> None:
    snake, no_violations = read(fcm_options={"analytics_label": "a"}, android={"collapse_key": "k", "direct_boot_ok": True})
    camel, none_either = read(fcmOptions={"analyticsLabel": "a"}, android={"collapseKey": "k", "directBootOk": True})
    assert snake == camel
    assert no_violations == none_either == []


def test_null_is_the_same_as_absent() -> None:
    message, violations = read(notification=None, data=None, topic=None)
    assert message == {"token": TOKEN}
    assert violations == []


@pytest.mark.parametrize("count", [5, 5.0, "5"])
def test_integers_may_be_numbers_or_text(count: object) -> None:
    message, violations = read(android={"notification": {"notificationCount": count}})
    assert violations == []
    assert message["android"]["notification"]["notification_count"] == 5


@pytest.mark.parametrize("priority", ["high", "HIGH", 1])
def test_enums_may_be_names_or_numbers(priority: object) -> None:
    message, violations = read(android={"priority": priority})
    assert violations == []
    assert message["android"]["priority"] == "HIGH"


@pytest.mark.parametrize(
    ("message", "field", "says"),
    [
        ({"data": {"a": "b", "c": 12}}, "message.data[1].value", "(TYPE_STRING), 12"),
        ({"notification": {"title": 1}}, "message.notification.title", "(TYPE_STRING), 1"),
        ({"notification": {"data": "x"}}, "message.notification", "Unknown name \"data\" at 'message.notification': Cannot find field."),
        ({"notification": ["x"]}, "message", "Proto field is not repeating, cannot start list."),
        ({"notification": "x"}, "message.notification", "google.firebase.fcm.v1.Notification"),
        ({"android": {"ttl": 60}}, "message.android.ttl", "duration must end with 's'"),
        ({"android": {"ttl": "60"}}, "message.android.ttl", "duration must end with 's'"),
        ({"android": {"priority": "urgent"}}, "message.android.priority", '"urgent"'),
        ({"android": {"directBootOk": "yes"}}, "message.android.direct_boot_ok", "TYPE_BOOL"),
        ({"android": {"notification": {"notification_count": 1.5}}}, "message.android.notification.notification_count", "TYPE_INT32"),
        ({"android": {"notification": {"notification_count": 2**40}}}, "message.android.notification.notification_count", "TYPE_INT32"),
        ({"android": {"notification": {"event_time": "yesterday"}}}, "message.android.notification.event_time", "Timestamp"),
        ({"android": {"notification": {"body_loc_args": ["a", 1]}}}, "message.android.notification.body_loc_args[1]", "TYPE_STRING"),
        ({"apns": {"payload": "x"}}, "message.apns.payload", "Struct"),
        ({"topic": "news"}, "message", "oneof field 'target' is already set. Cannot set 'topic'"),
        ({"fid": "x" * 22}, "message", "Cannot set 'fid'"),
        ({"fcm_options": {}, "fcmOptions": {}}, "message", "Duplicate field"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused_with_its_path(message: dict[str, Any], field: str, says: str) -> None:
    _, violations = read(**message)
    assert [one.field for one in violations] == [field]
    assert says in violations[0].description


def test_every_wrong_field_is_named() -> None:
    violations: list[Violation] = []
    SEND_MESSAGE_REQUEST({"to": "x", "priority": "high", "message": {"token": 1}}, "", violations)
    assert [one.field for one in violations] == ["", "", "message.token"]


def test_durations_become_seconds() -> None:
    message, _ = read(android={"ttl": "3.5s"})
    assert message["android"]["ttl"] == 3.5
