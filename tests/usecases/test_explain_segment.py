"""Explaining a segment, and a rule that is not saved."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.errors import InvalidRequestError, InvalidRuleError, NotFoundError
from regulars.domain.quality.catalog import Catalog, CatalogedEvent
from regulars.domain.quality.catalog_document import KEY, written
from regulars.domain.queries import ResultRow
from regulars.domain.tickets import ReportTicket, sealed
from regulars.usecases.explain_segment import CountedClause, Explanation, explain_segment, look_at_explanation, preview_rule
from tests.domain.segments.judges import accepted
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryDefinitions, MemoryObjects
from tests.fakes.tables import lake_tables

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
BOUGHT: dict[str, Any] = {"event": "Order Completed"}
RULE: dict[str, Any] = {"all": [BOUGHT, {"any": [{"trait": "plan", "eq": "pro"}, {"segment": "viewers"}]}]}
FIGURES: Sequence[ResultRow] = [
    {
        "people": "3",
        "rule.all[0] alone": "9",
        "rule.all[0] leaves": "9",
        "rule.all[1] alone": "4",
        "rule.all[1] leaves": "3",
        "rule.all[1].any[0] alone": "1",
        "rule.all[1].any[0] leaves": "1",
        "rule.all[1].any[1] alone": "3",
        "rule.all[1].any[1] leaves": "4",
    }
]


@pytest.fixture
def definitions() -> MemoryDefinitions:
    stored = MemoryDefinitions()
    for segment_id, rule in {"loyal": RULE, "viewers": {"event": "Product Viewed"}}.items():
        stored.put("segment", segment_id, {"id": segment_id, "name": segment_id, "rule": rule}, at=MOMENT, by="ann")
    return stored


def explained(definitions: MemoryDefinitions, queries: ScriptedQueries, segment_id: str = "loyal") -> Explanation:
    tables = lake_tables(events="7")
    return explain_segment(segment_id, as_of=AS_OF, definitions=definitions, queries=queries, catalog=tables, clock=MovableClock())


def previewed(rule: object, definitions: MemoryDefinitions, queries: ScriptedQueries) -> Explanation:
    return preview_rule(
        rule, as_of=AS_OF, definitions=definitions, lake=MemoryObjects(), queries=queries, catalog=lake_tables(), clock=MovableClock()
    )


def test_words_come_at_once_and_figures_with_a_look(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries({"AS steps": FIGURES}, bytes_scanned=20_000_000)
    begun = explained(definitions, queries)
    assert begun.sentence == 'did "Order Completed" at least once and (trait plan is "pro" or is in the segment "viewers")'
    assert [(clause.path, clause.adds) for clause in begun.clauses] == [
        ("rule.all[0]", False),
        ("rule.all[1]", False),
        ("rule.all[1].any[0]", True),
        ("rule.all[1].any[1]", True),
    ]
    look = look_at_explanation(begun.ticket, queries=queries)
    assert (look.state, look.count, look.as_of, look.bytes_scanned) == ("succeeded", 3, AS_OF, 20_000_000)
    assert look.clauses == [
        CountedClause("rule.all[0]", 9, 9),
        CountedClause("rule.all[1]", 4, 3),
        CountedClause("rule.all[1].any[0]", 1, 1),
        CountedClause("rule.all[1].any[1]", 3, 4),
    ]
    assert 0 < look.cost_usd < 0.001


def test_it_is_one_statement_that_athena_takes_over_one_state_of_the_lake(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries()
    explained(definitions, queries)
    (sql,) = queries.ran
    assert sql.count("events FOR VERSION AS OF 7") == sql.count("FROM events")
    accepted(sql)


def test_a_rule_is_explained_before_it_is_saved(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries({"AS steps": FIGURES})
    begun = previewed(RULE, definitions, queries)
    assert begun.sentence == explained(definitions, queries).sentence
    assert begun.sql.startswith("WITH owners")
    assert [version.id for version in definitions.all("segment")] == ["loyal", "viewers"]


@pytest.mark.parametrize(
    ("rule", "field"),
    [({"event": "x", "gte": 2}, "rule.gte"), ({"all": [BOUGHT, {"segment": "gone"}]}, "rule.all[1]"), ([], "rule")],
)
def test_a_preview_refuses_what_a_put_refuses(rule: object, field: str, definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries()
    with pytest.raises(InvalidRuleError) as refused:
        previewed(rule, definitions, queries)
    assert (refused.value.field, queries.ran) == (field, [])


def test_a_preview_says_how_many_are_known_and_reached_and_what_nobody_ever_sent(definitions: MemoryDefinitions) -> None:
    lake = MemoryObjects({KEY: written(Catalog(MOMENT, (CatalogedEvent("Order Completed", "track", 1, MOMENT, MOMENT),)))})
    queries = ScriptedQueries({"AS steps": [{"people": "3", "known": "9", "reached": "2", "rule alone": "3", "rule leaves": "3"}]})
    rule = {"not": {"event": "Order Complete"}}
    begun = preview_rule(rule, as_of=AS_OF, definitions=definitions, lake=lake, queries=queries, catalog=lake_tables(), clock=MovableClock())
    assert [(each.path, each.meant) for each in begun.warnings] == [("rule.not.event", "Order Completed")]
    look = look_at_explanation(begun.ticket, queries=queries)
    assert (look.count, look.known, look.reached) == (3, 9, 2)
    accepted(queries.ran[0])


def test_a_query_that_fails_costs_nothing_and_says_why(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries()
    begun = explained(definitions, queries)
    queries.state = "failed"
    look = look_at_explanation(begun.ticket, queries=queries)
    assert (look.state, look.reason, look.count, look.cost_usd) == ("failed", "because", None, 0)


def test_what_is_not_there_is_not_found(definitions: MemoryDefinitions) -> None:
    with pytest.raises(NotFoundError, match="no segment gone"):
        explained(definitions, ScriptedQueries(), "gone")
    with pytest.raises(InvalidRequestError, match="of kind report, not explanation"):
        look_at_explanation(sealed(ReportTicket("q", "run", AS_OF)), queries=ScriptedQueries())
