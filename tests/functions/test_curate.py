"""The curate handler over its real payloads."""

import json
from pathlib import Path

import pytest

from functions.curate.handler import lambda_handler
from regulars import wiring
from regulars.config import Config
from tests.fakes.stores import MemoryCurateState, MemoryObjects, MemoryProfiles
from tests.usecases.test_curate import LANDED, WAITING, TickingClock, scripted

EVENTS = Path(__file__).parents[2] / "events/curate"


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 900_000


@pytest.mark.parametrize("case", ["schedule", "flush"])
def test_a_trigger_of_either_kind_curates(case: str) -> None:
    wiring.install(
        queries=scripted(WAITING),
        lake=MemoryObjects(LANDED),
        profiles=MemoryProfiles(),
        curate_state=MemoryCurateState(),
        clock=TickingClock(),
        config=Config({"ROWS_PER_STATEMENT": "1000"}),
    )
    try:
        answer = lambda_handler(json.loads((EVENTS / f"{case}.json").read_text()), Context())  # type: ignore[arg-type]
    finally:
        wiring.install()
    assert answer == {"finished": True, "busy": False, "rows": 90, "statements": 5, "bytes_scanned": 56, "catalog_error": ""}
