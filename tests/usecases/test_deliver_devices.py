"""One device gets one push a run, whatever became of its token since the lake was read and whichever shards its people fall into."""

import pytest

from regulars.domain.errors import StoreUnavailableError
from regulars.domain.people.device import Device
from regulars.ports import Push, PushResult
from tests.examples import phone
from tests.fakes.services import ScriptedSender
from tests.fakes.stores import MemoryDevices
from tests.usecases.delivery_world import CrashError, World, crash_after, recipient

ORDERS = pytest.mark.parametrize("order", [(0, 1), (1, 0)])


def two_shards(**campaign: object) -> World:
    """`h0` in the first shard and `h1` in the second."""
    world = World(2, shards=2, **campaign)
    world.load([recipient("h0", "d0", "t0")], [recipient("h1", "d1", "t1")])
    return world


def everybody(world: World, order: tuple[int, int]) -> None:
    for shard in order:
        assert world.deliver(shard=shard).done


@ORDERS
def test_a_token_that_moved_to_another_recipient_stays_with_the_one_the_lake_gave_it_to(order: tuple[int, int]) -> None:
    world = two_shards()
    world.register("h1", d1="t0")  # the phone was handed on, and h0 has not been seen since
    everybody(world, order)
    assert world.sender.tokens == ["t0"]
    assert world.fates == {"h0": ("sent", None), "h1": ("skipped", "same_device")}


@ORDERS
def test_a_token_that_the_lake_does_not_know_goes_to_whoever_comes_first(order: tuple[int, int]) -> None:
    world = two_shards()
    world.register("h0", d0="new")
    world.register("h1", d1="new")
    everybody(world, order)
    assert world.sender.tokens == ["new"]
    first, second = (f"h{shard}" for shard in order)
    assert world.fates == {first: ("sent", None), second: ("skipped", "same_device")}


@ORDERS
def test_people_who_exchanged_their_devices_get_no_device_twice(order: tuple[int, int]) -> None:
    world = two_shards()
    world.register("h0", d0="t1")
    world.register("h1", d1="t0")
    everybody(world, order)
    assert len(world.sender.tokens) == len(set(world.sender.tokens))


def test_two_people_of_one_window_share_a_new_token() -> None:
    world = World(2)
    for number in range(2):
        world.register(f"h{number}", **{f"d{number}": "new"})
    world.deliver()
    assert world.sender.tokens == ["new"]
    assert world.fates == {"h0": ("sent", None), "h1": ("skipped", "same_device")}


@pytest.mark.parametrize("between", [True, False])
@pytest.mark.parametrize("token", ["t0", "new"])
def test_whoever_claimed_a_device_and_crashed_has_it_when_it_is_tried_again(token: str, between: bool) -> None:
    world = two_shards(delivery={"when_unsure": "resend"})
    world.register("h0", d0=token)
    world.register("h1", d1=token)
    crashed = crash_after(0)
    with pytest.raises(CrashError):
        world.deliver(crashed, shard=0)
    if between:
        assert world.deliver(shard=1).skipped == 1
    assert world.deliver(shard=0).sent == 1
    if not between:
        assert world.deliver(shard=1).skipped == 1
    assert crashed.tokens + world.sender.tokens == [token]
    assert world.fates == {"h0": ("sent", None), "h1": ("skipped", "same_device")}


def test_an_interrupted_device_is_not_given_to_another() -> None:
    world = two_shards()
    world.register("h0", d0="new")
    world.register("h1", d1="new")
    with pytest.raises(CrashError):
        world.deliver(crash_after(0), shard=0)
    everybody(world, (1, 0))
    assert world.fates == {"h0": ("unknown", "interrupted"), "h1": ("skipped", "same_device")}
    assert world.sender.tokens == []


def test_a_person_gets_a_push_on_each_of_their_devices() -> None:
    world = World(1)
    world.register("h0", d1="t1", d2="t2")
    world.load([recipient("h0", "d0", "t0"), recipient("h0", "d1", "t1")])
    assert world.deliver().sent == 2
    assert world.sender.tokens == ["t0", "t1"], "d2 came after the run was planned"


def test_tokens_are_not_claimed_in_clear() -> None:
    world = World(1)
    world.register("h0", d0="new")
    world.deliver()
    assert len(world.claims.taken) == 1
    assert not any("new" in name for name in world.claims.taken)


def test_where_nothing_moved_no_device_costs_a_claim() -> None:
    world = World(20)
    world.deliver()
    assert world.claims.taken == {}


# ------------------------------------------------------------------------------------------------------- whose it is by now


@pytest.mark.parametrize("token", ["t0", "renewed", None])
def test_nothing_goes_to_a_phone_that_somebody_else_signed_in_on(token: str | None) -> None:
    world = World(1)
    world.register("bob", d0=token)
    world.deliver()
    assert (world.sender.tokens, world.fates) == ([], {"h0": ("skipped", "device_changed_hands")})


def test_nothing_goes_to_a_phone_that_nobody_is_signed_in_on_any_more() -> None:
    world = World(1)
    world.register(None, d0="t0")
    world.deliver()
    assert (world.sender.tokens, world.fates) == ([], {"h0": ("skipped", "device_changed_hands")})


def test_a_token_that_was_renewed_is_the_one_that_is_sent_to() -> None:
    world = World(1)
    world.register("h0", d0="renewed")
    world.deliver()
    assert world.sender.tokens == ["renewed"]


def test_whoever_signs_in_gets_nothing_at_what_another_person_registered() -> None:
    world = World(1)
    world.devices = MemoryDevices([phone("d0", "bob", "t0").merged(phone("d0", "h0", None, at="2026-11-02T00:00:00.000Z"))])
    world.deliver()
    assert (world.sender.tokens, world.fates) == ([], {"h0": ("skipped", "device_gone")})


def test_what_nobody_in_particular_registered_leads_to_whoever_signs_in() -> None:
    world = World(1)
    world.devices = MemoryDevices([phone("d0", None, "t0").merged(phone("d0", "h0", None, at="2026-11-02T00:00:00.000Z"))])
    world.deliver()
    assert world.sender.tokens == ["t0"]


def test_the_devices_of_a_window_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world, reads = World(3), []
    known = world.devices.get_many
    monkeypatch.setattr(world.devices, "get_many", lambda keys: reads.append(list(keys)) or known(keys))
    world.deliver()
    assert reads == [["d0", "d1", "d2"]]


# ------------------------------------------------------------------------------------------------------- dead tokens


def dead() -> ScriptedSender:
    return ScriptedSender(lambda push, _: PushResult(push.key, "failed", "unregistered", dead_token=True))


def test_only_the_dead_device_goes_and_all_else_that_is_known_stays() -> None:
    world = World(1)
    world.register("h0", d1="t1")
    world.deliver(dead())
    assert world.tokens("h0") == {"d1": "t1"}
    assert world.devices.stored["d0"].value.owner == "h0"
    assert world.profiles.writes == 0


@pytest.mark.parametrize("moment", ["before FCM answers", "while it is being removed"])
def test_a_token_that_the_app_registers_again_meanwhile_stays(moment: str) -> None:
    world = World(1)
    again = phone("d0", "h0", "t0", at="2026-11-20T00:00:00.000Z")
    sender, put = dead(), world.devices.put
    fail = sender.answer

    def answer(push: Push, number: int) -> PushResult | None:
        world.keep(again)
        return fail(push, number)

    def put_too_late(thing: Device, *, expected: int) -> None:
        if world.devices.stored["d0"].value != again:
            world.keep(again)
        put(thing, expected=expected)

    if moment == "before FCM answers":
        sender.answer = answer
    else:
        world.devices.put = put_too_late  # type: ignore[method-assign]
    world.deliver(sender)
    assert (world.fates["h0"], world.tokens("h0")) == (("failed", "unregistered"), {"d0": "t0"})


def test_a_failure_that_says_nothing_of_the_token_takes_no_device_away() -> None:
    world = World(1)
    world.deliver(ScriptedSender(lambda push, _: PushResult(push.key, "failed", "sender_mismatch")))
    assert world.tokens("h0") == {"d0": "t0"}
    assert world.devices.writes == 0


def test_a_device_that_is_gone_by_then_is_no_trouble() -> None:
    world = World(1)
    sender = dead()
    fail = sender.answer

    def answer(push: object, number: int) -> PushResult | None:
        del world.devices.stored["d0"]
        return fail(push, number)  # type: ignore[arg-type]

    sender.answer = answer
    assert world.deliver(sender).done
    assert world.devices.stored == {}


def test_a_device_that_cannot_be_dropped_now_is_no_trouble_and_its_outcome_is_kept() -> None:
    world = World(2)

    def put(*_: object, **__: object) -> None:
        raise StoreUnavailableError("the table of devices failed: it is a test")

    world.devices.put = put  # type: ignore[method-assign]
    assert world.deliver(dead()).done
    assert set(world.fates.values()) == {("failed", "unregistered")}
    assert world.tokens("h0") == {"d0": "t0"}


def test_no_device_is_dropped_before_its_outcome_is_written() -> None:
    world = World(1)
    sender = dead()
    answer = sender.answer

    def then_fails(push: Push, number: int) -> PushResult | None:
        world.progress.fails = True
        return answer(push, number)

    sender.answer = then_fails
    with pytest.raises(StoreUnavailableError):
        world.deliver(sender)
    assert world.tokens("h0") == {"d0": "t0"}


def test_without_the_runs_shards_nobody_is_sent_to_a_newer_token_and_the_shard_may_be_tried_again() -> None:
    world = two_shards()
    world.register("h0", d0="new")
    world.lake.content = {key: body for key, body in world.lake.content.items() if "manifest" not in key}
    with pytest.raises(StoreUnavailableError, match="not whole"):
        world.deliver(shard=0)
    assert world.sender.tokens == []
