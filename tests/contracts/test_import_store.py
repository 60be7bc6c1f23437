"""What every ImportStore does, real or fake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.adapters.dynamo_imports import DynamoImports
from regulars.domain.errors import ConflictError, NotFoundError
from regulars.domain.imports.job import Import, Part, Refused, Tally
from regulars.ports import ImportStore
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.stores import MemoryImports

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
JOB = Import("i1", "x.csv", "csv", NOON, "me", {"type": "identify", "userId": "id"}, ("id", "Name"), dry_run=True)
PART = Part("i1", 1, "lake", "imports/i1/parts/000001.gz", "x.csv", "i1", first_line=7)
READ = PART.went_on(20, Tally(19, 18, 3, {"missing_id": Refused(1, 9, "x.csv")})).ended(NOON, error="broken")


@pytest.fixture
def dynamo(table: Tables) -> ImportStore:
    return DynamoImports(table("ImportsTable"))


imports = suite(ImportStore, adapter="dynamo", fake=MemoryImports)


def test_an_import_comes_back_as_it_was_and_is_created_once(imports: ImportStore) -> None:
    assert imports.create(JOB)
    assert not imports.create(replace(JOB, started_by="another"))
    assert imports.get("i1") == JOB


def test_an_import_is_closed_with_its_parts_also_again_with_more(imports: ImportStore) -> None:
    imports.create(JOB)
    for parts in (2, 5):
        imports.close("i1", parts)
        assert imports.get("i1") == replace(JOB, parts=parts)


def test_what_is_not_there_is_not_found(imports: ImportStore) -> None:
    with pytest.raises(NotFoundError):
        imports.get("nobody")
    with pytest.raises(NotFoundError):
        imports.close("nobody", 1)
    with pytest.raises(NotFoundError):
        imports.part("i1", 1)
    assert imports.parts("i1") == imports.listed() == []


def test_the_newest_import_comes_first_as_it_stands(imports: ImportStore) -> None:
    for name, seconds in (("b", 0), ("a", 5), ("c", 2)):
        imports.create(replace(JOB, id=name, started_at=NOON + timedelta(seconds=seconds)))
    imports.close("c", 3)
    assert [(job.id, job.parts) for job in imports.listed()] == [("a", None), ("c", 3), ("b", None)]
    assert [job.id for job in imports.listed(limit=1)] == ["a"]


@pytest.mark.parametrize("part", [PART, READ])
def test_a_part_comes_back_as_it_was_and_is_added_once(imports: ImportStore, part: Part) -> None:
    assert imports.add_part(part)
    assert not imports.add_part(replace(part, key="another"))
    assert (imports.part("i1", 1).value, imports.part("i1", 1).version) == (part, 1)


def test_a_put_on_the_version_that_was_read_wins_and_the_next_one_on_it_loses(imports: ImportStore) -> None:
    imports.add_part(PART)
    imports.put_part(READ, expected=1)
    with pytest.raises(ConflictError):
        imports.put_part(PART, expected=1)
    assert (imports.part("i1", 1).value, imports.part("i1", 1).version) == (READ, 2)


def test_parts_come_by_number_and_each_import_has_its_own(imports: ImportStore) -> None:
    imports.create(JOB)
    for number in (11, 2, 1):
        imports.add_part(replace(PART, number=number))
    imports.add_part(replace(PART, import_id="i2"))
    assert [part.number for part in imports.parts("i1")] == [1, 2, 11]
