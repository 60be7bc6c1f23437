from datetime import UTC, datetime, timedelta

from regulars.domain.costs import Statement
from regulars.usecases.count_costs import count_costs
from tests.fakes.clock import MovableClock
from tests.fakes.operations import MemoryQueryHistory

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def history(*hours_ago: int) -> MemoryQueryHistory:
    return MemoryQueryHistory(*(Statement(NOON - timedelta(hours=each), "SELECT", "DML", "succeeded", 1) for each in hours_ago))


def test_days_are_told_the_newest_first_and_nobody_looks_further_back() -> None:
    kept = history(1, 13, 25, 37, 100, 200)
    found = count_costs(2, history=kept, clock=MovableClock(NOON))
    assert [(each.day.isoformat(), each.statements) for each in found.days] == [("2026-11-21", 1), ("2026-11-20", 2)]
    assert (found.complete, found.since, kept.asked) == (True, datetime(2026, 11, 20, tzinfo=UTC), 4)


def test_where_nothing_was_asked_ever_it_is_complete() -> None:
    found = count_costs(1, history=history(), clock=MovableClock(NOON))
    assert (found.complete, found.days[0].cost_usd, found.days[0].by_purpose["data"]) == (True, 0, 0)


def test_where_there_is_no_time_it_says_since_when_everything_is_counted() -> None:
    clock = MovableClock(NOON)

    class Slow(MemoryQueryHistory):
        def statements(self):  # type: ignore[no-untyped-def]
            for each in super().statements():
                clock.advance(timedelta(seconds=6))
                yield each

    found = count_costs(7, history=Slow(*history(1, 2, 3, 4, 5).kept), clock=clock)
    assert (found.complete, found.since) == (False, NOON - timedelta(hours=3))
    assert [(each.day.isoformat(), each.statements) for each in found.days] == [("2026-11-21", 3)]
