"""What a launch of a journey would do, before it does: what is wrong or odd, who comes in, and what becomes of the people who are inside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from regulars.domain.definitions import PutWarning
from regulars.domain.errors import InfrastructureError
from regulars.domain.journeys.journey import Counts, Journey, what_is_counted
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.registry import Listed, Registry
from regulars.domain.journeys.steps import Start
from regulars.domain.language import Problem
from regulars.domain.quality.catalog import Catalog
from regulars.domain.refreshes import Listed as Members
from regulars.ports import DefinitionStore, JourneyRegistry, JourneyStore, ObjectStore, RefreshStore
from regulars.usecases.put_journey import judge_journey
from regulars.usecases.read_catalog import read_catalog

Becomes = Literal["stay", "move", "leave"]
"""`stay`: they go on by the version that they came in by."""


@dataclass(frozen=True)
class Foreseen:
    """How many people, or runs of theirs, are `waiting` in a step now by one of `versions`, and what becomes of them: who moves goes on from `to`.
    `next_due` is when the first of them goes on."""

    step: str
    versions: Sequence[int]
    waiting: int
    becomes: Becomes
    to: str
    next_due: datetime | None


@dataclass(frozen=True)
class JourneyPreflight:
    """`version` is what would be launched, `launched_version` what takes people in now. `errors` keep it from being launched. `seen` is how often the
    event that it begins with came, since `seen_since`; None where nobody knows, or it begins by no event. `members` are in the segment that it
    begins with, as of its last look, `members_as_of`: they do not come in, but whoever comes into the segment from then on does. `inside` counts
    people, or their runs, as `counts` says: where a launched version has a `key` somebody may have several."""

    id: str
    version: int
    launched_version: int | None
    errors: Sequence[Problem]
    warnings: Sequence[PutWarning]
    seen: int | None
    seen_since: datetime | None
    members: int | None
    members_as_of: datetime | None
    counts: Counts
    inside: Sequence[Foreseen]


def preflight_journey(
    journey_id: str,
    *,
    definitions: DefinitionStore,
    registry: JourneyRegistry,
    journeys: JourneyStore,
    refreshes: RefreshStore,
    lake: ObjectStore,
) -> JourneyPreflight:
    """Of the newest version. Nothing is written. Raises NotFoundError, StoreUnavailableError."""
    newest = definitions.get("journey", journey_id)
    verdict = judge_journey(newest.document, definitions=definitions, lake=lake)
    every = registry.get().value
    listed = every.journeys.get(journey_id)
    versions = listed.versions if listed else ()
    known = [parse_journey({**definitions.get("journey", journey_id, each).document, "version": each}) for each in versions]
    seen, members = _seen(verdict.journey, lake), _members(verdict.journey, refreshes)
    return JourneyPreflight(
        id=journey_id,
        version=newest.version,
        launched_version=versions[-1] if versions else None,
        errors=verdict.errors,
        warnings=[*verdict.warnings, *(_closed(verdict.journey, every) if verdict.journey else ()), *_resumed(journey_id, listed, journeys)],
        seen=seen[0] if seen else None,
        seen_since=seen[1] if seen else None,
        members=members.count if members else None,
        members_as_of=members.as_of if members else None,
        counts=what_is_counted(known),
        inside=list(_inside(journey_id, verdict.journey, newest.version, known, journeys)) if verdict.journey else (),
    )


def _closed(journey: Journey, known: Registry) -> Iterator[PutWarning]:
    """The journeys that it starts and that take nobody in."""
    for name, step in journey.steps.items():
        if isinstance(step, Start) and step.journey_id != journey.id:
            listed = known.journeys.get(step.journey_id)
            if listed is None or listed.standing == "stopped":
                why = "was never launched" if listed is None else "is stopped"
                yield PutWarning(f"steps.{name}.start", f"the journey `{step.journey_id}` {why}: it takes nobody in")


def _resumed(journey_id: str, listed: Listed | None, journeys: JourneyStore) -> Iterator[PutWarning]:
    """What a launch does besides to a journey that is paused."""
    if listed is not None and listed.standing == "paused":
        waiting = journeys.waiting_errands(journey_id).people
        said = f"it is paused, and a launch resumes it: {waiting:,} messages and calls that wait are sent"
        yield PutWarning("migrate", f"{said}, each by the version that decided it, or by this one where `migrate` takes that version over")


def _seen(journey: Journey | None, lake: ObjectStore) -> tuple[int, datetime] | None:
    if journey is None or journey.entry.kind != "event":
        return None
    try:
        catalog: Catalog | None = read_catalog(lake)
    except InfrastructureError:
        return None
    found = [each for each in catalog.events if each.name == journey.entry.name] if catalog else []
    return (sum(each.count for each in found), min(each.first_seen for each in found)) if found else None


def _members(journey: Journey | None, refreshes: RefreshStore) -> Members | None:
    if journey is None or journey.entry.kind != "segment":
        return None
    return refreshes.get(journey.entry.name).value.listed


def _inside(journey_id: str, journey: Journey, version: int, launched: Sequence[Journey], journeys: JourneyStore) -> Iterator[Foreseen]:
    """By step, those who come over apart from those who stay."""
    for step in dict.fromkeys(name for each in launched for name in each.steps if each.waits_in(name)):
        there = [each.version for each in launched if each.waits_in(step)]
        comes_over = [each for each in there if each in journey.migrate.versions and each != version]
        for versions, fate in ((comes_over, _moved(step, journey)), ([each for each in there if each not in comes_over], _STAYS)):
            waiting = journeys.waiting(journey_id, step, versions=versions)
            if waiting.people:
                becomes, to = fate
                yield Foreseen(step, versions, waiting.people, becomes, step if becomes == "stay" else to, waiting.next_due)


_STAYS: Final[tuple[Becomes, str]] = "stay", ""


def _moved(step: str, journey: Journey) -> tuple[Becomes, str]:
    to = journey.migrate.names.get(step, step)
    return ("move", to) if journey.waits_in(to) else ("leave", "")
