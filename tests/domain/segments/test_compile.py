"""The shape of the SQL: what it reads, what it never does, and that nothing of a rule's text gets out of its literals."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule, parse_segment
from regulars.domain.segments.compile.time_ranges import TimeRange, covering
from regulars.domain.segments.compile.values import number_literal
from tests.domain.segments.judges import accepted
from tests.domain.segments.lake import Lake
from tests.domain.segments.rules import AS_OF, rules
from tests.drawn import drawn

BOUGHT: dict[str, Any] = {"event": "Order Completed"}


def sql(rule: Any, as_of: datetime = AS_OF, **segments: Any) -> str:
    known = {name: parse_segment({"id": name, "name": name, "rule": inner}) for name, inner in segments.items()}
    return printed(audience_sql(parse_rule(rule), as_of, known))


def tables(text: str) -> list[str]:
    """What is read beside the owners of ids, once for each time it is read."""
    tree = sqlglot.parse_one(text, read="athena")
    named = {cte.alias for cte in tree.find_all(exp.CTE)}
    return sorted(table.name for table in tree.find_all(exp.Table) if table.name not in {*named, "identities"})


@pytest.mark.parametrize(
    ("rule", "read"),
    [
        (BOUGHT, ["events"]),
        ({"all": [BOUGHT, {**BOUGHT, "within": "7d"}, {"not": {**BOUGHT, "within": "30d", "count": {"gt": 3}}}]}, ["events"]),
        ({"all": [BOUGHT, {"event": "Product Viewed"}]}, ["events", "events"]),
        ({"all": [BOUGHT, {"not": {"event": "Product Viewed"}}]}, ["events", "events"]),
        ({"all": [BOUGHT, {"users": ["ann"]}, {"bucket": {"salt": "s", "from": 0, "to": 1}}]}, ["events"]),
        ({"any": [BOUGHT, {"event": "Product Viewed"}]}, ["events", "events"]),
        ({"all": [{"trait": "plan", "eq": "pro"}, {"not": {"trait": "age", "lt": 18}}]}, ["events"]),
        ({"not": {"any": [{"trait": "plan", "eq": "pro"}, {"trait": "age", "lt": 18}]}}, ["events"]),
        ({"not": BOUGHT}, ["events", "people"]),
        ({**BOUGHT, "count": {"eq": 0}}, ["events", "people"]),
        ({"not": {**BOUGHT, "count": {"eq": 0}}}, ["events"]),
        ({"trait": "plan", "exists": False}, ["events", "people"]),
        ({"any": [BOUGHT, {"bucket": {"salt": "s", "from": 0, "to": 1}}]}, ["events", "people"]),
        ({"everyone": True}, ["people"]),
        ({"users": ["ann"]}, ["people"]),
        ({"not": {"everyone": True}}, ["people"]),
    ],
)
def test_each_event_name_is_read_once_and_people_only_where_the_unseen_can_be_selected(rule: Any, read: list[str]) -> None:
    assert tables(sql(rule)) == read


def test_columns_that_no_clause_names_are_not_read() -> None:
    text = sql({"all": [BOUGHT, {"event": "Product Viewed", "where": [{"property": "category", "eq": "wine"}]}]})
    first, second = (scan for scan in sqlglot.parse_one(text, read="athena").find_all(exp.CTE) if scan.alias != "owners")
    whose = {"user_id", "anonymous_id", "owner_id", "owned_kind", "owned_id"}
    assert {column.name for column in first.find_all(exp.Column)} == {"event_name", "other_name", "event_ts", *whose}
    assert {column.name for column in second.find_all(exp.Column)} == {"event_name", "other_name", "event_ts", "properties", *whose}


def test_the_same_clause_twice_is_computed_once() -> None:
    assert sql({"all": [BOUGHT, {"any": [BOUGHT]}, {"segment": "s"}]}, s=BOUGHT).count("FROM events") == 1


def test_a_period_never_reaches_past_the_as_of_moment() -> None:
    assert "2018" not in sql({**BOUGHT, "to": "2018-01-01"})


def test_moments_of_other_zones_are_the_same_moments() -> None:
    paris = timezone(timedelta(hours=2))
    assert sql(BOUGHT, datetime(2017, 10, 1, 2, tzinfo=paris)) == sql(BOUGHT, datetime(2017, 10, 1, tzinfo=UTC))


def test_an_as_of_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sql(BOUGHT, datetime(2017, 10, 1))


def test_a_statement_that_athena_would_not_take_is_refused() -> None:
    with pytest.raises(InvalidRuleError, match="Athena takes 262144"):
        sql({"users": [f"{n:0>900}" for n in range(400)]})


def test_the_longest_rules_still_compile() -> None:
    clause = {**BOUGHT, "where": [{"property": f"p{n}", "within": "7d"} for n in range(3)]}
    text = sql({"any": [{**clause, "count": {"gte": n}} for n in range(100)]})
    lake = Lake()
    lake.fill([])
    assert lake.column(text) == []


def test_rules_at_every_limit_of_nesting_do_not_exhaust_the_stack() -> None:
    segments: dict[str, Any] = {}
    rule: dict[str, Any] = BOUGHT
    for number in range(7):
        for level in range(6):
            rule = {("all", "any")[level % 2]: [rule, {"not": {"users": ["ann"]}}]} if level < 5 else {"not": rule}
        segments[f"s{number}"], rule = rule, {"segment": f"s{number}"}
    lake = Lake()
    lake.fill([])
    assert lake.column(sql(rule, **segments)) == []


@pytest.mark.parametrize(
    ("number", "literal"),
    [(7.0, "7e0"), (0.5, "0.5e0"), (-2.0, "-2e0"), (1e-7, "1e-07"), (1e22, "1e+22"), (0.0, "0e0"), (123456789.25, "123456789.25e0")],
)
def test_numbers_are_written_as_doubles(number: float, literal: str) -> None:
    assert printed(number_literal(number)) == literal
    accepted(f"SELECT {literal} AS n")


def test_time_ranges_that_touch_become_one_and_others_stay_apart() -> None:
    day = [AS_OF + timedelta(days=n) for n in range(6)]
    assert covering([TimeRange(day[2], day[3]), TimeRange(day[0], day[1]), TimeRange(day[1], day[2])]) == (TimeRange(day[0], day[3]),)
    assert covering([TimeRange(day[3], day[4]), TimeRange(day[0], day[1])]) == (TimeRange(day[0], day[1]), TimeRange(day[3], day[4]))
    assert covering([TimeRange(day[0], day[5]), TimeRange(day[1], day[2])]) == (TimeRange(day[0], day[5]),)
    assert covering([TimeRange(day[3], day[4]), TimeRange(None, day[1])]) == (TimeRange(None, day[1]), TimeRange(day[3], day[4]))
    assert covering([TimeRange(None, day[1]), TimeRange(None, day[3])]) == (TimeRange(None, day[3]),)


texts = st.text(
    alphabet=st.one_of(st.sampled_from("'\"\\;-%_`$*/()\n\t "), st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    min_size=1,
    max_size=20,
)


@drawn(30)
@given(texts, texts, texts)
def test_whatever_names_and_values_hold_stays_inside_literals(event: str, value: str, person: str) -> None:
    def shape(event: str, value: str, person: str) -> Any:
        rule = {"all": [{"event": event, "where": [{"property": "p", "contains": value}]}, {"trait": "t", "eq": value}, {"users": [person]}]}
        text = sql(rule)
        tree = sqlglot.parse_one(text, read="trino")
        strings = [literal.name for literal in tree.find_all(exp.Literal) if literal.is_string]
        return strings, tree.transform(lambda node: exp.Literal.string("x") if isinstance(node, exp.Literal) and node.is_string else node)

    strings, tree = shape(event, value, person)
    assert {event, value, person} <= set(strings)
    assert tree == shape("plain", "plain", "plain")[1]


@drawn(10)
@given(rules)
def test_the_same_rule_has_the_same_text_and_trino_takes_it(rule: dict[str, Any]) -> None:
    buyers = {"not": {**BOUGHT, "within": "30d", "count": {"lt": 1}}}
    text = sql(rule, buyers=buyers)
    assert text == sql(rule, buyers=buyers)
    accepted(text)
