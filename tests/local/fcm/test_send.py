"""What the double answers to `messages:send`, over the wire."""

from typing import Any

import httpx
import pytest

from local.fcm import FcmDouble
from tests.local.fcm.client import TOKEN, Client

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


@pytest.fixture
def client(double: FcmDouble) -> Client:
    return Client(double).authorize()


@pytest.mark.parametrize("http2", [True, False])
def test_a_valid_message_is_accepted_over_both_versions_of_http(double: FcmDouble, http2: bool) -> None:
    answer = Client(double, http2=http2).authorize().send()
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert answer.status_code == 200
    assert answer.json()["name"].startswith(f"projects/{double.service_account['project_id']}/messages/")


@pytest.mark.parametrize(
    "message",
    [
        {"fid": "dQw4w9WgXcQ-abcdefghij"},
        {"topic": "news"},
        {"condition": "'a' in topics && ('b' in topics || !('c' in topics))"},
        {"token": "f" * 152},
        {"token": TOKEN, "data": {"k": "x" * 4095}},
        {"token": TOKEN, "android": {"ttl": "2419200s", "notification": {"color": "#aabbcc"}}, "fcmOptions": {"analyticsLabel": "a-b_c.~%"}},
        {"token": TOKEN, "webpush": {"fcm_options": {"link": "https://example.com"}, "notification": {"any": [1]}}},
    ],
)
def test_what_fcm_allows_is_accepted(client: Client, message: dict[str, Any]) -> None:
    assert client.send(message).status_code == 200


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({}, "message"),
        ({"data": {"k": "v"}}, "message"),
        ({"token": TOKEN, "data": {"k": "x" * 4096}}, "message"),
        ({"token": TOKEN, "data": {"k": "é" * 2048}}, "message"),
        ({"token": TOKEN, "notification": {"body": "x" * 4097}}, "message"),
        ({"token": TOKEN, "android": {"data": {"k": "x" * 4096}}}, "message"),
        ({"token": TOKEN, "apns": {"payload": {"k": "x" * 4096}}}, "message"),
        ({"topic": "news", "data": {"k": "x" * 2048}}, "message"),
        ({"token": TOKEN, "data": {"from": "x"}}, "message.data"),
        ({"token": TOKEN, "data": {"gcm": "x"}}, "message.data"),
        ({"token": TOKEN, "data": {"google.id": "x"}}, "message.data"),
        ({"token": TOKEN, "data": {"message_type": "x"}}, "message.data"),
        ({"token": TOKEN, "android": {"ttl": "2419201s"}}, "message.android.ttl"),
        ({"token": TOKEN, "android": {"ttl": "-1s"}}, "message.android.ttl"),
        ({"token": TOKEN, "android": {"notification": {"color": "red"}}}, "message.android.notification.color"),
        ({"token": TOKEN, "fcm_options": {"analytics_label": "two words"}}, "message.fcm_options.analytics_label"),
        ({"token": TOKEN, "apns": {"fcm_options": {"analytics_label": "x" * 51}}}, "message.apns.fcm_options.analytics_label"),
        ({"token": TOKEN, "webpush": {"fcm_options": {"link": "http://example.com"}}}, "message.webpush.fcm_options.link"),
        ({"token": TOKEN, "android": {}, "android_v2": {}}, "message.android_v2"),
        ({"topic": "/topics/news"}, "message.topic"),
        ({"condition": "'a' in topics &&"}, "message.condition"),
        ({"condition": " || ".join(f"'{n}' in topics" for n in range(6))}, "message.condition"),
    ],
)
def test_what_fcm_refuses_gets_its_own_code_and_the_field(client: Client, message: dict[str, Any], field: str) -> None:
    answer = client.send(message)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    details = {one["@type"]: one for one in error["details"]}
    assert details[FCM_ERROR]["errorCode"] == "INVALID_ARGUMENT"
    assert details[BAD_REQUEST]["fieldViolations"] == [{"field": field, "description": error["message"]}]


@pytest.mark.parametrize("token", ["", " ", "short", "has white space in it", "ünïcödé-token"])
def test_a_malformed_token_gets_fcms_sentence(client: Client, token: str) -> None:
    error = client.send({"token": token}).json()["error"]
    assert error["message"] == "The registration token is not a valid FCM registration token"
    assert error["details"] == [{"@type": FCM_ERROR, "errorCode": "INVALID_ARGUMENT"}]


def test_a_violation_of_the_schema_has_no_fcm_code(client: Client) -> None:
    error = client.send({"token": TOKEN, "data": {"k": 12}}).json()["error"]
    said = "Invalid value at 'message.data[0].value' (TYPE_STRING), 12"
    assert error["message"] == said
    assert error["details"] == [{"@type": BAD_REQUEST, "fieldViolations": [{"field": "message.data[0].value", "description": said}]}]


@pytest.mark.parametrize("body", [b"", b"{not json", b'"text"', b"\xff\xfe"])
def test_a_body_that_is_not_a_json_object_is_refused_and_kept(double: FcmDouble, client: Client, body: bytes) -> None:
    answer = client.http.post(client.path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert [one["answer"] for one in double.messages()] == [400]


def test_without_a_token_of_ours_nothing_is_accepted(double: FcmDouble) -> None:
    answer = Client(double).send()
    assert answer.status_code == 401
    assert "details" not in answer.json()["error"], "an error of the front end, not of FCM"
    assert double.counts()["accepted"] == 0


def test_another_project_is_forbidden(client: Client) -> None:
    client.path = "/v1/projects/somebody-else/messages:send"
    answer = client.send()
    assert answer.status_code == 403
    assert "details" not in answer.json()["error"]


def test_validate_only_checks_and_sends_nothing(double: FcmDouble, client: Client) -> None:
    assert client.send(validate_only=True).status_code == 200
    assert client.send({"token": ""}, validateOnly=True).status_code == 400
    assert (double.counts()["accepted"], double.counts()["validated"]) == (0, 1)


def test_a_hundred_streams_share_a_connection(double: FcmDouble) -> None:
    import h2.connection
    import h2.settings

    assert _settings_of(double)[h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS] == 100


def _settings_of(double: FcmDouble) -> dict[Any, int]:
    import socket
    import ssl

    import h2.connection
    import h2.events

    port = httpx.URL(double.url).port
    assert port is not None
    trust = ssl.create_default_context(cafile=str(double.ca_path))
    trust.set_alpn_protocols(["h2"])
    with socket.create_connection(("127.0.0.1", port)) as raw, trust.wrap_socket(raw, server_hostname="localhost") as secure:
        connection = h2.connection.H2Connection()
        connection.initiate_connection()
        secure.sendall(connection.data_to_send())
        while True:
            for event in connection.receive_data(secure.recv(65536)):
                if isinstance(event, h2.events.RemoteSettingsChanged):
                    return {code: change.new_value for code, change in event.changed_settings.items()}
