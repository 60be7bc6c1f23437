"""What a journey changed and where somebody is in it, by the admin API."""

from collections.abc import Iterator
from typing import Any

import pytest

from regulars import wiring
from regulars.domain.journeys.registry import Registry
from regulars.usecases.live_journeys import LiveJourneys
from regulars.usecases.publish_journeys import publish_journeys
from tests.fakes.clock import MOMENT
from tests.fakes.journeys import MemoryJourneyRegistry
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryDefinitions
from tests.functions.admin.api import request
from tests.usecases.test_report_journey import JOURNEY, World

DOCUMENT = {name: value for name, value in JOURNEY.items() if name != "version"}


@pytest.fixture
def queries() -> Iterator[ScriptedQueries]:
    """A journey that was launched in its first version, of which a second is saved."""
    world, definitions, registry = World(), MemoryDefinitions(), MemoryJourneyRegistry()
    definitions.put("journey", "welcome", DOCUMENT, at=MOMENT, by="me")

    def launched(known: Registry) -> Registry:
        return known.launched("welcome", 1, at=MOMENT, by="me")

    publish_journeys(launched, registry=registry, definitions=definitions, lake=world.lake)
    definitions.put("journey", "welcome", {**DOCUMENT, "name": "Later"}, at=MOMENT, by="me")
    world.queries.answers["ORDER BY events.event_ts DESC"] = []
    wiring.install(
        definitions=definitions,
        journey_registry=registry,
        journeys=world.journeys,
        live_journeys=LiveJourneys(registry, world.lake, world.clock),
        lake=world.lake,
        queries=world.queries,
        table_catalog=world.catalog,
        clock=world.clock,
    )
    yield world.queries
    wiring.install()


def test_a_report_is_started_looked_at_and_shown_as_a_page(queries: ScriptedQueries) -> None:
    status, begun = request("POST", "/admin/journeys/welcome/reports", {"since": "2025-09-01T00:00:00Z"})
    assert (status, begun["state"], begun["report"]) == (202, "queued", None)
    status, found = request("GET", f"/admin/journey-reports/{begun['ticket']}")
    report: dict[str, Any] = found["report"]
    assert (status, report["version"], [step["came"] for step in report["steps"]]) == (200, 1, [450, 400, 0])
    assert [arm["people"] for arm in report["effect"]["arms"]] == [50, 450]
    assert "Step by step" in request("GET", f"/admin/journey-reports/{begun['ticket']}/page")[1]["html"]


def test_another_version_than_the_launched_one_may_be_asked_about(queries: ScriptedQueries) -> None:
    _, begun = request("POST", "/admin/journeys/welcome/reports", {"version": 2})
    assert request("GET", f"/admin/journey-reports/{begun['ticket']}")[1]["report"]["version"] == 2
    assert request("POST", "/admin/journeys/other/reports", {})[0] == 404


def test_why_is_started_and_looked_at(queries: ScriptedQueries) -> None:
    status, begun = request("POST", "/admin/journeys/welcome/why", {"user_id": "ann"})
    assert (status, begun["state"]) == (202, "queued")
    status, found = request("GET", f"/admin/journey-whys/{begun['ticket']}")
    assert (status, found["why"]["where"], found["why"]["reason"]) == (200, "never", "no_event")
    assert request("POST", "/admin/journeys/welcome/why", {"user_id": ""})[0] == 400


def test_a_person_is_told_the_journeys_that_they_are_in(queries: ScriptedQueries) -> None:
    assert request("POST", "/admin/journey-runs", {"user_id": "nobody"}) == (200, {"user_id": "nobody", "journeys": []})
    assert request("POST", "/admin/journey-runs", {"user_id": ""})[0] == 400
