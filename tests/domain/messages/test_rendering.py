"""Messages: Liquid for each person, FCM's form, and what cannot be sent said as data."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.templates import templates
from regulars.domain.collection.device import PushTarget
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.messages.rendering import Addressee, MessageTemplate, Occasion, Origin, Unsendable
from regulars.domain.messages.template import PushTemplate

NOW = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)
PHONE = PushTarget("token", "token-1")
OCCASION = Occasion("spring-1", datetime(2017, 10, 1, tzinfo=UTC), NOW)


def campaign(*, delivery: dict[str, Any] | None = None, **push: Any) -> Any:
    return parse_campaign({"id": "spring", "name": "Spring!", "audience": {"include": ["x"]}, "message": {"push": push}, "delivery": delivery or {}})


def rendered(traits: dict[str, Any] | None = None, *, delivery: dict[str, Any] | None = None, **push: Any) -> dict[str, Any]:
    person = Addressee("h1", PHONE, traits or {}, "m1")
    body = templates(campaign(delivery=delivery, **push))["treated"].render(person, OCCASION)
    assert isinstance(body, bytes)
    message: dict[str, Any] = json.loads(body)["message"]
    return message


def test_texts_are_rendered_with_the_persons_traits() -> None:
    message = rendered(
        {"first_name": "Zoë", "orders": 3},
        title="Hi {{ person.traits.first_name }}",
        body="{{ person.traits.orders | plus: 1 }}th for {{ person.user_id }} of {{ campaign.name }}",
        data={"k": "{{ campaign.variant }}"},
        deep_link="app://{{ campaign.run_id }}",
        android={"notification": {"title_loc_args": ["{{ person.traits.first_name }}"]}},
    )
    assert message["token"] == "token-1"
    assert message["notification"] == {"title": "Hi Zoë", "body": "4th for h1 of Spring!"}
    assert (message["data"]["k"], message["data"]["deep_link"]) == ("treated", "app://spring-1")
    assert message["android"]["notification"]["title_loc_args"] == ["Zoë"]


def test_a_missing_trait_shows_as_nothing_and_can_have_a_default() -> None:
    message = rendered(title="Hi {{ person.traits.first_name }}!", body="{{ person.traits.x.y.z | default: 'friend' }}")
    assert message["notification"] == {"title": "Hi !", "body": "friend"}


@pytest.mark.parametrize(
    "push",
    [
        {"title": "{{ person.traits.offer }}"},
        {"title": "{{ person.traits.offer }}", "body": " {{ person.traits.more }} ", "data": {"k": "v"}, "image": "https://x/y.png"},
        {"body": "{% if person.traits.vip %}Hello{% endif %}", "android": {"notification": {"icon": "star"}}},
        {"data": {"k": "v"}, "android": {"notification": {"title": "{{ person.traits.offer }}"}}},
        {"data": {"k": "v"}, "apns": {"payload": {"aps": {"alert": {"body": "{{ person.traits.offer }}"}, "badge": 1}}}},
        {"data": {"k": "v"}, "apns": {"payload": {"aps": {"alert": "{{ person.traits.offer }}"}}}},
        {"data": {"k": "v"}, "webpush": {"notification": {"body": "{{ person.traits.offer }}"}}},
    ],
)
def test_a_message_that_was_to_say_something_and_says_nothing_is_not_sent(push: dict[str, Any]) -> None:
    template = templates(campaign(**push))["treated"]
    said = template.render(Addressee("h1", PHONE, {}, "m1"), OCCASION)
    assert isinstance(said, Unsendable) and (said.reason, said.field) == ("empty_message", "message.push")
    assert "offer" in said.missing or "vip" in str(push)
    assert isinstance(template.render(Addressee("h1", PHONE, {"offer": "10 % off", "vip": True}, "m1"), OCCASION), bytes)


@pytest.mark.parametrize("push", [{"data": {"k": "{{ person.traits.offer }}"}}, {"data": {"k": "v"}, "apns": {"payload": {"aps": {"badge": 1}}}}])
def test_a_message_without_any_text_is_meant_so(push: dict[str, Any]) -> None:
    assert "notification" not in rendered(**push)


def test_data_always_says_which_message_this_is() -> None:
    data = rendered(body="x")["data"]
    assert data == {"campaign_id": "spring", "run_id": "spring-1", "variant": "treated", "message_id": "m1"}


def test_how_long_and_how_urgent_reach_every_platform() -> None:
    message = rendered(body="x", ttl="3600s", priority="high", collapse_key="offer")
    assert message["android"]["ttl"] == "3600s"
    assert message["android"]["priority"] == "high"
    assert message["android"]["collapse_key"] == "offer"
    headers = message["apns"]["headers"]
    assert headers["apns-expiration"] == str(int(NOW.timestamp()) + 3600)
    assert (headers["apns-priority"], headers["apns-collapse-id"]) == ("10", "offer")
    assert message["webpush"]["headers"]["TTL"] == "3600"


def test_ttl_0_is_now_or_never() -> None:
    assert rendered(body="x", ttl="0s")["apns"]["headers"]["apns-expiration"] == "0"


def test_a_long_collapse_key_still_fits_apple() -> None:
    key = "k" * 80
    message = rendered(body="x", collapse_key=key)
    assert message["android"]["collapse_key"] == key
    assert len(message["apns"]["headers"]["apns-collapse-id"]) <= 64


def test_a_campaigns_own_block_wins() -> None:
    message = rendered(body="x", ttl="60s", android={"ttl": "5s"}, apns={"headers": {"apns-expiration": "7"}, "payload": {"aps": {"badge": 1}}})
    assert message["android"]["ttl"] == "5s"
    assert message["apns"] == {"headers": {"apns-expiration": "7"}, "payload": {"aps": {"badge": 1}}}


def test_what_may_be_sent_twice_replaces_itself() -> None:
    message = rendered(body="x", delivery={"when_unsure": "resend"})
    assert message["android"]["collapse_key"] == "m1"
    assert message["apns"]["headers"]["apns-collapse-id"] == "m1"
    assert rendered(body="x", delivery={"when_unsure": "resend"}, collapse_key="own")["android"]["collapse_key"] == "own"
    assert "android" not in rendered(body="x")


def test_a_message_over_4096_bytes_is_this_recipients_failure_alone() -> None:
    template = templates(campaign(body="{{ person.traits.story }}"))["treated"]
    assert template.render(Addressee("h1", PHONE, {"story": "ä" * 2_100}, "m1"), OCCASION) == Unsendable(
        "message_too_large", field="message.push", because="4257 bytes; FCM takes 4096"
    )
    assert template.render(Addressee("h2", PHONE, {"story": "ä" * 1_000}, "m1"), OCCASION)


@pytest.mark.parametrize(
    ("body", "traits"),
    [
        ("{{ person.traits.n | divided_by: 0 }}", {"n": 1}),
        ("{% for i in (1..person.traits.n) %}x{% endfor %}", {"n": 10**9, "m": 1}),
        ("{% for a in person.traits.l %}{{ person.traits.s }}{% endfor %}", {"l": [1] * 900, "s": "x" * 900}),
    ],
)
def test_a_template_that_fails_for_one_person_is_that_persons_failure(body: str, traits: dict[str, Any]) -> None:
    template = templates(campaign(body=body))["treated"]
    said = template.render(Addressee("h1", PHONE, traits, "m1"), OCCASION)
    assert isinstance(said, Unsendable) and (said.reason, said.field, said.line) == ("render_failed", "message.push.body", 1)


def test_who_cannot_be_sent_a_message_is_told_with_the_field_the_line_the_reason_and_the_traits_they_lack() -> None:
    template = templates(campaign(title="Hi", body="Dear {{ person.traits.name }}\n{{ person.traits.spent | divided_by: person.traits.orders }}"))[
        "treated"
    ]
    person = Addressee("h1", PHONE, {"spent": 20, "orders": None}, "m1")
    because = "divided_by: can't divide by 0"
    assert template.render(person, OCCASION) == Unsendable(
        "render_failed", field="message.push.body", line=2, because=because, missing=("name", "orders")
    )
    assert list(template.lacks(person)) == [("message.push.body", "name", True), ("message.push.body", "orders", True)]
    assert list(template.lacks(Addressee("h2", PHONE, {"name": "Ann", "orders": 2, "spent": 20}, "m1"))) == []


@pytest.mark.parametrize(
    ("push", "traits", "notification"),
    [
        ({"title": "{{ person.traits.offer }}", "body": "Come in"}, {}, {"body": "Come in"}),
        ({"title": "Hello", "body": "\u200b {{ person.traits.offer }}"}, {"offer": "\u00a0"}, {"title": "Hello"}),
        ({"title": "Hello", "image": "{{ person.traits.picture }}"}, {"picture": "http://x/y.png"}, {"title": "Hello"}),
        ({"title": "Hello", "image": "{{ person.traits.picture }}"}, {"picture": "https://x/y.png"}, {"title": "Hello", "image": "https://x/y.png"}),
    ],
)
def test_what_says_nothing_when_it_is_rendered_is_left_out(push: dict[str, Any], traits: dict[str, Any], notification: dict[str, str]) -> None:
    assert rendered(traits, **push)["notification"] == notification


def test_a_platforms_own_text_that_says_nothing_makes_room_for_the_one_for_all() -> None:
    own = {"title": "{{ person.traits.offer }}", "channel_id": "offers"}
    apns = {"payload": {"aps": {"alert": {"title": "{{ person.traits.offer }}", "body": " "}, "badge": 1}}}
    message = rendered(title="Hello", android={"notification": own}, apns=apns)
    assert message["android"] == {"notification": {"channel_id": "offers"}}
    assert message["apns"] == {"payload": {"aps": {"badge": 1}}}
    assert rendered({"offer": "10 %"}, title="Hello", android={"notification": own})["android"]["notification"]["title"] == "10 %"


def test_now_in_a_template_is_the_moment_of_sending_not_a_clock() -> None:
    message = rendered(title="{{ 'now' | date: '%Y-%m-%d %H:%M' }}", body="{{ campaign.planned_at | date: '%Y-%m-%d' }}")
    assert message["notification"] == {"title": "2026-11-21 22:15", "body": "2017-10-01"}


@pytest.mark.parametrize(
    ("push", "field", "told"),
    [
        ({"title": "{{ person.traits.first_name"}, "message.push.title", "Liquid"),
        ({"title": "{% if person.traits.x %}"}, "message.push.title", "Liquid"),
        ({"body": "{% include 'x' %}"}, "message.push.body", "Liquid"),
        (
            {"body": "{{ person.traits.x | upcasee }}"},
            "message.push.body",
            "the filter `upcasee` is not known here (did you mean `upcase`?); known: ",
        ),
        (
            {"body": "{{ persn.traits.x }}"},
            "message.push.body",
            "the name `persn` is not known here (did you mean `person`?); known: `person`, `campaign`",
        ),
        ({"body": "{{ person.trait.x }}"}, "message.push.body", "in person.trait, `trait` is not known here (did you mean `traits`?)"),
        ({"body": "{{ person.scores.churn }}"}, "message.push.body", "not built yet"),
        ({"body": "{{ event.order_id }}"}, "message.push.body", "not built yet"),
        ({"body": "{{ campaign.title }}"}, "message.push.body", "planned_at"),
        ({"body": "x", "data": {"k": "{{ nobody }}"}}, "message.push.data.k", "nobody"),
        ({"body": "x", "android": {"notification": {"tag": "{{ nobody }}"}}}, "message.push.android.notification.tag", "nobody"),
    ],
)
def test_a_text_that_nobody_could_be_sent_is_refused_with_its_place(push: dict[str, Any], field: str, told: str) -> None:
    with pytest.raises(InvalidCampaignError) as caught:
        templates(campaign(**push))
    assert str(caught.value).startswith(f"{field}:")
    assert told in str(caught.value)


def test_names_that_a_template_makes_itself_are_known() -> None:
    assert rendered({"a": "x"}, body="{% assign b = person.traits.a %}{{ b }}{% for i in (1..2) %}{{ i }}{{ forloop.last }}{% endfor %}")


def test_each_variant_has_its_message() -> None:
    asked = parse_campaign(
        {
            "id": "spring",
            "audience": {"include": ["x"]},
            "variants": [{"id": name, "message": {"push": {"body": f"{name} {{{{ campaign.variant }}}}"}}} for name in ("a", "b")],
        }
    )
    found = {name: template.render(Addressee("h1", PHONE, {}, "m1"), OCCASION) for name, template in templates(asked).items()}
    assert {name: json.loads(body)["message"]["notification"]["body"] for name, body in found.items()} == {"a": "a a", "b": "b b"}


def test_a_token_cannot_break_out_of_the_message() -> None:
    template = MessageTemplate(PushTemplate(body="x"), Origin("spring", "Spring!", "treated"), replaces_itself=False, path="message.push")
    body = template.render(Addressee("h1", PushTarget("token", 'a","x":"'), {}, "m1"), OCCASION)
    assert json.loads(body)["message"]["token"] == 'a","x":"'
