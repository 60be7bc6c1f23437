"""A kept folder belongs to one platform at a time, and is whole or refused."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from local.kept.folder import FILE, FORMAT, KeptFolder, KeptFolderError
from local.kept.records import Record

ROOT = Path(__file__).parents[3]


def content(folder: Path) -> dict[str, list[tuple[str, object, bytes]]]:
    with closing(KeptFolder.open(folder)) as kept:
        return {owner: [(each.name, each.document, each.body()) for each in kept.records(owner)] for owner in kept.owners()}


def keep(folder: Path, owner: str = "Table", **documents: object) -> None:
    with closing(KeptFolder.open(folder)) as kept:
        kept.replace([(owner, [Record(name, document, lambda: b"body") for name, document in documents.items()])])


def test_what_was_kept_is_there_again_and_nothing_of_before(tmp_path: Path) -> None:
    keep(tmp_path / "new", gone=1, changed=[1], same={"a": b"\x00"})
    keep(tmp_path / "new", changed=[2], same={"a": b"\x00"})
    assert content(tmp_path / "new") == {"Table": [("changed", [2], b"body"), ("same", {"a": b"\x00"}, b"body")]}
    keep(tmp_path / "new", owner="Other", a=1)
    assert content(tmp_path / "new") == {"Other": [("a", 1, b"body")]}


def test_a_save_that_fails_half_way_leaves_what_was_kept_before(tmp_path: Path) -> None:
    keep(tmp_path, a=1)

    def failing() -> Iterator[Record]:
        yield Record("b", 2)
        raise RuntimeError("the disk is gone")

    with closing(KeptFolder.open(tmp_path)) as kept, pytest.raises(RuntimeError, match="gone"):
        kept.replace([("Table", failing())])
    assert content(tmp_path) == {"Table": [("a", 1, b"body")]}


def test_a_process_that_is_killed_while_it_saves_leaves_what_was_kept_before(tmp_path: Path) -> None:
    keep(tmp_path, a=1)
    script = """
import os, sys
from pathlib import Path
from local.kept.folder import KeptFolder
from local.kept.records import Record

def records():
    for number in range(3000):  # more than SQLite holds in memory: some of it is on the disk already
        yield Record(str(number), number, lambda: os.urandom(2000))
    os.kill(os.getpid(), 9)

KeptFolder.open(Path(sys.argv[1])).replace([("Table", records())])
"""
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, check=False).returncode == -9
    assert content(tmp_path) == {"Table": [("a", 1, b"body")]}


def test_a_folder_in_use_is_refused_until_its_process_ends(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from local.kept.folder import KeptFolder

kept = KeptFolder.open(Path(sys.argv[1]))
print("held", flush=True)
input()
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with pytest.raises(KeptFolderError, match=r"is in use by another `regulars up`: stop that one first"):
            KeptFolder.open(tmp_path)
        other.kill()
    assert content(tmp_path) == {}


def test_a_folder_with_other_things_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(KeptFolderError, match="holds other things than a kept platform: name a folder that is empty"):
        KeptFolder.open(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(KeptFolderError, match="cannot keep anything in"):
        KeptFolder.open(tmp_path / "file")


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as other:
        other.execute("CREATE TABLE customers (id)")
    with pytest.raises(KeptFolderError, match="was not made by `regulars up --keep`"):
        KeptFolder.open(tmp_path)


@pytest.mark.parametrize("other", [FORMAT - 1, FORMAT + 1])
def test_another_format_is_refused_with_the_way_out(tmp_path: Path, other: int) -> None:
    keep(tmp_path, a=1)
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute(f"PRAGMA user_version = {other}")
    with pytest.raises(KeptFolderError, match=rf"kept in format {other} .* reads format {FORMAT} only: start that version .* or name another folder"):
        KeptFolder.open(tmp_path)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    keep(tmp_path, **{f"a{number}": "x" * 100 for number in range(500)})
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[:8192] + b"\xff" * 4000 + whole[12192:])
    with pytest.raises(KeptFolderError, match=r"is damaged \(.*\): move it away, or name another folder"):
        KeptFolder.open(tmp_path)


def test_a_start_that_was_killed_before_it_kept_anything_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    assert content(tmp_path) == {}


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    keep(tmp_path / "new", a=1)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / FILE).stat().st_mode & 0o777 == 0o600
