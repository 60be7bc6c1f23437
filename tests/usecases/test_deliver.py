"""Delivering a shard: one push a device, every outcome kept, and nothing twice whatever is cut off where."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from regulars.domain.campaigns.duration import MAX_DELIVERY
from regulars.domain.campaigns.run import RunError
from regulars.domain.delivery.outcomes import message_id
from regulars.domain.delivery.progress import LEASE, MAX_DEATHS, Progress
from regulars.domain.delivery.recipients import WINDOW
from regulars.domain.errors import (
    ConflictError,
    MessageRefusedError,
    PushConfigurationError,
    PushUnavailableError,
    ShardLostError,
    StoreUnavailableError,
)
from regulars.domain.people.profile import Profile
from regulars.ports import Push, PushResult, Stored
from regulars.usecases.deliver import HELD_SECONDS, Delivered
from regulars.usecases.delivery_pass import LAST_TRIES, RESEND_DELAY
from tests.examples import person
from tests.fakes.services import ScriptedSender
from tests.fakes.stores import MemoryProgress
from tests.usecases.delivery_world import BLOCK, CrashError, World, crash_after, recipient, sent


def test_every_device_gets_its_push_and_every_outcome_is_kept() -> None:
    world = World(3)
    assert world.deliver() == Delivered("spring-1", 1, 0, True, sent=3)
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
    assert world.deliver() == Delivered("spring-1", 1, 0, True, skipped=3)
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
    assert world.deliver(ScriptedSender(answer)) == Delivered("spring-1", 1, 0, True, sent=1, failed=1, unknown=1)
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
    assert world.deliver(left=timedelta(0)) == Delivered("spring-1", 1, 0, False, wait_seconds=1)
    assert world.sender.sent == []
    assert world.rows == []


def test_what_the_deadline_left_is_sent_by_the_next_call_and_nothing_twice() -> None:
    world = World(1200)
    cut = ScriptedSender(lambda push, number: sent(push) if number < 700 else None)
    first = world.deliver(cut)
    assert (first.done, first.sent) == (False, 700)
    second = world.deliver()
    assert (second.done, second.sent) == (True, 500)
    assert sorted(cut.tokens + world.sender.tokens) == sorted(f"t{n}" for n in range(1200))
    assert len(world.fates) == 1200


def test_who_waits_for_fcm_is_called_for_again_when_something_may_go_out() -> None:
    world = World(10)
    away = ScriptedSender(lambda push, number: None)
    away.rest, away.waits_for = 42.1, "FCM answers 503"
    assert world.deliver(away) == Delivered("spring-1", 1, 0, False, wait_seconds=43, waits_for="FCM answers 503")
    assert world.rows == []
    assert world.deliver().sent == 10


@pytest.mark.parametrize(("ttls", "expected"), [([None], 22 * 3600), (["600s"], 600), (["600s", "86400s"], 22 * 3600), (["600s", "60s"], 600)])
def test_it_waits_as_long_as_the_run_has_time_and_a_message_lives(ttls: list[str | None], expected: float) -> None:
    pushes: list[dict[str, str]] = [{"title": "x", **({"ttl": ttl} if ttl else {})} for ttl in ttls]
    world = World(1, variants=[{"id": f"v{n}", "message": {"push": push}} for n, push in enumerate(pushes)])
    world.load([{**recipient("h0", "d0", "t0"), "arm": "v0"}])
    away = ScriptedSender(lambda push, _: PushResult(push.key, "later", "unavailable", delay=1))
    world.clock.advance(timedelta(seconds=expected - LAST_TRIES))
    for _ in range(LAST_TRIES):
        assert not world.deliver(away).done
        world.clock.advance(timedelta(seconds=1))
    assert world.deliver(away).done
    assert world.fates == {"h0": ("failed", "unavailable")}


def test_a_message_that_says_nothing_to_somebody_is_not_sent_to_them() -> None:
    world = World(2, message={"push": {"title": "{{ person.traits.name }}"}})
    world.know(person("h0"))
    world.deliver()
    assert world.fates == {"h0": ("failed", "empty_message"), "h1": ("sent", None)}


def test_a_message_that_fcm_refuses_to_everybody_pauses_the_run_and_says_what_to_mend() -> None:
    def refuse(push: Push, number: int) -> PushResult:
        raise MessageRefusedError("message.android is wrong")

    world = World(3)
    told = world.deliver(ScriptedSender(refuse))
    assert told == Delivered("spring-1", 1, 0, done=True, left=True, waits_for="message.android is wrong")
    run = world.runs.get("spring-1").value
    assert (run.state, run.error) == ("paused", RunError("message_refused", "message.android is wrong"))
    assert world.rows == []


def test_a_window_may_be_cut_again_and_again() -> None:
    world = World(10)
    for _ in range(9):
        assert not world.deliver(ScriptedSender(lambda push, number: sent(push) if number < 1 else None)).done
    assert world.deliver().done
    assert len(world.fates) == 10


# ------------------------------------------------------------------------------------------------------- cut off by a crash


def test_after_a_crash_a_block_is_in_doubt_and_nobody_gets_two() -> None:
    world = World(1200)
    crashed = crash_after(WINDOW + 100)
    with pytest.raises(CrashError):
        world.deliver(crashed)
    assert world.deliver().done
    tokens = Counter(crashed.tokens + world.sender.tokens)
    assert max(tokens.values()) == 1
    assert Counter(world.fates.values()) == {("sent", None): 1200 - BLOCK, ("unknown", "interrupted"): BLOCK}
    assert len(tokens) == 1200 - BLOCK


def test_after_a_crash_those_in_doubt_are_sent_again_where_the_campaign_says_so() -> None:
    world = World(1200, delivery={"when_unsure": "resend"})
    crashed = crash_after(WINDOW + BLOCK // 2)
    with pytest.raises(CrashError):
        world.deliver(crashed)
    assert world.deliver().done
    assert set(world.fates.values()) == {("sent", None)}
    tokens = Counter(crashed.tokens + world.sender.tokens)
    assert len(tokens) == 1200
    assert sum(count - 1 for count in tokens.values()) == BLOCK // 2
    # The second of them replaces the first on the device.
    twice = [message for message in crashed.sent + world.sender.sent if tokens[message["token"]] == 2]
    keys = {(message["token"], message["android"]["collapse_key"]) for message in twice}
    assert len(keys) == BLOCK // 2


def test_what_a_call_knew_when_it_died_is_known_though_no_object_says_it() -> None:
    world = World(3 * BLOCK)
    with pytest.raises(CrashError):
        world.deliver(crash_after(2 * BLOCK))
    assert world.rows == []
    assert world.deliver() == Delivered("spring-1", 1, 0, True, sent=2 * BLOCK, unknown=BLOCK)


@pytest.mark.parametrize("later", [PushResult(0, "failed", "unregistered"), PushResult(0, "unknown", "no_answer")])
def test_who_may_have_got_it_once_is_not_said_to_have_failed(later: PushResult) -> None:
    world = World(1, delivery={"when_unsure": "resend"})
    with pytest.raises(CrashError):
        world.deliver(crash_after(0))
    while not world.deliver(ScriptedSender(lambda push, _: later._replace(key=push.key))).done:
        world.clock.advance(timedelta(minutes=1))
    assert world.fates["h0"][0] == "unknown"


def test_who_may_have_got_it_once_and_cannot_be_sent_to_any_more_is_not_said_to_be_skipped() -> None:
    world = World(1, delivery={"when_unsure": "resend"})
    with pytest.raises(CrashError):
        world.deliver(crash_after(0))
    world.register("bob", d0="t0")
    assert world.deliver().done
    assert world.fates == {"h0": ("unknown", "interrupted")}


def test_a_window_that_crashes_again_and_again_is_given_up_in_the_end() -> None:
    world = World(2, delivery={"when_unsure": "resend"})
    for _ in range(5):
        with pytest.raises(CrashError):
            world.deliver(crash_after(0))
    assert world.deliver().done
    assert set(world.fates.values()) == {("unknown", "interrupted")}


def test_a_shard_whose_calls_die_one_after_the_other_is_given_up_and_settled() -> None:
    world = World(3)
    world.profiles.get_many = crash  # type: ignore[assignment]
    for _ in range(MAX_DEATHS):
        with pytest.raises(CrashError):
            world.deliver()
    with pytest.raises(ShardLostError, match="8 calls in a row"):
        world.deliver()
    assert (world.settle(), world.rows, world.sender.sent) == (0, [], [])


def test_calls_that_die_after_they_have_sent_something_are_not_given_up() -> None:
    world = World(24 * BLOCK)
    for _ in range(MAX_DEATHS + 2):
        with pytest.raises(CrashError):
            world.deliver(crash_after(BLOCK))
    assert world.deliver().done


def crash(*_: object) -> dict[str, Stored[Profile]]:
    raise CrashError


def test_an_unanswered_push_is_repeated_where_the_campaign_says_so() -> None:
    world = World(3, delivery={"when_unsure": "resend"})
    unsure = ScriptedSender(lambda push, number: sent(push) if number else PushResult(push.key, "unknown", "no_answer"))
    assert world.deliver(unsure).wait_seconds == RESEND_DELAY.total_seconds()
    assert world.deliver().done
    assert world.sender.tokens == ["t0"]
    assert world.fates == {f"h{n}": ("sent", None) for n in range(3)}


# ------------------------------------------------------------------------------------------------------- two calls at once


@pytest.mark.parametrize("when_unsure", ["skip", "resend"])
def test_a_second_call_of_a_shard_waits_while_the_first_lives(when_unsure: str) -> None:
    world = World(2, delivery={"when_unsure": when_unsure})

    def answer(push: Push, number: int) -> PushResult:
        second = world.deliver()
        assert (second.done, second.wait_seconds, second.waits_for) == (False, HELD_SECONDS, "another call sends to shard 0 of run spring-1")
        return sent(push)

    assert world.deliver(ScriptedSender(answer)).sent == 2
    assert world.sender.sent == []
    assert world.deliver().done
    assert world.fates == {"h0": ("sent", None), "h1": ("sent", None)}


@pytest.mark.parametrize("when_unsure", ["skip", "resend"])
def test_a_call_that_slept_while_another_took_its_shard_sends_nothing_more_and_says_what_it_knows(when_unsure: str) -> None:
    world = World(3 * BLOCK, delivery={"when_unsure": when_unsure})

    def answer(push: Push, number: int) -> PushResult:
        if number == BLOCK - 1:  # the last of its first block
            world.clock.advance(timedelta(minutes=2))
            assert world.deliver().done
        return sent(push)

    first = ScriptedSender(answer)
    assert not world.deliver(first).done
    assert len(first.sent) == BLOCK
    twice = Counter(first.tokens + world.sender.tokens)
    assert max(twice.values()) == (1 if when_unsure == "skip" else 2)
    rows = [row for row in world.rows if row["outcome"] == "sent"]
    assert len({row["message_id"] for row in rows}) == 3 * BLOCK, "nobody who has it is left in doubt"


def test_a_call_that_waits_for_fcm_says_that_it_lives() -> None:
    world = World(3)

    def answer(push: Push, number: int) -> PushResult:
        world.clock.advance(LEASE * 0.9)
        assert world.deliver().wait_seconds > 0
        return sent(push)

    assert world.deliver(ScriptedSender(answer)).sent == 3
    assert world.sender.sent == []


# ------------------------------------------------------------------------------------------------------- put off by FCM


def test_what_is_put_off_is_sent_when_its_time_has_come_and_the_call_ends_meanwhile() -> None:
    world = World(3)
    put_off = ScriptedSender(lambda push, number: sent(push) if push.key else PushResult(push.key, "later", delay=40))
    first = world.deliver(put_off)
    assert (first.done, first.sent, first.wait_seconds) == (False, 2, 40)
    assert world.deliver().done
    assert world.sender.tokens == ["t0"]


def test_what_is_put_off_is_in_no_doubt_when_the_call_dies() -> None:
    world = World(2 * BLOCK)

    def answer(push: Push, number: int) -> PushResult:
        if push.key == BLOCK:
            raise CrashError
        return PushResult(push.key, "later", delay=60)

    with pytest.raises(CrashError):
        world.deliver(ScriptedSender(answer))
    assert world.deliver() == Delivered("spring-1", 1, 0, True, sent=BLOCK, unknown=BLOCK)


def test_where_fcm_puts_everybody_off_no_more_are_begun_and_each_call_waits_longer() -> None:
    world = World(3 * WINDOW)
    tried: list[int] = []

    def answer(push: Push, number: int) -> PushResult:
        tried.append(push.key)
        return PushResult(push.key, "later", delay=1)

    waits = [world.deliver(ScriptedSender(answer)).wait_seconds for _ in range(8)]
    assert waits == [1, 2, 5, 10, 20, 40, 60, 60]
    assert max(tried) < WINDOW + BLOCK
    assert world.deliver().sent == 3 * WINDOW


def test_whoever_is_put_off_until_the_run_has_no_time_left_has_failed_as_unavailable() -> None:
    world = World(3)
    away = ScriptedSender(lambda push, _: sent(push) if push.key else PushResult(push.key, "later", "unavailable", delay=40))
    assert not world.deliver(away).done
    world.clock.advance(MAX_DELIVERY)
    calls = 1
    while not world.deliver(away).done:
        world.clock.advance(timedelta(minutes=5))
        calls += 1
    assert calls <= LAST_TRIES
    assert world.fates == {"h0": ("failed", "unavailable"), "h1": ("sent", None), "h2": ("sent", None)}


def test_where_fcm_takes_nothing_and_it_is_too_late_all_who_are_left_have_failed() -> None:
    world = World(3 * WINDOW)
    away = ScriptedSender(lambda push, _: PushResult(push.key, "later", "unavailable", delay=10))
    world.clock.advance(MAX_DELIVERY)
    for _ in range(LAST_TRIES - 1):
        assert not world.deliver(away).done
        world.clock.advance(timedelta(minutes=1))
    assert world.deliver(away).done
    assert Counter(world.fates.values()) == {("failed", "unavailable"): 3 * WINDOW}


def test_one_refusal_is_not_the_end_even_when_it_is_too_late_to_wait() -> None:
    world = World(1)
    world.clock.advance(MAX_DELIVERY)
    assert not world.deliver(ScriptedSender(lambda push, _: PushResult(push.key, "later", "unavailable", delay=40))).done
    assert world.deliver().sent == 1


def test_a_run_that_goes_on_with_another_replaces_what_that_one_may_have_sent() -> None:
    world = World(1, delivery={"when_unsure": "resend"})
    stored = world.runs.get("spring-1")
    world.runs.put(replace(stored.value, continues=("spring-0", "winter-9")), expected=stored.version)
    world.deliver()
    assert world.sender.sent[0]["android"]["collapse_key"] == message_id("winter-9", "h0", "d0")


def test_a_push_that_fcm_never_takes_while_it_takes_others_is_given_up_in_whatever_calls_it_is_tried() -> None:
    world = World(3)
    own = ScriptedSender(lambda push, _: sent(push) if push.key else PushResult(push.key, "later", "unavailable", delay=40, surprise=5.0))
    calls = 1
    while not world.deliver(own).done:
        world.clock.advance(timedelta(minutes=1))
        calls += 1
    assert calls == 5
    assert world.fates["h0"] == ("failed", "unavailable")


# ------------------------------------------------------------------------------------------------------- trouble underneath


def test_refused_credentials_pause_the_run_and_mark_nobody_as_sent() -> None:
    def refuse(push: Push, number: int) -> PushResult:
        raise PushConfigurationError("the service account has no permission")

    world = World(3)
    assert world.deliver(ScriptedSender(refuse)).left
    assert world.rows == []
    assert world.runs.get("spring-1").value.error == RunError("push_configuration", "the service account has no permission")
    assert world.deliver() == Delivered("spring-1", 1, 0, done=True, left=True)
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
    assert (world.sender.sent, world.rows) == ([], [])
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


def test_a_lake_that_stays_shut_leaves_nobody_in_doubt() -> None:
    world = World(3)
    world.lake.fails = lambda key: True
    with pytest.raises(StoreUnavailableError):
        world.deliver()
    world.lake.fails = lambda key: False
    assert world.deliver().done
    assert len(world.sender.sent) == 3
    assert set(world.fates.values()) == {("sent", None)}


def test_where_no_claim_can_be_written_nothing_is_sent() -> None:
    world = World(3)
    world.progress.fails = True
    with pytest.raises(StoreUnavailableError):
        world.deliver()
    assert world.sender.sent == []


@pytest.mark.parametrize("written", [False, True])
def test_whom_a_call_could_not_claim_was_not_sent_to_and_is_in_no_doubt(written: bool) -> None:
    """`written`: the claim was written, and its answer lost."""
    world, put, writes = World(3 * BLOCK), MemoryProgress.put, list[Progress]()

    def put_but_for_the_second_claim(progress: Progress, *, expected: int) -> None:
        writes.append(progress)
        if len(writes) != 3 or written:
            put(world.progress, progress, expected=expected)
        if len(writes) == 3:
            raise StoreUnavailableError("no answer: it is a test")

    world.progress.put = put_but_for_the_second_claim  # type: ignore[method-assign]
    with pytest.raises(StoreUnavailableError):
        world.deliver()
    world.progress.put = partial(put, world.progress)  # type: ignore[method-assign]
    assert world.deliver() == Delivered("spring-1", 1, 0, True, sent=2 * BLOCK)
    assert set(world.fates.values()) == {("sent", None)}
    assert len(world.sender.tokens) == len(set(world.sender.tokens)) == 3 * BLOCK


def test_the_last_word_that_was_heard_though_its_answer_was_lost_is_not_a_rivals() -> None:
    """botocore repeats such a request by itself, and DynamoDB refuses the repetition."""
    world, put = World(BLOCK), MemoryProgress.put

    def put_twice(progress: Progress, *, expected: int) -> None:
        put(world.progress, progress, expected=expected)
        if not progress.holder and expected < 3:
            put(world.progress, progress, expected=expected)

    world.progress.put = put_twice  # type: ignore[method-assign]
    assert world.deliver() == Delivered("spring-1", 1, 0, True, sent=BLOCK)


def test_a_block_is_one_write() -> None:
    world = World(10 * BLOCK)
    world.deliver()
    assert world.progress.writes == 10 + 2, "and one each to take the shard and to give it back"
