"""Who is sent to, by what is known of them and of their device at that moment."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from regulars.domain.collection.device import PushTarget
from regulars.domain.delivery.decision import Hold, Ready, Skip, decide
from regulars.domain.delivery.gates import ConsentGate, DeviceGate
from regulars.domain.delivery.policy import LocalTime, Policy
from regulars.domain.delivery.quiet_hours import QuietHours
from regulars.domain.delivery.recipients import Address, Recipient
from regulars.domain.people.device import Device
from regulars.domain.people.profile import Profile
from tests.examples import person, phone

ADA = Recipient("ada", "treated", Address("push", "phone", "0123456789abcdef"))
BOB = Recipient("bob", "a", None)
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
LATER = "2026-11-02T00:00:00.000Z"
LONG_AGO = "2026-06-01T00:00:00.000Z"
PHONE = phone("phone", "ada", "t1")
READY = Ready(ADA, PushTarget("token", "t1"), {"name": "Ada"}, registration=PHONE.registration)


@pytest.mark.parametrize(
    ("recipient", "profile", "device", "verdict"),
    [
        (ADA, person("ada", name="Ada"), phone("phone", "ada", "t1"), READY),
        (ADA, person("ada"), phone("phone", "ada", None), Skip(ADA, "device_gone")),
        (ADA, person("ada"), None, Skip(ADA, "device_gone")),
        (ADA, None, phone("phone", "ada", "t1"), Skip(ADA, "device_gone")),
        (ADA, person("ada"), phone("phone", "bob", "t1"), Skip(ADA, "device_changed_hands")),
        (ADA, person("ada"), phone("phone", None, "t1"), Skip(ADA, "device_changed_hands")),
        (ADA, person("ada"), phone("phone", "ada", "t1").merged(phone("phone", "bob", None, at=LATER)), Skip(ADA, "device_changed_hands")),
        (ADA, person("ada"), phone("phone", "bob", "t1").merged(phone("phone", "ada", None, at=LATER)), Skip(ADA, "device_gone")),
        (BOB, person("bob"), None, Skip(BOB, "no_device")),
        (BOB, None, None, Skip(BOB, "no_device")),
    ],
)
def test_a_recipient_is_ready_where_the_device_is_theirs_and_something_leads_to_it(
    recipient: Recipient, profile: Profile | None, device: Device | None, verdict: Ready | Skip
) -> None:
    assert decide(recipient, profile, device, Policy(), NOON) == verdict


def test_whoever_is_ready_is_told_in_the_devices_language() -> None:
    verdict = decide(ADA, person("ada"), phone("phone", "ada", "t1", locale="fr-CA"), Policy(), NOON)
    assert isinstance(verdict, Ready) and verdict.locale == "fr-CA"


NIGHT = QuietHours(time(21), time(8))
ASKING = Policy(devices=DeviceGate(NOON), consent=ConsentGate("marketing", needs_yes=True), quiet_hours=QuietHours(time(11), time(13), "drop"))


@pytest.mark.parametrize(
    ("profile", "device", "reason"),
    [
        (person("ada", unsubscribed=True), phone("phone", "bob", "t1", at=LONG_AGO), "device_changed_hands"),
        (None, PHONE, "device_gone"),
        (person("ada", unsubscribed=True), phone("phone", "ada", "t1", at=LONG_AGO), "stale_device"),
        (person("ada", unsubscribed=True), PHONE, "opted_out"),
        (person("ada"), PHONE, "no_consent"),
        (person("ada", marketing_opt_in=True), PHONE, "quiet_hours"),
    ],
)
def test_the_first_gate_that_is_shut_is_the_reason(profile: Profile | None, device: Device, reason: str) -> None:
    assert decide(ADA, profile, device, ASKING, NOON) == Skip(ADA, reason)


def judged(policy: Policy, now: datetime, *, zone: str | None = None, **traits: str) -> Ready | Skip | Hold:
    device = phone("phone", "ada", "t1")
    return decide(ADA, person("ada", **traits), replace(device, use=replace(device.use, timezone=zone)), policy, now)


def test_whoever_sleeps_is_held_until_their_own_morning_or_dropped() -> None:
    held, dropped = Policy(quiet_hours=NIGHT), Policy(quiet_hours=replace(NIGHT, otherwise="drop"))
    assert judged(held, NOON, zone="Pacific/Chatham") == Hold(ADA, datetime(2026, 11, 3, 18, 15, tzinfo=UTC))
    assert judged(dropped, NOON, zone="Pacific/Chatham") == Skip(ADA, "quiet_hours")
    assert isinstance(judged(held, NOON, zone="Europe/Berlin"), Ready)


def test_where_a_device_says_no_zone_the_trait_does_and_then_the_campaign() -> None:
    policy = Policy(quiet_hours=NIGHT, zone=ZoneInfo("Asia/Kolkata"))
    night_in_india = datetime(2026, 11, 3, 18, tzinfo=UTC)
    in_the_morning = Hold(ADA, datetime(2026, 11, 4, 2, 30, tzinfo=UTC))
    assert judged(policy, night_in_india) == in_the_morning
    assert judged(policy, night_in_india, timezone="nowhere") == in_the_morning
    assert isinstance(judged(policy, night_in_india, timezone="Europe/Berlin"), Ready)
    assert isinstance(judged(policy, night_in_india, time_zone="Europe/Berlin"), Ready)


def test_each_is_due_when_their_own_clock_shows_the_hour() -> None:
    policy = Policy(local_time=LocalTime(datetime(2026, 11, 5, 18), NOON))
    assert judged(policy, NOON, zone="Asia/Kolkata") == Hold(ADA, datetime(2026, 11, 5, 12, 30, tzinfo=UTC))
    assert judged(policy, NOON, zone="America/New_York") == Hold(ADA, datetime(2026, 11, 5, 23, tzinfo=UTC))
    assert isinstance(judged(policy, datetime(2026, 11, 5, 23, tzinfo=UTC), zone="America/New_York"), Ready)


def test_an_hour_that_had_passed_at_the_launch_is_made_up_for_within_an_hour_and_not_later() -> None:
    policy = Policy(local_time=LocalTime(datetime(2026, 11, 3, 12), NOON))
    assert isinstance(judged(policy, NOON, zone="Europe/Berlin"), Ready)
    assert judged(policy, NOON, zone="Europe/Helsinki") == Skip(ADA, "local_time_passed")
    assert isinstance(judged(policy, NOON + timedelta(hours=9), zone="Europe/London"), Ready), "what FCM put off is not late by that"


def test_whoever_is_due_at_night_waits_for_the_morning_after() -> None:
    policy = Policy(local_time=LocalTime(datetime(2026, 11, 3, 22), NOON), quiet_hours=NIGHT)
    evening = datetime(2026, 11, 3, 21, tzinfo=UTC)
    assert judged(policy, NOON, zone="Europe/Berlin") == Hold(ADA, evening)
    assert judged(policy, evening, zone="Europe/Berlin") == Hold(ADA, datetime(2026, 11, 4, 7, tzinfo=UTC))
