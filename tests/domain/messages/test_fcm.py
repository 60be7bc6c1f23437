import json

from local.fcm.content import refusal
from local.fcm.schema import SEND_MESSAGE_REQUEST
from regulars.domain.collection.device import PushTarget
from regulars.domain.messages.fcm import fcm_message, payload_bytes

TOKEN = "token-1:APA91b" + "x" * 100
PHONE = PushTarget("token", TOKEN)
TRACKING = {"campaign_id": "c", "run_id": "r", "variant": "a", "message_id": "m"}
EVERYTHING = {
    "title": "Hi Zoë",
    "body": "Come back",
    "image": "https://example.com/a.png",
    "deep_link": "app://home",
    "data": {"k": "1"},
    "ttl": "86400s",
    "collapse_key": "spring",
    "priority": "high",
    "android": {"notification": {"channel_id": "offers"}},
    "apns": {"payload": {"aps": {"badge": 1}}},
    "webpush": {"headers": {"TTL": "60"}},
}


def test_texts_and_data_are_fcms_notification_and_data() -> None:
    message = fcm_message({"title": "Hi", "body": "", "data": {"k": "1"}, "deep_link": "app://home"}, PHONE, TRACKING)
    assert message == {"token": TOKEN, "notification": {"title": "Hi"}, "data": {"k": "1", "deep_link": "app://home", **TRACKING}}


def test_a_device_that_is_known_by_its_installation_is_found_by_that() -> None:
    message = fcm_message({"title": "Hi"}, PushTarget("fid", "cAbCdEfGhIjKlMnOpQrStU"), TRACKING)
    assert (message["fid"], "token" in message) == ("cAbCdEfGhIjKlMnOpQrStU", False)
    assert SEND_MESSAGE_REQUEST({"message": message}, "", []) and refusal(message) is None


def test_a_campaign_cannot_forge_its_tracking() -> None:
    assert fcm_message({"data": {"message_id": "forged"}}, PHONE, TRACKING)["data"]["message_id"] == "m"


def test_ttl_collapse_key_and_priority_reach_each_platform_in_its_own_way() -> None:
    message = fcm_message(EVERYTHING, PHONE, TRACKING)
    assert message["android"] == {
        "collapse_key": "spring",
        "ttl": "86400s",
        "priority": "high",
        "notification": {"tag": "spring", "channel_id": "offers"},
    }
    assert message["apns"] == {"headers": {"apns-collapse-id": "spring", "apns-priority": "10"}, "payload": {"aps": {"badge": 1}}}
    assert message["webpush"] == {"headers": {"TTL": "60", "Urgency": "high"}}, "the campaign's own block wins"


def test_what_is_built_is_what_fcm_accepts() -> None:
    violations: list[object] = []
    request = {"message": fcm_message(EVERYTHING, PHONE, TRACKING)}
    read = SEND_MESSAGE_REQUEST(request, "", violations)  # type: ignore[arg-type]
    assert violations == []
    assert refusal(read["message"]) is None


def test_the_campaigns_push_is_not_changed_by_building_a_message() -> None:
    before = json.dumps(EVERYTHING)
    fcm_message(EVERYTHING, PHONE, TRACKING)
    assert json.dumps(EVERYTHING) == before


def test_payload_is_counted_in_bytes_not_characters() -> None:
    assert payload_bytes({"data": {"é": "zz"}, "notification": {"title": "Zoë"}}) == 4 + 4


def test_what_counts_is_the_platform_that_gets_most() -> None:
    common = {"data": {"k": "v"}, "notification": {"title": "Hi"}}
    assert payload_bytes({**common, "android": {"notification": {"title": "Hello", "tag": "t", "sticky": True}}}) == 2 + 5 + 1
    assert payload_bytes({**common, "apns": {"payload": {"aps": {"badge": 1}}}}) == len('{"aps":{"badge":1}}')
