"""Who wants a message, and which device is still there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.collection.consents import CHANNEL, TRANSACTIONAL, consent_traits, global_traits
from regulars.domain.collection.moments import iso
from regulars.domain.delivery.gates import ConsentGate, DeviceGate
from regulars.domain.people.device import Device, Registration, Use
from regulars.domain.segments import parse_rule
from regulars.domain.segments.evaluate import evaluate
from tests.domain.segments.people import histories

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NEVER_SEEN = Device("d", Use("", ""), Registration("", ""))


def against(traits: dict[str, Any], purpose: str = "", *, needs_yes: bool = False) -> str:
    return ConsentGate(purpose, needs_yes).against(traits)


@pytest.mark.parametrize(
    ("traits", "opt_out", "opt_in", "without", "transactional"),
    [
        ({}, "", "no_consent", "", ""),
        ({"marketing_opt_in": True}, "", "", "", ""),
        ({"marketing_opt_in": "true", "news_opt_out": True}, "", "", "", ""),
        ({"marketing_opt_in": False}, "opted_out", "opted_out", "", ""),
        ({"marketing_opted_out": True}, "opted_out", "opted_out", "", ""),
        ({"marketingOptOut": True, "marketing_opt_in": True}, "opted_out", "opted_out", "", ""),
        ({"consent": {"marketing": True}}, "", "", "", ""),
        ({"consent": {"marketing": True}, "push_opted_out": True}, "opted_out", "opted_out", "opted_out", "opted_out"),
        ({"marketing_opt_in": True, "unsubscribed": True}, "opted_out", "opted_out", "opted_out", "opted_out"),
        ({"opted_out": True}, "opted_out", "opted_out", "opted_out", "opted_out"),
        ({"subscribed": False}, "opted_out", "opted_out", "opted_out", "opted_out"),
        ({"subscribed": True, "push_opt_in": True}, "", "no_consent", "", ""),
        ({"email_opted_out": True}, "", "no_consent", "", ""),
    ],
)
def test_a_no_counts_for_its_purpose_and_one_to_all_or_to_pushes_for_everything(
    traits: dict[str, Any], opt_out: str, opt_in: str, without: str, transactional: str
) -> None:
    assert against(traits, "marketing") == opt_out
    assert against(traits, "marketing", needs_yes=True) == opt_in
    assert against(traits) == without
    assert against(traits, TRANSACTIONAL) == transactional


_spoken = [path for purpose in ("marketing", CHANNEL) for each in consent_traits(purpose) for path in each if len(path) == 1]
_named = st.sampled_from([path[0] for path in (*_spoken, *global_traits().yes, *global_traits().no)])
_words = st.sampled_from([True, False, "true", "false", "yes", None, 1])
_objects = st.fixed_dictionaries({}, optional={"consent": st.dictionaries(st.sampled_from(["marketing", "push", "news"]), _words) | _words})
_traits = st.builds(lambda flat, nested: {**flat, **nested}, st.dictionaries(_named, _words, max_size=5), _objects)


@given(_traits)
def test_the_gate_and_the_clause_of_a_segment_mean_the_same(traits: dict[str, Any]) -> None:
    """Whoever is sent to agreed by the clause (or, where silence will do, did not refuse by it), and did not refuse pushes."""
    told = [{"user_id": "ann", "event_name": "identify", "type": "identify", "event_ts": NOON, "message_id": "m", "traits": traits}]
    ann = histories(told, [], NOON + timedelta(days=1))["ann"]
    marketing, push = (evaluate(parse_rule({"consent": purpose}), ann, NOON + timedelta(days=1), {}) for purpose in ("marketing", CHANNEL))
    assert (against(traits, "marketing", needs_yes=True) == "") == (marketing is True and push is not False)
    assert (against(traits, "marketing") == "") == (marketing is not False and push is not False)
    assert (against(traits) == "") == (push is not False)


def seen(ago: timedelta, platform: str | None = "ios", **told: Any) -> Device:
    return Device("d", Use(iso(NOON - ago), "", "ada", platform, **told))


@pytest.mark.parametrize(
    ("device", "reason"),
    [
        (seen(timedelta(days=30)), ""),
        (seen(timedelta(days=30, minutes=1)), "stale_device"),
        (seen(timedelta(days=300)), "stale_device"),
        (seen(timedelta(days=270), "android"), "device_expired"),
        (seen(timedelta(days=-90)), ""),
        (NEVER_SEEN, ""),
        (seen(timedelta(0), push_enabled=False), "notifications_off"),
        (seen(timedelta(0), push_enabled=True), ""),
        (Device("d", Use(iso(NOON - timedelta(days=40)), "", "ada"), Registration(iso(NOON), "")), ""),
    ],
)
def test_a_device_is_sent_to_while_it_is_there_and_lets_the_app_show_something(device: Device, reason: str) -> None:
    assert DeviceGate(NOON).against(device) == reason


def test_how_long_a_device_may_be_away_is_a_setting_but_android_expires_all_the_same() -> None:
    patient = DeviceGate(NOON, timedelta(days=3650))
    assert patient.against(seen(timedelta(days=300))) == ""
    assert patient.against(seen(timedelta(days=300), "android")) == "device_expired"
