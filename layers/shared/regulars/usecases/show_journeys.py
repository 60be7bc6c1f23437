"""How journeys stand, and where people are in one at this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from regulars.domain.documents import JsonObject
from regulars.domain.journeys.journey import Counts, Journey, what_is_counted
from regulars.domain.journeys.mermaid import mermaid
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.registry import Standing
from regulars.domain.journeys.wording import step_kind
from regulars.ports import DefinitionStore, JourneyRegistry, JourneyStore

Shown = Standing | Literal["saved"]
"""`saved`: it was never launched."""


@dataclass(frozen=True)
class StepStatus:
    """A step of the version that takes people in, or of one before that somebody may wait in. `waiting` is how many do now, None where nobody ever
    waits; `next_due` is when the first of them goes on unless something happens before."""

    step: str
    kind: str
    waiting: int | None
    next_due: datetime | None


@dataclass(frozen=True)
class JourneyStatus:
    """`version` is the one that takes people in (None: it was never launched), `saved_version` the newest one; `versions` are all that were launched.
    `waiting` is how many people are inside, as of a second or two ago, or how many runs where one of the versions has a `key`, for somebody may have
    several then: `counts` says which. `put_off` is how many messages and calls wait for their time. `picture` is the journey in Mermaid's words,
    with these counts in its boxes."""

    id: str
    name: str
    standing: Shown
    version: int | None
    saved_version: int
    versions: Sequence[int]
    changed_at: datetime | None
    changed_by: str
    counts: Counts
    waiting: int
    put_off: int
    steps: Sequence[StepStatus]
    picture: str


@dataclass(frozen=True)
class JourneyLine:
    """A journey in a list: the document as it was saved, and how it stands."""

    document: JsonObject
    standing: Shown
    launched_version: int | None


def list_journeys(*, with_archived: bool, definitions: DefinitionStore, registry: JourneyRegistry) -> Sequence[JourneyLine]:
    known = registry.get().value.journeys
    found = (each for each in definitions.all("journey") if with_archived or not each.archived)
    return [
        JourneyLine(each.shown, known[each.id].standing if each.id in known else "saved", known[each.id].versions[-1] if each.id in known else None)
        for each in found
    ]


def show_journey(journey_id: str, *, definitions: DefinitionStore, registry: JourneyRegistry, journeys: JourneyStore) -> JourneyStatus:
    """Raises NotFoundError, StoreUnavailableError."""
    newest = definitions.get("journey", journey_id)
    listed = registry.get().value.journeys.get(journey_id)
    versions = listed.versions if listed else ()
    documents = [definitions.get("journey", journey_id, version).document for version in versions] or [newest.document]
    known = [parse_journey(document) for document in documents]
    steps = _steps(journey_id, known, journeys if listed else None)
    put_off = journeys.waiting_errands(journey_id).people if listed else 0
    return JourneyStatus(
        id=journey_id,
        name=known[-1].name,
        standing=listed.standing if listed else "saved",
        version=versions[-1] if versions else None,
        saved_version=newest.version,
        versions=versions,
        changed_at=listed.changed_at if listed else None,
        changed_by=listed.changed_by if listed else "",
        counts=what_is_counted(known),
        waiting=sum(each.waiting or 0 for each in steps),
        put_off=put_off,
        steps=steps,
        picture=mermaid(known[-1], {each.step: each.waiting for each in steps if each.waiting is not None} if listed else {}),
    )


def _steps(journey_id: str, versions: Sequence[Journey], journeys: JourneyStore | None) -> Sequence[StepStatus]:
    """In the order of the newest version's document, and after them what only earlier ones have."""
    kinds: Mapping[str, str] = {name: step_kind(step) for journey in versions for name, step in journey.steps.items()}
    newest = versions[-1].steps
    found = []
    for name in (*newest, *(each for each in kinds if each not in newest)):
        waits = any(journey.waits_in(name) for journey in versions)
        if name not in newest and not waits:
            continue
        waiting = journeys.waiting(journey_id, name) if waits and journeys else None
        found.append(StepStatus(name, kinds[name], waiting.people if waiting else (0 if waits else None), waiting.next_due if waiting else None))
    return found
