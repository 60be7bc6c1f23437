"""Starting a backtest and looking at it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidRequestError, InvalidRuleError, NotFoundError
from regulars.domain.tickets import ReportTicket, sealed
from regulars.usecases.backtest_segment import BacktestDay, BacktestLook, look_at_backtest, start_backtest
from tests.domain.segments.judges import accepted
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryDefinitions
from tests.fakes.tables import lake_tables

DAY = timedelta(days=1)
START = datetime(2017, 10, 1, tzinfo=UTC)
RULES: dict[str, Any] = {
    "buyers": {"all": [{"event": "Order Completed", "within": "30d"}, {"not": {"trait": "plan", "eq": "pro"}}]},
    "reached": {"reachable": "push"},
    "born": {"trait": "birthday", "anniversary": "7d"},
}


@pytest.fixture
def definitions() -> MemoryDefinitions:
    stored = MemoryDefinitions()
    for segment_id, rule in RULES.items():
        stored.put("segment", segment_id, {"id": segment_id, "name": segment_id, "rule": rule}, at=MOMENT, by="ann")
    return stored


def start(
    definitions: MemoryDefinitions,
    queries: ScriptedQueries,
    segment_id: str = "buyers",
    *,
    begin: datetime = START,
    days: float = 3,
    every: timedelta = DAY,
) -> BacktestLook:
    asked: dict[str, Any] = {"definitions": definitions, "queries": queries, "catalog": lake_tables(events="7"), "clock": MovableClock()}
    return start_backtest(segment_id, start=begin, end=begin + days * DAY, every=every, **asked)


def test_each_day_says_how_many_there_are_and_who_came_and_went_since_the_day_before(definitions: MemoryDefinitions) -> None:
    changes = [
        {"slot": "0", "entered": "40", "gone": "0"},
        {"slot": "1", "entered": "3", "gone": "1"},
        {"slot": "4", "entered": "0", "gone": "2"},
    ]
    queries = ScriptedQueries({"AS changes": changes}, bytes_scanned=20_000_000)
    begun = start(definitions, queries)
    assert (begun.state, begun.days) == ("queued", None)
    look = look_at_backtest(begun.ticket, queries=queries)
    days = [(42, 3, 1), (42, 0, 0), (42, 0, 0), (40, 0, 2)]
    assert look.days == [BacktestDay(START + number * DAY, *day) for number, day in enumerate(days)]
    assert (look.bytes_scanned, 0 < look.cost_usd < 0.001) == (20_000_000, True)


def test_it_is_one_statement_that_athena_takes_over_one_state_of_the_lake(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries()
    start(definitions, queries, days=365)
    (sql,) = queries.ran
    accepted(sql)
    assert sql.count("events FOR VERSION AS OF 7") == sql.count("FROM events") == 2


@pytest.mark.parametrize(
    ("range_", "field", "told"),
    [
        ({"days": -1}, "to", "ends before it begins, at 2017-10-01"),
        ({"days": 366}, "every", "367 moments, 366 are allowed"),
        ({"days": 30, "every": timedelta(hours=1)}, "every", "721 moments"),
        ({"days": 5000}, "to", "nobody knows yet who is in a segment later"),
        ({"begin": START + timedelta(microseconds=1)}, "from", "no finer than milliseconds"),
        ({"begin": datetime(1, 1, 1, tzinfo=UTC)}, "from", "no moment a step before it"),
    ],
)
def test_a_range_that_has_no_answer_is_refused(range_: dict[str, Any], field: str, told: str, definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries()
    with pytest.raises(InvalidRequestError, match=told) as refused:
        start(definitions, queries, **range_)
    assert (refused.value.field, queries.ran) == (field, [])


@pytest.mark.parametrize(("segment_id", "clause"), [("reached", "reachable"), ("born", "anniversary")])
def test_a_clause_that_is_not_followed_is_refused_with_what_to_do(segment_id: str, clause: str, definitions: MemoryDefinitions) -> None:
    with pytest.raises(InvalidRuleError, match=f"does not follow `{clause}` from day to day yet: ask `segment count --as-of` of each day"):
        start(definitions, ScriptedQueries(), segment_id)


def test_a_query_that_fails_costs_nothing_and_says_why(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries()
    begun = start(definitions, queries)
    queries.state = "failed"
    look = look_at_backtest(begun.ticket, queries=queries)
    assert (look.state, look.reason, look.days, look.cost_usd) == ("failed", "because", None, 0)


def test_what_is_not_there_is_not_found(definitions: MemoryDefinitions) -> None:
    with pytest.raises(NotFoundError, match="no segment gone"):
        start(definitions, ScriptedQueries(), "gone")
    with pytest.raises(InvalidRequestError, match="of kind report, not backtest"):
        look_at_backtest(sealed(ReportTicket("q", "run", START)), queries=ScriptedQueries())
