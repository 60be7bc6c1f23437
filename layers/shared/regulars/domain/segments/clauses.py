"""Reading clauses about what people did: their conditions, periods and measures."""

from typing import Literal, cast

from regulars.domain.language import CAMPAIGN_ID, Fields, Path, Value, listed, read_clock, read_id, read_moment, read_name, read_span, shown
from regulars.domain.segments.elements import of_each, read_judged, read_measured
from regulars.domain.segments.judgement import Condition, Test
from regulars.domain.segments.limits import MAX_CONDITIONS, MAX_STEPS
from regulars.domain.segments.measure import AGGREGATES, EVER, Aggregate, Amount, Count, Distinct, Edge, Measure, Period, Rank
from regulars.domain.segments.operators import COUNT_OPERATORS, NUMBER_OPERATORS, OPERATORS, OWN_TIME_OPERATORS, RANK_OPERATORS, parse_test
from regulars.domain.segments.own_time import KEY, is_own_time, own_time
from regulars.domain.segments.rule import EventClause, EventSequence, Message, MessageKind, OwnTime, Step
from regulars.domain.segments.unbuilt import NOT_BUILT

PERIOD_KEYS = ("within", "from", "to", "before", "after")
EDGES = ("first", "last")
MEASURE_KEYS = ("count", "distinct", *AGGREGATES, *EDGES)
EVENT_KEYS = ("event", "where", *PERIOD_KEYS, *MEASURE_KEYS, KEY)
STEP_KEYS = ("event", "where", *PERIOD_KEYS)
SEQUENCE_KEYS = ("sequence", "within", "then_not")
MESSAGE_KINDS: tuple[MessageKind, ...] = ("sent", "failed", "received", "opened", "converted")
MESSAGE_KEYS = ("message", "campaign", *PERIOD_KEYS, "count")

ONCE = Test("gte", 1)
"""How often, where a clause does not say."""


def parse_event(given: Fields) -> EventClause | OwnTime:
    """`{"event": name, "where": [...], PERIOD, MEASURE, "timezone": "user"}`. Raises InvalidRuleError."""
    name = read_name(given["event"])
    own = is_own_time(given)
    measure = _measure(given, own=own)
    clause = EventClause(name, _where(given, own=own), _period(given, own=own), measure)
    return own_time(given, clause) if own else clause


def parse_sequence(given: Fields) -> EventSequence:
    """`{"sequence": [STEP, ...], "within": span, "then_not": STEP}`. Raises InvalidRuleError."""
    given.only(SEQUENCE_KEYS, NOT_BUILT)
    steps = tuple(_step(entry) for entry in given["sequence"].items(MAX_STEPS))
    then_not = _step(given["then_not"]) if "then_not" in given else None
    if len(steps) == 1 and then_not is None:
        given["sequence"].refuse("a sequence has two steps or more, or one and a `then_not`")
    return EventSequence(steps, read_span(given["within"]) if "within" in given else None, then_not)


def parse_message(given: Fields) -> Message:
    """`{"message": kind, "campaign": id, PERIOD, "count": {...}}`. Raises InvalidRuleError."""
    kind: MessageKind = given.only(MESSAGE_KEYS, NOT_BUILT)["message"].choice(MESSAGE_KINDS)
    campaign_id = read_id(given["campaign"], CAMPAIGN_ID) if "campaign" in given else None
    if kind == "converted" and campaign_id is None:
        given.value.refuse("`converted` is by the goal of a campaign: name it as `campaign`")
    if kind == "converted" and "count" in given:
        given["count"].refuse("whoever converts does so once: leave `count` out")
    test = parse_test(Fields(given["count"]), COUNT_OPERATORS) if "count" in given else ONCE
    return Message(kind, campaign_id, _period(given), test)


def _step(value: Value) -> Step:
    given = Fields(value).only(STEP_KEYS, NOT_BUILT)
    return Step(read_name(given["event"]), _where(given), _period(given))


def _where(given: Fields, *, own: bool = False) -> tuple[Condition, ...]:
    return tuple(read_condition(entry, own=own) for entry in given["where"].items(MAX_CONDITIONS)) if "where" in given else ()


def read_condition(value: Value, *, own: bool = False) -> Condition:
    """`{"property": path, OP: value}`. Raises the value's error."""
    given = Fields(value).only(("property", *OPERATORS), NOT_BUILT)
    path, inside = read_judged(given["property"])
    return Condition(path, of_each(parse_test(given, OWN_TIME_OPERATORS if own else OPERATORS, beside=["property"]), inside))


def _period(given: Fields, *, own: bool = False) -> Period:
    used = [key for key in PERIOD_KEYS if key in given]
    for first, second in (("from", "after"), ("to", "before")):
        if first in used and second in used:
            given.value.refuse(f"`{first}` and `{second}` mean the same bound: give one")
    if "within" in used:
        if len(used) > 1:
            given.value.refuse(f"`within` ends at the as-of moment and stands alone, without {listed(used[1:])}")
        return Period(within=read_span(given["within"]))
    bounds = {key: (read_clock if own else read_moment)(given[key]) for key in used}
    start, end = bounds.get("from", bounds.get("after")), bounds.get("to", bounds.get("before"))
    if start and end and (start.tzinfo is None) is not (end.tzinfo is None):
        given.value.refuse("one bound has a zone and the other has none: give both one, or neither")
    if start and end and start >= end:
        given.value.refuse(f"the period ends before it begins: from {shown(start)} to {shown(end)}")
    return Period(start=start, end=end)


def _measure(given: Fields, *, own: bool) -> Measure:
    used = [key for key in MEASURE_KEYS if key in given]
    if len(used) > 1:
        given.value.refuse(f"one measure is needed, not {listed(used)}: join two clauses with `all`")
    if not used or used[0] == "count":
        _refuse_lone_operators(given)
        given.only(EVENT_KEYS, NOT_BUILT)
        test = parse_test(Fields(given["count"]), {**COUNT_OPERATORS, **RANK_OPERATORS}) if used else ONCE
        return _rank(test, "count") or Count(test)
    measure, named = used[0], given[used[0]]
    if measure == "distinct":
        of = None if named.raw == "day" else read_measured(named)
        test = parse_test(given, {**COUNT_OPERATORS, **RANK_OPERATORS}, beside=EVENT_KEYS)
        return _rank(test, "distinct", of) or Distinct(of, test)
    if measure in EDGES:
        return _edge(given.only(EVENT_KEYS, NOT_BUILT), cast(Literal["first", "last"], measure), own=own)
    function = cast(Literal["sum", "avg", "min", "max"], measure)
    path, test = read_measured(named), parse_test(given, {**NUMBER_OPERATORS, **RANK_OPERATORS}, beside=EVENT_KEYS)
    return _rank(test, function, path) or Aggregate(function, path, test)


def _rank(test: Test, amount: Amount, path: Path | None = None) -> Rank | None:
    """None for a test of the amount itself."""
    if test.operator not in RANK_OPERATORS or not isinstance(test.operand, int):
        return None
    return Rank(cast(Literal["top", "bottom"], test.operator), test.operand, amount, path)


def _edge(given: Fields, which: Literal["first", "last"], *, own: bool) -> Edge | Rank:
    said = Fields(given[which]).only((*PERIOD_KEYS, *RANK_OPERATORS))
    if any(key in RANK_OPERATORS for key in said):
        test = parse_test(said, RANK_OPERATORS)
        return Rank(cast(Literal["top", "bottom"], test.operator), cast(int, test.operand), which)
    period = _period(said, own=own)
    if period == EVER:
        given[which].refuse(f"a period is needed, as in {{`within`: `30d`}}; known: {listed((*PERIOD_KEYS, *RANK_OPERATORS))}")
    return Edge(which, period)


def _refuse_lone_operators(given: Fields) -> None:
    """`gte` beside `event` belongs into its `count`; `before` stands there in its own right, as a period."""
    for key in given:
        if key in COUNT_OPERATORS or key in RANK_OPERATORS:
            example = "2" if key in COUNT_OPERATORS else "`20%`"
            given[key].refuse(f"`{key}` needs a measure before it, as in `count`: {{`{key}`: {example}}}; known: {listed(MEASURE_KEYS)}")
