"""`regulars campaign check` and `test`, and `regulars topic`."""

import json
from typing import Any

import pytest

from tests.cli.conftest import FakeApi, Run

REFUSED = {
    "variant": "warm",
    "device_id": "",
    "outcome": "refused",
    "code": "INVALID_ARGUMENT",
    "message": "Invalid color: it must be #rrggbb",
    "field": "message.android.notification.color",
}
TAKEN = {"variant": "plain", "device_id": "a1", "outcome": "accepted", "code": "", "message": "", "field": ""}


def checked(*messages: dict[str, Any], sent: bool = False) -> dict[str, Any]:
    return {"campaign_id": "spring", "version": 2, "sent": sent, "messages": list(messages)}


def test_what_fcm_takes_is_said_and_succeeds(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/check", checked(TAKEN))
    done = regulars("campaign", "check", "spring", "--user", "ann")
    assert done.exit_code == 0
    assert "takes it" in done.stdout
    assert api.asked == [("POST", "/admin/campaigns/spring/check", {"user_id": "ann", "variant": ""})]


def test_what_fcm_refuses_fails_with_its_complaint_and_the_field(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/check", checked(TAKEN, REFUSED))
    done = regulars("campaign", "check", "spring")
    assert done.exit_code == 1
    assert "INVALID_ARGUMENT" in done.stdout
    assert "1 of 2 messages: message.android.notification.color: Invalid color" in done.stderr
    told = regulars("campaign", "check", "spring", "--json")
    assert json.loads(told.stdout) == checked(TAKEN, REFUSED)
    assert json.loads(told.stderr)["code"] == "message_refused"


def test_a_test_says_what_fcm_answered_for_each_device(api: FakeApi, regulars: Run) -> None:
    api.on(
        "POST", "/admin/campaigns/spring/test", checked(TAKEN, {**TAKEN, "device_id": "a2", "outcome": "refused", "code": "UNREGISTERED"}, sent=True)
    )
    done = regulars("campaign", "test", "spring", "--to", "ann", "--variant", "plain")
    assert done.exit_code == 1
    assert [line.split()[:3] for line in done.stdout.splitlines() if "plain" in line] == [
        ["plain", "a1", "sent"],
        ["plain", "a2", "refused"],
    ]
    assert api.asked == [("POST", "/admin/campaigns/spring/test", {"user_id": "ann", "variant": "plain"})]


@pytest.mark.parametrize("command", ["check", "test"])
def test_a_campaign_that_is_not_there_is_refused(api: FakeApi, regulars: Run, command: str) -> None:
    api.on("POST", f"/admin/campaigns/gone/{command}", {"code": "not_found", "message": "there is no campaign gone"}, status=404)
    done = regulars("campaign", command, "gone", "--to" if command == "test" else "--user", "ann")
    assert (done.exit_code, "there is no campaign gone" in done.stderr) == (1, True)


def test_a_test_without_an_answer_may_have_gone_out(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/campaigns/spring/test", {"message": "Service Unavailable"}, status=503)
    assert "may have gone out" in regulars("campaign", "test", "spring", "--to", "ann").stderr


def test_a_topic_is_heard_by_those_devices_that_fcm_took(api: FakeApi, regulars: Run) -> None:
    devices = [{"device_id": "a1", "code": ""}, {"device_id": "a2", "code": "UNREGISTERED"}]
    api.on("POST", "/admin/topics/news/subscribe", {"topic": "news", "user_id": "ann", "subscribed": True, "devices": devices[:1]})
    api.on("POST", "/admin/topics/news/unsubscribe", {"topic": "news", "user_id": "ann", "subscribed": False, "devices": devices})
    heard = regulars("topic", "subscribe", "news", "--user", "ann")
    assert (heard.exit_code, "hears it" in heard.stdout) == (0, True)
    refused = regulars("topic", "unsubscribe", "news", "--user", "ann")
    assert (refused.exit_code, "1 of 2 devices: UNREGISTERED" in refused.stderr) == (1, True)
