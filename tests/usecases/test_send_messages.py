"""What people are promised holds for journeys, together with campaigns: wanted, at a time of theirs, and not too often."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.adapters.dynamo_contacts import DynamoContacts
from regulars.domain.delivery.caps import EVERYBODY, message_mark
from regulars.domain.errors import PushConfigurationError
from regulars.domain.journeys.inputs import Trigger
from regulars.domain.people.device import Device
from regulars.ports import PushResult, Stored
from regulars.usecases.put_settings import put_settings
from tests.contracts.conftest import Tables, aws, table  # noqa: F401  # fixtures
from tests.fakes.services import ScriptedQueries
from tests.usecases.journey_world import LOADING, NOW, JourneyWorld


def journey(identity: str = "once", **delivery: Any) -> dict[str, Any]:
    steps = {"hello": {"message": {"push": {"title": f"From {identity}"}}, "then": None}}
    return {"id": identity, "entry": {"event": "Signed Up"}, "start": "hello", "steps": steps, "delivery": delivery}


@pytest.fixture
def world() -> JourneyWorld:
    world = JourneyWorld()
    world.knows("ann", device="tok-ann")
    return world


def reasons(world: JourneyWorld, user_id: str = "ann") -> list[str]:
    return [event["properties"]["reason"] for event in world.told(user_id) if event["event"] in ("Message Skipped", "Message Failed")]


def settings(world: JourneyWorld, **document: Any) -> None:
    put_settings(document, by="otto", definitions=world.definitions, queries=ScriptedQueries(), clock=world.clock)


@pytest.mark.parametrize(
    ("traits", "reason"),
    [({"consent": {"push": False}}, "opted_out"), ({"push_opt_in": False}, "opted_out"), ({"consent": {"news": False}}, "opted_out")],
)
def test_who_said_no_is_not_sent_to(traits: dict[str, Any], reason: str, world: JourneyWorld) -> None:
    world.knows("ann", device="tok-ann", **traits)
    world.launch(journey(purpose="news"))
    world.happens("ann", "Signed Up")
    assert (world.titles("ann"), reasons(world)) == ([], [reason])


def test_a_purpose_that_asks_for_a_yes_reaches_who_said_it(world: JourneyWorld) -> None:
    settings(world, purposes={"news": "opt_in"})
    world.launch(journey(purpose="news"))
    world.happens("ann", "Signed Up")
    world.sweep(later=LOADING)
    assert reasons(world) == ["no_consent"]


def test_who_has_no_device_is_told_of_with_that_reason(world: JourneyWorld) -> None:
    world.launch(journey())
    world.happens("bob", "Signed Up")
    assert reasons(world, "bob") == []  # they may have told of one a moment ago, in a request that is not loaded yet
    world.sweep(later=LOADING)
    assert reasons(world, "bob") == ["no_device"]


def test_whose_device_was_told_of_in_a_request_that_is_loaded_a_moment_later_is_sent_to_once(world: JourneyWorld) -> None:
    world.launch(journey())
    world.happens("bob", "Signed Up")
    world.knows("bob", device="tok-bob")
    world.sweep(later=LOADING)
    world.sweep(later=LOADING)
    assert (world.titles("bob"), reasons(world, "bob")) == (["From once"], [])


def test_who_had_time_to_tell_of_a_device_is_not_waited_for(world: JourneyWorld) -> None:
    world.launch(journey())
    world.happens("bob", "Signed Up", at=NOW - 2 * LOADING)
    assert reasons(world, "bob") == ["no_device"]


def test_quiet_hours_hold_a_message_until_they_are_over_by_the_persons_own_clock(world: JourneyWorld) -> None:
    world.knows("ann", device="tok-ann", timezone="Europe/Berlin")
    world.launch(journey(quiet_hours={"from": "10:00", "to": "14:00", "otherwise": "hold"}))
    world.happens("ann", "Signed Up")
    (held,) = world.journeys.errands.values()
    assert (world.titles("ann"), held.until) == ([], datetime(2026, 11, 21, 13, 0, tzinfo=UTC))
    world.clock.moment = held.until
    world.sweep()
    assert world.titles("ann") == ["From once"] and not world.journeys.errands


def test_quiet_hours_that_drop_drop(world: JourneyWorld) -> None:
    world.launch(journey(quiet_hours={"from": "09:00", "to": "14:00", "otherwise": "drop"}))
    world.happens("ann", "Signed Up")
    assert (reasons(world), world.journeys.errands) == (["quiet_hours"], {})


def test_whoever_is_held_out_of_everything_gets_nothing_from_a_journey_but_what_they_wait_for(world: JourneyWorld) -> None:
    settings(world, global_control={"percent": 50})
    for number in range(20):
        world.knows(f"u{number}", device=f"t{number}")
    world.launch(journey())
    world.launch(journey("receipt", purpose="transactional"))
    for number in range(20):
        world.happens(f"u{number}", "Signed Up")
    held = [number for number in range(20) if reasons(world, f"u{number}") == ["global_control"]]
    assert 3 <= len(held) <= 17
    assert all("From receipt" in world.titles(f"u{number}") for number in range(20))
    assert not any("From once" in world.titles(f"u{number}") for number in held)


@pytest.mark.parametrize("store", ["fake", "dynamo"])
def test_twenty_journeys_with_a_cap_of_three_never_send_a_fourth(store: str, world: JourneyWorld, table: Tables) -> None:  # noqa: F811
    """And what a campaign has sent counts as well."""
    if store == "dynamo":
        world.contacts = DynamoContacts(table("ContactsTable"))  # type: ignore[assignment]
    for number in range(20):
        world.launch(journey(f"j{number}", cap={"count": 3, "within": "1d"}))
    from regulars.domain.delivery.caps import Contacts

    world.contacts.put_many([(None, Contacts("ann").noted(message_mark("spring-1", "ann"), NOW - timedelta(hours=2)))])
    world.happens("ann", "Signed Up")
    assert (len(world.titles("ann")), reasons(world)) == (2, ["capped"] * 18)
    world.clock.advance(timedelta(hours=23))
    world.knows("ann", device="tok-ann")
    world.launch(journey("next", cap={"count": 3, "within": "1d"}))
    world.happens("ann", "Signed Up", identity="again")
    assert len(world.titles("ann")) == 3


def test_what_people_are_sent_is_noted_together_and_each_ones_own_by_priority(world: JourneyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    people = ("ann", "bob", "cy")
    world.launch(journey("low", cap={"count": 1, "within": "1d"}, priority=2))
    world.launch(journey("high", cap={"count": 1, "within": "1d"}, priority=8))
    for user_id in people:
        world.knows(user_id, device=f"tok-{user_id}")
    put_many, noted = world.contacts.put_many, list[list[str]]()
    monkeypatch.setattr(world.contacts, "put_many", lambda changes: noted.append([after.user_id for _, after in changes]) or put_many(changes))
    world.work([Trigger(user_id, "event", "Signed Up", NOW, f"s-{user_id}") for user_id in people])
    assert [users for users in noted if users != [EVERYBODY]] == [["ann", "bob", "cy"]]
    assert [(world.titles(user_id), reasons(world, user_id)) for user_id in people] == [(["From high"], ["capped"])] * 3


def test_a_message_that_cannot_be_made_leaves_its_room_to_the_persons_next_one(world: JourneyWorld) -> None:
    cap = {"count": 1, "within": "1d"}
    empty = {"hello": {"message": {"push": {"title": "{{ person.traits.nickname }}"}}, "then": None}}
    world.launch({**journey("empty", cap=cap, priority=8), "steps": empty})
    world.launch(journey("next", cap=cap, priority=2))
    world.happens("ann", "Signed Up")
    assert (world.titles("ann"), reasons(world)) == (["From next"], ["empty_message"])


def test_a_device_that_two_ids_of_a_person_name_gets_one_push(world: JourneyWorld) -> None:
    known = world.devices.stored["d-ann"].value
    world.devices.stored["d-two"] = Stored(Device("d-two", known.use, known.registration), 1)
    profile = world.profiles.stored["ann"].value
    world.profiles.stored["ann"] = Stored(type(profile)("ann", profile.traits, {"d-ann": "x", "d-two": "x"}), 1)
    world.launch(journey())
    world.happens("ann", "Signed Up")
    assert len(world.sender.sent) == 1


def test_a_dead_token_is_forgotten_and_told(world: JourneyWorld) -> None:
    world.sender.answer = lambda push, _: PushResult(push.key, "failed", "unregistered", dead_token=True)
    world.launch(journey())
    world.happens("ann", "Signed Up")
    assert reasons(world) == ["unregistered"] and world.devices.stored["d-ann"].value.target is None


def test_where_fcm_refuses_our_credentials_everything_waits_and_goes_out_once_they_are_mended(world: JourneyWorld) -> None:
    def refuses(*_: Any) -> PushResult:
        raise PushConfigurationError("the key is of another project")

    world.sender.answer = refuses
    world.launch(journey())
    done = world.happens("ann", "Signed Up")
    assert (done.put_off, done.undone) == (1, []) and "another project" in done.refused
    world.sender.answer = lambda push, _: PushResult(push.key, "sent")
    world.sweep(later=timedelta(minutes=6))
    assert world.titles("ann") == ["From once"]


def test_what_fcm_does_not_take_for_a_day_has_failed(world: JourneyWorld) -> None:
    world.sender.answer = lambda push, _: PushResult(push.key, "later", "unavailable", delay=3_600.0)
    world.launch(journey())
    world.happens("ann", "Signed Up")
    for _ in range(26):
        world.sweep(later=timedelta(hours=1, seconds=1))
    assert reasons(world) == ["unavailable"] and not world.journeys.errands


def test_a_message_that_says_nothing_to_somebody_is_not_sent_to_them(world: JourneyWorld) -> None:
    empty = {**journey(), "steps": {"hello": {"message": {"push": {"title": "{{ person.traits.nickname }}"}}, "then": None}}}
    world.launch(empty)
    world.happens("ann", "Signed Up")
    assert reasons(world) == ["empty_message"]


def test_webhooks_traits_and_other_journeys_are_done_once_each(world: JourneyWorld) -> None:
    world.launch({**journey("second"), "entry": {"api": True}})
    steps = {
        "call": {"webhook": {"url": "https://crm.example/lead", "body": {"who": "{{ person.user_id }}", "n": 1}}, "then": "tell"},
        "tell": {"set": {"traits": {"onboarded": True}}, "then": "go"},
        "go": {"start": "second", "then": None},
    }
    world.launch({**journey(), "steps": steps, "start": "call"})
    for _ in range(2):
        world.happens("ann", "Signed Up", at=NOW, identity="s1")
    ((url, body, _key),) = world.webhooks.calls
    assert (url, body) == ("https://crm.example/lead", b'{"who":"ann","n":1}')
    assert [event["traits"] for event in world.told("ann") if event["type"] == "identify"] == [{"onboarded": True}]
    assert world.titles("ann") == ["From second"] and world.names("ann").count("Webhook Sent") == 1


def test_a_webhook_that_fails_is_called_again_with_the_same_key_and_at_last_given_up(world: JourneyWorld) -> None:
    from regulars.ports import WebhookAnswer

    url = "https://crm.example/lead"
    world.webhooks.answers[url] = WebhookAnswer(503, taken=False, final=False, because="it answered 503", retry_after=timedelta(0))
    world.launch({**journey(), "steps": {"call": {"webhook": {"url": url}, "then": None}}, "start": "call"})
    world.happens("ann", "Signed Up")
    for _ in range(8):
        world.sweep(later=timedelta(hours=13))
    assert len(world.webhooks.calls) == 7 and len({key for _, _, key in world.webhooks.calls}) == 1
    assert world.names("ann")[-1] == "Webhook Failed" and not world.journeys.errands
