"""How values are printed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from local.athena.results import athena_type, java_double, printed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.0"),
        (0.1, "0.1"),
        (-2.5, "-2.5"),
        (1e7, "1.0E7"),
        (12345678.9, "1.23456789E7"),
        (1e-3, "0.001"),
        (0.00012, "1.2E-4"),
        (1e100, "1.0E100"),
    ],
)
def test_a_double_is_printed_as_java_does(value: float, text: str) -> None:
    assert java_double(value) == text


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (True, "", "true"),
        (datetime(2026, 1, 2, 3, 4, 5, 6), "", "2026-01-02 03:04:05.000006"),
        (datetime(2026, 1, 2, tzinfo=UTC), "", "2026-01-02 00:00:00.000000 UTC"),
        (date(2026, 1, 2), "", "2026-01-02"),
        (Decimal("1.50"), "", "1.50"),
        (b"ab", "", "61 62"),
        ([("a", 1), ("b", None)], "map", "{a=1, b=null}"),
        ({"a": 1, "b": None}, "", "{a=1, b=null}"),
        ([[1], None], "", "[[1], null]"),
    ],
)
def test_a_value_is_printed_as_athena_does(value: Any, kind: str, text: str) -> None:
    assert printed(value, kind) == text


def test_a_sum_of_bigints_is_a_bigint() -> None:
    assert athena_type("HUGEINT") == "bigint"
    assert athena_type("MAP(VARCHAR, BIGINT)") == "map"
    assert athena_type("STRUCT(a INTEGER)") == "row"
    assert athena_type("INTEGER[]") == "array"
    assert athena_type("DECIMAL(3,1)") == "decimal"
