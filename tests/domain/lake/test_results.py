"""Athena's CSV, page by page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidRequestError
from regulars.domain.lake.results import page_start, read_lines

Rows = list[list[str | None]]


def written(rows: Rows, *, names: int = 2) -> bytes:
    """As Athena writes it."""
    lines = [[f"c{n}" for n in range(names)], *rows]
    return "".join(",".join("" if value is None else '"' + value.replace('"', '""') + '"' for value in line) + "\n" for line in lines).encode()


def read(body: bytes, size: int) -> Rows:
    found: Rows = []
    start = 0
    while start < len(body):
        lines, after = read_lines(body[start : start + size], start=start)
        found += [list(line) for line in lines]
        assert after > start, "a page without a row"
        start = after
    return found


@given(st.lists(st.lists(st.none() | st.text('a",\n\r é', max_size=6), min_size=2, max_size=2), max_size=20), st.integers(60, 400))
def test_every_row_comes_once_whatever_is_in_it_and_wherever_a_piece_ends(rows: Rows, size: int) -> None:
    assert read(written(rows), size) == rows


def test_a_result_of_nobody_has_no_rows() -> None:
    body = written([])
    assert read_lines(body, start=0) == ([], len(body))
    assert read_lines(b"", start=len(body)) == ([], len(body))


@pytest.mark.parametrize("page", ["-1", "x", "1e3"])
def test_what_is_no_page_is_refused(page: str) -> None:
    with pytest.raises(InvalidRequestError, match="page: "):
        page_start(page)


def test_values_without_quotes_are_read_too() -> None:
    assert read_lines(b'a,b,c\nann,1,\n"x,y",,""\n', start=0)[0] == [["ann", "1", None], ["x,y", None, ""]]
