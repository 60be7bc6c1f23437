from datetime import UTC, date, datetime, timedelta

import pytest

from regulars.domain.costs import Statement, costs_by_day
from regulars.domain.queries import QueryState

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def statement(verb: str = "SELECT", *, at: datetime = NOON, kind: str = "DML", state: QueryState = "succeeded", scanned: int = 10**12) -> Statement:
    return Statement(at, verb, kind, state, scanned)


def test_a_day_adds_up_by_what_its_statements_are_for() -> None:
    verbs = ("INSERT", "MERGE", "UNLOAD", "SELECT", "WITH", "OPTIMIZE")
    (day,) = costs_by_day([statement(verb) for verb in verbs], [TODAY])
    assert (day.statements, day.bytes_scanned, day.cost_usd) == (6, 6 * 10**12, 30.0)
    assert day.by_purpose == {"data": 10.0, "audiences": 5.0, "questions": 10.0, "upkeep": 5.0}


def test_a_statement_belongs_to_the_day_of_utc_on_which_it_was_given() -> None:
    late = statement(at=datetime(2026, 11, 21, 0, 30, tzinfo=UTC) - timedelta(hours=1))
    days = costs_by_day([late], [TODAY, TODAY - timedelta(days=1)])
    assert [(each.day.day, each.statements) for each in days] == [(21, 0), (20, 1)]


@pytest.mark.parametrize(
    ("kind", "state"), [("DDL", "succeeded"), ("UTILITY", "succeeded"), ("DML", "failed"), ("DML", "running"), ("DML", "queued")]
)
def test_what_is_not_charged_costs_nothing(kind: str, state: QueryState) -> None:
    assert statement(kind=kind, state=state).cost_usd == 0


def test_a_statement_costs_ten_megabytes_at_least_and_a_cancelled_one_what_it_read() -> None:
    assert statement(scanned=1).cost_usd == pytest.approx(0.00005)
    assert statement(state="cancelled").cost_usd == 5.0
