"""A file's bytes as lines."""

import gzip
import tracemalloc
from collections.abc import Iterator

import pytest

from regulars.domain.imports import lines as module
from regulars.domain.imports.lines import MAX_LINE, lines
from regulars.domain.imports.text import BrokenFileError

TEXT = b"one\ntwo\n\nthree"
LINES = [b"one", b"two", b"", b"three"]


def chunked(content: bytes, size: int) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


@pytest.mark.parametrize("size", [2, 3, 5, 1000])
@pytest.mark.parametrize(
    "content",
    [TEXT, gzip.compress(TEXT), gzip.compress(TEXT[:5]) + gzip.compress(TEXT[5:]), gzip.compress(TEXT) + b"\n\0"],
    ids=["plain", "gzip", "two members", "padded"],
)
def test_lines_come_out_as_they_are_however_the_file_is_packed_and_cut(content: bytes, size: int) -> None:
    assert list(lines(chunked(content, size))) == LINES


def test_an_empty_file_has_no_lines() -> None:
    assert list(lines(iter([]))) == list(lines([b""])) == list(lines([gzip.compress(b"")])) == []


def test_a_file_that_is_cut_off_says_where_after_all_lines_before() -> None:
    content = gzip.compress(b"".join(b"line %d\n" % number for number in range(10_000)))[:-100]
    found = []
    with pytest.raises(BrokenFileError, match=f"cut off at byte {len(content):,}") as caught:
        found.extend(lines([content]))
    assert caught.value.byte == len(content)


@pytest.mark.parametrize("size", [100, 1000, 1 << 20])
def test_a_broken_file_says_at_which_byte(size: int) -> None:
    """A member that is whole, and then what is no gzip at all: its third byte is wrong, the method of compression."""
    whole = gzip.compress(TEXT)
    with pytest.raises(BrokenFileError) as caught:
        list(lines(chunked(whole + b"\x1f\x8b\xff" + b"x" * 500, size)))
    assert len(whole) <= caught.value.byte <= len(whole) + 3


def test_a_line_without_end_is_kept_no_longer_than_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LINE", 10)
    assert list(lines([b"x" * 8, b"y" * 8, b"z" * 100, b"\nnext\n"]))[-1] == b"next"


def test_memory_does_not_grow_with_the_file() -> None:
    tracemalloc.start()
    for _ in lines(b"x" * 99 + b"\n" for _ in range(300_000)):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * MAX_LINE
