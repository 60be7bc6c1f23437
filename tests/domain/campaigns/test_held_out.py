"""Whoever is held out of all campaigns stands in `assignments` too, and is in no arm: each statement that reads it says so."""

import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[3] / "layers/shared/regulars"
OF_ONE_PERSON_OR_NOBODY = ("user_id = :user_id", "WHERE FALSE", "AS earlier")
READERS = [
    (path.relative_to(SOURCES), reader)
    for path in sorted(SOURCES.rglob("*.py"))
    for reader in re.findall(r"FROM assignments\b[^\n]*", path.read_text())
    if not any(mark in reader for mark in OF_ONE_PERSON_OR_NOBODY)
]


@pytest.mark.parametrize(("path", "reader"), READERS)
def test_nobody_counts_them_without_knowing(path: Path, reader: str) -> None:
    counts_them_apart = (path.name == "audience.py" and "AS assigned" in reader) or path.name == "query.py"
    assert ":held_out" in reader or counts_them_apart, f"{path}: {reader}"


def test_there_are_readers() -> None:
    assert len(READERS) >= 4
