import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.load.handler import lambda_handler
from regulars import wiring
from regulars.domain.collection.body import Body
from regulars.domain.collection.message import packed
from regulars.usecases.live_journeys import LiveJourneys
from tests.fakes.clock import MovableClock
from tests.fakes.journeys import MemoryJourneyQueue, MemoryJourneyRegistry
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryDevices, MemoryEventNames, MemoryObjects, MemoryProfiles

RECEIVED = datetime(2026, 11, 21, 10, tzinfo=UTC)
EVENTS = Path(__file__).parents[2] / "events" / "load"


@pytest.fixture
def objects() -> Iterator[MemoryObjects]:
    objects = MemoryObjects()
    install(objects)
    yield objects
    wiring.install()


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def handled(event: dict[str, Any]) -> dict[str, Any]:
    return lambda_handler(event, Context())  # type: ignore[arg-type]


def install(objects: MemoryObjects) -> None:
    clock = MovableClock(datetime(2026, 11, 21, 10, 0, 2, tzinfo=UTC))
    wiring.install(
        place_matcher=None,
        lake=objects,
        profiles=MemoryProfiles(),
        devices=MemoryDevices(),
        event_names=MemoryEventNames(),
        current_plans=tuple,
        event_queue=MemoryQueue(),
        live_journeys=LiveJourneys(MemoryJourneyRegistry(), objects, clock),
        journey_queue=MemoryJourneyQueue(),
        clock=clock,
    )


def payload(case: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{case}.json").read_text(encoding="utf-8"))
    return event


def lines(objects: MemoryObjects, prefix: str) -> list[bytes]:
    return [line for key in objects.keys(prefix) for line in gzip.decompress(objects.get(key)).splitlines()]


@pytest.mark.parametrize(
    ("case", "rows", "reasons"),
    [
        ("two_messages", 3, []),
        ("one_bad_event_among_good", 2, ["missing_id"]),
        ("unreadable_message", 1, ["unreadable_message"]),
        ("half_surrogate", 1, ["invalid_text"]),
    ],
)
def test_messages_become_rows_and_bad_events_are_kept_apart(objects: MemoryObjects, case: str, rows: int, reasons: list[str]) -> None:
    assert handled(payload(case)) == {"batchItemFailures": []}
    assert len(lines(objects, "raw/")) == rows
    assert [json.loads(line)["reason"] for line in lines(objects, "quarantine/")] == reasons
    assert not any(b"demo-key" in line for line in lines(objects, ""))


def test_when_the_lake_is_down_all_messages_come_again(objects: MemoryObjects) -> None:
    objects.fails = lambda key: True
    event = payload("two_messages")
    failures = handled(event)["batchItemFailures"]
    assert [failure["itemIdentifier"] for failure in failures] == [record["messageId"] for record in event["Records"]]


def test_loaded_and_quarantined_events_are_counted_and_no_trait_is_logged(objects: MemoryObjects, capsys: pytest.CaptureFixture[str]) -> None:
    handled(payload("one_bad_event_among_good"))
    printed = capsys.readouterr().out
    metrics = json.loads(printed.splitlines()[-1])
    assert (metrics["EventsLoaded"], metrics["EventsQuarantined"]) == (2, 1)
    assert "Zoë" not in printed and "fcm-token" not in printed


def test_corrected_and_unclear_values_are_counted_apart(objects: MemoryObjects, capsys: pytest.CaptureFixture[str]) -> None:
    event = payload("two_messages")
    dirty = {"type": "track", "event": "x", "userId": "u1", "properties": {"revenue": "12 €", "total": "1,234", "email": "A@b.de"}}
    (event["Records"][0]["body"],) = packed(Body(json.dumps(dirty).encode(), None), received=RECEIVED, source="shop", verb="track")
    handled(event)
    counted = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (counted["ValuesCorrected"], counted["ValuesUnclear"]) == (2, 1)
