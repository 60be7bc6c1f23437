"""Saving a journey as a new version, once all of it can be honoured; and saying beforehand whether it can. Nobody enters a version before it is
launched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from regulars.domain.definitions import DefinitionKind, PutWarning, documents_of
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRuleError, NotFoundError
from regulars.domain.journeys.acceptance import accepted
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.parse import Examination
from regulars.domain.journeys.steps import Start
from regulars.domain.journeys.warnings import asked_of_the_lake
from regulars.domain.language import Problem, guess
from regulars.domain.segments.lowering import lowered
from regulars.domain.segments.references import inlined, reachable_segments
from regulars.domain.segments.rule import Reference, walk
from regulars.ports import Clock, DefinitionStore, ObjectStore
from regulars.usecases.current_settings import current_settings
from regulars.usecases.journey_warnings import journey_warnings
from regulars.usecases.save_definition import Saved, save_definition

TOO_SLOW: Final = "which only the lake knows, minutes later; a segment as `entry`, or a `wait_for`, asks the same in time"


def put_journey(
    document: JsonObject, *, by: str, expected: int | None = None, definitions: DefinitionStore, lake: ObjectStore, clock: Clock
) -> Saved:
    """Versions count from 1; what the document says of its own is left out. Raises InvalidJourneyError with everything that is wrong with it."""
    verdict = judge_journey(document, definitions=definitions, lake=lake)
    journey = verdict.required()
    kept = {name: value for name, value in document.items() if name != "version"}
    saved = save_definition("journey", journey.id, kept, by=by, expected=expected, definitions=definitions, clock=clock)
    return replace(saved, warnings=verdict.warnings)


@dataclass(frozen=True)
class JourneyVerdict:
    """What is wrong with a journey, all of it, and what is odd."""

    errors: Sequence[Problem]
    warnings: Sequence[PutWarning]


def look_at_journey(document: JsonObject, *, definitions: DefinitionStore, lake: ObjectStore) -> JourneyVerdict:
    """As `judge_journey`, for people."""
    found = judge_journey(document, definitions=definitions, lake=lake)
    return JourneyVerdict(found.errors, found.warnings)


def judge_journey(document: JsonObject, *, definitions: DefinitionStore, lake: ObjectStore) -> Examination:
    """What a put of it would say now; nothing is saved."""
    found = accepted(document)
    if found.read is not None:
        found = found.beside((*_unknown(found.read, definitions), *_unanswerable(found.read, definitions), *_unagreed(found.read, definitions)))
    if found.journey is None:
        return found
    return replace(found, warnings=(*found.warnings, *journey_warnings(found.journey, definitions=definitions, lake=lake)))


def _unknown(journey: Journey, definitions: DefinitionStore) -> Iterator[Problem]:
    """What it names and is not there."""
    named: list[tuple[str, DefinitionKind, str]] = []
    match journey.entry.kind:
        case "segment":
            named.append(("entry.segment", "segment", journey.entry.name))
        case "near":
            named.append(("entry.near.places", "places", journey.entry.name))
    for name, step in journey.steps.items():
        if isinstance(step, Start) and step.journey_id != journey.id:
            named.append((f"steps.{name}.start", "journey", step.journey_id))
    for path, kind, identity in named:
        if identity and (why := _missing(kind, identity, definitions)):
            yield Problem(path, why)


def _unagreed(journey: Journey, definitions: DefinitionStore) -> Iterator[Problem]:
    """A purpose by which it would reach people who never said yes."""
    if slip := current_settings(definitions).slip(journey.delivery.purpose):
        yield Problem("delivery.purpose", slip)


def _unanswerable(journey: Journey, definitions: DefinitionStore) -> Iterator[Problem]:
    """What its rules ask, themselves or by a segment, and nobody can answer within a second."""
    documents = documents_of(each for each in definitions.all("segment") if not each.archived) if journey.segments else {}
    for place, rule in journey.rules():
        for path in asked_of_the_lake(rule, place):
            yield Problem(path, f"asks what the person did before, {TOO_SLOW}")
        for path, part in walk(rule, place):
            if isinstance(part, Reference) and (why := _no_answer(part, documents)):
                yield Problem(path, why)


def _no_answer(named: Reference, documents: Mapping[str, JsonObject]) -> str:
    """Why what a segment asks cannot be answered, or empty."""
    try:
        rule = lowered(inlined(named, reachable_segments([named.segment_id], documents)))
    except InvalidRuleError as error:
        return error.said
    asked = next(iter(asked_of_the_lake(rule, "")), None)
    return "" if asked is None else f"the segment {named.segment_id} asks what the person did before, {TOO_SLOW}"


def _missing(kind: DefinitionKind, identity: str, definitions: DefinitionStore) -> str:
    """Why it cannot be named (a segment: as an entry, a journey: by `start`), or empty."""
    noun = f"{'list of places' if kind == 'places' else kind} `{identity}`"
    try:
        found = definitions.get(kind, identity)
    except NotFoundError:
        return f"there is no {noun}{guess(identity, [each.id for each in definitions.all(kind)])}: put it first"
    if found.archived:
        return f"the {noun} is archived: put it again to bring it back"
    if kind == "segment" and "refresh" not in found.document:
        return f'nobody ever comes into the {noun}, because it is not refreshed: put it with "refresh": "1h"'
    if kind == "journey" and "api" not in found.document["entry"]:
        return f'nobody can be sent into the {noun}, which begins otherwise: its `entry` would have to be {{"api": true}}'
    return ""
