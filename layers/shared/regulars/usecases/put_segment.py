"""Saving a segment as a new version, once it can be evaluated."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from regulars.domain.definitions import Definition, PutWarning, documents_of
from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError, InvalidRuleError
from regulars.domain.lake.sql import printed
from regulars.domain.language import guess
from regulars.domain.segments import audience_sql, parse_segment, rule_references
from regulars.domain.segments.conversions import check_goals, with_goals
from regulars.domain.segments.rule import Reference, Segment, walk
from regulars.domain.segments.sentence import sentence
from regulars.ports import Clock, DefinitionStore, ObjectStore
from regulars.usecases.put_warnings import rule_warnings
from regulars.usecases.reach_segments import goals_asked_for, reach_segments
from regulars.usecases.save_definition import Saved, save_definition


@dataclass(frozen=True, kw_only=True)
class SavedSegment(Saved):
    """`sentence` is the rule in words, in which a slip shows."""

    sentence: str


@dataclass(frozen=True)
class JudgedSegment:
    """What a put of a segment would say: its rule in words, the SELECT of its people as of now, laid out to be read, and what is odd about it."""

    sentence: str
    sql: str
    warnings: Sequence[PutWarning]


def put_segment(
    document: JsonObject, *, by: str, expected: int | None = None, definitions: DefinitionStore, lake: ObjectStore, clock: Clock
) -> SavedSegment:
    """Versions count from 1.

    The rule is compiled here, with every segment that it names, so that whatever is saved can be counted. Raises InvalidRuleError,
    whose field is the path of what is wrong: a bad clause, an unknown or archived segment, a circle, a statement that is too long; ConflictError
    where somebody changed another segment meanwhile, so that both do not go together.
    """
    segment = parse_segment(document)
    known = definitions.all("segment")
    _compiled(segment, document, known, definitions, clock)
    saved = save_definition("segment", segment.segment_id, document, by=by, expected=expected, definitions=definitions, clock=clock)
    if rule_references(segment.rule) and not saved.unchanged:
        before = next((each for each in known if each.id == segment.segment_id), None)
        _check_again(segment, document, before, by=by, definitions=definitions, clock=clock)
    warnings = rule_warnings(segment.rule, definitions=definitions, lake=lake)
    return SavedSegment(saved.id, saved.version, saved.unchanged, warnings, sentence=sentence(segment.rule))


def judge_segment(document: JsonObject, *, definitions: DefinitionStore, lake: ObjectStore, clock: Clock) -> JudgedSegment:
    """What a put of it would say now; nothing is saved and nobody counted. Raises InvalidRuleError as a put does."""
    segment = parse_segment(document)
    people = _compiled(segment, document, definitions.all("segment"), definitions, clock)
    warnings = rule_warnings(segment.rule, definitions=definitions, lake=lake)
    return JudgedSegment(sentence(segment.rule), printed(people, pretty=True), warnings)


def _compiled(segment: Segment, document: JsonObject, known: Sequence[Definition], definitions: DefinitionStore, clock: Clock) -> exp.Select:
    """Its people as of now: it can be evaluated beside all segments that are saved."""
    _check_named(segment, known)
    documents = documents_of(each for each in known if not each.archived)
    goals = goals_asked_for([segment.rule], definitions=definitions)
    check_goals(segment.rule, goals)
    others = reach_segments(rule_references(segment.rule), {**documents, segment.segment_id: document}, definitions=definitions)
    return audience_sql(with_goals(segment.rule, goals), clock.now(), others, within=segment.segment_id)


def _check_again(segment: Segment, document: JsonObject, before: Definition | None, *, by: str, definitions: DefinitionStore, clock: Clock) -> None:
    """Somebody may have saved, or archived, another segment since we looked, so that both together make a circle or lead nowhere. Each of the two
    looks again once it has written, so at least one sees it and takes its own back. Raises ConflictError."""
    try:
        _compiled(segment, document, definitions.all("segment"), definitions, clock)
    except InvalidRuleError as error:
        if before is None or before.archived:
            definitions.archive("segment", segment.segment_id)
        else:
            definitions.put("segment", segment.segment_id, before.document, at=clock.now(), by=by)
        raise ConflictError(f"another segment was changed at the same moment, and it was taken back: {error}") from error


def _check_named(segment: Segment, known: Sequence[Definition]) -> None:
    ids = {each.id: each for each in known}
    for path, clause in walk(segment.rule):
        if not isinstance(clause, Reference) or clause.segment_id == segment.segment_id:
            continue
        named = ids.get(clause.segment_id)
        if named is None:
            meant = guess(clause.segment_id, [each.id for each in known if not each.archived])
            raise InvalidRuleError(f"there is no segment `{clause.segment_id}`{meant}: put it first", field=path)
        if named.archived:
            raise InvalidRuleError(f"the segment `{clause.segment_id}` is archived: put it again to bring it back", field=f"{path}.segment")
