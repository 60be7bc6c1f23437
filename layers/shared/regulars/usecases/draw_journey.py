"""A journey as a picture, with who waits at each step at this moment; saved, or as somebody writes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.documents import JsonObject
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.picture import Present, picture
from regulars.domain.journeys.wording import step_kind, step_sentence
from regulars.domain.markup import Markup, unwritten
from regulars.ports import DefinitionStore, JourneyRegistry, JourneyStore


@dataclass(frozen=True)
class StepSaid:
    """What a step does, in a few words."""

    step: str
    kind: str
    sentence: str


@dataclass(frozen=True)
class JourneyDrawn:
    """`steps` are in the order of the document. `drawing` is SVG, element by element, for a page that takes no HTML; its colours are that page's."""

    id: str
    steps: Sequence[StepSaid]
    drawing: Markup


def draw_journey(
    journey_id: str, draft: JsonObject | None, *, definitions: DefinitionStore, registry: JourneyRegistry, journeys: JourneyStore
) -> JourneyDrawn:
    """The newest version, without a draft. People of every version are told at the step of their name. Raises NotFoundError, InvalidJourneyError,
    StoreUnavailableError."""
    journey = parse_journey(draft or definitions.get("journey", journey_id).document)
    is_launched = journey_id in registry.get().value.journeys
    waits = [name for name in journey.steps if is_launched and journey.waits_in(name)]
    present = {name: Present(*journeys.waiting(journey_id, name)) for name in waits}
    said = [StepSaid(name, step_kind(step), step_sentence(step)) for name, step in journey.steps.items()]
    return JourneyDrawn(journey.id, said, unwritten(picture(journey, present)))
