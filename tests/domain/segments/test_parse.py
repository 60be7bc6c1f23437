"""What is refused, in which words and at which path; what is read, and as what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidRuleError
from regulars.domain.segments import parse_rule, parse_segment, unbuilt
from regulars.domain.segments.judgement import Condition, Elements, Test
from regulars.domain.segments.measure import Aggregate, Count, Distinct, Period
from regulars.domain.segments.operators import OPERATORS
from regulars.domain.segments.parse import HEADS
from regulars.domain.segments.rule import AllOf, EventClause, Not, Trait, Users

EVENT = {"event": "Order Completed"}


def refusal(rule: Any) -> InvalidRuleError:
    with pytest.raises(InvalidRuleError) as caught:
        parse_rule(rule)
    return caught.value


def test_a_segment_is_its_id_its_name_and_its_rule() -> None:
    document = {"id": "lapsing", "name": "Lapsing loyal customers", "rule": EVENT}
    segment = parse_segment(document)
    assert (segment.segment_id, segment.name) == ("lapsing", "Lapsing loyal customers")
    assert segment.rule == EventClause("Order Completed", (), Period(), Count(Test("gte", 1)))


@pytest.mark.parametrize(
    ("document", "field", "says"),
    [
        ([], "", "an object is needed, not a list"),
        ({"id": "a", "name": "A"}, "rule", "an object is needed, and it is missing"),
        ({"id": "a", "name": "A", "rule": EVENT, "tags": []}, "tags", "`tags` is not known here; known: `id`, `name`, `rule`"),
        ({"id": "a b", "name": "A", "rule": EVENT}, "id", "letters, digits"),
        ({"id": "a#00000001", "name": "A", "rule": EVENT}, "id", "letters, digits"),
        ({"id": "a" * 101, "name": "A", "rule": EVENT}, "id", "1 to 100"),
        ({"id": "a", "name": "", "rule": EVENT}, "name", "empty"),
        ({"id": "a", "name": 7, "rule": EVENT}, "name", "a text is needed, not a number"),
        ({"id": "a", "name": "A", "rule": EVENT, "timezone": "user"}, "timezone", "`timezone` is not known here"),
    ],
)
def test_a_segment_without_its_parts_or_with_more_is_refused(document: Any, field: str, says: str) -> None:
    with pytest.raises(InvalidRuleError) as caught:
        parse_segment(document)
    assert caught.value.field == field
    assert says in str(caught.value)


def test_every_part_of_an_event_clause_is_read() -> None:
    rule = {
        "event": "Order Completed",
        "where": [{"property": "shop.city", "eq": "Lyon"}, {"property": ["a.b"], "gt": 7}],
        "from": "2017-07-01",
        "to": "2017-10-01T02:00:00+02:00",
        "sum": "revenue",
        "between": [10, 20.5],
    }
    july, october = datetime(2017, 7, 1, tzinfo=UTC), datetime(2017, 10, 1, tzinfo=UTC)
    assert parse_rule(rule) == EventClause(
        "Order Completed",
        (Condition(("shop", "city"), Test("eq", "Lyon")), Condition(("a.b",), Test("gt", 7.0))),
        Period(start=july, end=october),
        Aggregate("sum", ("revenue",), Test("between", (10.0, 20.5))),
    )


def test_a_path_in_a_list_is_the_one_inside_each_element() -> None:
    assert parse_rule({"trait": "a.items[].b.c", "eq": 1}) == Trait(("a", "items"), Elements(("b", "c"), Test("eq", 1.0)))
    assert parse_rule({"trait": "tags[]", "eq": "x"}) == Trait(("tags",), Elements((), Test("eq", "x")))
    assert parse_rule({"trait": ["tags[]"], "eq": "x"}) == Trait(("tags[]",), Test("eq", "x"))


def test_before_and_after_are_the_bounds_to_and_from() -> None:
    assert parse_rule({**EVENT, "after": "2017-07-01", "before": "2017-08-01"}) == parse_rule({**EVENT, "from": "2017-07-01", "to": "2017-08-01"})


def test_distinct_day_counts_days_and_a_list_reaches_a_property_called_day() -> None:
    days, properties = parse_rule({**EVENT, "distinct": "day", "gte": 3}), parse_rule({**EVENT, "distinct": ["day"], "gte": 3})
    assert isinstance(days, EventClause) and days.measure == Distinct(None, Test("gte", 3))
    assert isinstance(properties, EventClause) and properties.measure == Distinct(("day",), Test("gte", 3))


@pytest.mark.parametrize(
    ("span", "means"), [("90m", timedelta(minutes=90)), ("12h", timedelta(hours=12)), ("30d", timedelta(days=30)), ("2w", timedelta(weeks=2))]
)
def test_spans_are_minutes_hours_days_or_weeks(span: str, means: timedelta) -> None:
    rule = parse_rule({**EVENT, "within": span})
    assert isinstance(rule, EventClause) and rule.period == Period(within=means)


def test_numbers_and_booleans_that_python_calls_equal_stay_different_clauses() -> None:
    one, true = parse_rule({"trait": "vip", "eq": 1}), parse_rule({"trait": "vip", "eq": True})
    assert one == Trait(("vip",), Test("eq", 1.0))
    assert true == Trait(("vip",), Test("eq", "true"))


def test_users_named_twice_are_one() -> None:
    assert parse_rule({"users": ["ann", "bob", "ann"]}) == Users(("ann", "bob"))


def test_rules_nest() -> None:
    assert parse_rule({"all": [{"not": {"users": ["ann"]}}]}) == AllOf((Not(Users(("ann",))),))


@pytest.mark.parametrize(
    ("rule", "field", "says"),
    [
        ("everyone", "rule", "an object is needed, not a text"),
        ({}, "rule", "an empty rule says nothing; known: `all`, `any`"),
        ({"every": True}, "rule.every", "`every` is not known here (did you mean `everyone`?); known: `all`, `any`, `not`"),
        ({"all": [EVENT], "any": [EVENT]}, "rule", "`all`, `any` cannot stand together"),
        ({"all": []}, "rule.all", "nothing in it"),
        ({"all": EVENT}, "rule.all", "a list is needed, not an object"),
        ({"all": [EVENT], "where": []}, "rule.where", "`where` is not known here; known: `all`"),
        ({"any": [EVENT, {"not": {"no": 1}}]}, "rule.any[1].not.no", "`no` is not known here"),
        ({"everyone": False}, "rule.everyone", "only `true`"),
        ({"users": [7]}, "rule.users[0]", "a text is needed, not a number"),
        ({"users": ["a\0b"]}, "rule.users[0]", "NUL"),
        ({"users": ["\ud800"]}, "rule.users[0]", "half of a surrogate pair"),
        ({"segment": "a/b"}, "rule.segment", "letters, digits"),
        (
            {"trait": "plan", "equals": "pro"},
            "rule.equals",
            "`equals` is not known here (did you mean `eq`?); known: `trait`, `timezone`, `eq`, `ne`",
        ),
        ({"trait": "plan"}, "rule", "one operator is needed, and there is none"),
        ({"trait": "age", "gte": 18, "lt": 30}, "rule", "not `gte`, `lt`: join two clauses with `all`"),
        ({"trait": "n", "eq": 2**53 + 1}, "rule.eq", "9007199254740993 is too large to be told from its neighbours as a number: write it as a text"),
        ({"trait": "n", "nin": [1, -(2**53)]}, "rule.nin[1]", "write it as a text"),
        ({"trait": "plan", "eq": None}, "rule.eq", "not null; to ask for absence: `exists`: false"),
        ({"trait": "plan", "in": ["a", 1]}, "rule.in", "only texts or only numbers"),
        ({"trait": "plan", "in": []}, "rule.in", "nothing in it"),
        ({"trait": "age", "gt": "18"}, "rule.gt", "a number is needed, not a text"),
        ({"trait": "age", "gt": True}, "rule.gt", "a number is needed, not true or false"),
        ({"trait": "age", "gt": 10**400}, "rule.gt", "not finite, or too large"),
        ({"trait": "age", "gt": float("nan")}, "rule.gt", "finite"),
        ({"trait": "age", "between": [2, 1]}, "rule.between", "the lower number comes first"),
        ({"trait": "age", "between": [1]}, "rule.between", "two numbers"),
        ({"trait": "plan", "contains": ""}, "rule.contains", "empty"),
        ({"trait": "plan", "exists": "no"}, "rule.exists", "true or false is needed"),
        ({"trait": "since", "before": "yesterday"}, "rule.before", "a moment, as in 2017-10-01"),
        ({"trait": "since", "before": "2017-02-30"}, "rule.before", "no such moment"),
        ({"trait": "since", "before": "2017-01-01T00:00:00.1234567Z"}, "rule.before", "at most microseconds"),
        ({"trait": "since", "within": "1y"}, "rule.within", "a span, as in 90m, 12h, 30d or 2w, is needed"),
        ({"trait": "since", "within": "99999w"}, "rule.within", "at most 36525 days"),
        (
            {"trait": "birthday", "anniversary": False},
            "rule.anniversary",
            "`true`, for the as-of day alone, or a span of whole days, as in 7d or 2w, is needed",
        ),
        ({"trait": "birthday", "anniversary": "36h"}, "rule.anniversary", "whole days, and at most 366 of them"),
        ({"trait": "birthday", "anniversary": "367d"}, "rule.anniversary", "at most 366"),
        ({"trait": "birthday", "aniversary": True}, "rule.aniversary", "did you mean `anniversary`?"),
        ({"trait": "app", "version_gte": 5.1}, "rule.version_gte", 'a version as a text, as in "5.10" or "5.0.0-beta.2", is needed, not a number'),
        ({"trait": "app", "version_lt": "5.x"}, "rule.version_lt", "1 to 4 numbers"),
        ({"trait": "app", "version_gt": "5"}, "rule.version_gt", "did you mean `version_gte`?"),
        ({"trait": "email", "regexp": "x"}, "rule.regexp", "did you mean `matches`?"),
        ({**EVENT, "where": [{"property": "sku", "matches": "(?i)x"}]}, "rule.where[0].matches", "at character 1: of groups there are"),
        ({"trait": "a..b", "eq": 1}, "rule.trait", "1 to 255 characters"),
        ({"trait": 'a"b', "eq": 1}, "rule.trait", "quotes"),
        ({"trait": "a\\b", "eq": 1}, "rule.trait", "backslashes"),
        ({"trait": "*", "eq": 1}, "rule.trait", "`*`"),
        ({"trait": "items.0", "eq": 1}, "rule.trait", "no place in a list can be asked for, but whether any element is so: `items[]`"),
        ({"trait": ["items", "0"], "eq": 1}, "rule.trait", "places in an array"),
        ({"trait": "a[].b[]", "eq": 1}, "rule.trait", "one list can be looked through, not 2 inside each other"),
        ({"trait": "[]", "eq": 1}, "rule.trait", "empty"),
        ({**EVENT, "where": [{"property": "a[].", "eq": 1}]}, "rule.where[0].property", "1 to 255 characters"),
        ({**EVENT, "sum": "items[].price", "gt": 1}, "rule.sum", "the elements of a list cannot be measured"),
        ({**EVENT, "distinct": "items[]", "gt": 1}, "rule.distinct", "the elements of a list cannot be measured"),
        ({"trait": [], "eq": 1}, "rule.trait", "1 to 253 names, not 0"),
        ({"trait": 7, "eq": 1}, "rule.trait", "a name, or a list of names"),
        ({"event": ""}, "rule.event", "empty"),
        ({**EVENT, "gte": 2}, "rule.gte", "`gte` needs a measure"),
        ({**EVENT, "having": 2}, "rule.having", "`having` is not known here; known: `event`, `where`"),
        ({**EVENT, "count": 2}, "rule.count", "an object is needed, not a number"),
        ({**EVENT, "count": {}}, "rule.count", "one operator is needed"),
        ({**EVENT, "count": {"gte": 1.5}}, "rule.count.gte", "a whole number is needed"),
        ({**EVENT, "count": {"gte": -1}}, "rule.count.gte", "from 0"),
        ({**EVENT, "count": {"contains": "1"}}, "rule.count.contains", "`contains` is not known here; known: `eq`"),
        ({**EVENT, "count": {"gte": 1}, "gte": 2}, "rule.gte", "`gte` needs a measure"),
        ({**EVENT, "sum": "revenue"}, "rule", "one operator is needed"),
        ({**EVENT, "sum": "revenue", "avg": "revenue", "gt": 1}, "rule", "`sum`, `avg`: join two clauses"),
        ({**EVENT, "sum": "revenue", "contains": "1"}, "rule.contains", "`contains` is not known here"),
        ({**EVENT, "distinct": "day", "gte": 1.5}, "rule.gte", "a whole number"),
        ({**EVENT, "where": {"property": "a", "eq": 1}}, "rule.where", "a list is needed"),
        ({**EVENT, "where": [{"eq": 1}]}, "rule.where[0].property", "a name, or a list of names, is needed, and it is missing"),
        (
            {"all": [EVENT, {**EVENT, "where": [{"property": "a", "like": 1}]}]},
            "rule.all[1].where[0].like",
            "`like` is not known here (did you mean `contains`?); known: `property`",
        ),
        ({**EVENT, "within": "30d", "from": "2017-01-01"}, "rule", "stands alone, without `from`"),
        ({**EVENT, "from": "2017-01-01", "after": "2017-01-01"}, "rule", "mean the same bound"),
        ({**EVENT, "from": "2017-02-01", "to": "2017-02-01"}, "rule", "ends before it begins"),
        ({"reachable": "pusch"}, "rule.reachable", "`pusch` is not known here (did you mean `push`?); known: `push`"),
        ({"reachable": True}, "rule.reachable", "one of push is needed, not true or false"),
        ({"reachable": "push", "within": "30d"}, "rule.within", "`within` is not known here; known: `reachable`"),
        ({"reachabel": "push"}, "rule.reachabel", "did you mean `reachable`?"),
        ({"near": {"lat": 91, "lon": 0, "radius_m": 1}}, "rule.near.lat", "a number from -90 to 90 is needed, not 91"),
        ({"near": {"lat": 0, "lon": -180.5, "radius_m": 1}}, "rule.near.lon", "a number from -180 to 180"),
        ({"near": {"lat": 0, "lon": 0, "radius_m": 0.5}}, "rule.near.radius_m", "a number from 1 to 2e+07"),
        ({"near": {"lat": 0, "lon": 0}}, "rule.near.radius_m", "a number is needed, and it is missing"),
        (
            {"near": {"lat": 0, "lng": 0, "radius_m": 1}},
            "rule.near.lng",
            "`lng` is not known here (did you mean `lon`?); known: `lat`, `lon`, `radius_m`",
        ),
        ({"near": {"lat": 0, "lon": 0, "radius_m": 1}, "from": "2017-01-01"}, "rule.from", "`from` is not known here; known: `near`, `within`"),
        ({"bucket": {"salt": "s", "from": 0}}, "rule.bucket.to", "a whole number is needed, and it is missing"),
        ({"bucket": {"salt": "s", "from": 10, "to": 9}}, "rule.bucket.to", "from 10 to 9999"),
        ({**EVENT, "count": {"top": "20%"}, "from": "2017-01-01", "timezone": "user"}, "rule.timezone", "by one clock"),
        ({**EVENT, "first": "30d"}, "rule.first", "an object is needed, not a text"),
        ({**EVENT, "first": {}}, "rule.first", "a period is needed, as in {`within`: `30d`}; known: `within`, `from`"),
        ({**EVENT, "last": {"within": "3x"}}, "rule.last.within", "a span"),
        ({**EVENT, "last": {"older_than": "30d"}}, "rule.last.older_than", "not known here"),
        ({**EVENT, "last": {"within": "30d"}, "gte": 2}, "rule.gte", "`gte` is not known here"),
        ({"sequence": [EVENT]}, "rule.sequence", "two steps or more"),
        ({"sequence": []}, "rule.sequence", "nothing in it"),
        ({"sequence": [EVENT] * 11}, "rule.sequence", "11 entries; at most 10"),
        ({"sequence": [EVENT, {**EVENT, "count": {"gte": 2}}]}, "rule.sequence[1].count", "`count` is not known here; known: `event`, `where`"),
        ({"sequence": [EVENT, EVENT], "then_not": {"event": "X", "within": "x"}}, "rule.then_not.within", "a span"),
        ({"sequence": [EVENT, EVENT], "within": "1 day"}, "rule.within", "a span"),
        ({"sequence": [EVENT, EVENT], "event": "X"}, "rule", "cannot stand together"),
        ({"sequence": [EVENT, EVENT], "then": EVENT}, "rule.then", "did you mean `then_not`?"),
        ({"message": "send"}, "rule.message", "did you mean `sent`?"),
        ({"message": "opened", "campaign": "no spaces"}, "rule.campaign", "an id has 1 to 48"),
        ({"message": "converted"}, "rule", "by the goal of a campaign"),
        ({"message": "converted", "campaign": "spring", "count": {"gte": 2}}, "rule.count", "leave `count` out"),
        ({"message": "opened", "count": 2}, "rule.count", "an object is needed"),
        ({"message": "opened", "where": []}, "rule.where", "`where` is not known here"),
        ({"consent": ""}, "rule.consent", "empty"),
        ({"consent": 'news"'}, "rule.consent", "quotes"),
        ({"consent": "*"}, "rule.consent", "cannot be `*`"),
        ({"bucket": {"salt": "s", "from": 0, "to": 10_000}}, "rule.bucket.to", "from 0 to 9999"),
        ({"bucket": {"salt": "s", "from": 0, "to": 1, "percent": 1}}, "rule.bucket.percent", "`percent` is not known here"),
    ],
)
def test_a_refusal_names_the_place_what_is_wrong_and_what_is_allowed(rule: Any, field: str, says: str) -> None:
    error = refusal(rule)
    assert error.field == field
    assert says in str(error)


@pytest.mark.parametrize("word", unbuilt.COMING_RULES)
def test_rules_of_the_language_that_are_not_built_are_refused_by_name(word: str) -> None:
    assert f"`{word}` is not built yet; known: `all`, `any`" in str(refusal({word: {}}))


def test_nothing_is_both_built_and_not_built() -> None:
    assert not set(unbuilt.NOT_BUILT) & {*OPERATORS, *HEADS}


def nested(levels: int) -> dict[str, Any]:
    rule: dict[str, Any] = dict(EVENT)
    for _ in range(levels - 1):
        rule = {"not": rule}
    return rule


def test_eight_levels_are_read_and_nine_are_not() -> None:
    parse_rule(nested(8))
    assert "more than 8 levels" in str(refusal(nested(9)))


def test_a_rule_nested_a_thousand_times_is_refused_without_exhausting_the_stack() -> None:
    assert "more than 8 levels" in str(refusal(nested(900)))


def test_a_hundred_clauses_are_read_and_more_are_not() -> None:
    halves = [{"any": [EVENT] * 50}, {"any": [EVENT] * 50}]
    parse_rule({"all": halves})
    assert "101 clauses; at most 100" in str(refusal({"all": [*halves, EVENT]}))


@pytest.mark.parametrize(
    "rule",
    [
        {"users": ["u"] * 5001},
        {"trait": "plan", "in": ["x"] * 1001},
        {**EVENT, "where": [{"property": "a", "eq": 1}] * 21},
        {"trait": "plan", "eq": "x" * 1001},
        {"event": "x" * 256},
        {"trait": ["a"] * 254, "eq": 1},
    ],
)
def test_what_is_too_long_is_refused(rule: Any) -> None:
    refusal(rule)
