"""The measure handler over its real payload."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.measure.handler import lambda_handler
from regulars import wiring
from regulars.domain.errors import InfrastructureError
from tests.fakes.clock import MOMENT
from tests.functions.test_refresh import Context
from tests.usecases.test_measure import Night

EVENTS = Path(__file__).parents[2] / "events/measure"


def counted(night: Night) -> dict[str, Any]:
    wiring.install(runs=night.runs, queries=night.queries, table_catalog=night.catalog, lake=night.lake, clock=night.clock)
    try:
        return lambda_handler(json.loads((EVENTS / "night.json").read_text()), Context())  # type: ignore[arg-type]
    finally:
        wiring.install()


@pytest.fixture
def night() -> Night:
    night = Night()
    night.run("one", MOMENT - timedelta(days=1))
    return night


def test_it_answers_with_what_it_counted(night: Night) -> None:
    assert counted(night) == {"measured": ["one"], "waiting": [], "left": [], "failed": {}}


def test_a_run_that_could_not_be_counted_fails_the_call_when_all_others_were(night: Night) -> None:
    night.run("two", MOMENT - timedelta(days=1))
    night.queries.state = "failed"
    with pytest.raises(InfrastructureError, match=r"not measured: .*'one'"):
        counted(night)
