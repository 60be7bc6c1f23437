"""Reading the parts of an event clause: its conditions, its period and its measure."""

from typing import Literal, cast

from regulars.domain.language import Fields, Value, listed, read_moment, read_name, read_path, read_span, shown
from regulars.domain.segments.limits import MAX_CONDITIONS
from regulars.domain.segments.operators import COUNT_OPERATORS, NUMBER_OPERATORS, OPERATORS, parse_test
from regulars.domain.segments.rule import (
    AGGREGATES,
    Aggregate,
    Condition,
    Count,
    Distinct,
    EventClause,
    Measure,
    Period,
    Test,
)
from regulars.domain.segments.unbuilt import NOT_BUILT

PERIOD_KEYS = ("within", "from", "to", "before", "after")
MEASURE_KEYS = ("count", "distinct", *AGGREGATES)
EVENT_KEYS = ("event", "where", *PERIOD_KEYS, *MEASURE_KEYS)

AT_LEAST_ONCE = Count(Test("gte", 1))
"""The measure of an event clause that names none."""


def parse_event(given: Fields) -> EventClause:
    """`{"event": name, "where": [...], PERIOD, MEASURE}`. Raises InvalidRuleError."""
    name = read_name(given["event"])
    measure = _measure(given)
    where = given["where"].items(MAX_CONDITIONS) if "where" in given else []
    return EventClause(name, tuple(_condition(entry) for entry in where), _period(given), measure)


def _condition(value: Value) -> Condition:
    given = Fields(value).only(("property", *OPERATORS), NOT_BUILT)
    return Condition(read_path(given["property"]), parse_test(given, OPERATORS, beside=["property"]))


def _period(given: Fields) -> Period:
    used = [key for key in PERIOD_KEYS if key in given]
    for first, second in (("from", "after"), ("to", "before")):
        if first in used and second in used:
            given.value.refuse(f"`{first}` and `{second}` mean the same bound: give one")
    if "within" in used:
        if len(used) > 1:
            given.value.refuse(f"`within` ends at the as-of moment and stands alone, without {listed(used[1:])}")
        return Period(within=read_span(given["within"]))
    bounds = {key: read_moment(given[key]) for key in used}
    start, end = bounds.get("from", bounds.get("after")), bounds.get("to", bounds.get("before"))
    if start and end and start >= end:
        given.value.refuse(f"the period ends before it begins: from {shown(start)} to {shown(end)}")
    return Period(start=start, end=end)


def _measure(given: Fields) -> Measure:
    used = [key for key in MEASURE_KEYS if key in given]
    if len(used) > 1:
        given.value.refuse(f"one measure is needed, not {listed(used)}: join two clauses with `all`")
    if not used or used[0] == "count":
        _refuse_lone_operators(given)
        given.only(EVENT_KEYS, NOT_BUILT)
        return Count(parse_test(Fields(given["count"]), COUNT_OPERATORS)) if used else AT_LEAST_ONCE
    measure, named = used[0], given[used[0]]
    if measure == "distinct":
        of = None if named.raw == "day" else read_path(named)
        return Distinct(of, parse_test(given, COUNT_OPERATORS, beside=EVENT_KEYS))
    function = cast(Literal["sum", "avg", "min", "max"], measure)
    return Aggregate(function, read_path(named), parse_test(given, NUMBER_OPERATORS, beside=EVENT_KEYS))


def _refuse_lone_operators(given: Fields) -> None:
    """`gte` beside `event` belongs into its `count`; `before` stands there in its own right, as a period."""
    for key in given:
        if key in COUNT_OPERATORS:
            given[key].refuse(f"`{key}` needs a measure before it, as in `count`: {{`{key}`: 2}}; known: {listed(MEASURE_KEYS)}")
