"""Reading the parts of an event clause: its conditions, its period and its measure."""

from collections.abc import Mapping
from typing import Any, Literal, cast

from regulars.domain.segments.limits import MAX_CONDITIONS, MAX_NAME
from regulars.domain.segments.moments import parse_moment, parse_span
from regulars.domain.segments.operators import COUNT_OPERATORS, NUMBER_OPERATORS, OPERATORS, parse_test
from regulars.domain.segments.paths import parse_path
from regulars.domain.segments.reading import as_list, as_object, as_text, listed, refuse, refuse_key
from regulars.domain.segments.rule import (
    AGGREGATES,
    Aggregate,
    Condition,
    Count,
    Distinct,
    Event,
    Measure,
    Period,
    Test,
)

PERIOD_KEYS = ("within", "from", "to", "before", "after")
MEASURE_KEYS = ("count", "distinct", *AGGREGATES)
EVENT_KEYS = ("event", "where", *PERIOD_KEYS, *MEASURE_KEYS)

AT_LEAST_ONCE = Count(Test("gte", 1))
"""The measure of an event clause that names none."""


def parse_event(given: Mapping[str, Any], path: str) -> Event:
    """`{"event": name, "where": [...], PERIOD, MEASURE}`. Raises InvalidRuleError."""
    name = as_text(given["event"], f"{path}.event", MAX_NAME)
    measure = _measure(given, path)
    where: tuple[Condition, ...] = ()
    if "where" in given:
        conditions = as_list(given["where"], f"{path}.where", MAX_CONDITIONS)
        where = tuple(_condition(entry, f"{path}.where[{index}]") for index, entry in enumerate(conditions))
    return Event(name, where, _period(given, path), measure)


def _condition(value: object, path: str) -> Condition:
    given = as_object(value, path)
    if "property" not in given:
        for key in given:
            if key not in OPERATORS:
                refuse_key(key, path, ("property", *OPERATORS))
        refuse(path, "a condition names its `property`")
    return Condition(parse_path(given["property"], f"{path}.property"), parse_test(given, OPERATORS, path, beside=["property"]))


def _period(given: Mapping[str, Any], path: str) -> Period:
    used = [key for key in PERIOD_KEYS if key in given]
    for first, second in (("from", "after"), ("to", "before")):
        if first in used and second in used:
            refuse(path, f"`{first}` and `{second}` mean the same bound: give one")
    if "within" in used:
        if len(used) > 1:
            refuse(path, f"`within` ends at the as-of moment and stands alone, without {listed(used[1:])}")
        return Period(within=parse_span(given["within"], f"{path}.within"))
    bounds = {key: parse_moment(given[key], f"{path}.{key}") for key in used}
    start, end = bounds.get("from", bounds.get("after")), bounds.get("to", bounds.get("before"))
    if start and end and start >= end:
        refuse(path, "the period ends before it begins")
    return Period(start=start, end=end)


def _measure(given: Mapping[str, Any], path: str) -> Measure:
    used = [key for key in MEASURE_KEYS if key in given]
    if len(used) > 1:
        refuse(path, f"one measure is needed, not {listed(used)}: join two clauses with `all`")
    rest = {key: value for key, value in given.items() if key not in ("event", "where", *PERIOD_KEYS)}
    if not used or used[0] == "count":
        for key in rest:
            if key in COUNT_OPERATORS and key not in EVENT_KEYS:
                refuse(path, f"`{key}` needs a measure before it, as in `count`: {{`{key}`: 2}}; known: {listed(MEASURE_KEYS)}")
            if key not in EVENT_KEYS:
                refuse_key(key, path, EVENT_KEYS)
        if not used:
            return AT_LEAST_ONCE
        return Count(parse_test(as_object(given["count"], f"{path}.count"), COUNT_OPERATORS, f"{path}.count"))
    measure, named = used[0], given[used[0]]
    beside = EVENT_KEYS
    if measure == "distinct":
        of = None if named == "day" else parse_path(named, f"{path}.distinct")
        return Distinct(of, parse_test(given, COUNT_OPERATORS, path, beside=beside))
    function = cast(Literal["sum", "avg", "min", "max"], measure)
    return Aggregate(function, parse_path(named, f"{path}.{measure}"), parse_test(given, NUMBER_OPERATORS, path, beside=beside))
