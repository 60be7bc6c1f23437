from regulars.domain.messages.checks import MessageQuestion
from tests.functions.admin.api import request
from tests.functions.admin.conftest import World

TAKEN = {"variant": "treated", "device_id": "", "outcome": "accepted", "code": "", "message": "", "field": "", "locale": ""}


def test_a_check_asks_and_a_test_sends(defined: World) -> None:
    assert request("POST", "/admin/campaigns/spring/check", {}) == (200, {"campaign_id": "spring", "version": 1, "sent": False, "messages": [TAKEN]})
    assert request("POST", "/admin/campaigns/spring/test", {"user_id": "ann", "variant": "treated"})[1]["sent"] is True
    assert defined.message_checks.asked == [MessageQuestion("spring"), MessageQuestion("spring", "ann", "treated", send=True)]


def test_a_draft_goes_to_fcm_as_it_would_be_put(defined: World) -> None:
    draft = {"audience": {"include": ["all"]}, "message": {"push": {"title": "New"}}}
    request("POST", "/admin/campaigns/spring/test", {"user_id": "ann", "document": draft})
    assert defined.message_checks.asked == [MessageQuestion("spring", "ann", send=True, document={**draft, "id": "spring"})]


def test_what_the_function_refuses_is_answered_as_if_the_api_itself_had(defined: World) -> None:
    status, body = request("POST", "/admin/campaigns/autumn/check", {})
    assert (status, body["code"]) == (404, "not_found")


def test_a_test_to_nobody_is_refused(defined: World) -> None:
    status, body = request("POST", "/admin/campaigns/spring/test", {})
    assert (status, body["code"], body["field"]) == (400, "invalid_request", "user_id")
    assert defined.message_checks.asked == []


def test_who_hears_a_topic_is_changed(world: World) -> None:
    status, body = request("POST", "/admin/topics/news/subscribe", {"user_id": "ann"})
    assert (status, body) == (200, {"topic": "news", "user_id": "ann", "subscribed": True, "devices": [{"device_id": "a1", "code": ""}]})
    assert request("POST", "/admin/topics/news/unsubscribe", {"user_id": "ann"})[1]["subscribed"] is False
    assert [change.subscribe for change in world.topic_changes.asked] == [True, False]
