"""Saving a segment as a new version, once it can be evaluated."""

from regulars.domain.definitions import documents_of
from regulars.domain.documents import JsonObject
from regulars.domain.segments import audience_sql, parse_segment, reachable_segments, rule_references
from regulars.ports import Clock, DefinitionStore
from regulars.usecases.save_definition import Saved, save_definition


def put_segment(document: JsonObject, *, by: str, definitions: DefinitionStore, clock: Clock) -> Saved:
    """Versions count from 1.

    The rule is compiled here, with every segment that it names, so that whatever is saved can be counted. Raises InvalidRuleError,
    whose field is the path of what is wrong: a bad clause, an unknown or archived segment, a circle, a statement that is too long.
    """
    segment = parse_segment(document)
    documents = documents_of(each for each in definitions.all("segment") if not each.archived)
    others = reachable_segments(rule_references(segment.rule), {**documents, segment.segment_id: document})
    audience_sql(segment.rule, clock.now(), others, within=segment.segment_id)
    return save_definition("segment", segment.segment_id, document, by=by, definitions=definitions, clock=clock)
