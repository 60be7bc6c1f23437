"""Which days of the year come round."""

from datetime import UTC, datetime

import pytest

from regulars.domain.segments.anniversaries import celebrated
from regulars.domain.segments.judgement import Anniversary


@pytest.mark.parametrize(
    ("as_of", "days", "those"),
    [
        (datetime(2017, 10, 1, tzinfo=UTC), 1, ("10-01",)),
        (datetime(2017, 10, 1, 23, 59, tzinfo=UTC), 1, ("10-01",)),
        (datetime(2017, 12, 30, tzinfo=UTC), 4, ("12-30", "12-31", "01-01", "01-02")),
        (datetime(2017, 2, 28, tzinfo=UTC), 1, ("02-28", "02-29")),
        (datetime(2020, 2, 28, tzinfo=UTC), 1, ("02-28",)),
        (datetime(2020, 2, 29, tzinfo=UTC), 1, ("02-29",)),
        (datetime(1900, 2, 28, tzinfo=UTC), 1, ("02-28", "02-29")),
    ],
)
def test_the_days_that_are_celebrated(as_of: datetime, days: int, those: tuple[str, ...]) -> None:
    assert celebrated(Anniversary(days), as_of) == those


@pytest.mark.parametrize("year", [2016, 2017])
def test_in_a_year_and_a_day_every_day_of_the_year_comes_round(year: int) -> None:
    assert len(celebrated(Anniversary(366), datetime(year, 5, 1, tzinfo=UTC))) == 366
