"""Why a rule is true, false or unknown of one person: every part of it with its verdict and what decided that."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from regulars.domain.language import shown
from regulars.domain.segments.evaluate.because import because
from regulars.domain.segments.evaluate.evidence import Evidence
from regulars.domain.segments.evaluate.history import PersonHistory
from regulars.domain.segments.evaluate.rules import verdict
from regulars.domain.segments.evaluate.verdicts import Verdict
from regulars.domain.segments.lowering import lowered
from regulars.domain.segments.references import inlined
from regulars.domain.segments.rule import AllOf, AnyOf, Clause, Not, Reference, Rule, Segment, walk
from regulars.domain.segments.sentence import sentence


@dataclass(frozen=True)
class Reason:
    """One part of a rule, by its path in the document; the parts of a segment that it names follow under `<path>.segment`."""

    path: str
    sentence: str
    verdict: Verdict
    because: tuple[Evidence, ...] = ()


def reasons(rule: Rule, history: PersonHistory, as_of: datetime, segments: Mapping[str, Segment]) -> tuple[Reason, ...]:
    """The rule itself, then everything in it, outside in. Raises what `evaluate` raises."""
    if as_of.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    inlined(rule, segments)
    if history.known(as_of):
        return tuple(_explained(rule, "rule", history, as_of.astimezone(UTC), segments))
    nobody = Evidence(f"nobody of this id was seen before {shown(as_of)}")
    return tuple(Reason(path, sentence(part), None, () if path != "rule" else (nobody,)) for path, part in walk(rule))


def _explained(rule: Rule, path: str, history: PersonHistory, as_of: datetime, segments: Mapping[str, Segment]) -> Iterator[Reason]:
    plain = lowered(inlined(rule, segments))
    told = () if isinstance(rule, AllOf | AnyOf | Not | Reference) else tuple(_of_parts(plain, history, as_of))
    yield Reason(path, sentence(rule), verdict(plain, history, as_of), told)
    for place, part in _inside(rule, path, segments):
        yield from _explained(part, place, history, as_of, segments)


def _inside(rule: Rule, path: str, segments: Mapping[str, Segment]) -> list[tuple[str, Rule]]:
    """The next level."""
    match rule:
        case AllOf(rules):
            return [(f"{path}.all[{index}]", part) for index, part in enumerate(rules)]
        case AnyOf(rules):
            return [(f"{path}.any[{index}]", part) for index, part in enumerate(rules)]
        case Not(inner):
            return [(f"{path}.not", inner)]
        case Reference(segment_id):
            return [(f"{path}.segment", segments[segment_id].rule)]
        case _:
            return []


def _of_parts(plain: Rule, history: PersonHistory, as_of: datetime) -> Iterable[Evidence]:
    """Of a clause, or of all that one was lowered to: then only what somebody told."""
    if isinstance(plain, Clause):
        return because(plain, history, as_of)
    clauses = [part for _, part in walk(plain) if isinstance(part, Clause)]
    found = dict.fromkeys(evidence for clause in clauses for evidence in because(clause, history, as_of))
    return [evidence for evidence in found if evidence.message_id] or [Evidence("no identify call told any of the traits that would say so")]
