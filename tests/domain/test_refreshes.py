"""When a segment is looked at again, and what is kept of it."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.evaluations import Evaluation
from regulars.domain.refreshes import Base, Refresh, floored

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEN = datetime(2026, 11, 21, 10, tzinfo=UTC)


def evaluation(as_of: datetime = TEN, *, version: int = 1) -> Evaluation:
    return Evaluation("e1", "lapsing", "members", as_of, as_of, "refresh", {"lapsing": version}, "", {}, count=42, state="succeeded", bytes_scanned=7)


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return TEN.replace(hour=hour, minute=minute, second=second)


@pytest.mark.parametrize(
    ("asked", "curated", "due"),
    [
        (None, at(10, 7, 30), at(10, 7)),
        (at(10), at(10, 45), None),
        (at(10, 14), at(11, 0, 2), at(11)),
        (at(10, 59), at(11, 0), at(11)),
        (at(10), at(10), None),
        (at(10), at(13, 30, 1), at(13, 30)),
    ],
)
def test_it_is_due_once_in_each_hour_as_of_what_is_curated(asked: datetime | None, curated: datetime, due: datetime | None) -> None:
    assert Refresh("lapsing", asked_as_of=asked).due(HOUR, curated) == due


def test_once_a_day_is_once_in_each_day_of_utc() -> None:
    state = Refresh("lapsing", asked_as_of=at(0, 5))
    assert (state.due(DAY, at(23, 59)), state.due(DAY, at(0) + DAY)) == (None, at(0) + DAY)


def test_a_list_is_compared_with_one_of_the_same_versions_alone() -> None:
    state = Refresh("lapsing").settled(evaluation(), entered=0, exited=0, at=TEN)
    assert state.comparable(evaluation(TEN + HOUR)) == state.listed
    assert state.comparable(evaluation(TEN + HOUR, version=2)) is None
    assert Refresh("lapsing").comparable(evaluation()) is None


def test_what_fails_keeps_the_list_and_is_asked_again_in_the_next_hour() -> None:
    state = Refresh("lapsing").settled(evaluation(), entered=2, exited=1, at=TEN).asking(evaluation(TEN + HOUR), None)
    failed = state.failed("because", TEN + HOUR)
    assert (failed.listed, failed.asked, failed.error) == (state.listed, "", "because")
    assert (failed.due(HOUR, at(11, 30)), failed.due(HOUR, at(12))) == (None, at(12))
    assert failed.settled(evaluation(TEN + 2 * HOUR), entered=0, exited=0, at=TEN).error == ""


def test_a_base_serves_the_same_rule_for_a_day() -> None:
    base = Base("b", TEN, TEN, "q", {"lapsing": 1})
    served = [moment for moment in (TEN, TEN + HOUR, TEN + DAY, TEN + DAY + HOUR) if base.serves({"lapsing": 1}, moment)]
    assert served == [TEN + HOUR, TEN + DAY]
    assert not base.serves({"lapsing": 2}, TEN + HOUR)


def test_moments_are_floored_to_whole_units() -> None:
    assert (floored(at(10, 7, 30), HOUR), floored(at(10, 7, 30), timedelta(minutes=1))) == (TEN, at(10, 7))
