"""A consent that somebody writes down goes the way of every event."""

from typing import Any

import pytest

from regulars.domain.collection.events import enveloped, normalised
from regulars.domain.collection.message import QueueMessage, unpacked
from regulars.domain.errors import InvalidRequestError
from regulars.usecases.record_consent import RecordedConsent, record_consent
from tests.examples import person
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryProfiles


def record(queue: MemoryQueue, profiles: MemoryProfiles, user: str = "ada", **said: Any) -> RecordedConsent:
    wanted = {"purpose": "marketing", "channel": "", "agreed": True, "source": "by telephone", **said}
    return record_consent(user, **wanted, by="mara", request="r1", queue=queue, profiles=profiles, clock=MovableClock())


def test_it_is_an_event_that_says_who_wrote_it_down_and_where_they_said_so() -> None:
    queue = MemoryQueue()
    assert record(queue, MemoryProfiles([person("ada")])) == RecordedConsent("ada", "marketing", True, "Consent Given", "consent-r1", [])
    (body,) = queue.bodies
    envelope, events = enveloped(unpacked(QueueMessage("q", body, "receipt")))
    (event,) = (normalised(each, envelope, place) for place, each in enumerate(events))
    assert (event.name, event.user_id, event.source, event.happened) == ("Consent Given", "ada", "regulars", MOMENT)
    assert event.properties == {"purpose": "marketing", "source": "by telephone", "by": "mara"}


def test_what_still_says_no_is_named() -> None:
    ada = person("ada", consent={"marketing": False}, marketing_opted_out=True, unsubscribed=True, news_opt_out=True)
    assert record(MemoryQueue(), MemoryProfiles([ada])).against == ["consent.marketing", "unsubscribed"]
    assert record(MemoryQueue(), MemoryProfiles([ada]), agreed=False).against == []
    assert record(MemoryQueue(), MemoryProfiles(), user="new").against == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"user": " "}, "user_id"),
        ({"user": "u" * 256}, "user_id"),
        ({"purpose": "a b"}, "purpose"),
        ({"channel": "?"}, "channel"),
        ({"source": " "}, "source"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(said: dict[str, Any], field: str) -> None:
    queue = MemoryQueue()
    with pytest.raises(InvalidRequestError) as error:
        record(queue, MemoryProfiles(), **said)
    assert (error.value.field, queue.bodies) == (field, [])
