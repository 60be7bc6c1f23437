"""Segments with all that they depend on: the segments that they name, and the goals of the campaigns whose conversions they ask about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.definitions import Definition, documents_of
from regulars.domain.documents import JsonObject
from regulars.domain.errors import NotFoundError
from regulars.domain.language import guess
from regulars.domain.segments import Rule, Segment, reachable_segments
from regulars.domain.segments.conversions import Goals, converting_campaigns, segments_with_goals
from regulars.domain.segments.rule import ConversionGoal
from regulars.ports import DefinitionStore


def reach_segments(wanted: Iterable[str], documents: Mapping[str, JsonObject], *, definitions: DefinitionStore) -> Mapping[str, Segment]:
    """As `reachable_segments`. A goal that is not there any more is refused when the rule is compiled. Raises InvalidRuleError."""
    segments = reachable_segments(wanted, documents)
    return segments_with_goals(segments, goals_asked_for((segment.rule for segment in segments.values()), definitions=definitions))


def reach_segment(segment_id: str, known: Iterable[Definition], *, definitions: DefinitionStore) -> Mapping[str, Segment]:
    """The segment, by its id, and all that it depends on; `known` are all segments. Raises NotFoundError and InvalidRuleError."""
    documents = documents_of(known)
    if segment_id not in documents:
        raise NotFoundError(f"there is no segment {segment_id}{guess(segment_id, sorted(documents))}")
    return reach_segments([segment_id], documents, definitions=definitions)


@dataclass(frozen=True)
class Reached:
    """A segment with all that it depends on, by id, and the version of each segment among these."""

    segment: Segment
    segments: Mapping[str, Segment]
    versions: Mapping[str, int]


def reached(segment_id: str, known: Sequence[Definition], *, definitions: DefinitionStore) -> Reached:
    """As `reach_segment`, which says what it raises."""
    segments = reach_segment(segment_id, known, definitions=definitions)
    return Reached(segments[segment_id], segments, {each.id: each.version for each in known if each.id in segments})


def goals_asked_for(rules: Iterable[Rule], *, definitions: DefinitionStore) -> Goals:
    """By campaign, None of one without; of campaigns that are there, archived or not. Raises what parsing a campaign raises."""
    wanted = {campaign_id for rule in rules for campaign_id in converting_campaigns(rule)}
    found: dict[str, ConversionGoal | None] = {}
    for campaign_id in sorted(wanted):
        try:
            goal = parse_campaign(definitions.get("campaign", campaign_id).document).goal
        except NotFoundError:
            continue
        found[campaign_id] = ConversionGoal(goal.event, goal.within) if goal else None
    return found
