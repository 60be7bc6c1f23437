"""The function that reads parts of imports, as SQS calls it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.ingest.handler import lambda_handler
from regulars import wiring
from regulars.domain.cleaning.cleaned import DEFAULTS
from regulars.domain.imports.job import Import, Part
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryDevices, MemoryEventNames, MemoryImports, MemoryObjects, MemoryProfiles

PAYLOAD = Path(__file__).parents[2] / "events" / "ingest" / "part.json"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
IDENTITY = "0a72490c5ef0a2da"


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 300_000


def handled() -> dict[str, Any]:
    return lambda_handler(json.loads(PAYLOAD.read_text()), Context())  # type: ignore[arg-type]


@pytest.fixture
def imports() -> Iterator[MemoryImports]:
    lake = MemoryObjects({"x": b'{"type":"track","event":"Bought","userId":"u1"}\n{"type":"track","userId":"u1"}\nno'})
    imports = MemoryImports()
    wiring.install(
        imports=imports,
        import_queue=MemoryQueue(),
        bucket=lake,
        lake=lake,
        profiles=MemoryProfiles(),
        devices=MemoryDevices(),
        event_names=MemoryEventNames(),
        current_plans=tuple,
        standards=DEFAULTS,
        clock=MovableClock(NOON),
    )
    imports.create(Import(IDENTITY, "x.ndjson", "segment-ndjson", NOON, "me"))
    imports.add_part(Part(IDENTITY, 1, "lake", "x", "x.ndjson", IDENTITY))
    yield imports
    wiring.install()


def test_a_message_is_a_part_that_is_read_to_its_end(imports: MemoryImports) -> None:
    assert handled() == {"batchItemFailures": []}
    tally = imports.part(IDENTITY, 1).value.tally
    assert (tally.records, tally.events, {reason: those.line for reason, those in tally.refused.items()}) == (
        3,
        1,
        {"missing_event_name": 2, "unreadable_line": 3},
    )


def test_a_part_whose_objects_cannot_be_written_comes_again(imports: MemoryImports) -> None:
    lake = wiring.lake()
    assert isinstance(lake, MemoryObjects)
    lake.fails = lambda key: True
    assert handled() == {"batchItemFailures": [{"itemIdentifier": "19dd0b57-b21e-4ac1-bd88-01bbb068cb01"}]}
    lake.fails = lambda key: False
    assert handled() == {"batchItemFailures": []}
