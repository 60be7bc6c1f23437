"""Fakes behind every port that the admin API asks for."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from functions.admin import handler
from regulars import wiring
from regulars.config import Config
from regulars.domain.collection.source import Source
from regulars.domain.people.profile import Profile
from regulars.domain.people.traits import KnownTrait
from tests.fakes.clock import MovableClock
from tests.fakes.fcm_admin import MemoryMessageChecks, MemoryTopicChanges
from tests.fakes.journeys import MemoryJourneyQueue, MemoryJourneyRegistry, MemoryJourneys
from tests.fakes.lake_analyst import MemoryLakeAnalyst
from tests.fakes.operations import MemoryAlarms, MemoryDeadLetters, MemoryLogs, MemoryQueryHistory, MemoryQueueAges
from tests.fakes.services import (
    MemoryCurateTrigger,
    MemoryLookBackRunner,
    MemoryPreflightTrigger,
    MemoryQueue,
    MemoryRunner,
    MemoryScheduler,
    MemoryWakeTrigger,
    ScriptedQueries,
)
from tests.fakes.stores import (
    MemoryCurateState,
    MemoryDefinitions,
    MemoryDevices,
    MemoryEvaluations,
    MemoryImports,
    MemoryObjects,
    MemoryProfiles,
    MemoryProgress,
    MemoryRefreshes,
    MemoryRuns,
    MemorySources,
)
from tests.fakes.tables import MemoryTables, lake_tables
from tests.functions.admin.api import SPRING, TWICE

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class World(SimpleNamespace):
    clock: MovableClock
    definitions: MemoryDefinitions
    evaluations: MemoryEvaluations
    runs: MemoryRuns
    progress: MemoryProgress
    table_catalog: MemoryTables
    queries: ScriptedQueries
    campaign_runner: MemoryRunner
    campaign_scheduler: MemoryScheduler
    event_queue: MemoryQueue
    curate_state: MemoryCurateState
    curate_trigger: MemoryCurateTrigger
    preflight_trigger: MemoryPreflightTrigger
    lake_analyst: MemoryLakeAnalyst
    message_checks: MemoryMessageChecks
    topic_changes: MemoryTopicChanges
    profiles: MemoryProfiles
    devices: MemoryDevices
    lake: MemoryObjects
    sources: MemorySources
    logs: MemoryLogs
    alarms: MemoryAlarms
    dead_letters: dict[str, MemoryDeadLetters]
    query_history: MemoryQueryHistory
    queue_ages: MemoryQueueAges
    imports: MemoryImports
    import_queue: MemoryQueue
    bucket: MemoryObjects


@pytest.fixture
def world() -> Iterator[World]:
    """Empty, but for a person whose id no path can hold."""
    world = World(
        clock=MovableClock(NOON),
        definitions=MemoryDefinitions(),
        evaluations=MemoryEvaluations(),
        runs=MemoryRuns(),
        progress=MemoryProgress(),
        table_catalog=lake_tables(),
        queries=ScriptedQueries(),
        campaign_runner=MemoryRunner(),
        campaign_scheduler=MemoryScheduler(),
        event_queue=MemoryQueue(),
        curate_state=MemoryCurateState(),
        curate_trigger=MemoryCurateTrigger(),
        preflight_trigger=MemoryPreflightTrigger(),
        lake_analyst=MemoryLakeAnalyst(),
        message_checks=MemoryMessageChecks(),
        topic_changes=MemoryTopicChanges(),
        profiles=MemoryProfiles([Profile("a/b", {"plan": KnownTrait("pro", "2026-01-01T00:00:00.000Z")})]),
        devices=MemoryDevices(),
        lake=MemoryObjects(),
        sources=MemorySources(),
        logs=MemoryLogs({"collect": [(NOON, "one")], "load": [(NOON + timedelta(seconds=1), "two")]}),
        alarms=MemoryAlarms(),
        dead_letters={"events": MemoryDeadLetters()},
        query_history=MemoryQueryHistory(),
        queue_ages=MemoryQueueAges(),
        imports=MemoryImports(),
        import_queue=MemoryQueue(),
        journey_letters=MemoryQueue(),
        journey_registry=MemoryJourneyRegistry(),
        journeys=MemoryJourneys(),
        wake_trigger=MemoryWakeTrigger(),
        refreshes=MemoryRefreshes(),
        journey_queue=MemoryJourneyQueue(),
        look_back_runner=MemoryLookBackRunner(),
        bucket=MemoryObjects({"export/1.gz": b"one"}),
    )
    sign_in = {"SIGN_IN_URL": "https://sign-in.example", "OPERATOR_CLIENT": "operator", "BROWSER_CLIENT": "browser"}
    wiring.install(
        **vars(world), current_plans=tuple, config=Config({"QUEUE_SETTLE_SECONDS": "0", "LAKE_BUCKET": "lake", "IMPORT_BUCKET": "theirs", **sign_in})
    )
    yield world
    wiring.install()


@pytest.fixture
def defined(world: World) -> World:
    """With the source `site`, the segment `twice`, and the campaign `spring` to it."""
    world.sources.put(Source.created("site", "0" * 64, at=NOON), expected=0)
    world.definitions.put("segment", "twice", TWICE, at=NOON, by="test")
    world.definitions.put("campaign", "spring", SPRING, at=NOON, by="test")
    return world


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The lines of the function's log, as they are written."""
    lines: list[dict[str, Any]] = []

    def write(text: str) -> None:
        lines.extend(json.loads(line) for line in text.splitlines())

    monkeypatch.setattr(handler.log.registered_handler, "stream", SimpleNamespace(write=write, flush=lambda: None))
    return lines
