"""Launching a journey, and pausing, resuming and stopping it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.errors import ConflictError
from regulars.domain.journeys.registry import Listed, Registry, Standing
from regulars.ports import Clock, DefinitionStore, JourneyRegistry, ObjectStore, WakeTrigger
from regulars.usecases.archive_definition import Archived, archive_definition
from regulars.usecases.publish_journeys import publish_journeys
from regulars.usecases.put_journey import judge_journey


@dataclass(frozen=True)
class JourneyChanged:
    """How a journey stands now; `version` is the one that takes people in. `unchanged`: it stood so already."""

    id: str
    standing: Standing
    version: int
    changed_at: datetime
    changed_by: str
    unchanged: bool


def launch_journey(
    journey_id: str,
    *,
    by: str,
    version: int | None = None,
    registry: JourneyRegistry,
    definitions: DefinitionStore,
    lake: ObjectStore,
    wake: WakeTrigger,
    clock: Clock,
) -> JourneyChanged:
    """The newest version takes people in, within seconds, or a minute where no journey ran before it; those who are inside go on by theirs, or as
    its `migrate` says. Launched again it is the same.

    `version` is the one that somebody has looked at: ConflictError where another is the newest by now. Raises NotFoundError, and InvalidJourneyError
    where it can no longer be honoured; RunnerUnavailableError where it is launched and nothing may run: launch it again.
    """
    newest = definitions.get("journey", journey_id)
    if newest.archived:
        raise ConflictError(f"the journey {journey_id} is archived: put it again to bring it back")
    if version is not None and version != newest.version:
        raise ConflictError(f"the newest version of the journey {journey_id} is {newest.version} by now, not {version}: look at that one first")
    judge_journey(newest.document, definitions=definitions, lake=lake).required()
    now = clock.now()

    def launched(known: Registry) -> Registry:
        return known.launched(journey_id, newest.version, at=now, by=by)

    changed = _published(journey_id, launched, registry, definitions, lake)
    wake.start()
    return changed


def pause_journey(
    journey_id: str, *, by: str, registry: JourneyRegistry, definitions: DefinitionStore, lake: ObjectStore, clock: Clock
) -> JourneyChanged:
    """People go on, and messages wait. Raises NotFoundError, ConflictError."""
    now = clock.now()
    return _published(journey_id, lambda known: known.paused(journey_id, at=now, by=by), registry, definitions, lake)


def resume_journey(
    journey_id: str, *, by: str, registry: JourneyRegistry, definitions: DefinitionStore, lake: ObjectStore, clock: Clock
) -> JourneyChanged:
    """What waited is sent, within a minute or two. Raises NotFoundError, ConflictError."""
    now = clock.now()
    return _published(journey_id, lambda known: known.resumed(journey_id, at=now, by=by), registry, definitions, lake)


def stop_journey(
    journey_id: str, *, by: str, registry: JourneyRegistry, definitions: DefinitionStore, lake: ObjectStore, clock: Clock
) -> JourneyChanged:
    """Nobody comes in, everybody leaves, and nothing more is sent. Raises NotFoundError."""
    now = clock.now()
    return _published(journey_id, lambda known: known.stopped(journey_id, at=now, by=by), registry, definitions, lake)


def archive_journey(journey_id: str, *, registry: JourneyRegistry, definitions: DefinitionStore) -> Archived:
    """Raises NotFoundError, and ConflictError for one that runs, or that another one starts."""
    listed = registry.get().value.journeys.get(journey_id)
    if listed is not None and listed.standing != "stopped":
        raise ConflictError(f"the journey {journey_id} is {listed.standing}: stop it first")
    return archive_definition("journey", journey_id, definitions=definitions)


def _published(
    journey_id: str, change: Callable[[Registry], Registry], registry: JourneyRegistry, definitions: DefinitionStore, lake: ObjectStore
) -> JourneyChanged:
    before = registry.get().value.journeys.get(journey_id)
    listed: Listed = publish_journeys(change, registry=registry, definitions=definitions, lake=lake).listed(journey_id)
    return JourneyChanged(journey_id, listed.standing, listed.versions[-1], listed.changed_at, listed.changed_by, unchanged=listed == before)
