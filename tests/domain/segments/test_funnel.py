"""The funnel counts what the audience of each part selects: the same figures as many statements, from one."""

from typing import Any

from hypothesis import HealthCheck, given

from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule, parse_segment, reachable_segments
from regulars.domain.segments.compile.funnel import COUNT, KNOWN, REACHED, Funnel, column_of, funnel
from regulars.domain.segments.rule import AllOf, AnyOf, Everyone, Reachable, Rule
from tests.domain.segments.judges import accepted, grammatical
from tests.domain.segments.lake import Lake
from tests.domain.segments.rules import AS_OF, SEGMENTS, histories, rules
from tests.domain.segments.test_meaning import BOUGHT, EVENTS
from tests.drawn import drawn

LAKE = Lake()


def counted(found: Funnel) -> dict[str, int]:
    return LAKE.row(printed(found.sql))


def size(rule: Rule) -> int:
    return len(LAKE.column(printed(audience_sql(rule, AS_OF, reachable_segments(SEGMENTS, SEGMENTS)))))


def test_each_clause_says_what_it_finds_alone_and_what_it_leaves() -> None:
    rule: Any = {
        "all": [BOUGHT, {"any": [{"trait": "plan", "eq": "pro"}, {"not": {"event": "Product Viewed"}}]}, {"not": {"trait": "age", "lt": 20}}]
    }
    LAKE.fill(EVENTS)
    found = funnel(parse_rule(rule), AS_OF, {})
    row = counted(found)
    assert row[COUNT] == 1
    assert [(part.path, row[column_of(part.path, "alone")], row[column_of(part.path, "leaves")], part.adds) for part in found.parts] == [
        ("rule.all[0]", 3, 3, False),
        ("rule.all[1]", 3, 3, False),
        ("rule.all[1].any[0]", 1, 1, True),
        ("rule.all[1].any[1]", 3, 3, True),
        ("rule.all[2]", 1, 1, False),
    ]


def test_a_rule_of_one_clause_is_its_own_funnel() -> None:
    (part,) = funnel(parse_rule(BOUGHT), AS_OF, {}).parts
    assert part.path == "rule"


def test_every_source_is_read_once() -> None:
    found = funnel(parse_rule({"all": [BOUGHT, {"any": [BOUGHT, {**BOUGHT, "within": "7d"}]}]}), AS_OF, {})
    assert printed(found.sql).count("FROM events") == 1


def test_trino_reads_short_funnels_and_the_longest() -> None:
    accepted(printed(funnel(parse_rule({"all": [BOUGHT, {"trait": "age", "lt": 20}]}), AS_OF, {}).sql))
    clauses = [{**BOUGHT, "count": {"gte": number}} for number in range(1, 100)]
    grammatical(printed(funnel(parse_rule({"any": [{"all": clauses[:50]}, *clauses[50:]]}), AS_OF, {}).sql))


def test_a_segment_inside_is_one_clause() -> None:
    segments = {"s": parse_segment({"id": "s", "name": "S", "rule": {"all": [BOUGHT, {"trait": "plan", "exists": True}]}})}
    assert [part.path for part in funnel(parse_rule({"all": [{"segment": "s"}, BOUGHT]}), AS_OF, segments).parts] == ["rule.all[0]", "rule.all[1]"]


@drawn(8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(history=histories(), document=rules)
def test_the_figures_are_those_of_the_audiences(history: list[dict[str, Any]], document: dict[str, Any]) -> None:
    LAKE.fill(history)
    rule = parse_rule(document)
    found = funnel(rule, AS_OF, reachable_segments(SEGMENTS, SEGMENTS), reach=True)
    row = counted(found)
    assert (row[COUNT], row[KNOWN], row[REACHED]) == (size(rule), size(Everyone()), size(AllOf((rule, Reachable("push")))))
    for part in found.parts:
        assert row[column_of(part.path, "alone")] == size(part.rule)
    if isinstance(rule, AllOf | AnyOf):
        outermost = [part for part in found.parts if part.path.count(".") == 1]
        for place, part in enumerate(outermost, 1):
            assert row[column_of(part.path, "leaves")] == size(type(rule)(rule.rules[:place]))
