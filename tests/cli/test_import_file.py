"""A file cut into parts."""

import gzip
import random
from pathlib import Path

import pytest

from cli import import_file, import_text
from cli.errors import CommandError
from cli.import_file import content_of, part_in


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_file, "PART_TEXT", 200)
    monkeypatch.setattr(import_file, "LONGEST_ROW", 300)
    monkeypatch.setattr(import_file, "LONGEST_LINE", 500)
    monkeypatch.setattr(import_text, "_READ", 64)


def text(lines: int) -> bytes:
    return b"".join(b'{"line":%d,"x":"%s"}\n' % (number, b"x" * (number % 40)) for number in range(1, lines + 1))


@pytest.mark.parametrize("packed", [bytes, gzip.compress, lambda content: gzip.compress(content[:500]) + gzip.compress(content[500:])])
def test_parts_are_whole_lines_that_make_up_the_file_and_know_their_first_line(tmp_path: Path, packed: type[bytes]) -> None:
    (tmp_path / "x").write_bytes(packed(text(100)))
    parts = list(part_in(str(tmp_path / "x"), quoted=False))
    assert b"".join(gzip.decompress(part.content) for part in parts) == text(100)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert [part.last for part in parts] == [False] * (len(parts) - 1) + [True]
    for part in parts[:-1]:
        assert gzip.decompress(part.content).startswith(b'{"line":%d,' % part.first_line)


def test_a_row_with_lines_in_quotes_is_never_cut(tmp_path: Path) -> None:
    chance = random.Random(1)
    rows = [b'%d,"%s"\n' % (number, b"\n".join(b'a""b' for _ in range(chance.randrange(6)))) for number in range(80)]
    (tmp_path / "x.csv").write_bytes(b"".join(rows))
    parts = list(part_in(str(tmp_path / "x.csv"), quoted=True))
    assert len(parts) > 5
    assert all(gzip.decompress(part.content).count(b'"') % 2 == 0 for part in parts)
    assert b"".join(gzip.decompress(part.content) for part in parts) == b"".join(rows)


def test_a_quote_that_nobody_closes_does_not_stop_the_file(tmp_path: Path) -> None:
    text = b'1,5" pipe\n' + b"".join(b"%d,x\n" % number for number in range(2, 400))
    (tmp_path / "x.csv").write_bytes(text)
    parts = list(part_in(str(tmp_path / "x.csv"), quoted=True))
    assert len(parts) > 1
    assert b"".join(gzip.decompress(part.content) for part in parts) == text


def test_the_same_file_has_the_same_parts(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(text(100))
    assert list(part_in(str(tmp_path / "x"), quoted=False)) == list(part_in(str(tmp_path / "x"), quoted=False))


def test_an_empty_file_is_one_part(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    (part,) = part_in(str(tmp_path / "x"), quoted=False)
    assert (part.last, gzip.decompress(part.content)) == (True, b"")


@pytest.mark.parametrize(
    ("spoilt", "says"), [(lambda body: body[:-30], "cut off at byte"), (lambda body: body + b"\x1f\x8b\xff no", "broken at byte")]
)
def test_a_broken_file_says_at_which_byte_before_anything_is_sent(tmp_path: Path, spoilt: type[bytes], says: str) -> None:
    (tmp_path / "x.gz").write_bytes(spoilt(gzip.compress(text(100))))
    with pytest.raises(CommandError, match=says):
        content_of(str(tmp_path / "x.gz"))


def test_a_file_without_ends_of_lines_is_none(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"ok\n" + b"x" * 5000)
    with pytest.raises(CommandError, match=r"no line ends within [0-9,]+ bytes after line 2"):
        list(part_in(str(tmp_path / "x"), quoted=False))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"cannot read .*nothing: No such file"):
        content_of(str(tmp_path / "nothing"))


def test_a_content_is_the_same_however_it_is_packed_or_encoded(tmp_path: Path) -> None:
    said = "\ufeffid,Name\n1,Jürgen\n"
    for name, content in {"x": said.encode(), "x.gz": gzip.compress(said.encode()), "x.txt": said.encode("utf-16-be")}.items():
        (tmp_path / name).write_bytes(content)
    assert len({content_of(str(tmp_path / name)) for name in ("x", "x.gz", "x.txt")}) == 1


def test_lines_may_end_with_carriage_returns(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"id,Name\r" + b"".join(b"%d,x\r" % number for number in range(100)))
    parts = list(part_in(str(tmp_path / "x.csv"), quoted=True))
    assert len(parts) > 1
    assert sum(part.lines for part in parts) == 101


def test_utf_16_that_is_cut_off_says_where(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("\ufeffid".encode("utf-16-le") + b"x")
    with pytest.raises(CommandError, match="UTF-16 text is cut off at byte 7"):
        content_of(str(tmp_path / "x.csv"))
