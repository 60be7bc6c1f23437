"""What a call about consent comes to."""

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.collection.change import Change
from regulars.domain.collection.consent_calls import CONSENT_CALLS, told_traits
from regulars.domain.collection.event import Event
from regulars.domain.people.consents import ConsentTo

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def told(name: str, properties: Any = None, context: Any = None) -> dict[str, Any]:
    return dict(told_traits(name, properties or {}, context or {}))


def test_a_consent_that_is_given_takes_back_every_no_that_a_call_can_say() -> None:
    assert told("Consent Given", {"purpose": "marketing"}) == {
        "marketing_opt_in": True,
        "marketing_opted_in": True,
        "accepts_marketing": True,
        "marketing_opt_out": False,
        "marketing_opted_out": False,
    }
    refused = {"marketing_opted_out": True, **told("Consent Withdrawn", {"purpose": "marketing"})}
    assert ConsentTo("marketing").of(refused) is False
    assert ConsentTo("marketing").of({**refused, **told("Consent Given", {"purpose": "marketing"})}) is True


@pytest.mark.parametrize(
    ("name", "properties", "context", "agreed"),
    [
        ("Consent Given", {"purpose": ["marketing", "news"]}, {}, {"marketing": True, "news": True, "push": None}),
        ("Consent Given", {"purpose": "marketing", "channel": "push"}, {}, {"marketing": True, "push": None}),
        ("Consent Given", {"purpose": "marketing", "channel": "email"}, {}, {"marketing": None, "marketing_email": True}),
        ("Consent Withdrawn", {"channel": "push"}, {}, {"push": False, "marketing": None}),
        ("Consent Withdrawn", {}, {}, {"push": False, "marketing": False}),
        ("Consent Withdrawn", {"purpose": {"id": 7}}, {}, {"push": False, "marketing": False}),
        ("Consent Withdrawn", {"purpose": "marketing", "channel": ["push", "email"]}, {}, {"push": False, "marketing": False}),
        ("Consent Given", {"purpose": {"id": 7}}, {}, {"push": None, "marketing": None}),
        ("Segment Consent Preference Updated", {}, {"consent": {"categoryPreferences": {"ads": False, "news": True}}}, {"ads": False, "news": True}),
        ("Segment Consent Preference Updated", {"purpose": "ads"}, {"consent": "all"}, {"ads": None}),
    ],
)
def test_purposes_and_channels_are_understood_and_a_no_is_never_lost(
    name: str, properties: dict[str, Any], context: dict[str, Any], agreed: dict[str, bool | None]
) -> None:
    traits = told(name, properties, context)
    assert {purpose: ConsentTo(purpose).of(traits) for purpose in agreed} == agreed


def test_a_yes_to_everything_takes_back_a_no_to_everything() -> None:
    refused = told("Consent Withdrawn")
    assert ConsentTo("").of(refused) is False
    assert ConsentTo("").of({**refused, **told("Consent Given")}) is None


def event(name: str, **fields: Any) -> Event:
    said = {"properties": {"purpose": "news", "source": "a call"}, "traits": {}, "context": {}, "device": None, "source": "site", **fields}
    return Event("m1", "track", name, NOON, "2026-11-21 12:00:01.000000", fields.pop("user_id", "ada"), "anon", **said)


def test_with_the_call_goes_the_identify_that_it_comes_to_and_says_where_it_came_from() -> None:
    told = event("Consent Given").told_consent()
    assert told is not None
    assert (told.message_id, told.type, told.name, told.source, told.happened) == ("m1", "identify", "identify", "site", NOON)
    assert told.properties == {"purpose": "news", "source": "a call", "event": "Consent Given"}
    change = told.change()
    assert isinstance(change, Change) and (change.user_id, change.traits["news_opt_in"]) == ("ada", True)


@pytest.mark.parametrize(
    "other", [event("Order Completed"), event("Consent Given", properties={"purpose": 7}), event("Segment Consent Preference Updated")]
)
def test_other_calls_and_those_that_say_nothing_come_to_nothing(other: Event) -> None:
    assert other.told_consent() is None
    assert "identify" not in CONSENT_CALLS
