"""An endpoint of Amazon Pinpoint as events."""

from typing import Any

import pytest

from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.imports.pinpoint import endpoint_events

PHONE: dict[str, Any] = {
    "Id": "ep-1",
    "ApplicationId": "app",
    "ChannelType": "GCM",
    "Address": "token-1",
    "OptOut": "NONE",
    "EndpointStatus": "ACTIVE",
    "EffectiveDate": "2026-03-01T10:00:00.000Z",
    "CreationDate": "2025-01-01T10:00:00.000Z",
    "CohortId": "42",
    "Attributes": {"interests": ["wine", "cheese"], "plan": ["pro"], "empty": []},
    "Metrics": {"visits": 3.0},
    "Location": {"City": "Bonn", "Country": "DE", "PostalCode": ""},
    "Demographic": {"Timezone": "Europe/Berlin", "Locale": "de_DE", "AppVersion": "1.2", "Platform": "Android", "Make": "Pixel"},
    "User": {"UserId": "u1", "UserAttributes": {"plan": ["vip"], "FirstName": ["Anna"]}},
}


def event(**other: Any) -> dict[str, Any]:
    (found,) = endpoint_events({**PHONE, **other})
    return found


def test_an_endpoint_is_an_identify_with_all_that_it_knows() -> None:
    assert event() == {
        "type": "identify",
        "userId": "u1",
        "timestamp": "2026-03-01T10:00:00.000Z",
        "traits": {
            "interests": ["wine", "cheese"],
            "plan": "vip",
            "empty": None,
            "visits": 3.0,
            "FirstName": "Anna",
            "address": {"city": "Bonn", "country": "DE"},
            "push_opted_out": False,
        },
        "context": {
            "pinpoint": {"endpoint_id": "ep-1", "channel": "GCM", "cohort": "42", "application_id": "app"},
            "timezone": "Europe/Berlin",
            "locale": "de_DE",
            "app": {"version": "1.2"},
            "os": {"name": "Android"},
            "device": {"id": "ep-1", "type": "android", "token": "token-1", "manufacturer": "Pixel"},
        },
    }


def test_an_empty_list_takes_a_trait_away_and_null_says_nothing() -> None:
    assert event(Attributes={"subscriptions": [], "x": None}, Metrics=None, User={})["traits"] == {
        "subscriptions": None,
        "address": {"city": "Bonn", "country": "DE"},
        "push_opted_out": False,
    }


def test_an_endpoint_of_nobody_is_anonymous_by_its_own_id() -> None:
    found = event(User={})
    assert (found["anonymousId"], "userId" in found) == ("ep-1", False)


@pytest.mark.parametrize(
    ("channel", "address", "trait", "opted"),
    [("EMAIL", "a@b.c", "email", "email_opted_out"), ("SMS", "+49228", "phone", "sms_opted_out"), ("VOICE", "+49228", "phone", "voice_opted_out")],
)
def test_an_address_that_is_no_token_is_a_trait(channel: str, address: str, trait: str, opted: str) -> None:
    found = event(ChannelType=channel, Address=address, OptOut="ALL")
    assert (found["traits"][trait], found["traits"][opted]) == (address, True)
    assert "token" not in found["context"]["device"] and "id" not in found["context"]["device"]


def test_an_inactive_endpoint_has_a_device_without_a_token() -> None:
    assert event(EndpointStatus="INACTIVE")["context"]["device"] == {"id": "ep-1", "type": "android", "manufacturer": "Pixel"}


def test_a_token_that_firebase_does_not_know_is_no_token() -> None:
    assert "token" not in event(ChannelType="ADM")["context"]["device"]


@pytest.mark.parametrize("endpoint", [[], {}, {"Id": 7}, "x"])
def test_what_is_no_endpoint_is_refused(endpoint: Any) -> None:
    with pytest.raises(EventRejectedError, match="no endpoint") as caught:
        endpoint_events(endpoint)
    assert caught.value.reason == "unmappable_row"
