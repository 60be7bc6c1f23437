"""How values of the data read in a text."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from regulars.domain.language import says_something
from regulars.domain.messages.values import text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (3.0, "3.0"),
        (0.1, "0.1"),
        (1e16, "10000000000000000"),
        (1.5e-7, "0.00000015"),
        (12345678901234567890, "12345678901234567890"),
        (float("inf"), ""),
        ([1, None, [True, 2.5], "x"], "1true2.5x"),
        ({"city": "Graz", "zip": 8010, "vip": True, "tags": ["a", None], "to": {"x": 1e16}}, None),
        (("email", "ann@example.com"), "emailann@example.com"),
        (range(1, 4), "1..3"),
        (datetime(2026, 11, 21, 23, 15, tzinfo=timezone(timedelta(hours=1))), "2026-11-21 22:15:00 UTC"),
        (datetime(2026, 11, 21, 22, 15, tzinfo=UTC), "2026-11-21 22:15:00 UTC"),
    ],
)
def test_a_value_reads_as_liquid_prints_it_and_never_as_python_does(value: Any, text: str | None) -> None:
    assert text_of(value) == (
        text if text is not None else '{"city"=>"Graz", "zip"=>8010, "vip"=>true, "tags"=>["a", nil], "to"=>{"x"=>10000000000000000}}'
    )


@pytest.mark.parametrize("text", ["", " \t\n", "\u00a0", "\u200b", "\ufeff\u2060", "\u00ad", "\u2800\u3164", "\u200e\u202b", "\x00\x07", "\ufe0f"])
def test_what_nobody_sees_says_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize("text", ["a", " . ", "\u200bé", "🎉", "\u200f שלום", "0"])
def test_any_visible_character_says_something(text: str) -> None:
    assert says_something(text)
