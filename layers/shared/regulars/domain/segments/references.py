"""Segments inside segments: each reference is replaced by the rule it names, so that one statement holds everything."""

from collections.abc import Iterable, Mapping

from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRuleError
from regulars.domain.segments.limits import MAX_CHAIN, MAX_INLINED_CLAUSES
from regulars.domain.segments.parse import parse_segment
from regulars.domain.segments.rule import AllOf, AnyOf, Not, Reference, Rule, Segment, mapped, walk


def rule_references(rule: Rule) -> set[str]:
    """The ids that a rule names itself; what those name in turn is not followed."""
    return {node.segment_id for _, node in walk(rule) if isinstance(node, Reference)}


def reachable_segments(wanted: Iterable[str], documents: Mapping[str, JsonObject]) -> Mapping[str, Segment]:
    """The wanted segments and all that they reach, parsed. Ids without a document are left out: `inlined` names them.

    Only what is reached is parsed, so a definition that nobody uses any more can do no harm. Raises InvalidRuleError.
    """
    found: dict[str, Segment] = {}
    waiting = list(wanted)
    while waiting:
        segment_id = waiting.pop()
        if segment_id in documents and segment_id not in found:
            found[segment_id] = parse_segment(documents[segment_id])
            waiting.extend(sorted(rule_references(found[segment_id].rule)))
    return found


def inlined(rule: Rule, segments: Mapping[str, Segment], *, within: str = "") -> Rule:
    """The rule without references. `within` is the id of the segment whose rule it is, if it has one.

    Raises InvalidRuleError for an unknown id, for a cycle (shown as its chain) and for more than MAX_INLINED_CLAUSES.
    """
    chain = (within,) if within else ()
    if _weight(rule, "", segments, chain, {}) > MAX_INLINED_CLAUSES:
        raise InvalidRuleError(f"more than {MAX_INLINED_CLAUSES} clauses once every segment is in its place", field="rule")
    return _replaced(rule, segments)


def _weight(rule: Rule, place: str, segments: Mapping[str, Segment], chain: tuple[str, ...], known: dict[str, int]) -> int:
    """Clauses after inlining. Each segment is weighed once, so a rule that doubles at every level is refused, not built. `place`: where the outermost
    rule names the segment whose rule this is, so that whoever put it finds the clause in their own document."""
    total = 0
    for path, node in walk(rule):
        if isinstance(node, Reference):
            namer = chain[-1] if place else ""
            total += _weight_of(node.segment_id, namer, place or path, segments, chain, known)
        elif not isinstance(node, AllOf | AnyOf | Not):
            total += 1
    return total


def _weight_of(segment_id: str, namer: str, path: str, segments: Mapping[str, Segment], chain: tuple[str, ...], known: dict[str, int]) -> int:
    if segment_id in chain:
        cycle = " -> ".join((*chain[chain.index(segment_id) :], segment_id))
        raise InvalidRuleError(f"a segment cannot contain itself: {cycle}", field=path)
    if segment_id not in segments:
        named = f", which `{namer}` names" if namer else ""
        raise InvalidRuleError(f"there is no segment `{segment_id}`{named}: put it first", field=path)
    if len(chain) >= MAX_CHAIN:
        raise InvalidRuleError(f"more than {MAX_CHAIN} segments inside each other: {' -> '.join(chain)}", field=path)
    if segment_id not in known:
        known[segment_id] = _weight(segments[segment_id].rule, path, segments, (*chain, segment_id), known)
    return known[segment_id]


def _replaced(rule: Rule, segments: Mapping[str, Segment]) -> Rule:
    return mapped(rule, lambda part: _replaced(segments[part.segment_id].rule, segments) if isinstance(part, Reference) else part)
