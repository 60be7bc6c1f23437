"""The double's own interface, driven as others drive it: urllib and the CA."""

import json
import time
import urllib.error
from typing import Any

import pytest

from local.fcm import FcmDouble, start
from local.fcm.process import FcmDoubleError
from tests.local.fcm.client import TOKEN, Client


@pytest.fixture
def client(double: FcmDouble) -> Client:
    return Client(double).authorize()


def test_messages_are_kept_in_order_with_their_answers(double: FcmDouble, client: Client) -> None:
    client.send({"token": TOKEN, "data": {"n": "1"}})
    client.send({"token": TOKEN, "data": {"n": 2}})
    client.send({"token": TOKEN, "notification": {"title": "Zoë"}})
    page = double.admin("GET", "messages?since=0")
    assert page["next"] == 3
    assert [one["answer"] for one in page["messages"]] == [200, 400, 200]
    assert page["messages"][2]["body"] == {"message": {"token": TOKEN, "notification": {"title": "Zoë"}}}
    assert page["messages"][0]["at"].endswith("Z")
    rest = double.admin("GET", "messages?since=1&limit=1")
    assert (rest["next"], [one["body"]["message"]["data"] for one in rest["messages"]]) == (2, [{"n": 2}])
    assert double.admin("GET", "messages?since=99") == {"next": 3, "messages": []}


def test_counts_tell_accepted_refused_and_repeated(double: FcmDouble, client: Client) -> None:
    for message_id in ("a", "b", "a"):
        client.send({"token": TOKEN, "data": {"message_id": message_id}})
    client.send({"token": ""})
    client.send({"token": TOKEN, "bogus": 1})
    counts = double.counts()
    assert (counts["accepted"], counts["duplicates"]) == (3, 1)
    assert counts["refused"] == {"INVALID_ARGUMENT": 2}


def test_reset_forgets_messages_and_faults_but_not_access_tokens(double: FcmDouble, client: Client) -> None:
    double.set_faults(rates={"503": 1.0})
    client.send()
    double.reset()
    assert double.messages() == []
    assert client.send().status_code == 200
    assert double.counts()["accepted"] == 1


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("UNREGISTERED", 404, "UNREGISTERED"),
        ("SENDER_ID_MISMATCH", 403, "SENDER_ID_MISMATCH"),
        ("THIRD_PARTY_AUTH_ERROR", 401, "THIRD_PARTY_AUTH_ERROR"),
        ("QUOTA_EXCEEDED", 429, "QUOTA_EXCEEDED"),
        ("INVALID_ARGUMENT", 400, "INVALID_ARGUMENT"),
        ("UNAVAILABLE", 503, "UNAVAILABLE"),
        (404, 404, "UNREGISTERED"),
        (401, 401, "THIRD_PARTY_AUTH_ERROR"),
        ("403", 403, "SENDER_ID_MISMATCH"),
        (429, 429, "QUOTA_EXCEEDED"),
        (503, 503, "UNAVAILABLE"),
        ("500", 500, "INTERNAL"),
    ],
)
def test_a_token_can_be_given_any_answer_of_fcm(double: FcmDouble, client: Client, fault: Any, status: int, code: str) -> None:
    double.set_faults(tokens={TOKEN: fault})
    answer = client.send()
    assert answer.status_code == status
    assert answer.json()["error"]["details"][0]["errorCode"] == code
    assert client.send({"token": TOKEN + "other"}).status_code == 200


def test_rates_are_kept_and_a_seed_repeats_them(double: FcmDouble, client: Client) -> None:
    def statuses() -> list[int]:
        double.set_faults(rates={"503": 0.3, "500": 0.2}, seed=7, retry_after=9)
        return [client.send().status_code for _ in range(100)]

    first = statuses()
    assert 15 <= first.count(503) <= 45
    assert 8 <= first.count(500) <= 35
    assert statuses() == first


def test_retry_after_is_sent_with_503_and_can_be_left_out(double: FcmDouble, client: Client) -> None:
    double.set_faults(rates={"503": 1}, retry_after=9)
    assert client.send().headers["retry-after"] == "9"
    double.set_faults(retry_after=None)
    assert "retry-after" not in client.send().headers


def test_a_quota_refuses_the_rest_of_its_window(double: FcmDouble, client: Client) -> None:
    double.set_faults(quota={"count": 3, "seconds": 0.3, "retry_after": 5})
    answers = [client.send() for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert answers[4].headers["retry-after"] == "5"
    time.sleep(0.35)
    assert client.send().status_code == 200


def test_latency_delays_answers(double: FcmDouble, client: Client) -> None:
    double.set_faults(latency=0.2)
    began = time.monotonic()
    client.send()
    assert 0.2 <= time.monotonic() - began < 2


def test_faults_add_up_and_null_takes_one_back(double: FcmDouble) -> None:
    double.set_faults(latency=0.1)
    assert double.set_faults(rates={"500": 0.5})["latency"] == 0.1
    faults = double.set_faults(latency=None)
    assert (faults["latency"], faults["rates"], faults["retry_after"]) == (0, {"500": 0.5}, 1)


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("faults", {"latencyy": 1}, "'latency', 'quota', 'rates'"),
        ("faults", {"tokens": {"t": "GONE"}}, "UNREGISTERED"),
        ("faults", {"rates": {"418": 0.5}}, "known are"),
        ("faults", {"rates": {"503": "often"}}, "unreadable"),
        ("faults", {"quota": {"per": 1}}, "unreadable"),
        ("faults", {"latency": "slow"}, "latency"),
        ("faults", {"slow": {"t": "very"}}, "seconds by token"),
        ("faults", {"cut": {"each": 1}}, "'every', 'times'"),
        ("faults", {"cut": {"times": 2}}, "seconds"),
        ("faults", {"cut": 1}, "'every', 'times'"),
        ("faults", {"streams": {"refused": 0.7, "reset": 0.7}}, "shares"),
        ("faults", {"streams": {"code": "GONE"}}, "REFUSED_STREAM"),
        ("faults", {"goaway": {"once": True, "after": 3}}, "requests"),
        ("faults", {"goaway": {"after": -1}}, "requests"),
        ("faults", {"hang": "long"}, "seconds"),
        ("faults", {"stopped": True}, "seconds"),
        ("faults", [1], "known are"),
        ("nonsense", {}, "/__admin/faults"),
    ],
)
def test_an_unknown_wish_is_refused_and_changes_nothing(double: FcmDouble, path: str, body: object, says: str) -> None:
    before = double.set_faults(latency=0.01)
    with pytest.raises(urllib.error.HTTPError) as refused:
        double.admin("POST", path, body)
    answer = json.loads(refused.value.read())
    assert refused.value.code in (400, 404)
    assert {"code", "message"} == set(answer)
    assert says in answer["message"]
    assert double.set_faults() == before


def test_topics_are_served_in_both_generations(double: FcmDouble, client: Client) -> None:
    gone = TOKEN + "gone"
    double.set_faults(tokens={gone: "UNREGISTERED"})
    base = f"/v1/projects/{client.account['project_id']}/registrations"
    assert client.http.post(f"{base}/{TOKEN}/topicSubscriptions?topic_name=news", json={}).status_code == 200
    assert client.http.delete(f"{base}/{TOKEN}/topicSubscriptions/news?allow_missing=true").status_code == 200
    assert client.http.post(f"{base}/{gone}/topicSubscriptions?topic_name=news", json={}).status_code == 404
    assert client.http.post(f"{base}/{TOKEN}/topicSubscriptions?topic_name=bad%20name", json={}).status_code == 400
    many = client.http.post("/iid/v1:batchAdd", json={"to": "/topics/news", "registration_tokens": [TOKEN, gone]})
    assert many.json() == {"results": [{}, {"error": "NOT_FOUND"}]}


def test_a_busy_port_says_so(double: FcmDouble) -> None:
    port = int(double.url.rpartition(":")[2])
    with pytest.raises(FcmDoubleError, match=f"port {port} is in use"):
        start(port)


def test_a_double_stops_at_once_leaves_nothing_and_frees_its_port() -> None:
    first = start()
    client = Client(first).authorize()
    client.send()
    began = time.monotonic()
    first.stop()
    first.stop()
    assert time.monotonic() - began < 1, "an open connection does not hold it up"
    assert not first.folder.exists()
    second = start(int(first.url.rpartition(":")[2]))
    second.stop()


def test_a_double_ends_with_whoever_started_it(double: FcmDouble) -> None:
    orphan = start()
    assert orphan.process.stdin is not None
    orphan.process.stdin.close()
    assert orphan.process.wait(5) == 0
    assert not orphan.folder.exists()
    orphan.stop()
