"""Taking a segment, campaign, journey, tracking plan or list of places out of use. All its versions are kept, and putting it again brings it back."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, assert_never

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.definitions import Definition, DefinitionKind
from regulars.domain.errors import ConflictError, InvalidCampaignError, InvalidJourneyError, InvalidRuleError
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.steps import Start
from regulars.domain.segments import parse_segment, rule_references
from regulars.domain.segments.conversions import converting_campaigns
from regulars.ports import DefinitionStore

_KINDS: Final[tuple[DefinitionKind, ...]] = ("segment", "campaign", "journey")


@dataclass(frozen=True)
class Archived:
    id: str
    version: int
    archived: bool = True


def archive_definition(kind: DefinitionKind, identity: str, *, definitions: DefinitionStore) -> Archived:
    """Raises NotFoundError, and ConflictError for a segment or a campaign that others still use, naming them."""
    found = definitions.get(kind, identity)
    _check_unused(kind, identity, definitions)
    done = definitions.archive(kind, identity)
    try:
        _check_unused(kind, identity, definitions)  # somebody may have saved what names it since we looked, and looks again after that
    except ConflictError:
        definitions.put(kind, identity, found.document, at=found.saved_at, by=found.saved_by)
        raise
    return Archived(done.id, done.version)


def _check_unused(kind: DefinitionKind, identity: str, definitions: DefinitionStore) -> None:
    if users := _users_of(kind, identity, definitions):
        raise ConflictError(f"{kind} {identity} is still used by {', '.join(users)}: change or archive them first")


def _users_of(kind: DefinitionKind, identity: str, definitions: DefinitionStore) -> list[str]:
    """Segments and campaigns that are not archived themselves and name it."""
    others = [each for one in _KINDS for each in definitions.all(one) if not each.archived and (each.kind, each.id) != (kind, identity)]
    return [f"{each.kind} {each.id}" for each in others if (kind, identity) in _named_by(each)]


def _named_by(definition: Definition) -> Collection[tuple[DefinitionKind, str]]:
    """What it names: nothing where it can no longer be read, because then it cannot be used either."""
    try:
        match definition.kind:
            case "segment":
                rule = parse_segment(definition.document).rule
                return [*(("segment", each) for each in rule_references(rule)), *(("campaign", each) for each in converting_campaigns(rule))]
            case "campaign":
                return [("segment", each) for each in parse_campaign(definition.document).segments]
            case "journey":
                return _named_by_journey(parse_journey(definition.document))
            case "plan" | "places" | "settings":
                return ()
            case _:
                assert_never(definition.kind)
    except (InvalidRuleError, InvalidCampaignError, InvalidJourneyError):
        return ()


def _named_by_journey(journey: Journey) -> Collection[tuple[DefinitionKind, str]]:
    entered: dict[str, DefinitionKind] = {"segment": "segment", "near": "places"}
    begins: list[tuple[DefinitionKind, str]] = [(entered[journey.entry.kind], journey.entry.name)] if journey.entry.kind in entered else []
    started: list[tuple[DefinitionKind, str]] = [("journey", step.journey_id) for step in journey.steps.values() if isinstance(step, Start)]
    segments: list[tuple[DefinitionKind, str]] = [("segment", each) for each in journey.segments]
    return [*begins, *segments, *started]
