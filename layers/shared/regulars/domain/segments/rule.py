"""The tree of a segment rule: what `parse` makes, and every reading of a rule walks: SQL, `evaluate`, the sentence.

Nodes are frozen and hashable: two clauses that are written the same are the same, and are computed once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from regulars.domain.language import Path
from regulars.domain.segments.judgement import Condition, Judgement, Test
from regulars.domain.segments.measure import EVER, Measure, Period


@dataclass(frozen=True)
class Everyone:
    """Every known person."""


@dataclass(frozen=True)
class Users:
    """Those of the listed people who are known."""

    user_ids: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """The rule of another segment, in this place."""

    segment_id: str


@dataclass(frozen=True)
class Bucket:
    """People whose stable bucket 0..9999 lies between two numbers, both included."""

    salt: str
    first: int
    last: int


@dataclass(frozen=True)
class Trait:
    """What a trait, as it stood at the as-of moment, must be like. `path[0]` is the trait, the rest leads into it."""

    path: Path
    test: Judgement


@dataclass(frozen=True)
class EventClause:
    """How much a person did something: the events of this name that meet all of `where` in the period, measured."""

    name: str
    where: tuple[Condition, ...]
    period: Period
    measure: Measure


@dataclass(frozen=True)
class Step:
    """One event of a sequence: any of this name that meets all of `where` in the period."""

    name: str
    where: tuple[Condition, ...] = ()
    period: Period = EVER


@dataclass(frozen=True)
class EventSequence:
    """That a person did the steps one after another, each at most `within` after the one before (None: however long after), and that after the last
    one they did not do `then_not` within the same span (None: not until now). Before that span has passed the sequence has not happened yet."""

    steps: tuple[Step, ...]
    within: timedelta | None = None
    then_not: Step | None = None


Fate = Literal["sent", "failed"]


@dataclass(frozen=True)
class Delivered:
    """In how many runs (of a campaign, or of all) a person's pushes met this fate in the period. A person with a push that was sent in a run is
    sent to in it, whatever became of others."""

    fate: Fate
    campaign_id: str | None
    period: Period
    test: Test


@dataclass(frozen=True)
class Reachable:
    """That a push would lead to a person: they own a device, with a target that was registered for them and that FCM has not called dead since."""

    channel: Literal["push"]


@dataclass(frozen=True)
class Near:
    """That the last known place of a person lies within a radius, in metres; places in degrees. `within` is how old it may be."""

    latitude: float
    longitude: float
    radius_m: float
    within: timedelta


MessageKind = Literal["sent", "failed", "received", "opened", "converted"]


@dataclass(frozen=True)
class ConversionGoal:
    """What counts as a campaign's success: an event, and how long after a push."""

    event: str
    within: timedelta


@dataclass(frozen=True)
class Converted:
    """That a person reached the goal of a campaign after one of its pushes was sent to them; `period` is of the goal's events."""

    campaign_id: str
    goal: ConversionGoal
    period: Period


@dataclass(frozen=True)
class Message:
    """What happened with pushes of a campaign, or of all: `lowered` says which clause that is. `goal` is the campaign's, of `converted` alone; the
    rule does not say it, and `conversions` puts it there."""

    kind: MessageKind
    campaign_id: str | None
    period: Period
    test: Test
    goal: ConversionGoal | None = None


@dataclass(frozen=True)
class Consent:
    """That a person agreed to a purpose, by traits that `lowered` names."""

    purpose: str


@dataclass(frozen=True)
class OwnTime:
    """The clause by each person's own clock, unknown of whoever's time zone is not known. In it a moment without a zone is a naive datetime: what
    the clock on their wall shows."""

    clause: Trait | EventClause


@dataclass(frozen=True)
class AllOf:
    rules: tuple["Rule", ...]


@dataclass(frozen=True)
class AnyOf:
    rules: tuple["Rule", ...]


@dataclass(frozen=True)
class Not:
    rule: "Rule"


Clause = Everyone | Users | Bucket | Trait | EventClause | EventSequence | Delivered | Converted | Reachable | Near | OwnTime
"""A rule that stands for itself: true, false or unknown of one person."""

Sugar = Reference | Message | Consent
"""What stands for another rule, which `lowered` puts in its place."""

Rule = Clause | Sugar | AllOf | AnyOf | Not


@dataclass(frozen=True)
class Segment:
    """A named rule, and how often it is looked at who came and went (None: never)."""

    segment_id: str
    name: str
    rule: Rule
    refresh: timedelta | None = None


def mapped(rule: Rule, part: Callable[[Clause | Sugar], Rule]) -> Rule:
    """The rule with what `part` makes of each of its clauses in their places."""
    match rule:
        case AllOf(rules):
            return AllOf(tuple(mapped(inner, part) for inner in rules))
        case AnyOf(rules):
            return AnyOf(tuple(mapped(inner, part) for inner in rules))
        case Not(inner):
            return Not(mapped(inner, part))
        case _:
            return part(rule)


def walk(rule: Rule, path: str = "rule") -> Iterator[tuple[str, Rule]]:
    """The rule and everything in it, outside in, each with its path in the document (`rule.all[1].not`)."""
    yield path, rule
    match rule:
        case AllOf(rules):
            for index, inner in enumerate(rules):
                yield from walk(inner, f"{path}.all[{index}]")
        case AnyOf(rules):
            for index, inner in enumerate(rules):
                yield from walk(inner, f"{path}.any[{index}]")
        case Not(inner):
            yield from walk(inner, f"{path}.not")
        case _:
            return
