"""What is asked of Athena is Trino's grammar, and values stay values."""

from datetime import UTC, datetime

import pytest

from regulars.domain.quarantine.entry import Entry
from regulars.domain.quarantine.selection import Selection
from regulars.domain.quarantine.statements import entries_sql, groups_sql
from tests.domain.segments.judges import accepted

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
EVERYTHING = Selection()
ALL_SAID = Selection("missing_id", "shop", "O'Brien", ("e1", "e2"), datetime(2026, 11, 1, tzinfo=UTC), NOW)


@pytest.mark.parametrize("selection", [EVERYTHING, ALL_SAID])
def test_every_statement_is_one_that_athena_takes(selection: Selection) -> None:
    for sql in (
        groups_sql(selection, NOW),
        entries_sql(selection, NOW, order="newest", limit=10),
        entries_sql(selection, NOW, order="receipt"),
    ):
        accepted(sql)
        assert sql.count("dt >= '") == 2, "of both tables only the days in question are read"


def test_no_more_days_are_read_than_the_quarantine_keeps_and_no_more_than_are_asked_for() -> None:
    assert EVERYTHING.first_day(NOW).isoformat() == "2026-08-22"
    assert Selection(since=datetime(2020, 1, 1, tzinfo=UTC)).first_day(NOW) == EVERYTHING.first_day(NOW)
    assert ALL_SAID.first_day(NOW).isoformat() == "2026-11-01"


def test_an_event_says_whether_it_came_as_history() -> None:
    assert "refused.historical" in entries_sql(EVERYTHING, NOW, order="receipt")
    assert [Entry.of_row({"id": "e", "historical": said}).historical for said in ("true", "false", None)] == [True, False, False]


def test_what_is_said_is_a_literal() -> None:
    assert "event_name = 'O''Brien' AND id IN ('e1', 'e2') AND at >= '2026-11-01T00:00:00.000Z'" in groups_sql(ALL_SAID, NOW)
