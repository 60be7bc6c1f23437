"""Saving a segment as a new version, once it can be evaluated."""

from collections.abc import Collection
from dataclasses import dataclass

from regulars.domain.definitions import documents_of
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRuleError
from regulars.domain.quality.unsent import unsent_in_rule
from regulars.domain.segments import audience_sql, parse_segment, rule_references
from regulars.domain.segments.conversions import check_goals, with_goals
from regulars.domain.segments.rule import Reference, Segment, walk
from regulars.domain.segments.sentence import sentence
from regulars.ports import Clock, DefinitionStore, ObjectStore
from regulars.usecases.put_warnings import put_warnings
from regulars.usecases.reach_segments import goals_asked_for, reach_segments
from regulars.usecases.save_definition import Saved, save_definition


@dataclass(frozen=True, kw_only=True)
class SavedSegment(Saved):
    """`sentence` is the rule in words, in which a slip shows."""

    sentence: str


def put_segment(document: JsonObject, *, by: str, definitions: DefinitionStore, lake: ObjectStore, clock: Clock) -> SavedSegment:
    """Versions count from 1.

    The rule is compiled here, with every segment that it names, so that whatever is saved can be counted. Raises InvalidRuleError,
    whose field is the path of what is wrong: a bad clause, an unknown or archived segment, a circle, a statement that is too long.
    """
    segment = parse_segment(document)
    known = definitions.all("segment")
    _check_archived(segment, [each.id for each in known if each.archived])
    documents = documents_of(each for each in known if not each.archived)
    goals = goals_asked_for([segment.rule], definitions=definitions)
    check_goals(segment.rule, goals)
    others = reach_segments(rule_references(segment.rule), {**documents, segment.segment_id: document}, definitions=definitions)
    audience_sql(with_goals(segment.rule, goals), clock.now(), others, within=segment.segment_id)
    saved = save_definition("segment", segment.segment_id, document, by=by, definitions=definitions, clock=clock)
    warnings = put_warnings(lambda catalog: unsent_in_rule(segment.rule, catalog), lake=lake)
    return SavedSegment(saved.id, saved.version, saved.unchanged, warnings, sentence=sentence(segment.rule))


def _check_archived(segment: Segment, archived: Collection[str]) -> None:
    for path, clause in walk(segment.rule):
        if isinstance(clause, Reference) and clause.segment_id in archived:
            raise InvalidRuleError(f"the segment `{clause.segment_id}` is archived: put it again to bring it back", field=f"{path}.segment")
