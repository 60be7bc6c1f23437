"""Asking FCM about a campaign's messages, and sending them to one person."""

from dataclasses import replace
from typing import Any

import pytest

from regulars.domain.errors import InvalidCampaignError, InvalidRequestError, NotFoundError
from regulars.domain.messages.checks import CheckedMessage, FcmAnswer, MessageQuestion, MessagesChecked
from regulars.usecases.check_message import check_message
from tests.examples import SEEN, person, phone
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.fcm_admin import MemoryFcmAdmin
from tests.fakes.stores import MemoryDefinitions, MemoryDevices, MemoryProfiles

PLAIN, WARM = {"push": {"title": "Hi {{ person.traits.name | default: 'you' }}"}}, {"push": {"title": "We miss you"}}
DEAD = FcmAnswer(accepted=False, code="UNREGISTERED", said="Requested entity was not found.")


class World:
    """The campaign `spring` has two variants; ann has two devices, one of them bob's by now, and bob has one that nothing leads to."""

    def __init__(self, **campaign: Any) -> None:
        self.definitions, self.fcm = MemoryDefinitions(), MemoryFcmAdmin()
        variants = [{"id": "plain", "message": PLAIN}, {"id": "warm", "message": WARM}]
        self.put({"id": "spring", "audience": {"include": ["x"]}, "variants": variants, **campaign})
        ann, bob = person("ann", name="Ann"), person("bob")
        self.profiles = MemoryProfiles([replace(ann, devices=dict.fromkeys(("a1", "a2", "b1"), SEEN)), replace(bob, devices={"b1": SEEN})])
        self.devices = MemoryDevices([phone("a1", "ann", "t1"), phone("a2", "ann", "t2"), phone("b1", "bob", None)])

    def put(self, document: dict[str, Any]) -> None:
        self.definitions.put("campaign", "spring", document, at=MOMENT, by="tests")

    def ask(self, **question: Any) -> MessagesChecked:
        return check_message(
            MessageQuestion(**{"campaign_id": "spring", **question}),
            definitions=self.definitions,
            profiles=self.profiles,
            devices=self.devices,
            fcm=self.fcm,
            clock=MovableClock(),
        )


def test_without_a_person_each_variant_is_asked_about_as_it_is_for_somebody_unknown() -> None:
    world = World()
    checked = world.ask()
    assert checked == MessagesChecked("spring", 1, False, [CheckedMessage("plain", "", "accepted"), CheckedMessage("warm", "", "accepted")])
    assert [message["notification"]["title"] for message in world.fcm.validated] == ["Hi you", "We miss you"]
    assert {(message["topic"], "token" in message) for message in world.fcm.validated} == {("regulars-check", False)}
    assert world.fcm.sent == []


def test_a_test_goes_to_each_device_that_is_theirs_now_and_says_what_fcm_said_of_each() -> None:
    world = World()
    world.fcm.answers["t2"] = DEAD
    checked = world.ask(user_id="ann", variant="plain", send=True)
    assert checked.sent
    assert sorted(checked.messages, key=lambda one: one.device_id) == [
        CheckedMessage("plain", "a1", "accepted"),
        CheckedMessage("plain", "a2", "refused", "UNREGISTERED", "Requested entity was not found."),
    ]
    assert {message["notification"]["title"] for message in world.fcm.sent} == {"[Test] Hi Ann"}
    assert {message["data"]["run_id"] for message in world.fcm.sent} == {"test"}
    assert {message["data"]["test"] for message in world.fcm.sent} == {"true"}
    assert len({message["data"]["message_id"] for message in world.fcm.sent}) == 2
    assert world.fcm.validated == []


@pytest.mark.parametrize(
    ("traits", "purpose", "why"),
    [
        ({"unsubscribed": True}, "", "opted_out"),
        ({"push_opted_out": True}, "transactional", "opted_out"),
        ({"news_opt_in": False}, "news", "opted_out"),
    ],
)
def test_a_test_goes_to_nobody_who_said_no(traits: dict[str, Any], purpose: str, why: str) -> None:
    world = World(delivery={"purpose": purpose} if purpose else {})
    stored = world.profiles.stored["ann"]
    world.profiles.stored["ann"] = replace(stored, value=replace(person("ann", **traits), devices=stored.value.devices))
    checked = world.ask(user_id="ann", variant="warm", send=True)
    assert {(one.outcome, one.code) for one in checked.messages} == {("refused", why)}
    assert world.fcm.sent == []
    assert {one.outcome for one in world.ask(user_id="ann", variant="warm").messages} == {"accepted"}


def test_a_test_reaches_the_devices_that_show_notifications() -> None:
    world = World()
    silent = world.devices.stored["a2"]
    world.devices.stored["a2"] = replace(silent, value=replace(silent.value, use=replace(silent.value.use, push_enabled=False)))
    checked = world.ask(user_id="ann", variant="warm", send=True)
    assert {(one.device_id, one.outcome, one.code) for one in checked.messages} == {("a1", "accepted", ""), ("a2", "refused", "notifications_off")}
    assert [message["token"] for message in world.fcm.sent] == ["t1"]


def test_without_a_person_each_language_is_asked_about_and_with_one_the_devices() -> None:
    push = {"title": "Hi", "locale": "en", "locales": {"fr": {"title": "Salut"}, "pt-BR": {"title": "Oi {{ 1 | divided_by: person.traits.n }}"}}}
    world = World(variants=[{"id": "plain", "message": {"push": push}}])
    world.devices = MemoryDevices([phone("a1", "ann", "t1", locale="fr-CA")])
    plain, french, brazilian = world.ask().messages
    assert (plain, french) == (CheckedMessage("plain", "", "accepted"), CheckedMessage("plain", "", "accepted", locale="fr"))
    assert (brazilian.outcome, brazilian.field, brazilian.locale) == ("refused", "variants[0].message.push.locales.pt-BR.title", "pt-BR")
    world.ask(user_id="ann")
    assert [message["notification"]["title"] for message in world.fcm.validated] == ["Hi", "Salut", "Salut"]


def test_a_message_that_cannot_be_made_for_them_is_refused_and_not_asked_about() -> None:
    world = World(variants=[{"id": "plain", "message": {"push": {"title": "{% for i in (1..5000) %}x{% endfor %}"}}}])
    (checked,) = world.ask().messages
    assert (checked.outcome, checked.code, world.fcm.validated) == ("refused", "render_failed", [])


def test_what_is_too_long_for_a_topic_needs_a_device_to_be_asked_about() -> None:
    world = World(variants=[{"id": "long", "message": {"push": {"title": "Hi", "body": "x" * 3_000}}}])
    (checked,) = world.ask().messages
    assert (checked.outcome, world.fcm.validated) == ("unchecked", [])
    assert [one.outcome for one in world.ask(user_id="ann").messages] == ["accepted", "accepted"]


@pytest.mark.parametrize(
    ("question", "error", "told"),
    [
        ({"campaign_id": "autumn"}, NotFoundError, "campaign autumn"),
        ({"user_id": "eve"}, InvalidRequestError, "no profile of 'eve'"),
        ({"user_id": "bob"}, InvalidRequestError, "no device that a push reaches"),
        ({"variant": "wram"}, InvalidRequestError, "did you mean `warm`?"),
        ({"send": True}, InvalidRequestError, "to whom?"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_fcm_hears_of_it(question: dict[str, Any], error: type[Exception], told: str) -> None:
    world = World()
    with pytest.raises(error) as caught:
        world.ask(**question)
    assert told in str(caught.value)
    assert world.fcm.sent == world.fcm.validated == []


def test_a_campaign_of_before_that_a_put_would_refuse_now_is_refused_with_the_field() -> None:
    world = World()
    world.put({"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"title": "Hi", "android": {"no_such_field": 1}}}})
    with pytest.raises(InvalidCampaignError, match=r"message\.push\.android\.no_such_field"):
        world.ask()
