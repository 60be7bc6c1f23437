import json
from dataclasses import replace
from typing import Any

import pytest

from regulars.domain.collection.events import Envelope, normalised
from regulars.domain.quarantine.entry import Entry
from regulars.domain.quarantine.repair import Repair
from regulars.domain.quarantine.repair_document import read_repair
from regulars.domain.quarantine.trial import Good, StillRefused, tried


def accept(event: Any, envelope: Envelope) -> object:
    return normalised(event, envelope, 0)


TRACK = {"type": "track", "event": "Bought", "userId": "u1", "messageId": "m1"}


def entry(event: Any, **more: Any) -> Entry:
    return Entry("made", "2026-11-21T10:00:00.000Z", "shop", "missing_id", "why", text=None if event is None else json.dumps(event), **more)


def test_an_event_keeps_its_message_id_or_the_one_that_was_made_for_it() -> None:
    given = [tried(entry({**TRACK, "messageId": identity}), Repair(), accept) for identity in ("m1", 7, {}, None, " ")]
    assert [json.loads(good.text)["messageId"] for good in given if isinstance(good, Good)] == ["m1", 7, {}, "made", "made"]


@pytest.mark.parametrize(
    ("event", "reason", "said"),
    [
        ("text", "not_an_object", "no repair changes"),
        ({**TRACK, "userId": None}, "missing_id", "one of userId"),
        ({**TRACK, "timestamp": "2026-11-23T00:00:00Z"}, "impossible_timestamp", "in the future"),
        (None, "not_repairable", "could not be read"),
    ],
)
def test_what_is_still_wrong_stays_with_its_reason(event: Any, reason: str, said: str) -> None:
    outcome = tried(entry(event), Repair(), accept)
    assert isinstance(outcome, StillRefused)
    assert (outcome.reason, said in outcome.message) == (reason, True)


def test_an_event_whose_text_stayed_in_the_lake_is_not_sent() -> None:
    outcome = tried(entry(None, characters=900_000), Repair(), accept)
    assert isinstance(outcome, StillRefused) and "too large" in outcome.message


def test_a_step_that_cannot_be_made_is_a_reason() -> None:
    outcome = tried(
        entry({**TRACK, "properties": {"price": "a lot"}}), read_repair({"steps": [{"cast": "properties.price", "to": "number"}]}), accept
    )
    assert isinstance(outcome, StillRefused)
    assert (outcome.reason, outcome.message) == ("not_repairable", "properties.price is a lot, which is no number")


@pytest.mark.parametrize("literal", ["NaN", "-Infinity", "1e999", "12345678901234567890123"])
def test_a_number_that_cannot_be_kept_waits_until_it_is_repaired(literal: str) -> None:
    text = json.dumps({**TRACK, "properties": {"revenue": "?"}}).replace('"?"', literal)
    refused = replace(entry(None), text=text)
    outcome = tried(refused, Repair(), accept)
    assert isinstance(outcome, StillRefused) and outcome.reason == "number_out_of_range"
    step = {"cast": "properties.revenue", "to": "text"}
    repaired = tried(refused, read_repair({"steps": [step]}), accept)
    assert isinstance(repaired, Good) and json.loads(repaired.text)["properties"] == {"revenue": literal}
