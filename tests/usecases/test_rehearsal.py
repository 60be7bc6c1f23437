"""A rehearsal goes the way of a launch, and nobody hears of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.run import loss
from regulars.domain.people.profile import Profile
from regulars.ports import PushSender
from tests.usecases.delivery_world import World


def rehearsal(people: int = 3, **campaign: Any) -> World:
    world = World(people, **campaign)
    stored = world.runs.get("spring-1")
    world.runs.put(replace(stored.value, sends=False), expected=stored.version)
    return world


def test_everybody_who_would_have_been_sent_to_is_skipped_and_nothing_is_sent() -> None:
    world = rehearsal()
    world.register(None, d1="t1")
    delivered = world.deliver()
    assert (delivered.done, delivered.sent, delivered.skipped, world.sender.sent, world.sender.rates) == (True, 0, 3, [], [])
    assert world.fates == {"h0": ("skipped", "rehearsal"), "h1": ("skipped", "device_changed_hands"), "h2": ("skipped", "rehearsal")}


def test_what_could_not_be_rendered_is_told_and_nobody_has_failed_to_get_it() -> None:
    world = rehearsal(2, message={"push": {"title": "{{ person.traits.name }}"}})
    world.know(Profile("h1", {}))
    world.deliver()
    assert world.fates == {"h0": ("skipped", "rehearsal"), "h1": ("skipped", "empty_message")}


def test_no_device_is_claimed_and_no_token_is_taken_away() -> None:
    world = rehearsal()
    world.register("h0", d0="newer than the lake")
    world.deliver()
    assert world.claims.taken == {}
    assert world.tokens("h0") == {"d0": "newer than the lake"}


def test_it_needs_no_credentials_of_fcm() -> None:
    class Unopened:
        def open(self, **_: Any) -> Any:
            raise AssertionError("FCM was asked")

    sender: PushSender = Unopened()
    assert rehearsal().deliver(sender).done


def test_it_ends_at_its_deadline_and_goes_on_in_the_next_call() -> None:
    world = rehearsal()
    assert not world.deliver(left=timedelta(0)).done
    assert world.deliver().done


def test_a_rehearsal_in_which_nobody_would_have_been_reached_has_not_failed() -> None:
    assert loss(Counts(audience=31, treated=31, skipped={"empty_message": 30, "no_device": 1})) is None
