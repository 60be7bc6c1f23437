"""Delivering a shard: one push a device, every outcome kept, and nothing twice whatever is cut off where."""

from collections import Counter
from datetime import timedelta

import pytest

from regulars.domain.campaigns.run import RunError
from regulars.domain.delivery.recipients import WINDOW
from regulars.domain.errors import ConflictError, PushConfigurationError, PushUnavailableError, StoreUnavailableError
from regulars.domain.people.profile import Profile
from regulars.ports import Push, PushResult
from regulars.usecases.deliver import Delivered
from tests.examples import person
from tests.fakes.services import ScriptedSender
from tests.usecases.delivery_world import CrashError, World, crash_after, recipient, sent


def test_every_device_gets_its_push_and_every_outcome_is_kept() -> None:
    world = World(3)
    assert world.deliver() == Delivered("spring-1", 0, True, sent=3)
    assert sorted(world.sender.tokens) == ["t0", "t1", "t2"]
    assert world.fates == {f"h{n}": ("sent", None) for n in range(3)}
    row = world.rows[0]
    assert next(iter(world.lake.keys("raw/"))) == "raw/deliveries/run_id=spring-1/00000-00000.json.gz"
    assert row["campaign_id"] == "spring"
    assert (row["arm"], row["device_id"], row["delivered_ts"]) == ("treated", "d0", "2026-11-21 22:15:00.000000")
    assert row["message_id"] == world.sender.sent[0]["data"]["message_id"]


def test_a_shard_done_twice_sends_nothing_twice() -> None:
    world = World(1200)
    assert world.deliver().sent == 1200
    again = world.deliver()
    assert (again.done, again.sent) == (True, 0)
    assert len(world.sender.sent) == 1200
    assert len(world.fates) == 1200


def test_texts_have_the_traits_that_are_known_at_the_moment_of_sending() -> None:
    world = World(2)
    world.know(person("h0", name="Zoë"))
    world.deliver()
    assert [message["notification"]["title"] for message in world.sender.sent] == ["Hi Zoë", "Hi H1"]


def test_a_person_without_a_device_and_a_device_that_is_gone_get_nothing_and_a_reason() -> None:
    world = World(2)
    world.load([recipient("h0", None), recipient("h1", "another", "t1"), recipient("stranger", "d9", "t9")])
    assert world.deliver() == Delivered("spring-1", 0, True, skipped=3)
    assert world.fates == {"h0": ("skipped", "no_device"), "h1": ("skipped", "device_gone"), "stranger": ("skipped", "device_gone")}
    assert world.sender.sent == []


def test_a_token_that_changed_since_is_the_one_that_is_used() -> None:
    world = World(1)
    world.register("h0", d0="renewed")
    world.deliver()
    assert world.sender.tokens == ["renewed"]


def test_one_device_gets_one_push_even_if_two_people_now_have_its_token() -> None:
    world = World(2)
    world.register("h1", d1="t0")
    world.deliver()
    assert world.sender.tokens == ["t0"]
    assert world.fates["h1"] == ("skipped", "same_device")


def test_a_message_that_cannot_be_made_is_that_persons_alone() -> None:
    world = World(3, message={"push": {"title": "{{ person.traits.name | divided_by: person.traits.zero }}", "body": "x"}})
    world.know(person("h0", name=1, zero=0))
    world.know(person("h1", name=4, zero=2))
    world.know(person("h2", name=4, zero=1))
    world.deliver()
    assert world.fates == {"h0": ("failed", "render_failed"), "h1": ("sent", None), "h2": ("sent", None)}


def test_failures_are_data() -> None:
    def answer(push: Push, number: int) -> PushResult:
        return [sent(push), PushResult(push.key, "failed", "invalid_message"), PushResult(push.key, "unknown", "no_answer")][number]

    world = World(3)
    assert world.deliver(ScriptedSender(answer)) == Delivered("spring-1", 0, True, sent=1, failed=1, unknown=1)
    assert Counter(world.fates.values()) == {("sent", None): 1, ("failed", "invalid_message"): 1, ("unknown", "no_answer"): 1}


def test_a_dead_token_is_taken_out_of_the_profile_unless_it_was_renewed_meanwhile() -> None:
    world = World(2)

    def answer(push: Push, number: int) -> PushResult:
        if number == 1:  # while the push is on its way the app reports a new token
            world.register("h1", d1="renewed")
        return PushResult(push.key, "failed", "unregistered", dead_token=True)

    world.deliver(ScriptedSender(answer))
    assert world.tokens("h0") == {}
    assert world.tokens("h1") == {"d1": "renewed"}


def test_a_profile_written_at_the_same_moment_is_read_again() -> None:
    world = World(1)
    refusals = iter([ConflictError("h0")])
    put = world.profiles.put

    def put_late(profile: Profile, *, expected: int) -> None:
        for error in refusals:
            raise error
        put(profile, expected=expected)

    world.profiles.put = put_late  # type: ignore[method-assign]
    world.deliver(ScriptedSender(lambda push, _: PushResult(push.key, "failed", "unregistered", dead_token=True)))
    assert world.tokens("h0") == {}


def test_the_rate_is_shared_by_as_many_as_work_at_once() -> None:
    for shards, expected in ((1, 800), (3, 800 / 3), (50, 200)):
        world = World(1, shards=shards, delivery={"per_second": 800})
        world.deliver()
        assert world.sender.rates == [expected]


# ------------------------------------------------------------------------------------------------------- cut off by the deadline


def test_nothing_begins_after_the_deadline() -> None:
    world = World(3)
    assert world.deliver(left=timedelta(0)) == Delivered("spring-1", 0, False)
    assert world.sender.sent == []
    assert world.claims.taken == {}


def test_what_the_deadline_left_is_sent_by_the_next_call_and_nothing_twice() -> None:
    world = World(1200)
    cut = ScriptedSender(lambda push, number: sent(push) if number < 700 else None)
    first = world.deliver(cut)
    assert (first.done, first.sent) == (False, 700)
    second = world.deliver()
    assert (second.done, second.sent) == (True, 500)
    assert sorted(cut.tokens + world.sender.tokens) == sorted(f"t{n}" for n in range(1200))
    assert len(world.fates) == 1200


def test_a_window_may_be_cut_again_and_again() -> None:
    world = World(10)
    for _ in range(9):
        assert not world.deliver(ScriptedSender(lambda push, number: sent(push) if number < 1 else None)).done
    assert world.deliver().done
    assert len(world.fates) == 10


# ------------------------------------------------------------------------------------------------------- cut off by a crash


def test_after_a_crash_those_in_doubt_are_skipped_and_nobody_gets_two() -> None:
    world = World(1200)
    crashed = crash_after(WINDOW + 100)
    with pytest.raises(CrashError):
        world.deliver(crashed)
    assert world.deliver().done
    tokens = Counter(crashed.tokens + world.sender.tokens)
    assert max(tokens.values()) == 1
    # The first window is recorded, the second is in doubt, the third had not begun.
    assert Counter(world.fates.values()) == {("sent", None): 700, ("unknown", "interrupted"): 500}
    assert len(crashed.tokens) + len(world.sender.tokens) == 1200 - 400


def test_after_a_crash_those_in_doubt_are_sent_again_where_the_campaign_says_so() -> None:
    world = World(1200, delivery={"when_unsure": "resend"})
    crashed = crash_after(WINDOW + 100)
    with pytest.raises(CrashError):
        world.deliver(crashed)
    assert world.deliver().done
    assert set(world.fates.values()) == {("sent", None)}
    tokens = Counter(crashed.tokens + world.sender.tokens)
    assert len(tokens) == 1200
    assert sum(count - 1 for count in tokens.values()) == 100
    # The second of them replaces the first on the device.
    twice = [message for message in crashed.sent + world.sender.sent if tokens[message["token"]] == 2]
    keys = {(message["token"], message["android"]["collapse_key"]) for message in twice}
    assert len(keys) == 100


def test_a_window_that_crashes_again_and_again_is_given_up_in_the_end() -> None:
    world = World(2, delivery={"when_unsure": "resend"})
    for _ in range(5):
        with pytest.raises(CrashError):
            world.deliver(crash_after(0))
    assert world.deliver().done
    assert set(world.fates.values()) == {("unknown", "interrupted")}


def test_an_unanswered_push_is_repeated_where_the_campaign_says_so() -> None:
    world = World(3, delivery={"when_unsure": "resend"})
    unsure = ScriptedSender(lambda push, number: sent(push) if number else PushResult(push.key, "unknown", "no_answer"))
    assert not world.deliver(unsure).done
    assert world.deliver().done
    assert world.sender.tokens == ["t0"]
    assert world.fates == {f"h{n}": ("sent", None) for n in range(3)}


def test_an_attempt_given_up_for_lost_that_still_lives_has_the_last_word() -> None:
    world = World(2)

    def answer(push: Push, number: int) -> PushResult:
        if number == 0:  # a second call of the same shard, while this one is sending
            assert world.deliver().unknown == 2
            assert world.sender.sent == []
        return sent(push)

    first = ScriptedSender(answer)
    assert world.deliver(first).sent == 2
    assert world.fates == {"h0": ("sent", None), "h1": ("sent", None)}


# ------------------------------------------------------------------------------------------------------- trouble underneath


def test_refused_credentials_stop_the_run_and_mark_nobody_as_sent() -> None:
    def refuse(push: Push, number: int) -> PushResult:
        raise PushConfigurationError("the service account has no permission")

    world = World(3)
    with pytest.raises(PushConfigurationError):
        world.deliver(ScriptedSender(refuse))
    assert world.rows == []
    assert world.runs.get("spring-1").value.error == RunError("push_configuration", "the service account has no permission")
    assert world.deliver() == Delivered("spring-1", 0, done=True, stopped=True)
    assert world.sender.sent == []


def test_what_was_sent_before_fcm_went_away_is_kept_and_the_rest_is_sent_later() -> None:
    def answer(push: Push, number: int) -> PushResult:
        if number == 2:
            raise PushUnavailableError("no route")
        return sent(push)

    world = World(5)
    with pytest.raises(PushUnavailableError):
        world.deliver(ScriptedSender(answer))
    assert world.deliver().done
    assert sorted(world.sender.tokens) == ["t2", "t3", "t4"]
    assert world.fates == {f"h{n}": ("sent", None) for n in range(5)}


def test_profiles_that_cannot_be_read_stop_before_anything_of_the_window_is_sent() -> None:
    world = World(3)
    world.profiles.fails = True
    with pytest.raises(StoreUnavailableError):
        world.deliver()
    assert (world.sender.sent, world.claims.taken) == ([], {})
    world.profiles.fails = False
    assert world.deliver().sent == 3


def test_an_outcome_that_cannot_be_written_is_tried_once_more_when_all_is_back() -> None:
    world = World(1200)
    failures = iter([True])
    world.lake.fails = lambda key: next(failures, False)
    with pytest.raises(StoreUnavailableError):
        world.deliver()
    assert world.deliver().done
    assert len(world.sender.sent) == 1200
    assert set(world.fates.values()) == {("sent", None)}


def test_a_lake_that_stays_shut_leaves_the_window_in_doubt() -> None:
    world = World(3)
    world.lake.fails = lambda key: True
    with pytest.raises(StoreUnavailableError):
        world.deliver()
    world.lake.fails = lambda key: False
    assert world.deliver().unknown == 3
    assert len(world.sender.sent) == 3
