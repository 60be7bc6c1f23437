"""Who waits for their own time, who has had enough, and that all others go on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.collection.change import anonymous_key
from regulars.domain.delivery.caps import MARK_BYTES, Contact, Contacts, message_mark
from regulars.domain.errors import StoreUnavailableError
from regulars.ports import PushResult, Stored
from tests.examples import CAMPAIGN, SEEN, campaign_run, phone
from tests.fakes.clock import MovableClock
from tests.fakes.services import ScriptedSender
from tests.usecases.delivery_world import World, recipient, sent

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
NIGHT = {"from": "21:00", "to": "08:00"}


def world(*zones: str, local_time: datetime | None = None, **delivery: Any) -> World:
    """A person a zone, h0 in the first."""
    made = World(len(zones), clock=MovableClock(NOON), delivery=delivery)
    for number, zone in enumerate(zones):
        device = phone(f"d{number}", f"h{number}", f"t{number}")
        made.devices.stored[f"d{number}"] = Stored(replace(device, use=replace(device.use, timezone=zone)), 1)
    stored = made.runs.get("spring-1")
    made.runs.put(replace(stored.value, local_time=local_time, notes=True), expected=stored.version)
    return made


def reached(made: World) -> set[str]:
    return {push["notification"]["title"].removeprefix("Hi ").lower() for push in made.sender.sent}


def test_whoever_sleeps_is_held_while_all_others_go_on() -> None:
    made = world("Pacific/Chatham", "Europe/Berlin", quiet_hours=NIGHT)
    first = made.deliver()
    assert (first.done, first.sent, first.wait_seconds) == (False, 1, 15 * 60)
    assert made.fates == {"h1": ("sent", None)}
    assert made.progress.get("spring-1", 0).value.at_risk == frozenset()


def test_a_held_push_goes_out_at_the_edge_and_not_an_instant_before() -> None:
    made = world("Pacific/Chatham", "Europe/Berlin", quiet_hours=NIGHT)
    made.deliver()
    made.clock.advance(timedelta(hours=6, minutes=14, seconds=59))
    before = made.deliver()
    assert (before.done, before.sent, before.wait_seconds) == (False, 0, 1)
    made.clock.advance(timedelta(seconds=1))
    assert made.deliver().done
    assert made.fates == {"h0": ("sent", None), "h1": ("sent", None)}


def test_nobody_is_looked_up_again_before_it_is_their_time() -> None:
    made = world("Pacific/Chatham", "Asia/Tokyo", "Europe/Berlin", quiet_hours=NIGHT)
    made.deliver()
    asked = list[str]()
    get_many = made.profiles.get_many
    made.profiles.get_many = lambda ids: (asked.extend(ids), get_many(ids))[1]  # type: ignore[method-assign]
    for _ in range(8):
        made.clock.advance(timedelta(minutes=15))
        assert not made.deliver().done
    assert asked == []
    made.clock.advance(timedelta(hours=4, minutes=15))
    made.deliver()
    assert asked == ["h0"]
    assert made.deliver().wait_seconds == 15 * 60


def test_everybody_is_asked_about_again_where_nobody_knows_who_was_held() -> None:
    made = world("Pacific/Chatham", "Europe/Berlin", quiet_hours=NIGHT)
    made.deliver()
    del made.lake.content["runs/spring-1/held/00000.json"]
    assert made.deliver().wait_seconds == 15 * 60
    made.clock.advance(timedelta(hours=7))
    assert made.deliver().done
    assert reached(made) == {"h0", "h1"}


def test_dropped_at_night_is_a_reason() -> None:
    made = world("Pacific/Chatham", "Europe/Berlin", quiet_hours={**NIGHT, "otherwise": "drop"})
    assert made.deliver().done
    assert made.fates == {"h0": ("skipped", "quiet_hours"), "h1": ("sent", None)}


def test_each_zone_is_a_wave_at_the_hour_of_its_own() -> None:
    zones = ("Pacific/Kiritimati", "Asia/Kolkata", "Europe/Berlin", "America/St_Johns", "Pacific/Pago_Pago")
    made = world(*zones, local_time=datetime(2026, 11, 27, 2))
    waves = dict[str, datetime]()
    for _ in range(2_000):
        known = reached(made)
        done = made.deliver()
        waves |= dict.fromkeys(reached(made) - known, made.clock.now())
        if done.done:
            break
        made.clock.advance(timedelta(seconds=done.wait_seconds))
    hours = {f"h{number}": waves[f"h{number}"] - NOON for number in range(len(zones))}
    assert [hours[f"h{number}"] / timedelta(hours=1) for number in range(len(zones))] == [0, 8.5, 13, 17.5, 25]
    assert {outcome for outcome, _ in made.fates.values()} == {"sent"}


def test_a_shard_in_which_all_wait_is_no_setback() -> None:
    made = world("Pacific/Chatham", quiet_hours=NIGHT)
    for _ in range(12):
        assert not made.deliver().done
    assert made.progress.get("spring-1", 0).value.setbacks == 0


def test_who_was_put_off_until_the_run_had_no_time_left_and_sleeps_then_is_skipped() -> None:
    made = world("Europe/Berlin", quiet_hours={"from": "21:00", "to": "08:00"})
    made.clock.advance(timedelta(hours=22 + 12 + 8 - 12 + 3))
    while not made.deliver().done:
        made.clock.advance(timedelta(minutes=15))
    assert made.fates == {"h0": ("sent", None)}
    late = world("Europe/Berlin", quiet_hours={"from": "21:00", "to": "08:00"})
    late.clock.advance(timedelta(days=1, hours=12))
    assert late.deliver().done
    assert late.fates == {"h0": ("skipped", "quiet_hours")}


def contacts(user_id: str, *minutes_ago: int) -> Contacts:
    return Contacts(user_id, tuple(Contact(int(NOON.timestamp()) - 60 * ago, ago.to_bytes(MARK_BYTES)) for ago in sorted(minutes_ago, reverse=True)))


CAP = {"count": 2, "within": "24h"}


def test_who_had_as_many_as_the_cap_allows_gets_no_more() -> None:
    made = world("UTC", "UTC", cap=CAP)
    made.contacts.kept["h0"] = contacts("h0", 30, 90)
    made.contacts.kept["h1"] = contacts("h1", 30)
    assert made.deliver().done
    assert made.fates == {"h0": ("skipped", "capped"), "h1": ("sent", None)}


def test_what_somebody_got_under_a_former_user_id_counts() -> None:
    made = world("UTC", "UTC", "UTC", cap=CAP)
    for user_id in ("h0", "h1"):
        made.know(replace(made.profiles.stored[user_id].value, linked={f"was-{user_id}": SEEN, anonymous_key("browser"): SEEN}))
    made.contacts.kept |= {"was-h0": contacts("was-h0", 30), "h0": contacts("h0", 90), "was-h1": contacts("was-h1", 30)}
    assert made.deliver().done
    assert made.fates == {"h0": ("skipped", "capped"), "h1": ("sent", None), "h2": ("sent", None)}
    assert len(made.contacts.kept["h1"].latest) == 1, "what is kept of the former id stays there"


def test_each_push_counts_for_the_caps_of_all_whether_or_not_it_has_one() -> None:
    made = world("UTC")
    made.deliver()
    assert [contact.mark for contact in made.contacts.kept["h0"].latest] == [message_mark("spring-1", "h0")]


def test_nobody_pays_for_notes_while_no_run_has_a_limit() -> None:
    made = world("UTC")
    made.runs.put(replace(made.runs.get("spring-1").value, notes=False), expected=2)
    made.deliver()
    assert made.contacts.kept == {}


def test_two_devices_are_one_message() -> None:
    made = world("UTC", cap={"count": 1, "within": "24h"})
    made.register("h0", e0="t9")
    made.load([recipient("h0", "d0", "t0"), recipient("h0", "e0", "t9")])
    assert made.deliver().sent == 2
    assert len(made.contacts.kept["h0"].latest) == 1


@pytest.mark.parametrize("reason", ["unregistered", "invalid_message"])
def test_what_surely_was_not_sent_takes_no_room(reason: str) -> None:
    made = world("UTC")
    made.deliver(ScriptedSender(lambda push, _: PushResult(push.key, "failed", reason)))
    assert made.contacts.kept["h0"].latest == ()


def test_what_may_have_been_sent_takes_room() -> None:
    made = world("UTC")
    made.deliver(ScriptedSender(lambda push, _: PushResult(push.key, "unknown", "no_answer")))
    assert len(made.contacts.kept["h0"].latest) == 1


def test_whoever_got_it_on_one_device_was_reached_though_another_failed() -> None:
    made = world("UTC")
    made.register("h0", e0="t9")
    made.load([recipient("h0", "d0", "t0"), recipient("h0", "e0", "t9")])
    made.deliver(ScriptedSender(lambda push, number: sent(push) if number == 1 else PushResult(push.key, "failed", "unregistered")))
    assert len(made.contacts.kept["h0"].latest) == 1


def test_what_fcm_puts_off_takes_no_room_while_it_waits_and_counts_from_when_it_goes() -> None:
    made = world("UTC", cap={"count": 1, "within": "24h"})
    made.deliver(ScriptedSender(lambda push, _: PushResult(push.key, "later", "unavailable", delay=3_600)))
    assert made.contacts.kept["h0"].latest == ()
    made.clock.advance(timedelta(hours=2))
    assert made.deliver().done
    assert [contact.at for contact in made.contacts.kept["h0"].latest] == [(NOON + timedelta(hours=2)).timestamp()]


def test_a_run_that_goes_on_with_another_counts_the_same_message_once() -> None:
    made = world("UTC", cap={"count": 1, "within": "24h"}, when_unsure="resend")
    made.contacts.kept["h0"] = Contacts("h0", (Contact(int(NOON.timestamp()) - 3_600, message_mark("spring-0", "h0")),))
    stored = made.runs.get("spring-1")
    made.runs.put(replace(stored.value, continues=("spring-0",)), expected=stored.version)
    assert made.deliver().sent == 1
    assert len(made.contacts.kept["h0"].latest) == 1


def test_nobody_is_sent_to_while_nobody_can_say_what_they_had() -> None:
    made = world("UTC", cap=CAP)

    def away(user_ids: object) -> Any:
        raise StoreUnavailableError("the table of contacts")

    made.contacts.get_many = away  # type: ignore[method-assign]
    with pytest.raises(StoreUnavailableError):
        made.deliver()
    assert made.sender.sent == []
    assert made.fates == {}


def test_others_that_write_of_the_same_person_meanwhile_are_counted() -> None:
    made = world("UTC", cap={"count": 1, "within": "24h"})
    put_many = made.contacts.put_many

    def late(changes: Any) -> Any:
        made.contacts.put_many = put_many  # type: ignore[method-assign]
        made.contacts.kept["h0"] = contacts("h0", 1)
        return put_many(changes)

    made.contacts.put_many = late  # type: ignore[method-assign]
    assert made.deliver().done
    assert made.fates == {"h0": ("skipped", "capped")}


def test_a_shard_that_is_mostly_held_ends_with_an_exact_balance() -> None:
    zones = ["Pacific/Chatham", "Europe/Berlin", "Asia/Kolkata", "America/New_York"] * 40
    made = world(*zones, quiet_hours={"from": "12:00", "to": "13:00"}, cap=CAP)
    made.contacts.kept |= {f"h{number}": contacts(f"h{number}", 1, 2) for number in range(0, len(zones), 5)}
    while not (answer := made.deliver()).done:
        made.clock.advance(timedelta(seconds=answer.wait_seconds))
    fates = made.fates
    assert len(fates) == len(zones)
    assert sum(fate == ("skipped", "capped") for fate in fates.values()) == len(zones) / 5
    assert sum(fate == ("sent", None) for fate in fates.values()) == len(zones) * 4 / 5


def test_a_run_waits_while_one_of_a_higher_priority_is_under_way() -> None:
    made = world("UTC", cap=CAP)
    offer = campaign_run("offer-1", {**CAMPAIGN, "id": "offer", "delivery": {"priority": 9}}, launched_at=NOON, state="running")
    made.runs.create(offer)
    told = made.deliver()
    assert (told.done, told.wait_seconds, told.waits_for) == (False, 10, "run offer-1 of a higher priority goes first")
    assert made.sender.sent == []
    made.runs.put(replace(offer, state="succeeded"), expected=1)
    assert made.deliver().sent == 1


def test_what_was_sent_takes_room_though_it_could_not_be_written_down() -> None:
    made = world(*["UTC"] * 3)
    made.lake.fails = lambda key: key.startswith("raw/deliveries/")
    with pytest.raises(StoreUnavailableError):
        made.deliver()
    assert all(len(made.contacts.kept[f"h{number}"].latest) == 1 for number in range(3))


def test_many_that_failed_are_taken_back_while_others_are_sent_to() -> None:
    made = world(*["UTC"] * 250)
    kept = list[int]()
    put_many = made.contacts.put_many
    made.contacts.put_many = lambda changes: (kept.append(sum(not after.latest for _, after in changes)), put_many(changes))[1]  # type: ignore[method-assign]
    made.deliver(ScriptedSender(lambda push, _: PushResult(push.key, "failed", "unregistered")))
    assert [count for count in kept if count] == [100, 100, 50]
    assert not any(contacts.latest for contacts in made.contacts.kept.values())


def test_whose_hour_passed_while_the_run_was_paused_gets_it_at_no_other() -> None:
    made = world("Europe/Berlin", "America/New_York")
    stored = made.runs.get("spring-1")
    at_six = replace(stored.value, local_time=NOON.replace(tzinfo=None, hour=18), launched_at=NOON)
    made.runs.put(replace(at_six, resumed_at=NOON + timedelta(hours=14)), expected=stored.version)
    made.clock.moment = NOON + timedelta(hours=14)  # type: ignore[attr-defined]
    made.deliver()
    assert made.fates["h0"] == ("skipped", "local_time_passed")
