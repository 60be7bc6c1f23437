"""The worker: once each, whatever dies; versions, exits, pauses and stops; one person's trouble is theirs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.collection.change import Change, tie
from regulars.domain.errors import ConflictError, QueueUnavailableError, StoreUnavailableError
from regulars.domain.journeys.inputs import Again, Trigger, input_document
from regulars.domain.journeys.walk import DONE
from regulars.ports import PushResult, StateWrite, Stored
from regulars.usecases.advance import Record
from regulars.usecases.put_settings import put_settings
from tests.drawn import drawn
from tests.fakes.services import ScriptedQueries
from tests.usecases.journey_world import DOCUMENTS, NOW, CrashError, Dying, JourneyWorld

DAY = timedelta(days=1)
GRACE = timedelta(seconds=90)


@pytest.fixture
def world() -> JourneyWorld:
    world = JourneyWorld()
    world.knows("ann", device="tok-ann", first_name="Ann")
    world.launch("welcome")
    return world


def test_an_event_begins_a_journey_and_a_wait_that_is_over_goes_on(world: JourneyWorld) -> None:
    assert world.happens("ann", "Signed Up", place="Rome").entered == 1
    assert world.titles("ann") == ["Hello Ann from Rome"]
    world.sweep(later=DAY)
    assert world.titles("ann") == ["Hello Ann from Rome"], "not before the grace of a wait for an event is over"
    world.sweep(later=GRACE)
    assert world.titles("ann") == ["Hello Ann from Rome", "Still with us?"]
    assert world.names("ann") == [
        "Journey Entered",
        "Journey Step",
        "Journey Step",
        "Message Sent",
        "Journey Step",
        "Journey Left",
        "Message Sent",
    ]


def test_what_came_too_late_is_told_also_of_whoever_has_left_since(world: JourneyWorld) -> None:
    world.happens("ann", "Signed Up")
    in_time = world.clock.now() + timedelta(hours=1)
    world.sweep(later=DAY + GRACE)
    world.happens("ann", "Product Viewed", at=in_time)
    told = {each["event"]: each["properties"].get("because") for each in world.told("ann")}
    assert (told["Journey Left"], told["Journey Noted"]) == ("done", "late")


def test_the_way_of_a_run_is_told_under_one_name(world: JourneyWorld) -> None:
    world.happens("ann", "Signed Up")
    world.clock.advance(timedelta(hours=1))
    world.happens("ann", "Product Viewed")
    told = world.told("ann")
    assert {event["properties"]["run"] for event in told} == {told[0]["properties"]["run"]}
    assert [event["properties"].get("because") for event in told if event["event"] == "Journey Left"] == [DONE]


def test_what_somebody_told_of_themselves_just_before_is_known_to_their_first_message(world: JourneyWorld) -> None:
    told = (Change("ann", "2026-11-21T10:00:01.000Z", {"first_name": "Anna"}, None, "2026-11-21 10:00:01.000 0000 i1"),)
    world.work([Trigger("ann", "event", "Signed Up", NOW, "s1", '{"place":"Rome"}', told)])
    assert world.titles("ann") == ["Hello Anna from Rome"]


def test_the_same_input_again_by_the_other_lane_or_after_a_day_changes_nothing(world: JourneyWorld) -> None:
    for later in (timedelta(0), timedelta(0), DAY):
        world.clock.advance(later)
        world.happens("ann", "Signed Up", at=NOW, identity="s1")
    assert len(world.titles("ann")) == 1


def test_an_exit_is_honoured_in_the_middle_of_a_wait_of_thirty_days() -> None:
    world = JourneyWorld()
    world.knows("ann", device="tok-ann")
    world.launch("patient")
    world.happens("ann", "Signed Up")
    world.sweep(later=timedelta(days=15))
    world.happens("ann", "Order Completed")
    world.sweep(later=timedelta(days=16))
    assert world.titles("ann") == []
    assert world.names("ann") == ["Journey Entered", "Journey Step", "Journey Left"]
    assert not world.journeys.wakes


def test_people_of_version_1_get_the_texts_of_version_1(world: JourneyWorld) -> None:
    world.happens("ann", "Signed Up")
    steps = DOCUMENTS["welcome"]["steps"]
    newer = {**DOCUMENTS["welcome"], "steps": {**steps, "nudge": {"message": {"push": {"title": "Version 2"}}, "then": None}}}
    world.launch(newer)
    world.knows("bob", device="tok-bob")
    world.happens("bob", "Signed Up")
    world.sweep(later=DAY + GRACE)
    assert world.titles("ann")[-1] == "Still with us?"
    assert world.titles("bob")[-1] == "Version 2"


def test_a_paused_journey_moves_people_and_sends_what_it_held_when_it_goes_on(world: JourneyWorld) -> None:
    world.pause("welcome")
    world.happens("ann", "Signed Up", place="Rome")
    world.sweep(later=DAY + GRACE)
    assert (world.titles("ann"), len(world.journeys.errands)) == ([], 2)
    world.resume("welcome")
    world.sweep()
    assert world.titles("ann") == ["Hello Ann from Rome"]
    world.sweep(later=DAY)
    assert world.titles("ann") == ["Hello Ann from Rome", "Still with us?"]
    assert not world.journeys.errands


def test_a_pause_holds_back_calls_and_other_journeys_too_and_sets_what_is_set(world: JourneyWorld) -> None:
    steps = {
        "set": {"set": {"traits": {"level": 1}}, "then": "call"},
        "call": {"webhook": {"url": "https://crm.example.com/lead"}, "then": "start"},
        "start": {"start": "other", "then": None},
    }
    world.launch({"id": "other", "entry": {"api": True}, "start": "m", "steps": {"m": {"message": {"push": {"title": "other"}}, "then": None}}})
    world.launch({"id": "calls", "entry": {"event": "A"}, "start": "set", "steps": steps})
    world.pause("calls")
    world.happens("ann", "A")
    assert (world.webhooks.calls, world.titles("ann"), len(world.journeys.errands)) == ([], [], 2)
    assert world.profiles.stored["ann"].value.values["level"] == 1
    world.resume("calls")
    world.sweep()
    assert (len(world.webhooks.calls), world.titles("ann"), world.journeys.errands) == (1, ["other"], {})


SERIES: dict[str, Any] = {
    "id": "series",
    "entry": {"event": "A"},
    "exit": [{"event": "B"}],
    "start": "one",
    "steps": {
        **{name: {"message": {"push": {"title": name}}, "then": f"after-{name}"} for name in ("one", "two", "three")},
        "after-one": {"wait": "1d", "then": "two"},
        "after-two": {"wait": "2h", "then": "three"},
        "after-three": {"wait": "1h", "then": None},
    },
}


def away(world: JourneyWorld) -> None:
    """No sweep for days."""
    world.launch(SERIES)
    world.happens("ann", "A")
    world.clock.advance(5 * DAY)


def paused(world: JourneyWorld) -> None:
    world.launch(SERIES)
    world.pause("series")
    world.happens("ann", "A")
    for _ in range(3):
        world.sweep(later=2 * DAY)
    world.resume("series")


def quiet(world: JourneyWorld) -> None:
    """From ten in the morning, so that all three fall into the hours until eleven at night."""
    steps = {**SERIES["steps"], "after-one": {"wait": "3h", "then": "two"}}
    world.launch({**SERIES, "steps": steps, "delivery": {"quiet_hours": {"from": "09:00", "to": "23:00", "otherwise": "hold"}}})
    world.happens("ann", "A")
    for _ in range(3):
        world.sweep(later=timedelta(hours=4))


@pytest.mark.parametrize(("late", "one"), [(away, []), (paused, ["one"])])
def test_messages_of_a_run_that_were_held_up_are_as_far_apart_as_they_were_meant_to_be(
    late: Callable[[JourneyWorld], None], one: list[str], world: JourneyWorld
) -> None:
    late(world)
    before = len(world.titles("ann"))
    assert before == 1 - len(one)
    rest = [*one, "two", "three"]
    for hours, told in ((0, 1), (1, 1), (0.9, 1), (0.2, 2)) if not one else ((0, 1), (23, 1), (1, 2), (1.9, 2), (0.2, 3)):
        world.sweep(later=timedelta(hours=hours))
        assert world.titles("ann")[before:] == rest[:told], hours
    assert not world.journeys.errands


def test_what_quiet_hours_held_comes_apart_when_they_are_over(world: JourneyWorld) -> None:
    quiet(world)
    world.sweep()
    told = []
    for _ in range(12):
        world.sweep(later=timedelta(hours=1))
        told.append(len(world.titles("ann")))
    assert told == [1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 3]


def test_an_exit_between_two_of_them_keeps_the_others_back(world: JourneyWorld) -> None:
    paused(world)
    world.sweep()
    world.happens("ann", "B", identity="b")
    world.sweep(later=5 * DAY)
    assert world.titles("ann") == ["one"]
    assert [each["properties"]["reason"] for each in world.told("ann") if each["event"] == "Message Skipped"] == ["exited"] * 2


def test_a_text_that_is_mended_while_it_is_held_back_is_the_one_that_goes_out() -> None:
    """Of whom the new version takes over; whoever stays with the old one has its text."""
    steps = {**DOCUMENTS["welcome"]["steps"], "hello": {"message": {"push": {"title": "Mended, {{ event.place }}"}}, "then": "look"}}
    for migrate, told in (({}, "Hello Ann from Rome"), ({"migrate": {"from": [1]}}, "Mended, Rome")):
        world = JourneyWorld()
        world.knows("ann", device="tok-ann", first_name="Ann")
        world.launch("welcome")
        world.pause("welcome")
        world.happens("ann", "Signed Up", place="Rome")
        world.launch({**DOCUMENTS["welcome"], "steps": steps, **migrate})
        world.sweep()
        assert world.titles("ann") == [told]


@pytest.mark.parametrize("steps", [{"hello": {"wait": "1h", "then": None}}, {"other": {"wait": "1h", "then": None}}], ids=["no message", "no step"])
def test_what_the_new_version_does_not_say_any_more_is_not_said(steps: dict[str, Any], world: JourneyWorld) -> None:
    world.pause("welcome")
    world.happens("ann", "Signed Up", place="Rome")
    world.launch({**DOCUMENTS["welcome"], "start": next(iter(steps)), "steps": steps, "migrate": {"from": [1]}})
    world.sweep()
    assert world.titles("ann") == []
    assert [each["properties"]["reason"] for each in world.told("ann") if each["event"] == "Message Skipped"] == ["step_gone"]


@pytest.mark.parametrize("change", ["pause", "stop"])
def test_a_message_asks_at_its_own_moment_whether_it_may_still_go_out(change: str, world: JourneyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes people in knows what runs as of some seconds ago; whoever sends asks again."""
    live = world.live()
    live()
    monkeypatch.setattr(world, "live", lambda: live)
    getattr(world, change)("welcome")
    world.happens("ann", "Signed Up", place="Rome")
    assert world.names("ann")[:1] == ["Journey Entered"]
    assert world.titles("ann") == []


def test_what_a_journey_has_set_its_own_next_steps_know(world: JourneyWorld) -> None:
    steps = {
        "set": {"set": {"traits": {"level": 5, "first_name": "Annie"}}, "then": "which"},
        "which": {"branch": [{"if": {"trait": "level", "gte": 5}, "then": "high"}], "else": "low"},
        "high": {"message": {"push": {"title": "High, {{ person.traits.first_name }}"}}, "then": "rest"},
        "low": {"message": {"push": {"title": "Low"}}, "then": None},
        "rest": {"wait": "1h", "then": "again"},
    }
    again = {"again": {"branch": [{"if": {"trait": "level", "gte": 5}, "then": None}], "else": "low"}}
    world.launch({"id": "sets", "entry": {"event": "Levelled"}, "start": "set", "steps": {**steps, **again}})
    world.happens("ann", "Levelled")
    world.sweep(later=timedelta(hours=1))
    assert world.titles("ann") == ["High, Annie"]
    (told,) = [event for event in world.told("ann") if event["type"] == "identify"]
    assert told["traits"] == {"level": 5, "first_name": "Annie"}
    known = world.profiles.stored["ann"].value
    loaded = Change("ann", told["timestamp"], told["traits"], None, tie("2026-11-21 10:00:05.000", 3, told["messageId"]))
    assert known.merged([loaded]).values == known.values  # the same saying once more, as load brings it


NINE = {"s": {"wait_until": {"time": "09:00", "timezone": "user"}, "then": None}}


@pytest.mark.parametrize(
    ("device", "traits", "zone"),
    [
        ("Asia/Kolkata", {"timezone": "America/New_York"}, "Asia/Kolkata"),
        ("Not/There", {"timezone": "America/New_York"}, "America/New_York"),
        ("", {"time_zone": "Asia/Kolkata"}, "Asia/Kolkata"),
        ("", {"timezone": "Etc/GMT+11"}, "Etc/GMT+11"),
        ("", {"timezone": 5}, "Europe/Paris"),
        ("", {}, "Europe/Paris"),
    ],
)
def test_a_persons_own_clock_is_the_one_that_their_quiet_hours_go_by(device: str, traits: dict[str, Any], zone: str, world: JourneyWorld) -> None:
    world.knows("ann", device="tok-ann", **traits)
    phone = world.devices.stored["d-ann"].value
    world.devices.stored["d-ann"] = Stored(replace(phone, use=replace(phone.use, timezone=device or None)), 1)
    put_settings({"timezone": "Europe/Paris"}, by="mara", definitions=world.definitions, queries=ScriptedQueries(), clock=world.clock)
    world.launch({"id": "nine", "entry": {"event": "A"}, "start": "s", "steps": NINE})
    world.happens("ann", "A")
    (due,) = world.journeys.wakes.values()
    assert (due.astimezone(ZoneInfo(zone)).time(), due - world.clock.now() <= DAY) == (time(9), True)


def test_a_zone_that_the_journey_has_just_set_is_the_persons(world: JourneyWorld) -> None:
    steps = {"set": {"set": {"traits": {"timezone": "Asia/Tokyo"}}, "then": "s"}, **NINE}
    world.launch({"id": "nine", "entry": {"event": "A"}, "start": "set", "steps": steps})
    world.happens("ann", "A")
    assert next(iter(world.journeys.wakes.values())).astimezone(ZoneInfo("Asia/Tokyo")).time() == time(9)


def test_a_stopped_journey_lets_everybody_out_now_and_takes_nobody_in(world: JourneyWorld) -> None:
    world.happens("ann", "Signed Up")
    world.stop("welcome")
    world.sweep()
    assert not world.journeys.wakes
    assert world.told("ann")[-1]["properties"]["because"] == "stopped"
    world.knows("bob", device="tok-bob")
    assert world.happens("bob", "Signed Up").entered == 0
    world.clock.advance(timedelta(hours=1))
    world.launch("welcome")
    assert world.happens("bob", "Signed Up", identity="again").entered == 1


def test_whoever_was_inside_when_it_was_stopped_is_out_also_where_it_was_launched_again_since(world: JourneyWorld) -> None:
    world.happens("ann", "Signed Up")
    world.clock.advance(timedelta(minutes=1))
    world.stop("welcome")
    world.launch("welcome")
    world.sweep(later=DAY + GRACE)
    assert len(world.titles("ann")) == 1


def test_a_poison_input_and_a_person_in_trouble_cost_nobody_else_anything(world: JourneyWorld) -> None:
    world.knows("bob", device="tok-bob")
    good = Trigger("bob", "event", "Signed Up", NOW, "s2")
    bad = Trigger("ann", "event", "Signed Up", NOW, "s1", "[not json")
    done = world.call([Record("a", "{"), Record("b", input_document(bad)), Record("c", input_document(good)), Record("d", '{"is":"due"}')])
    assert set(done.undone) == {"a", "b", "d"}
    assert len(world.titles("bob")) == 1


def test_where_the_store_is_away_all_of_them_come_again(world: JourneyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise StoreUnavailableError("it is a test")

    monkeypatch.setattr(world.journeys, "of", away)
    done = world.happens("ann", "Signed Up")
    assert done.undone == ["0"] and "it is a test" in done.trouble["ann"]


def test_what_fcm_does_not_take_is_tried_again_and_goes_out_once(world: JourneyWorld) -> None:
    world.sender.answer = lambda push, _: PushResult(push.key, "later", "unavailable", delay=5.0)
    assert world.happens("ann", "Signed Up").put_off == 1
    world.sender.answer = lambda push, _: PushResult(push.key, "sent")
    world.sweep(later=timedelta(minutes=1))
    world.sweep(later=timedelta(minutes=1))
    assert len(world.titles("ann")) == 1
    assert world.names("ann").count("Message Sent") == 1


def test_a_worker_that_read_before_the_launch_looks_again_when_it_is_told_of_what_it_does_not_know(world: JourneyWorld) -> None:
    kept = world.live()
    kept()
    world.launch({**DOCUMENTS["welcome"], "id": "other", "entry": {"event": "Signed In"}})
    world.live = lambda: kept  # type: ignore[method-assign]
    assert world.happens("ann", "Signed In", place="Rome").entered == 1


PORTS = ("journeys", "profiles", "devices", "contacts", "events", "queue")


def mortal(world: JourneyWorld, fates: Callable[[], str]) -> dict[str, Any]:
    """Puts a dying port in the place of each; gives what was there."""
    before = {name: getattr(world, name) for name in (*PORTS, "sender")}
    for name in PORTS:
        setattr(world, name, Dying(before[name], fates))
    return before


def come(world: JourneyWorld, people: Sequence[str]) -> None:
    """Each of them, in one call of the worker."""
    world.work([Trigger(user_id, "event", "Signed Up", NOW, f"s-{user_id}", '{"place":"Rome"}') for user_id in people])


def killed(world: JourneyWorld, number: int, fate: str, act: Callable[[], object]) -> bool:
    """The worker's call in which it dies at the port's call of that number; whether there was one."""
    left = count()
    before = mortal(world, lambda: fate if next(left) == number else "")
    try:
        act()
    except CrashError:
        return True
    finally:
        for name, port in before.items():
            setattr(world, name, port)
    return False


def claims(world: JourneyWorld) -> Sequence[str]:
    """The messages that a call has claimed and not ended."""
    errands = [errand for kept, _ in world.journeys.kept.values() for errand in kept.outbox]
    return [errand.step for errand in (*errands, *(this.errand for this in world.journeys.errands.values())) if errand.claimed_by]


@pytest.mark.parametrize("fate", ["before", "after"])
def test_wherever_the_worker_is_killed_nothing_is_lost_and_nothing_doubled(fate: str) -> None:
    """At each call of anything outside. What was claimed and not ended is told as unknown, and never sent a second time; all else is sent once."""
    for number in range(40):
        world = JourneyWorld()
        world.knows("ann", device="tok-ann", first_name="Ann")
        world.launch("welcome")
        died = killed(world, number, fate, lambda world=world: come(world, ["ann"]))  # type: ignore[misc]
        claimed, sent = len(claims(world)), len(world.titles("ann"))
        come(world, ["ann"])
        come(world, ["ann"])
        assert (world.names("ann").count("Message Unknown"), len(world.titles("ann"))) == (claimed, sent if claimed else 1)
        assert [event for event in world.names("ann") if event.startswith("Journey")] == ["Journey Entered", "Journey Step", "Journey Step"]
        world.sweep(later=DAY + GRACE)
        assert world.titles("ann")[-1:] == ["Still with us?"]
        assert not world.journeys.wakes and not any(kept.outbox for kept, _ in world.journeys.kept.values())
        if not died:
            return
    raise AssertionError("it never came to an end")


@pytest.mark.parametrize("fate", ["before", "after", "half"])
def test_wherever_the_worker_is_killed_with_several_people_in_hand_each_of_them_gets_everything_once(fate: str) -> None:
    people = ("ann", "bob", "cy")
    for number in range(60):
        world = JourneyWorld()
        for user_id in people:
            world.knows(user_id, device=f"tok-{user_id}", first_name=user_id)
        world.launch("welcome")
        died = killed(world, number, fate, lambda world=world: come(world, people))  # type: ignore[misc]
        come(world, people)
        come(world, people)
        for user_id in people:
            unknown = world.names(user_id).count("Message Unknown")
            assert len(world.titles(user_id)) <= 1 and len(world.titles(user_id)) + unknown in (1, 2)
            assert [event for event in world.names(user_id) if event.startswith("Journey")] == ["Journey Entered", "Journey Step", "Journey Step"]
        assert not any(kept.outbox for kept, _ in world.journeys.kept.values())
        if not died:
            return
    raise AssertionError("it never came to an end")


QUIET = {"from": "09:00", "to": "14:00", "otherwise": "hold"}


def held(*, exits: str = "", **rest: Any) -> JourneyWorld:
    """Ann begins by A at ten, in her quiet hours, and is to be told something at once."""
    world = JourneyWorld()
    world.knows("ann", device="tok-ann")
    further = {"bought": {"exit": "bought"}, "other": {"wait": "1h", "then": None}}
    steps = {"m": {"message": {"push": {"title": "Still there?"}}, "then": "rest"}, "rest": rest or {"wait": "7d", "then": None}}
    steps |= {name: step for name, step in further.items() if name == rest.get("then")}
    document = {"id": "held", "entry": {"event": "A"}, "start": "m", "steps": steps, "delivery": {"quiet_hours": QUIET}}
    world.launch(document | ({"exit": [{"event": exits}]} if exits else {}))
    world.happens("ann", "A", identity="a")
    assert world.titles("ann") == [] and world.journeys.errands
    return world


WAITING = {"wait_for": {"event": "B"}, "within": "7d", "else": None}


@pytest.mark.parametrize(
    ("world_of", "told"),
    [
        (lambda: held(exits="B"), []),
        (lambda: held(**WAITING, then="bought"), []),
        (lambda: held(**WAITING, then="other"), ["Still there?"]),
        (lambda: held(**WAITING, then=None), ["Still there?"]),
        (lambda: held(exits="C"), ["Still there?"]),
        (lambda: held(wait="1h", then="bought"), ["Still there?"]),
    ],
    ids=["an exit", "a way to an exit", "a way that goes on", "the end of the way", "nothing", "a time that is over"],
)
def test_what_quiet_hours_hold_back_is_called_off_by_an_event_that_is_an_exit(world_of: Callable[[], JourneyWorld], told: list[str]) -> None:
    world = world_of()
    world.clock.moment += timedelta(hours=2)
    world.sweep()
    world.happens("ann", "B", identity="b")
    world.sweep(later=timedelta(hours=12))
    assert world.titles("ann") == told
    reasons = [each["properties"]["reason"] for each in world.told("ann") if each["event"] == "Message Skipped"]
    assert reasons == ([] if told else ["exited"])
    assert not world.journeys.errands


def test_whoever_begins_anew_hears_what_waits_of_the_new_run_alone() -> None:
    world = held(wait="7d", then=None)
    steps = {"m": {"message": {"push": {"title": "Still there, {{ event.n }}?"}}, "then": "rest"}, "rest": {"wait": "7d", "then": None}}
    again = {"id": "again", "entry": {"event": "B"}, "start": "m", "steps": steps, "reentry": {"while_in": "restart"}}
    world.launch({**again, "delivery": {"quiet_hours": QUIET}})
    for number in range(3):
        world.clock.advance(timedelta(minutes=1))
        world.happens("ann", "B", identity=f"b{number}", n=number)
    world.sweep(later=timedelta(hours=12))
    assert sorted(world.titles("ann")) == ["Still there, 2?", "Still there?"]


@pytest.mark.parametrize("fate", ["before", "after"])
def test_wherever_the_worker_is_killed_what_an_exit_calls_off_is_not_sent(fate: str) -> None:
    for number in range(20):
        world = held(exits="B")
        _until_done(world, iter([(number, fate)]), "B", NOW, "b")
        world.sweep(later=timedelta(hours=12))
        assert (world.titles("ann"), world.journeys.errands) == ([], {})
        assert {each["properties"]["reason"] for each in world.told("ann") if each["event"] == "Message Skipped"} == {"exited"}


@pytest.mark.parametrize("fate", ["before", "after"])
@pytest.mark.parametrize("alive", [[], [(-1, "")]], ids=["at the exit", "at the entry"])
def test_wherever_the_worker_is_killed_an_exit_that_came_ahead_of_its_entry_keeps_the_message_back(alive: list[tuple[int, str]], fate: str) -> None:
    for number in range(20):
        world = JourneyWorld()
        world.knows("ann", device="tok-ann", first_name="Ann")
        world.launch("welcome")
        world.clock.moment = NOW + timedelta(minutes=9)
        fates = iter([*alive, (number, fate)])
        _until_done(world, fates, "Account Deleted", NOW + timedelta(minutes=5), "gone")
        _until_done(world, fates, "Signed Up", NOW, "came")
        world.happens("ann", "Signed Up", at=NOW, identity="came")
        world.sweep(later=timedelta(days=40))
        assert world.titles("ann") == []
        assert [each["properties"].get("because") for each in world.told("ann") if each["event"] == "Journey Left"] == ["exit"]


@pytest.mark.parametrize("fate", ["before", "after", "half"])
def test_wherever_the_worker_is_killed_over_what_was_put_off_it_is_sent_once(fate: str) -> None:
    for number in range(40):
        world = JourneyWorld()
        world.knows("ann", device="tok-ann")
        world.launch("welcome")
        world.sender.answer = lambda push, _: PushResult(push.key, "later", "unavailable")
        come(world, ["ann"])
        world.sender.answer = lambda push, _: PushResult(push.key, "sent")
        world.sender.sent.clear()
        world.clock.advance(timedelta(minutes=1))
        ((errand_id, until),) = ((this.errand.id, this.until) for this in world.journeys.errands.values())
        again = [Again("ann", errand_id, until)]
        died = killed(world, number, fate, partial(world.work, again))
        claimed, sent = len(claims(world)), len(world.titles("ann"))
        for _ in range(2):
            world.work(again)
        assert (world.names("ann").count("Message Unknown"), len(world.titles("ann"))) == (claimed, sent if claimed else 1)
        assert not world.journeys.errands
        if not died:
            return
    raise AssertionError("it never came to an end")


@pytest.mark.parametrize("fate", ["before", "after"])
def test_wherever_the_worker_is_killed_a_message_finds_the_room_that_it_has_taken_under_its_cap(fate: str) -> None:
    for number in range(40):
        world = JourneyWorld()
        world.knows("ann", device="tok-ann")
        world.launch({**DOCUMENTS["welcome"], "delivery": {"cap": {"count": 1, "within": "1d"}}})
        died = killed(world, number, fate, lambda world=world: come(world, ["ann"]))  # type: ignore[misc]
        claimed, sent = len(claims(world)), len(world.titles("ann"))
        come(world, ["ann"])
        assert (world.names("ann").count("Message Unknown"), len(world.titles("ann"))) == (claimed, sent if claimed else 1)
        assert "Message Skipped" not in world.names("ann")
        if not died:
            return
    raise AssertionError("it never came to an end")


def dies(*_: object, **__: object) -> Any:
    raise CrashError


def test_what_may_have_gone_out_is_unknown_also_where_an_exit_calls_it_off() -> None:
    world = held(exits="B")
    world.clock.moment += timedelta(hours=5)
    world.woken()
    world.sender.answer = dies
    with pytest.raises(CrashError):
        world.work(world.queue.sent[-1:])
    world.happens("ann", "B", identity="b")
    told = [each for each in world.names("ann") if each.startswith("Message")]
    assert (told, world.journeys.errands) == (["Message Unknown"], {})


@pytest.mark.parametrize("since", ["pause", "stop", "night", "gone", "opted out"])
def test_what_another_call_has_claimed_is_never_sent_again_whatever_has_changed_since(since: str, world: JourneyWorld) -> None:
    """Put off, it would be anybody's again."""
    world.launch({**DOCUMENTS["welcome"], "delivery": {"quiet_hours": {"from": "12:00", "to": "14:00", "otherwise": "hold"}}})
    world.sender.answer = dies
    with pytest.raises(CrashError):
        come(world, ["ann"])
    world.sender.answer = lambda push, _: PushResult(push.key, "sent")
    match since:
        case "pause" | "stop":
            getattr(world, since)("welcome")
        case "night":
            world.clock.advance(timedelta(hours=3))
        case "gone":
            world.devices.stored.clear()
        case _:
            world.knows("ann", device="tok-ann", push_opt_in=False)
    come(world, ["ann"])
    assert (world.names("ann").count("Message Unknown"), world.names("ann").count("Message Skipped")) == (1, 0)
    assert (list(world.journeys.errands), claims(world), world.sender.sent) == ([], [], [])


def test_whoever_was_moved_by_another_call_at_that_moment_is_sent_to_by_one_of_the_two(world: JourneyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decided and not written is nothing; whom it is written of is sent to at once."""
    world.knows("bob", device="tok-bob")
    put, calls = world.journeys.put, count()

    def late(writes: Sequence[StateWrite]) -> Any:
        if next(calls):
            return put(writes)
        assert [write.kept.state.user_id for write in writes] == ["ann", "bob"]
        return {0: ConflictError("another call"), **{1 + place: error for place, error in put(writes[1:]).items()}}

    monkeypatch.setattr(world.journeys, "put", late)
    come(world, ["ann", "bob"])
    assert (len(world.titles("ann")), len(world.titles("bob"))) == (1, 1)
    assert world.names("ann").count("Message Sent") == 1


def test_what_is_done_is_done_also_where_something_else_has_to_come_again(world: JourneyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or it would be told as unknown besides."""
    world.launch({**DOCUMENTS["welcome"], "id": "second", "entry": {"api": True}})
    told = {"hello": {"message": {"push": {"title": "Hello"}}, "then": "go"}, "go": {"start": "second", "then": None}}
    world.launch({"id": "both", "entry": {"event": "Both"}, "start": "hello", "steps": told})
    send = world.queue.send

    def away(_: object) -> None:
        raise QueueUnavailableError("it is a test")

    monkeypatch.setattr(world.queue, "send", away)
    assert world.happens("ann", "Both", at=NOW, identity="b").undone == ["0"]
    ((kept, _),) = world.journeys.kept.values()
    assert [errand.step for errand in kept.outbox] == ["go"]
    monkeypatch.setattr(world.queue, "send", send)
    assert world.happens("ann", "Both", at=NOW, identity="b").undone == []
    assert (world.titles("ann")[0], world.names("ann").count("Message Sent"), world.names("ann").count("Message Unknown")) == ("Hello", 2, 0)
    assert not any(kept.outbox for kept, _ in world.journeys.kept.values())


def test_a_message_does_not_wait_for_a_receiver_over_whom_the_worker_dies(world: JourneyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    call = {
        "call": {"webhook": {"url": "https://crm.example/lead"}, "then": "hello"},
        "hello": {"message": {"push": {"title": "Hello"}}, "then": None},
    }
    world.launch({"id": "both", "entry": {"event": "Both"}, "start": "call", "steps": call})
    monkeypatch.setattr(world.webhooks, "call", dies)
    with pytest.raises(CrashError):
        world.happens("ann", "Both", at=NOW, identity="b")
    monkeypatch.undo()
    for _ in range(2):
        world.happens("ann", "Both", at=NOW, identity="b")
    assert [each for each in world.names("ann") if each.startswith(("Message", "Webhook"))] == ["Message Sent", "Webhook Sent"]
    assert (world.titles("ann"), len(world.webhooks.calls), claims(world)) == (["Hello"], 1, [])


def test_a_call_that_has_too_little_time_left_begins_no_message(world: JourneyWorld) -> None:
    world.time_left = timedelta(seconds=9)
    assert world.happens("ann", "Signed Up", at=NOW, identity="s").undone == ["0"]
    assert (world.titles("ann"), world.journeys.kept) == ([], {})
    world.time_left = timedelta(minutes=1)
    world.happens("ann", "Signed Up", at=NOW, identity="s")
    assert len(world.titles("ann")) == 1


def test_whose_state_the_store_does_not_take_is_alone_in_trouble_and_is_sent_nothing(world: JourneyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world.knows("bob", device="tok-bob")
    put = world.journeys.put
    monkeypatch.setattr(world.journeys, "put", lambda writes: put(writes[1:]) | {0: StoreUnavailableError("too large")})
    inputs = [Trigger(user_id, "event", "Signed Up", NOW, f"s-{user_id}") for user_id in ("ann", "bob")]
    assert world.work(inputs[:1]).undone == ["0"] and world.titles("ann") == []
    monkeypatch.setattr(world.journeys, "put", put)
    assert world.work(inputs).undone == [] and (len(world.titles("ann")), len(world.titles("bob"))) == (1, 1)


@drawn(20)
@given(
    story=st.lists(
        st.tuples(st.sampled_from(["Signed Up", "Product Viewed", "Account Deleted"]), st.integers(0, 60 * 50), st.integers(0, 2)), max_size=6
    ),
    deaths=st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["before", "after"])), max_size=6),
    lateness=st.integers(0, 300),
)
def test_live_is_replay_with_duplicates_deaths_and_sweeps_that_are_late(
    story: list[tuple[str, int, int]], deaths: list[tuple[int, str]], lateness: int
) -> None:
    """The real worker over what dies, against the same events in a world where nothing does."""
    ideal, live = JourneyWorld(), JourneyWorld()
    for world in (ideal, live):
        world.knows("ann", device="tok-ann", first_name="Ann")
        world.launch("welcome")
    fates = iter(deaths)
    for place, (name, minutes, copies) in enumerate(sorted(story, key=lambda each: each[1])):
        at = NOW + timedelta(minutes=minutes)
        for world in (ideal, live):
            world.clock.moment = max(world.clock.moment, at + timedelta(seconds=lateness if world is live else 0))
        ideal.sweep()
        ideal.happens("ann", name, at=at, identity=str(place))
        for _ in range(1 + copies):
            _until_done(live, fates, name, at, str(place))
    for world in (ideal, live):
        for _ in range(3):
            world.sweep(later=timedelta(days=40))
    lost = live.names("ann").count("Message Unknown")
    assert len(ideal.titles("ann")) - lost <= len(live.titles("ann")) <= len(ideal.titles("ann"))
    if not lost:
        assert live.titles("ann") == ideal.titles("ann")
    assert [_way(each) for each in live.told("ann") if each["event"].startswith("Journey")] == [
        _way(each) for each in ideal.told("ann") if each["event"].startswith("Journey")
    ]


def _way(event: Any) -> Any:
    return event["event"], event["timestamp"], event["properties"].get("step"), event["properties"].get("because")


def _until_done(world: JourneyWorld, fates: Any, name: str, at: Any, identity: str) -> None:
    """As the queue does: an input that its worker died over comes again."""
    while True:
        number, fate = next(fates, (-1, ""))
        left = count()
        before = mortal(world, lambda number=number, fate=fate, left=left: fate if next(left) == number else "")  # type: ignore[misc]
        try:
            world.happens("ann", name, at=at, identity=identity)
            return
        except CrashError:
            continue
        finally:
            for port, found in before.items():
                setattr(world, port, found)
