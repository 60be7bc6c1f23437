"""Moments that a condition counts from now."""

from datetime import datetime

import pytest
import sqlglot

from regulars.domain.analysis.constants import constant

NOW = datetime(2028, 3, 31, 8, 30)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("DATE '2026-11-21'", datetime(2026, 11, 21)),
        ("TIMESTAMP '2026-11-21 09:00:00.5'", datetime(2026, 11, 21, 9, 0, 0, 500_000)),
        ("current_date", datetime(2028, 3, 31)),
        ("(now() - interval '90' minute)", datetime(2028, 3, 31, 7)),
        ("current_date - interval '1' month", datetime(2028, 2, 29)),
        ("current_date + interval '9' month", datetime(2028, 12, 31)),
        ("current_date - interval '2' year", datetime(2026, 3, 31)),
        ("date_add('quarter', -1, localtimestamp)", datetime(2027, 12, 31, 8, 30)),
        ("TIMESTAMP '2026-11-21 09:00:00' - interval '1' week + interval '1' day", datetime(2026, 11, 15, 9)),
    ],
)
def test_a_moment_is_reckoned_as_trino_does(text: str, moment: datetime) -> None:
    assert constant(sqlglot.parse_one(text, read="trino"), NOW) == moment


@pytest.mark.parametrize(
    "text",
    [
        "event_ts",
        "7",
        "TIMESTAMP '2026-11-21 09:00:00 UTC'",
        "DATE 'soon'",
        "now() - n",
        "current_date - interval '99999' year",
        "current_date - interval n day",
    ],
)
def test_what_is_not_surely_constant_is_none(text: str) -> None:
    assert constant(sqlglot.parse_one(text, read="trino"), NOW) is None
