"""Counting and listing the people of a segment."""

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.errors import InvalidRuleError, NotFoundError
from regulars.usecases.evaluate_segment import EvaluationKind, look_at_evaluation, members_page, members_sql, start_evaluation
from tests.domain.segments.judges import accepted
from tests.domain.segments.lake import Lake
from tests.fakes.campaigns import MOMENT, MemoryDefinitions, ScriptedQueries

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
BOUGHT: dict[str, Any] = {"event": "Order Completed"}


@pytest.fixture
def definitions() -> MemoryDefinitions:
    stored = MemoryDefinitions()
    rules: dict[str, Any] = {
        "buyers": BOUGHT,
        "lapsing": {"all": [{"segment": "buyers"}, {"not": {**BOUGHT, "within": "30d"}}]},
        "dangling": {"segment": "gone"},
    }
    for segment_id, rule in rules.items():
        stored.put("segment", segment_id, {"id": segment_id, "name": segment_id, "rule": rule}, at=MOMENT, by="ann")
    return stored


def start(kind: EvaluationKind, definitions: MemoryDefinitions, queries: ScriptedQueries, segment_id: str = "lapsing") -> str:
    return start_evaluation(segment_id, kind=kind, as_of=AS_OF, definitions=definitions, queries=queries)


@pytest.mark.parametrize(("kind", "expected"), [("count", [2]), ("members", ["ann", "zoë"])])
def test_the_statement_counts_or_lists_in_order(kind: EvaluationKind, expected: list[Any], definitions: MemoryDefinitions) -> None:
    queries, lake = ScriptedQueries(), Lake()
    august, today = datetime(2017, 8, 1, tzinfo=UTC), datetime(2017, 9, 30, tzinfo=UTC)
    bought = [("zoë", august), ("ann", august), ("bob", august), ("bob", today), ("late", AS_OF)]
    lake.fill([{"user_id": user, "event_ts": at, "event_name": "Order Completed", "message_id": f"{user}{at}"} for user, at in bought])
    start(kind, definitions, queries)
    accepted(queries.ran[0])
    assert lake.column(queries.ran[0]) == expected


def test_the_sql_shown_is_laid_out_and_is_that_of_the_moment(definitions: MemoryDefinitions) -> None:
    shown = members_sql("buyers", as_of=AS_OF, definitions=definitions)
    assert shown.startswith("SELECT\n  user_id\nFROM events")
    assert "CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))" in shown


def test_a_segment_that_is_not_there_is_not_found(definitions: MemoryDefinitions) -> None:
    with pytest.raises(NotFoundError, match="there is no segment ghost"):
        start("count", definitions, ScriptedQueries(), "ghost")


def test_a_reference_that_has_gone_is_refused(definitions: MemoryDefinitions) -> None:
    with pytest.raises(InvalidRuleError, match="no segment `gone`"):
        start("count", definitions, ScriptedQueries(), "dangling")


def test_a_count_comes_with_what_it_scanned_and_cost(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries({"AS people": [{"people": "42"}]}, bytes_scanned=20_000_000)
    found = look_at_evaluation(start("count", definitions, queries), kind="count", queries=queries)
    assert (found.state, found.count, found.bytes_scanned) == ("succeeded", 42, 20_000_000)
    assert found.cost_usd == pytest.approx(0.0001)


@pytest.mark.parametrize("state", ["queued", "running"])
def test_an_evaluation_that_is_not_done_says_so_and_has_no_count_yet(state: str, definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries()
    queries.state = state
    found = look_at_evaluation(start("count", definitions, queries), kind="count", queries=queries)
    assert (found.state, found.count, found.cost_usd) == (state, None, 0.0)


@pytest.mark.parametrize(("state", "cost"), [("failed", 0.0), ("cancelled", 0.00005)])
def test_a_failed_evaluation_says_why_and_only_a_cancelled_one_costs(state: str, cost: float, definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries()
    queries.state = state
    found = look_at_evaluation(start("count", definitions, queries), kind="count", queries=queries)
    assert (found.state, found.reason, found.count) == (state, "because", None)
    assert found.cost_usd == pytest.approx(cost)


def test_members_come_page_by_page(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries({"audience.user_id": [{"user_id": user} for user in ("ann", "bob", "cyd")]})
    evaluation = start("members", definitions, queries)
    assert look_at_evaluation(evaluation, kind="members", queries=queries).count is None
    first, following = members_page(evaluation, queries=queries)
    second, end = members_page(evaluation, page=following, queries=queries)
    assert ([*first, *second], end) == (["ann", "bob", "cyd"], "")


def test_one_kind_of_evaluation_is_not_read_as_the_other(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries({"AS people": [{"people": "42"}], "ORDER BY": [{"user_id": "ann"}]})
    with pytest.raises(NotFoundError, match="kind members"):
        members_page(start("count", definitions, queries), queries=queries)
    with pytest.raises(NotFoundError, match="kind count"):
        look_at_evaluation(start("members", definitions, queries), kind="count", queries=queries)
