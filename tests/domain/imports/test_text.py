"""A file's bytes as text of one kind."""

from collections.abc import Iterator

import pytest

from regulars.domain.imports.lines import lines
from regulars.domain.imports.text import HEAD, BrokenFileError, headed, plain

TEXT = "id\tName\r\n1\tJürgen 😀\r\n"


def chunked(content: bytes, size: int) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_mark_and_read(encoding: str, size: int) -> None:
    content = ("\ufeff" + TEXT).encode(encoding)
    assert b"".join(plain(chunked(content, size))) == ("\ufeff" + TEXT).encode()


def test_utf_16_that_ends_within_a_letter_says_at_which_byte() -> None:
    content = ("\ufeff" + TEXT).encode("utf-16-le")[:-1]
    with pytest.raises(BrokenFileError, match=f"cut off at byte {len(content)}"):
        b"".join(plain([content]))


def test_half_a_letter_of_utf_16_costs_no_other_line() -> None:
    content = "\ufeff1\n\ud800\n2".encode("utf-16-le", "surrogatepass")
    assert list(lines([content])) == [b"\xef\xbb\xbf1", b"\xed\xa0\x80", b"2"]


def test_carriage_returns_end_lines_where_nothing_else_does() -> None:
    assert list(lines(chunked(b"id,Name\r1,A\r2,B", 4))) == [b"id,Name", b"1,A", b"2,B"]
    assert list(lines([b'1,"a\rb"\n2,B\r\n'])) == [b'1,"a\rb"', b"2,B\r"]


def test_the_head_is_a_beginning_and_nothing_is_lost_of_the_rest() -> None:
    head, whole = headed(chunked(b"x" * HEAD + b"y" * 10, 1000))
    assert (head, b"".join(whole)) == (b"x" * HEAD, b"x" * HEAD + b"y" * 10)
