"""What an export looks like, to a spreadsheet and to a program."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.segments.export_files import rendered

TRAITS = (("plan",), ("address", "city"))


def row(user_id: str, *values: Any) -> list[str | None]:
    return [user_id, "7", *(None if value is None else json.dumps(value) for value in values)]


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_csv_has_a_heading_and_a_line_for_each_person() -> None:
    text = rendered([row("ann", "pro", "Lyon"), row("bob", None, 'a "b", c')], TRAITS, "csv", first=True)
    assert text == 'user_id,plan,address.city\r\nann,pro,Lyon\r\nbob,,"a ""b"", c"\r\n'


def test_a_later_piece_has_no_heading() -> None:
    assert rendered([row("ann", "pro", "Lyon")], TRAITS, "csv", first=False) == "ann,pro,Lyon\r\n"
    assert rendered([], TRAITS, "csv", first=False) == ""


def test_ndjson_has_every_value_as_it_was_told_and_nothing_of_what_nobody_told() -> None:
    text = rendered([row("ann", {"a": [1, True]}, None), ["=bob", "7", "9007199254740993", '"=x"']], TRAITS, "ndjson", first=True)
    assert text == (
        '{"user_id":"ann","traits":{"plan":{"a": [1, true]}}}\n{"user_id":"=bob","traits":{"plan":9007199254740993,"address.city":"=x"}}\n'
    )
    assert rendered([["ann", "1"]], (), "ndjson", first=True) == '{"user_id":"ann"}\n'


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd|x", "@SUM(A1)", "\t=1", "\r=1", " =1", "=1", "+1-800-FLOWERS", '=HYPERLINK("http://x","y")'],
)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    ((user, cell, _),) = read_csv(rendered([row(text, text, None)], TRAITS, "csv", first=False))
    assert user == cell == f"'{text}"


@pytest.mark.parametrize("value", [-7, 1.5, -1e-7, "+33612345678", "+33 6 12 34 56 78", "-7", "ann@example.com", "a=b", "", True, None])
def test_numbers_and_what_no_spreadsheet_takes_for_a_formula_stay(value: Any) -> None:
    ((_, cell, _),) = read_csv(rendered([row("u", value, None)], TRAITS, "csv", first=False))
    assert cell == ("" if value is None else value if isinstance(value, str) else json.dumps(value))


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_a_csv_is_read_back_cell_by_cell_and_no_cell_begins_like_a_formula(values: list[tuple[str, str]]) -> None:
    rows = [row(f"u{n}", *pair) for n, pair in enumerate(values)]
    found = [cells[1:] for cells in read_csv(rendered(rows, TRAITS, "csv", first=False))]
    assert [
        [cell.removeprefix("'") if cell != text else cell for cell, text in zip(cells, pair, strict=True)]
        for cells, pair in zip(found, values, strict=True)
    ] == [list(pair) for pair in values]
    assert not [cell for cells in found for cell in cells if cell[:1] in ("=", "@", "\t", "\r")]
