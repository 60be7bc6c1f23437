"""What FCM refuses whoever it is for is refused at once; and two readings of FCM's schema, the product's and the double's, say the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.fcm.content import refusal as content_refusal
from local.fcm.protobuf_json import Violations
from local.fcm.schema import SEND_MESSAGE_REQUEST
from regulars.domain.campaigns.acceptance import check_messages
from regulars.domain.errors import InvalidCampaignError
from tests.domain.messages.fcm_blocks import ASSIGNMENTS, Assignment, assigned
from tests.drawn import drawn

TOKEN = "token-1:APA91b" + "x" * 100


def refused(push: dict[str, Any]) -> str:
    """What `put` says of a campaign with this push; empty where it is taken."""
    try:
        check_messages({"id": "spring", "audience": {"include": ["a"]}, "message": {"push": push}})
    except InvalidCampaignError as error:
        return str(error)
    return ""


def taken_by_us(message: dict[str, Any]) -> bool:
    """`message` is FCM's: a campaign writes its notification without the block's name."""
    rest = {name: value for name, value in message.items() if name != "notification"}
    return not refused({"data": {"k": "v"}, **rest, **message.get("notification", {})})


def taken_by_the_double(message: dict[str, Any]) -> bool:
    violations: Violations = []
    read = SEND_MESSAGE_REQUEST({"message": {"token": TOKEN, "data": {"k": "v"}, **message}}, "", violations)
    return not violations and content_refusal(read["message"]) is None


def test_each_field_alone_is_judged_as_the_double_judges_it() -> None:
    verdicts = [(taken_by_us(message), taken_by_the_double(message), message) for message in (assigned([one]) for one in ASSIGNMENTS)]
    assert [message for ours, doubles, message in verdicts if ours != doubles] == []
    assert {ours for ours, _, _ in verdicts} == {True, False}


@given(st.lists(st.sampled_from(ASSIGNMENTS), min_size=2, max_size=6))
@drawn(300)
def test_fields_together_are_judged_as_the_double_judges_them(drawn: list[Assignment]) -> None:
    message = assigned(drawn)
    assert taken_by_us(message) == taken_by_the_double(message)


GOOD = tuple(one for one in ASSIGNMENTS if taken_by_the_double(assigned([one])))


@given(st.lists(st.sampled_from(GOOD), min_size=2, max_size=12))
@drawn(200)
def test_good_fields_together_are_taken_unless_they_are_too_long_together(drawn: list[Assignment]) -> None:
    message = assigned(drawn)
    assert taken_by_us(message) == taken_by_the_double(message)


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        ({"android": {"collapseKey": "k"}}, "collapse_key"),
        ({"android": {"collapse_key": None}}, "a text"),
        ({"android": {"notification": {"visibility": 2}}}, "a text"),
        ({"android": {"notification": {"notification_count": "3"}}}, "a whole number"),
        ({"android": {"notification": {"notification_count": 3.0}}}, "a whole number"),
    ],
)
def test_of_protobufs_spellings_one_is_taken_though_fcm_takes_more(block: dict[str, Any], wanted: str) -> None:
    assert taken_by_the_double(block)
    assert wanted in refused({"title": "Hi", **block})


@pytest.mark.parametrize(
    ("push", "told"),
    [
        ({"android": {"no_such_field": "x"}}, "message.push.android.no_such_field: `no_such_field` is not known here; known: `collapse_key`"),
        (
            {"android": {"notification": {"colour": "#aabbcc"}}},
            "message.push.android.notification.colour: `colour` is not known here (did you mean `color`?)",
        ),
        ({"android": {"notification": {"color": "red"}}}, "message.push.android.notification.color: a colour is expected as #rrggbb, not `red`"),
        ({"android": {"priority": "urgent"}}, "message.push.android.priority: `urgent` is not known here; known: `NORMAL`, `HIGH`"),
        ({"android": {"ttl": "86400"}}, 'message.push.android.ttl: seconds that end with an "s" are expected'),
        ({"android": {"ttl": "2419201s"}}, 'message.push.android.ttl: FCM keeps a message from "0s" to "2419200s"'),
        ({"android": {"notification": {"event_time": "2027-02-30T09:00:00Z"}}}, "message.push.android.notification.event_time: a moment is expected"),
        (
            {"android": {"notification": {"light_settings": {"color": {}, "light_on_duration": "1s"}}}},
            "message.push.android.notification.light_settings.light_off_duration: a text is needed, and it is missing",
        ),
        ({"apns": {"payload": "x"}}, "message.push.apns.payload: an object is needed"),
        ({"webpush": {"fcm_options": {"link": "http://x"}}}, "message.push.webpush.fcm_options.link: a link that begins with https:// is expected"),
        ({"webpush": {"fcm_options": {"analytics_label": "two words"}}}, "message.push.webpush.fcm_options.analytics_label: 1 to 50 letters"),
        ({"body": "x" * 4_095, "android": {"notification": {"tag": "xx"}}}, "message.push: 4099 bytes before Liquid adds any; FCM takes 4096"),
    ],
)
def test_a_refusal_says_where_and_what_is_allowed(push: dict[str, Any], told: str) -> None:
    assert refused({"title": "Hi", **push}).startswith(told)


def _aps(**aps: Any) -> dict[str, Any]:
    return {"apns": {"payload": {"aps": aps, "own": {"any": [1]}}}}


def _web(**notification: Any) -> dict[str, Any]:
    return {"webpush": {"notification": notification}}


@pytest.mark.parametrize(
    ("push", "told"),
    [
        ({"title": " \u200b"}, "message.push.title: nobody would see anything of it"),
        ({"image": "http://x/y.png"}, "message.push.image: an address that begins with https:// is expected"),
        ({"image": "http://x/{{ person.traits.picture }}"}, "message.push.image: an address that begins with https://"),
        ({"android": {"notification": {"image": "/y.png"}}}, "message.push.android.notification.image: an address"),
        ({"deep_link": "shop://my offers"}, "message.push.deep_link: a link has no spaces"),
        (_aps(badge="{{ person.traits.n }}"), "message.push.apns.payload.aps.badge: a whole number is needed"),
        (_aps(alert={"subtitle": 7}), "message.push.apns.payload.aps.alert.subtitle: a text is needed"),
        (_aps(category=7), "message.push.apns.payload.aps.category: a text is needed"),
        (_aps(**{"interruption-level": "urgent"}), "message.push.apns.payload.aps.interruption-level: passive, active"),
        (_web(actions=[{"action": "buy"}]), "message.push.webpush.notification.actions[0].title: a text is needed, and it is missing"),
        (_web(actions=[{"action": "buy", "title": "Buy", "url": "x"}]), "message.push.webpush.notification.actions[0].url: `url` is not known here"),
    ],
)
def test_what_no_phone_would_show_is_refused(push: dict[str, Any], told: str) -> None:
    assert refused({"title": "Hi", **push}).startswith(told)


@pytest.mark.parametrize(
    "push",
    [
        {"image": "{{ person.traits.picture }}"},
        {"image": "https://x/{{ person.traits.picture }}.png", "deep_link": "shop://{{ person.traits.item | url_encode }}"},
        _aps(alert="Hi", badge=0, sound={"critical": 1, "name": "bell", "volume": 0.5}, category="OFFER", whatever=[1], **{"mutable-content": 1}),
        _aps(alert={"title": "{{ person.traits.x }}", "loc-args": ["x"]}, **{"interruption-level": "time-sensitive"}),
        _web(actions=[{"action": "buy", "title": "Buy", "icon": "/i.png"}], requireInteraction=True),
    ],
)
def test_what_platforms_have_words_for_is_taken(push: dict[str, Any]) -> None:
    assert refused({"title": "Hi", **push}) == ""


@pytest.mark.parametrize("push", [{}, {"ttl": "60s"}, {"collapse_key": "x", "priority": "high"}])
def test_a_push_that_says_nothing_is_refused(push: dict[str, Any]) -> None:
    assert refused(push) == "message.push: a title, a body or data is needed"


def test_a_push_for_the_app_alone_is_taken() -> None:
    assert refused({"data": {"refresh": "1"}}) == ""


def test_what_liquid_will_make_is_not_judged_before_it_is_made() -> None:
    name = "{{ person.traits.x }}"
    notification = {"color": name, "notification_count": name, "visibility": name, "event_time": name, "body": f"{name}{'x' * 5_000}"}
    assert refused({"title": "Hi", "android": {"ttl": name, "priority": name, "notification": notification}}) == ""
    assert "sticky: true or false is needed" in refused({"title": "Hi", "android": {"notification": {"sticky": name}}})


def test_each_variants_own_message_is_judged_in_its_place() -> None:
    bad = {"push": {"title": "Hi", "apns": {"aps": {}}}}
    document = {
        "id": "spring",
        "audience": {"include": ["a"]},
        "variants": [{"id": "a", "message": {"push": {"title": "Hi"}}}, {"id": "b", "message": bad}],
    }
    with pytest.raises(InvalidCampaignError) as caught:
        check_messages(document)
    assert caught.value.field == "variants[1].message.push.apns.aps"
