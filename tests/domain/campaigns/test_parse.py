"""Campaign documents: what is taken, and how what is not is refused."""

import json
from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.delivery.options import DeliveryOptions
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.goals import Goal


def document(**changes: Any) -> dict[str, Any]:
    """A campaign with the changes in it; None takes a key out."""
    base = {"id": "spring", "name": "Spring", "audience": {"include": ["lapsing"]}, "message": {"push": {"title": "Hello"}}}
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


ORDERS = {"event": "Order Completed", "within": "7d", "value": "revenue"}


def push(**fields: Any) -> dict[str, Any]:
    return document(message={"push": {"title": "Hello", **fields}})


def refusal(given: object) -> str:
    with pytest.raises(InvalidCampaignError) as caught:
        parse_campaign(given)
    return str(caught.value)


def test_the_smallest_campaign_has_the_defaults() -> None:
    campaign = parse_campaign(document(name=None))
    assert campaign.name == "spring"
    assert (campaign.include, campaign.exclude) == (("lapsing",), ())
    assert [(variant.id, variant.weight, variant.push.title) for variant in campaign.variants] == [("treated", 1, "Hello")]
    assert campaign.control_buckets == 1000
    assert campaign.goal is None
    assert campaign.delivery == DeliveryOptions(per_second=8000, when_unsure="skip")


def test_everything_that_is_honoured_is_read() -> None:
    campaign = parse_campaign(
        document(
            audience={"include": ["a", "b"], "exclude": ["c"]},
            message={
                "push": {
                    "title": "t",
                    "body": "b",
                    "image": "https://x/i.png",
                    "deep_link": "app://home",
                    "data": {"k": "v"},
                    "ttl": "86400s",
                    "collapse_key": "spring",
                    "priority": "high",
                    "android": {"notification": {"channel_id": "offers"}},
                    "apns": {"headers": {"apns-priority": "10"}},
                    "webpush": {"fcm_options": {"link": "https://x"}},
                }
            },
            control={"percent": 12.5},
            goal={"event": "Order Completed", "within": "7d", "value": "totals.net"},
            delivery={"per_second": 500, "when_unsure": "resend"},
        )
    )
    assert isinstance(campaign, Campaign)
    assert (campaign.include, campaign.exclude) == (("a", "b"), ("c",))
    assert campaign.control_buckets == 1250
    assert campaign.goal == Goal("Order Completed", timedelta(days=7), ("totals", "net"))
    assert campaign.delivery == DeliveryOptions(500, "resend")
    assert campaign.variants[0].push.ttl_seconds == 86400


def test_a_variant_says_its_own_or_what_the_campaign_says() -> None:
    own = {"push": {"body": "own"}}
    campaign = parse_campaign(document(variants=[{"id": "a"}, {"id": "b", "weight": 3, "message": own}]))
    assert [(variant.id, variant.weight, variant.push.title, variant.push.body) for variant in campaign.variants] == [
        ("a", 1, "Hello", ""),
        ("b", 3, "", "own"),
    ]


def test_without_a_message_every_variant_needs_one() -> None:
    assert "variants[0].message" in refusal(document(message=None, variants=[{"id": "a"}]))
    assert refusal(document(message=None)).startswith("message: needed")


@pytest.mark.parametrize(
    ("given", "field", "known"),
    [
        (document(messages={}), "messages", "(did you mean `message`?); known: `id`, `name`"),
        (document(audience={"includes": ["a"]}), "audience.includes", "(did you mean `include`?)"),
        (document(message={"sms": {}}), "message.sms", "push"),
        (push(tittle="x"), "message.push.tittle", "(did you mean `title`?)"),
        (document(variants=[{"id": "a", "share": 1}]), "variants[0].share", "weight"),
        (document(control={"share": 1}), "control.share", "percent"),
        (document(goal={"event": "x", "within": "7d", "prop": "y"}), "goal.prop", "value"),
        (document(goal=ORDERS, guardrails={"complaint": ["x"]}), "guardrails.complaint", "(did you mean `complained`?)"),
        (document(delivery={"rate": 1}), "delivery.rate", "per_second"),
    ],
)
def test_an_unknown_key_is_named_with_its_path_and_what_is_known(given: dict[str, Any], field: str, known: str) -> None:
    told = refusal(given)
    assert told.startswith(f"{field}: `{field.split('.')[-1]}` is not known here")
    assert known in told


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([], "an object is needed, not a list"),
        (document(id="Spring sale"), "id:"),
        (document(id="x" * 49), "id:"),
        (document(id=7), "id:"),
        (document(audience=None), "audience:"),
        (document(audience={"include": []}), "audience.include:"),
        (document(audience={"include": "lapsing"}), "audience.include:"),
        (document(audience={"include": ["a", "b", "a"]}), "audience.include[2]:"),
        (document(audience={"include": ["a"], "exclude": [7]}), "audience.exclude[0]:"),
        (push(title="", deep_link="x"), "message.push:"),
        (push(title=7), "message.push.title:"),
        (push(data=["x"]), "message.push.data:"),
        (push(data={"k": 1}), "message.push.data.k:"),
        (push(data={"run_id": "x"}), "message.push.data.run_id:"),
        (push(data={"google.x": "x"}), "message.push.data.google.x:"),
        (push(ttl=86400), "message.push.ttl:"),
        (push(ttl="2419201s"), "message.push.ttl:"),
        (push(priority="urgent"), "message.push.priority:"),
        (push(android="x"), "message.push.android:"),
        (push(android={"data": {"k": "v"}}), "message.push.android.data:"),
        (push(apns={"headers": {"apns-priority": 10}}), "message.push.apns.headers.apns-priority:"),
        (document(variants=[]), "variants:"),
        (document(variants=[{"id": "control"}]), "variants[0].id:"),
        (document(variants=[{"id": "a"}, {"id": "a"}]), "variants[1].id:"),
        (document(variants=[{"id": "a", "weight": 0}]), "variants[0].weight:"),
        (document(variants=[{"id": "a", "weight": True}]), "variants[0].weight:"),
        (document(control={"percent": 101}), "control.percent:"),
        (document(control={"percent": 0.005}), "control.percent:"),
        (document(control={"percent": float("nan")}), "control.percent:"),
        (document(control=10), "control:"),
        (document(goal={"event": "", "within": "7d"}), "goal.event:"),
        (document(goal={"event": "x"}), "goal.within:"),
        (document(goal={"event": "x", "within": "7 days"}), "goal.within:"),
        (document(goal={"event": "x", "within": "7d", "value": "a..b"}), "goal.value:"),
        (document(goal={"event": "x", "within": "7d", "value": 'a"b'}), "goal.value:"),
        (document(delivery={"per_second": 0}), "delivery.per_second:"),
        (document(delivery={"when_unsure": "maybe"}), "delivery.when_unsure:"),
        (document(name="x" * 70_000), "70"),
        (document(name="\ud800"), "name:"),
        (document(control={"percent": 2**70}), "control.percent:"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field(given: object, field: str) -> None:
    assert field in refusal(given)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (document(cap={"count": 3}), "cap: `cap` belongs into `delivery`; known: "),
        (document(purpose="marketing"), "purpose: `purpose` belongs into `delivery`; known: "),
        (document(priority=5), "priority: `priority` belongs into `delivery`; known: "),
        (document(quiet_hours={}), "quiet_hours: `quiet_hours` belongs into `delivery`; known: "),
        (document(per_second=5), "per_second: `per_second` belongs into `delivery`; known: "),
        (document(title="Hi"), "title: `title` belongs into `message.push`; known: "),
        (document(include=["a"]), "include: `include` belongs into `audience`; known: "),
        (document(within="7d"), "within: `within` belongs into `goal`; known: "),
        (document(percent=10), "percent: `percent` belongs into `control`; known: "),
        (document(message={"title": "Hi"}), "message.title: `title` belongs into `push`; known: `push`"),
    ],
)
def test_a_key_that_belongs_further_in_is_told_where(given: dict[str, Any], told: str) -> None:
    assert refusal(given).startswith(told)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (document(goal={"event": "Order\0Completed", "within": "7d"}), "goal.event: a text cannot hold NUL"),
        (document(goal={"event": "Order Completed", "within": "999999w"}), "goal.within: at most 36525 days"),
        (document(goal={"event": "Order Completed", "within": "7d", "value": 0}), "goal.value: a name, or a list of names, is needed, not a number"),
        (document(audience={"include": ["a#00000001"]}), "audience.include[0]: an id has 1 to 100 letters"),
        (document(name="a\0"), "name: a text cannot hold NUL"),
        (push(title="\ud800"), "message.push.title: a text cannot hold NUL or half of a surrogate pair"),
        (push(data={"k": "\udc00"}), "message.push.data.k: a text cannot hold NUL or half of a surrogate pair"),
        (push(android={"notification": {"tag": "\ud800"}}), "message.push.android.notification.tag: a text cannot hold"),
        (push(apns={"payload": {"badge": float("nan")}}), "message.push.apns.payload.badge: the number is not finite"),
        (push(webpush={"x": [2**64]}), "message.push.webpush.x[0]: a whole number of more than 64 bits"),
    ],
)
def test_what_could_not_be_measured_or_sent_is_refused_with_its_place(given: dict[str, Any], told: str) -> None:
    assert refusal(given).startswith(told)


def test_the_money_of_a_goal_may_lie_as_deep_and_be_named_as_oddly_as_in_a_segment() -> None:
    for value, path in (("7", ("7",)), (".".join("abcdefghij"), tuple("abcdefghij")), (["totals.net", "eur"], ("totals.net", "eur"))):
        campaign = parse_campaign(document(goal={"event": "Order Completed", "within": "7d", "value": value}))
        assert campaign.goal and campaign.goal.value == path


def test_a_goal_may_have_a_currency_and_name_events_that_tell_of_harm() -> None:
    campaign = parse_campaign(document(goal={**ORDERS, "currency": "EUR"}, guardrails={"complained": ["Complaint Received", "Angry Call"]}))
    assert campaign.goal and campaign.goal.currency == "EUR"
    assert campaign.guardrails == {"complained": ("Complaint Received", "Angry Call")}
    assert parse_campaign(document(goal=ORDERS)).guardrails == {}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (document(goal={**ORDERS, "currency": "eur"}), "goal.currency: `eur` is no currency of ISO 4217: write `EUR`"),
        (document(goal={**ORDERS, "currency": "$"}), "goal.currency: `$` is no currency of ISO 4217, such as `EUR`"),
        (document(goal={"event": "x", "within": "7d", "currency": "EUR"}), "goal.currency: says nothing without a `value`"),
        (document(guardrails={"complained": ["x"]}), "guardrails: needs a `goal`, whose `within` says for how long they are looked for"),
        (document(goal=ORDERS, guardrails={"complained": ["Order Completed"]}), "guardrails.complained[0]: is the goal"),
        (document(goal=ORDERS, guardrails={"complained": ["x"], "uninstalled": ["x"]}), "guardrails.complained[0]: `x` is named twice"),
        (document(goal=ORDERS, guardrails={"complained": []}), "guardrails.complained: a list with nothing in it"),
        (document(complained=["x"]), "complained: `complained` belongs into `guardrails`; known: "),
    ],
)
def test_what_a_currency_or_a_guard_rail_cannot_be_is_said(given: dict[str, Any], told: str) -> None:
    assert refusal(given).startswith(told)


def test_the_longest_event_name_that_is_collected_can_be_a_goal() -> None:
    assert parse_campaign(document(goal={"event": "x" * 255, "within": "7d"})).goal
    assert refusal(document(goal={"event": "x" * 256, "within": "7d"})).startswith("goal.event: 256 characters; at most 255")


def test_a_variant_without_a_message_has_the_campaigns_and_one_with_a_message_has_nothing_of_it() -> None:
    given = document(
        message={"push": {"title": "shared", "body": "shared"}}, variants=[{"id": "a"}, {"id": "b", "message": {"push": {"body": "own"}}}]
    )
    assert [(each.push.title, each.push.body) for each in parse_campaign(given).variants] == [("shared", "shared"), ("", "own")]


def test_no_control_group_is_a_choice() -> None:
    assert parse_campaign(document(control={"percent": 0})).control_buckets == 0


def test_the_document_can_be_json() -> None:
    assert parse_campaign(json.loads(json.dumps(document()))).id == "spring"
