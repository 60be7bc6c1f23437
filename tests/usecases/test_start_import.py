"""Imports as they begin, go on and stand."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError, InvalidRequestError, NotFoundError
from regulars.domain.imports.job import Progress, Refused, Tally
from regulars.usecases.ingest import ticket
from regulars.usecases.list_import_errors import list_import_errors
from regulars.usecases.start_import import Readable, Wanted, show_import, start_import, take_part
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryImports, MemoryObjects

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PEOPLE: JsonObject = {"type": "identify", "userId": "id"}
FILE = Wanted("x.ndjson", "segment-ndjson", "a" * 64)
NOTHING = Tally()
EXPORT = Wanted("s3://theirs/export/", "segment-ndjson", "s3://theirs/export/")


class World:
    def __init__(self) -> None:
        self.imports, self.queue, self.clock, self.lake = MemoryImports(), MemoryQueue(), MovableClock(NOON), MemoryObjects()
        self.theirs = MemoryObjects({"export/": b"", "export/1.gz": b"one", "export/2.gz": b"two", "other/3.gz": b"three"})

    def start(self, wanted: Wanted) -> Progress:
        buckets = {"theirs": self.theirs}
        return start_import(
            wanted, by="me", readable=Readable("lake", "theirs"), imports=self.imports, bucket=buckets.__getitem__, queue=self.queue, clock=self.clock
        )

    def take(self, identity: str, number: int, *, last: bool = False, first_line: int = 1) -> None:
        here: dict[str, Any] = {"lake": self.lake, "lake_bucket": "lake", "imports": self.imports, "queue": self.queue}
        take_part(identity, number, b"content", first_line=first_line, last=last, **here)

    def end(self, identity: str, number: int, *, error: str = "", tally: Tally = NOTHING) -> None:
        stored = self.imports.part(identity, number)
        part = stored.value.went_on(1, tally).ended(self.clock.now(), error=error)
        self.imports.put_part(part, expected=stored.version)

    def show(self, identity: str) -> Progress:
        return show_import(identity, imports=self.imports, clock=self.clock)


@pytest.fixture
def world() -> World:
    return World()


def test_an_import_goes_from_its_upload_to_its_end(world: World) -> None:
    identity = world.start(FILE).id
    assert world.show(identity).state == "uploading"
    world.take(identity, 1)
    world.take(identity, 2, first_line=101, last=True)
    assert world.queue.bodies == [ticket(identity, 1), ticket(identity, 2)]
    assert world.lake.content[f"imports/{identity}/parts/000002.gz"] == b"content"
    assert world.imports.part(identity, 2).value.first_line == 101
    world.clock.advance(timedelta(seconds=5))
    world.end(identity, 1, tally=Tally(100, 90, 7, {"missing_id": Refused(10, 3, "x")}))
    assert (world.show(identity).state, world.show(identity).parts_done) == ("running", 1)
    world.end(identity, 2, tally=Tally(50, 49, 0, {"missing_id": Refused(1, 101, "x")}))
    world.clock.advance(timedelta(hours=1))
    done = world.show(identity)
    assert (done.state, done.seconds, done.records, done.events, done.profiles) == ("done", 5.0, 150, 139, 7)
    assert done.refused == {"missing_id": Refused(11, 3, "x")}


def test_the_same_content_again_is_the_same_import_which_asks_for_what_was_not_read(world: World) -> None:
    begun = world.start(FILE)
    world.take(begun.id, 1)
    world.take(begun.id, 2, last=True)
    world.end(begun.id, 1)
    world.queue.bodies.clear()
    world.clock.advance(timedelta(hours=1))
    again = world.start(FILE)
    assert (again.id, again.started_at, again.parts_taken, again.parts_done) == (begun.id, NOON, 2, 1)
    assert world.queue.bodies == [ticket(begun.id, 2)]


def test_the_same_again_goes_on_with_a_part_that_was_stopped(world: World) -> None:
    identity = world.start(FILE).id
    world.take(identity, 1, last=True)
    stored = world.imports.part(identity, 1)
    world.imports.put_part(stored.value.stopped(NOON, error="S3 is away"), expected=stored.version)
    assert world.show(identity).state == "failed"
    world.queue.bodies.clear()
    assert (world.start(FILE).state, world.queue.bodies) == ("running", [ticket(identity, 1)])


@pytest.mark.parametrize("other", [replace(FILE, content="b" * 64), replace(FILE, format="pinpoint-endpoints"), replace(FILE, dry_run=True)])
def test_another_content_or_another_meaning_is_another_import(world: World, other: Wanted) -> None:
    assert world.start(FILE).id != world.start(other).id


def test_a_part_that_was_read_is_not_asked_for_again(world: World) -> None:
    identity = world.start(FILE).id
    world.take(identity, 1)
    world.end(identity, 1)
    world.queue.bodies.clear()
    world.take(identity, 1)
    assert world.queue.bodies == []


def test_a_part_beyond_the_last_one_is_refused(world: World) -> None:
    identity = world.start(FILE).id
    world.take(identity, 1, last=True)
    with pytest.raises(ConflictError, match="has 1 parts"):
        world.take(identity, 2)
    with pytest.raises(InvalidRequestError, match="number"):
        world.take(identity, 0)
    with pytest.raises(NotFoundError):
        world.take("nobody", 1)


def test_each_object_under_an_address_is_a_part_by_its_own_name(world: World) -> None:
    begun = world.start(EXPORT)
    assert (begun.state, begun.parts, begun.parts_taken) == ("running", 2, 2)
    assert [(part.bucket, part.key, part.name) for part in world.imports.parts(begun.id)] == [
        ("theirs", "export/1.gz", "export/1.gz"),
        ("theirs", "export/2.gz", "export/2.gz"),
    ]
    assert world.queue.bodies == [ticket(begun.id, 1), ticket(begun.id, 2)]


def test_objects_that_came_or_changed_are_taken_up_by_the_same_import_again(world: World) -> None:
    begun = world.start(EXPORT)
    for number in (1, 2):
        world.end(begun.id, number)
    world.queue.bodies.clear()
    world.theirs.content |= {"export/2.gz": b"two, changed", "export/4.gz": b"four"}
    again = world.start(EXPORT)
    assert (again.id, again.state, again.parts) == (begun.id, "running", 4)
    assert [part.key for part in world.imports.parts(begun.id)][2:] == ["export/2.gz", "export/4.gz"]
    assert len({part.identity for part in world.imports.parts(begun.id)}) == 4
    assert world.queue.bodies == [ticket(begun.id, 3), ticket(begun.id, 4)]


def test_an_address_under_which_there_is_nothing_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError, match="no object under s3://theirs/nothing/"):
        world.start(replace(EXPORT, content="s3://theirs/nothing/"))


def test_a_broken_object_fails_its_import_and_is_named(world: World) -> None:
    begun = world.start(EXPORT)
    world.end(begun.id, 1)
    world.end(begun.id, 2, error="cut off at byte 3")
    assert (world.show(begun.id).state, world.show(begun.id).errors) == ("failed", ["export/2.gz: cut off at byte 3"])


def test_a_mapping_is_checked_against_the_files_columns_before_anything_is_uploaded(world: World) -> None:
    wanted = replace(FILE, format="csv", mapping={**PEOPLE, "traits": {"x": "Nam"}}, head=b"id,Name\n1,A")
    with pytest.raises(InvalidRequestError, match="did you mean `Name`"):
        world.start(wanted)
    assert world.imports.listed() == []
    begun = world.start(replace(wanted, mapping=PEOPLE))
    assert world.imports.get(begun.id).columns == ("id", "Name")


def test_a_mapping_is_checked_against_the_first_object_too(world: World) -> None:
    world.theirs.content["csv/1.csv"] = gzip.compress(b"id,Name\n1,A")
    begun = world.start(replace(EXPORT, content="s3://theirs/csv/", format="csv", mapping=PEOPLE))
    assert world.imports.get(begun.id).columns == ("id", "Name")


@pytest.mark.parametrize("wanted", [replace(FILE, mapping=PEOPLE), replace(FILE, format="csv")])
def test_a_mapping_is_for_csv_and_csv_needs_one(world: World, wanted: Wanted) -> None:
    with pytest.raises(InvalidRequestError, match="mapping: CSV needs a mapping, and no other format has one"):
        world.start(wanted)


def test_errors_come_an_object_at_a_time_to_the_last(world: World) -> None:
    identity = world.start(FILE).id
    for number in (1, 2):
        line = b'{"file":"x","line":%d,"reason":"r","message":"m","text":"{\\"a\\":1}","id":"1"}\n' % number
        world.lake.put(f"imports/{identity}/errors/{number:06d}-000000000000.json.gz", gzip.compress(line))
    first = list_import_errors(identity, page="", lake=world.lake, imports=world.imports)
    assert first.errors == [{"file": "x", "line": 1, "reason": "r", "message": "m", "event": {"a": 1}}]
    second = list_import_errors(identity, page=first.next, lake=world.lake, imports=world.imports)
    assert ([error["line"] for error in second.errors], second.next) == ([2], "")
    with pytest.raises(NotFoundError):
        list_import_errors("nobody", page="", lake=world.lake, imports=world.imports)


def test_a_file_that_is_no_text_at_all_is_refused_before_any_of_it_is_handed_over(world: World) -> None:
    with pytest.raises(InvalidRequestError, match=r"x\.ndjson is not segment-ndjson: it looks like a program"):
        world.start(replace(FILE, head=b"\x7fELF\x02\0"))
    assert world.imports.listed() == []


@pytest.mark.parametrize("address", ["s3://others/x/", "s3://lake/raw/", "s3://lake/"])
def test_an_address_that_may_not_be_read_is_refused_with_those_that_may(address: str) -> None:
    Readable("lake", "theirs").check("s3://theirs/")
    Readable("lake").check("s3://lake/imports/mine/")
    with pytest.raises(InvalidRequestError, match=f"s3://lake/imports/... and s3://theirs/...; not {address}"):
        Readable("lake", "theirs").check(address)
    with pytest.raises(InvalidRequestError, match="until the parameter ImportBucket of the template names one"):
        Readable("lake").check(address)
