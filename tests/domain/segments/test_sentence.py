"""Rules in English: as they read, and that no two that differ read alike."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.segments import parse_rule
from regulars.domain.segments.operators import OPERATORS
from regulars.domain.segments.rule import AllOf, AnyOf, Not, Rule
from regulars.domain.segments.sentence import sentence
from tests.domain.segments.rules import rules
from tests.drawn import drawn

BOUGHT = {"event": "Order Completed"}
PRO = {"trait": "plan", "eq": "pro"}
LARGE = {"property": "total", "gte": 50}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (BOUGHT, 'did "Order Completed" at least once'),
        ({**BOUGHT, "within": "30d", "count": {"gte": 2}}, 'did "Order Completed" at least twice in the last 30 days'),
        (
            {
                **BOUGHT,
                "count": {"gte": 3},
                "within": "4w",
                "where": [{"property": "shop.city", "eq": "Lyon"}, {"property": "coupon", "exists": False}],
            },
            'did "Order Completed" at least 3 times in the last 28 days, where shop.city is "Lyon" and coupon is absent',
        ),
        ({**BOUGHT, "within": "3m"}, 'did "Order Completed" at least once in the last 3 minutes'),
        ({**BOUGHT, "within": "24h", "count": {"eq": 0}}, 'did "Order Completed" exactly 0 times in the last day'),
        ({**BOUGHT, "from": "2017-07-01", "to": "2017-10-01"}, 'did "Order Completed" at least once from 2017-07-01 to before 2017-10-01'),
        ({**BOUGHT, "after": "2017-07-01T08:30:00+02:00"}, 'did "Order Completed" at least once from 2017-07-01T06:30:00Z on'),
        ({**BOUGHT, "distinct": "day", "between": [2, 5]}, 'did "Order Completed" on 2 to 5 different days'),
        ({**BOUGHT, "distinct": ["a.b"], "gt": 1}, 'did "Order Completed" with more than 1 different values of "a.b"'),
        ({**BOUGHT, "sum": "revenue", "gte": 99.5}, 'did "Order Completed" with a sum of revenue of at least 99.5'),
        ({**BOUGHT, "first": {"within": "36h"}}, 'did "Order Completed", first of all in the last 36 hours'),
        (PRO, 'trait plan is "pro"'),
        ({"trait": "age", "eq": 7}, "trait age is 7"),
        ({"trait": "age", "eq": "7"}, 'trait age is "7"'),
        ({"trait": "news", "ne": True}, "trait news is not true"),
        ({"trait": ["address", "post code"], "in": ["69001", "69002", "69003"]}, 'trait address."post code" is one of "69001", "69002" or "69003"'),
        ({"trait": "age", "between": [18, 30]}, "trait age is from 18 to 30"),
        ({"trait": "since", "older_than": "52w"}, "trait since is more than 364 days ago"),
        ({"all": [BOUGHT, {"not": PRO}]}, 'did "Order Completed" at least once and not (trait plan is "pro")'),
        (
            {"any": [{"all": [PRO, {"everyone": True}]}, {**BOUGHT, "where": [{"property": "coupon", "exists": True}]}]},
            '(trait plan is "pro" and is known) or (did "Order Completed" at least once, where coupon is there)',
        ),
        ({"all": [PRO]}, 'trait plan is "pro"'),
        ({"users": ["ann"]}, 'is "ann"'),
        ({"users": ["ann", "bob", "cyd"]}, 'is "ann", "bob" or "cyd"'),
        ({"bucket": {"salt": "spring", "from": 0, "to": 999}}, 'is in the buckets 0 to 999 of "spring"'),
        ({"segment": "buyers"}, 'is in the segment "buyers"'),
        ({"consent": "marketing"}, 'agreed to "marketing"'),
        ({"message": "opened", "campaign": "spring", "within": "7d"}, 'opened a push of campaign "spring" at least once in the last 7 days'),
        ({"message": "sent", "count": {"lt": 3}}, "was sent a push of any campaign less than 3 times"),
        (
            {"sequence": [{**BOUGHT, "within": "7d"}, {"event": "Cart Updated"}], "within": "2h", "then_not": {**BOUGHT, "where": [LARGE]}},
            'did "Order Completed" (in the last 7 days), then within 2 hours "Cart Updated",'
            ' then within 2 hours not "Order Completed" (where total is at least 50)',
        ),
    ],
)
def test_a_rule_reads_so(rule: dict[str, Any], said: str) -> None:
    assert sentence(parse_rule(rule)) == said


def test_a_long_list_is_told_from_others_that_begin_alike() -> None:
    ids = [f"u{number}" for number in range(20)]
    one, other = sentence(parse_rule({"users": ids})), sentence(parse_rule({"users": [*ids[:-1], "zoe"]}))
    assert one.startswith('is "u0", "u1", "u2", "u3", "u4" and 15 others (list ')
    assert one != other


OPERANDS: dict[str, Any] = {
    **dict.fromkeys(OPERATORS, 1),
    **{operator: [1, 2] for operator in ("in", "nin", "between")},
    **dict.fromkeys(("contains", "not_contains", "starts_with", "ends_with"), "a"),
    **dict.fromkeys(("before", "after"), "2017-10-01"),
    **dict.fromkeys(("within", "older_than"), "7d"),
    **dict.fromkeys(("exists", "anniversary"), True),
    **dict.fromkeys(("matches", "version_gte", "version_lt"), "5"),
}


def test_every_operator_has_words_of_its_own() -> None:
    said = {sentence(parse_rule({"trait": "t", operator: OPERANDS[operator]})) for operator in OPERATORS}
    assert len(said) == len(OPERATORS)


WHERES: list[dict[str, Any]] = [
    {},
    {"where": [{"property": "total[]", "gte": 50}]},
    {"where": [{"property": "total[].x", "gte": 50}]},
    {"where": [{"property": "total[]", "ne": 50}]},
    {"where": [LARGE]},
    {"where": [LARGE, {"property": "a", "eq": "b"}]},
    {"where": [{"property": "total", "eq": 'x" and a is "b'}]},
    {"where": [{"property": ["total", "x"], "gte": 50}]},
    {"where": [{"property": ["total.x"], "gte": 50}]},
]
PERIODS: list[dict[str, Any]] = [
    {},
    {"within": "50d"},
    {"within": "50h"},
    {"from": "2017-01-01"},
    {"to": "2017-01-01"},
    {"from": "2017-01-01", "to": "2018-01-01"},
]
MEASURES: list[dict[str, Any]] = [
    {},
    {"count": {"gt": 1}},
    {"count": {"eq": 2}},
    {"count": {"in": [2, 3]}},
    {"count": {"between": [2, 3]}},
    {"distinct": "day", "gte": 2},
    {"distinct": ["day"], "gte": 2},
    {"sum": "total", "gte": 2},
    {"max": "total", "gte": 2},
    {"first": {"within": "50d"}},
    {"last": {"within": "50d"}},
    {"last": {"from": "2017-01-01"}},
]


def test_no_two_event_clauses_read_alike() -> None:
    clauses = [{"event": name, **where, **period, **how} for name in "ab" for where in WHERES for period in PERIODS for how in MEASURES]
    assert len({sentence(parse_rule(clause)) for clause in clauses}) == len(clauses)


_few = st.recursive(
    st.sampled_from([PRO, {**BOUGHT, "where": [LARGE]}, {"sequence": [BOUGHT, BOUGHT]}]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=2).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=2).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=4,
)


@drawn(60)
@given(st.lists(st.one_of(_few, _few, rules), min_size=20, max_size=40))
def test_rules_that_differ_read_differently(several: list[dict[str, Any]]) -> None:
    trees = {_unwrapped(parse_rule(rule)) for rule in several}
    assert len({sentence(tree) for tree in trees}) == len(trees)


def _unwrapped(rule: Rule) -> Rule:
    """Without `all` and `any` round a single rule, which say nothing."""
    match rule:
        case AllOf((only,)) | AnyOf((only,)):
            return _unwrapped(only)
        case AllOf(several):
            return AllOf(tuple(map(_unwrapped, several)))
        case AnyOf(several):
            return AnyOf(tuple(map(_unwrapped, several)))
        case Not(inner):
            return Not(_unwrapped(inner))
        case _:
            return rule
