"""Saving a segment as a new version, once it can be evaluated."""

from regulars.domain.segments import audience_sql, parse_segment, reachable_segments, rule_references
from regulars.ports import Clock, DefinitionStore, Document


def put_segment(document: Document, *, by: str, definitions: DefinitionStore, clock: Clock) -> int:
    """The new version, from 1.

    The rule is compiled here, with every segment that it names, so that whatever is saved can be counted. Raises InvalidRuleError,
    whose field is the path of what is wrong: a bad clause, an unknown segment, a circle, a statement that is too long.
    """
    segment = parse_segment(document)
    now = clock.now()
    documents = {stored.document["id"]: stored.document for stored in definitions.all("segment")}
    others = reachable_segments(rule_references(segment.rule), {**documents, segment.segment_id: document})
    audience_sql(segment.rule, now, others, within=segment.segment_id)
    return definitions.put("segment", segment.segment_id, document, at=now, by=by)
