"""A segment's RULE in a journey, which may also ask what the run began with: `{"entry": "price", "gte": 100}`.

Such a clause is one about a trait, inside an object of a name that no trait can have; a person's facts hold the entry's properties there. So the
segments' own readings (what it means, how it reads as a sentence) are those of traits, and there is no second meaning of an operator.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from regulars.domain.language import Fields, Path, Problems, Value
from regulars.domain.segments.clauses import read_condition
from regulars.domain.segments.elements import of_each, read_judged
from regulars.domain.segments.judgement import Condition
from regulars.domain.segments.limits import MAX_CONDITIONS, MAX_DEPTH
from regulars.domain.segments.operators import OPERATORS, parse_test
from regulars.domain.segments.parse import Head, Level, read_rule
from regulars.domain.segments.rule import Everyone, OwnTime, Rule, Trait, mapped, walk
from regulars.domain.segments.sentence import sentence

ENTRY: Final = "\0entry"
"""No trait is called so: collection keeps NUL out."""


def _entry(given: Fields, level: Level) -> Rule:
    path, inside = read_judged(given["entry"])
    return Trait((ENTRY, *path), of_each(parse_test(given, OPERATORS, beside=["entry"]), inside))


MORE: Final[Mapping[str, Head]] = MappingProxyType({"entry": _entry})
"""By which a rule may begin here, and in no segment."""


def without_entry(rule: Rule) -> Rule:
    """For whoever fetches what the rule asks of a person's life: what the run began with is not in it."""
    return mapped(rule, lambda part: Everyone() if isinstance(part, Trait) and part.path[:1] == (ENTRY,) else part)


def read_journey_rule(value: Value) -> Rule:
    """Raises the value's error."""
    return read_rule(value, MORE)


def rule_or_problems(value: Value, problems: Problems, depth: int = 1) -> Rule | None:
    """The rule; None, and a problem for each of its parts that cannot be read, where it has one."""
    before, own = len(problems.found), Problems()
    rule = own.read(read_journey_rule, value)
    if rule is None:
        for part in _parts(value) if depth < MAX_DEPTH else ():
            rule_or_problems(part, problems, depth + 1)
        if len(problems.found) == before:
            for problem in own.found:
                problems.note(problem.path, problem.message)
    return rule


def _parts(value: Value) -> Iterator[Value]:
    """What the rule joins, where that is all it does."""
    raw = value.raw
    if not isinstance(raw, dict) or len(raw) != 1:
        return
    (key, inner), here = next(iter(raw.items())), value
    if key in ("all", "any") and isinstance(inner, list):
        listed = here.at(key, inner)
        yield from (Value(each, value.error, f"{listed.path}[{index}]") for index, each in enumerate(inner))
    elif key == "not":
        yield here.at(key, inner)


def where_or_problems(fields: Fields, problems: Problems) -> tuple[Condition, ...]:
    """The conditions of a `where`, if there is one."""
    return tuple(problems.each(read_condition, fields["where"], MAX_CONDITIONS)) if "where" in fields else ()


def asked_of_entry(rule: Rule) -> Iterator[Path]:
    """Where in the entry's properties a rule looks."""
    for _, part in walk(rule):
        clause = part.clause if isinstance(part, OwnTime) else part
        if isinstance(clause, Trait) and clause.path[0] == ENTRY:
            yield clause.path[1:]


def rule_sentence(rule: Rule) -> str:
    """What is true of those for whom it is: `entry.price is at least 100`."""
    return sentence(mapped(rule, _said)).replace("trait entry.", "entry.")


def _said(part: Rule) -> Rule:
    return Trait(("entry", *part.path[1:]), part.test) if isinstance(part, Trait) and part.path[0] == ENTRY else part
