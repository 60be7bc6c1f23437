"""What a period means at a moment, also at the ends of the calendar."""

from datetime import UTC, datetime, timedelta

from regulars.domain.lake.sql import printed, timestamp
from regulars.domain.segments.compile.time_ranges import TimeRange, range_of
from regulars.domain.segments.measure import Period

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_a_span_ends_at_the_as_of_moment() -> None:
    assert range_of(Period(within=timedelta(days=30)), NOW) == TimeRange(NOW - timedelta(days=30), NOW)


def test_a_span_that_reaches_back_beyond_the_calendar_has_no_beginning() -> None:
    early = datetime(50, 1, 1, tzinfo=UTC)
    assert range_of(Period(within=timedelta(days=36_525)), early) == TimeRange(None, early)


def test_years_are_written_with_four_digits() -> None:
    assert "'0001-01-01 00:00:00.000000'" in printed(timestamp(datetime(1, 1, 1, tzinfo=UTC)))
