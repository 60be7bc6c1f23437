"""The rule language, described for whoever builds an editor of rules: made from the tables that its parser reads with, so that both say the same.

A new operator, measure or head is in it as soon as it is in its table, and tests/domain/segments/test_vocabulary.py misses whoever has no word here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.segments.clauses import EDGES, EVENT_KEYS, MEASURE_KEYS, MESSAGE_KEYS, MESSAGE_KINDS, PERIOD_KEYS, SEQUENCE_KEYS, STEP_KEYS
from regulars.domain.segments.limits import MAX_CLAUSES, MAX_CONDITIONS, MAX_DEPTH, MAX_RADIUS_M, MAX_STEPS, MAX_USERS, MAX_VALUES
from regulars.domain.segments.measure import AGGREGATES
from regulars.domain.segments.operators import (
    COUNT_OPERATORS,
    MOMENT_OPERATORS,
    NUMBER_OPERATORS,
    OPERATORS,
    OWN_TIME_OPERATORS,
    RANK_OPERATORS,
    Reader,
    value_kind,
)
from regulars.domain.segments.own_time import KEY
from regulars.domain.segments.parse import CHANNELS, HEADS, NEAR_KEYS
from regulars.domain.segments.phrases import amount_label, value_label

SPAN_UNITS: Mapping[str, str] = MappingProxyType({"m": "minutes", "h": "hours", "d": "days", "w": "weeks"})


@dataclass(frozen=True)
class OperatorWord:
    """`label` has `{}` where a value stands, of which `value` says the kind (`value_kind`)."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class HeadWord:
    """What a rule begins with; `negated` is how it is said of whom it is known to be false, as in `did not`. `value` is the kind of what its own key
    says (a `property` is of the event that a journey's run began with), `choices` all that there are where there are few, `tests` the table of
    operators that one of stands beside it, and `keys` whatever else may."""

    head: str
    label: str
    negated: str
    value: str
    keys: Sequence[str] = ()
    tests: str | None = None
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class MeasureWord:
    """`of` is the kind of what its own key says: a path of a property, `day` too for distinct; a test for a count; a period or a share for edges.
    `tests` are the tables of which one operator judges the amount."""

    key: str
    label: str
    of: str
    tests: Sequence[str]


@dataclass(frozen=True)
class PeriodWord:
    key: str
    label: str
    value: str


@dataclass(frozen=True)
class Vocabulary:
    """`operators` by table: `value` of traits and properties, `number` of amounts, `count` of how often, `rank` among all. `own_time` are those
    that differ by each person's own clock."""

    heads: Sequence[HeadWord]
    operators: Mapping[str, Sequence[OperatorWord]]
    own_time: Sequence[OperatorWord]
    moments: Sequence[str]
    periods: Sequence[PeriodWord]
    measures: Sequence[MeasureWord]
    step_keys: Sequence[str]
    spans: Mapping[str, str]
    limits: Mapping[str, int]


_HEADS: Final[Mapping[str, HeadWord]] = MappingProxyType(
    {
        word.head: word
        for word in (
            HeadWord("all", "all of these", "not all of these", "rules"),
            HeadWord("any", "any of these", "none of these", "rules"),
            HeadWord("not", "not", "", "rule"),
            HeadWord("everyone", "everyone", "nobody", "true"),
            HeadWord("users", "these people", "all but these people", "texts"),
            HeadWord("segment", "is in the segment", "is not in the segment", "segment"),
            HeadWord("trait", "trait", "it is not so that the trait", "trait", (KEY,), "value"),
            HeadWord("event", "did", "did not", "event", tuple(key for key in EVENT_KEYS if key != "event")),
            HeadWord(
                "sequence",
                "did one after the other",
                "did not do one after the other",
                "steps",
                tuple(key for key in SEQUENCE_KEYS if key != "sequence"),
            ),
            HeadWord("message", "was", "was not", "choice", tuple(key for key in MESSAGE_KEYS if key != "message"), choices=MESSAGE_KINDS),
            HeadWord("consent", "agreed to", "did not agree to", "purpose"),
            HeadWord("reachable", "can be reached by", "cannot be reached by", "choice", choices=CHANNELS),
            HeadWord("near", "was last near", "was not last near", "place", tuple(key for key in NEAR_KEYS if key != "near")),
            HeadWord("bucket", "is in the bucket", "is not in the bucket", "bucket"),
        )
    }
)

_MEASURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "count": "how often",
        "distinct": "how many different",
        "sum": "the sum of",
        "avg": "the mean of",
        "min": "the least",
        "max": "the greatest",
        "first": "the first was",
        "last": "the last was",
    }
)

_PERIODS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "within": ("in the last", "span"),
        "from": ("from", "moment"),
        "to": ("to before", "moment"),
        "before": ("before", "moment"),
        "after": ("from", "moment"),
    }
)


def vocabulary() -> Vocabulary:
    return Vocabulary(
        heads=[_HEADS[head] for head in HEADS],
        operators={
            "value": [_of_values(name, reader) for name, reader in OPERATORS.items()],
            "number": [_of_amounts(name, reader) for name, reader in NUMBER_OPERATORS.items()],
            "count": [_of_amounts(name, reader) for name, reader in COUNT_OPERATORS.items()],
            "rank": [OperatorWord(name, f"is among the {name} {{}}", value_kind(reader)) for name, reader in RANK_OPERATORS.items()],
        },
        own_time=[_of_values(name, reader) for name, reader in OWN_TIME_OPERATORS.items() if reader is not OPERATORS[name]],
        moments=MOMENT_OPERATORS,
        periods=[PeriodWord(key, *_PERIODS[key]) for key in PERIOD_KEYS],
        measures=[_measure(key) for key in MEASURE_KEYS],
        step_keys=STEP_KEYS,
        spans=dict(SPAN_UNITS),
        limits={
            "depth": MAX_DEPTH,
            "clauses": MAX_CLAUSES,
            "conditions": MAX_CONDITIONS,
            "steps": MAX_STEPS,
            "values": MAX_VALUES,
            "users": MAX_USERS,
            "radius_m": MAX_RADIUS_M,
            "buckets": BUCKETS,
        },
    )


def _of_values(name: str, reader: Reader) -> OperatorWord:
    return OperatorWord(name, value_label(name), value_kind(reader))


def _of_amounts(name: str, reader: Reader) -> OperatorWord:
    return OperatorWord(name, amount_label(name), value_kind(reader))


def _measure(key: str) -> MeasureWord:
    if key in EDGES:
        return MeasureWord(key, _MEASURES[key], "period", ("rank",))
    if key in AGGREGATES:
        return MeasureWord(key, _MEASURES[key], "property", ("number", "rank"))
    return MeasureWord(key, _MEASURES[key], "test" if key == "count" else "property_or_day", ("count", "rank"))
