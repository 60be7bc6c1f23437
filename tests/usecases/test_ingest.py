"""A part of an import on its way into the lake."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.collection.device import PushTarget
from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.domain.imports.job import Format, Import, Part, Refused, Tally
from regulars.usecases import ingest as module
from regulars.usecases.ingest import Ingested, ingest, ticket
from regulars.usecases.list_import_errors import list_import_errors
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryDevices, MemoryEventNames, MemoryImports, MemoryObjects, MemoryProfiles

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
PEOPLE: JsonObject = {"type": "identify", "userId": "id", "traits": {"name": "Name"}}


class World:
    """An import of one part, and all that it is read with."""

    def __init__(self, content: bytes, form: Format = "segment-ndjson", *, mapping: JsonObject | None = None, dry_run: bool = False) -> None:
        self.imports, self.lake, self.profiles = MemoryImports(), MemoryObjects({"x.gz": gzip.compress(content)}), MemoryProfiles()
        self.devices = MemoryDevices()
        self.names, self.queue, self.time_left = MemoryEventNames(), MemoryQueue(), timedelta(hours=1)
        self.imports.create(Import("i1", "x.ndjson", form, NOON, "me", mapping, dry_run=dry_run))
        self.imports.add_part(Part("i1", 1, "lake", "x.gz", "x.ndjson", "i1"))

    def read(self) -> Ingested:
        return ingest(
            "i1",
            1,
            imports=self.imports,
            bucket=lambda _: self.lake,
            lake=self.lake,
            profiles=self.profiles,
            devices=self.devices,
            names=self.names,
            queue=self.queue,
            clock=MovableClock(LATER),
            time_left=lambda: self.time_left,
        )

    @property
    def part(self) -> Part:
        return self.imports.part("i1", 1).value

    def lines(self, prefix: str) -> list[dict[str, Any]]:
        return [json.loads(line) for key in self.lake.keys(prefix) for line in gzip.decompress(self.lake.get(key)).splitlines()]


def track(number: int, **fields: Any) -> bytes:
    return json.dumps({"type": "track", "event": "Bought", "userId": f"u{number}", "timestamp": "2026-01-02T03:04:05Z", **fields}).encode()


def three() -> World:
    return World(b"\n".join([track(1), b"{", track(3, messageId="own")]))


def test_events_become_rows_of_the_past_received_when_the_import_began() -> None:
    world = three()
    assert world.read() == Ingested(records=3, events=2, profiles=0, refused=1)
    one, other = world.lines("raw/events/dt=2026-11-21/hh=13/")
    assert (one["event_name"], one["user_id"], one["source"], one["historical"]) == ("Bought", "u1", "import", True)
    assert (one["event_ts"], one["received_ts"]) == ("2026-01-02 03:04:05.000", "2026-11-21 12:00:00.000")
    assert (one["place"], other["place"], other["message_id"]) == (16, 48, "own")


def test_what_cannot_be_read_goes_to_quarantine_with_its_line_and_the_file_goes_on() -> None:
    world = three()
    world.read()
    (refused,) = world.lines("quarantine/")
    assert (refused["reason"], json.loads(refused["text"]), refused["source"]) == ("unreadable_line", "{", "import")
    assert refused["message"].startswith("line 2 of x.ndjson: the line is not JSON")
    (error,) = world.lines("imports/i1/errors/")
    assert (error["line"], error["file"], error["reason"]) == (2, "x.ndjson", "unreadable_line")
    (shown,) = list_import_errors("i1", page="", lake=world.lake, imports=world.imports).errors
    assert shown == {"file": "x.ndjson", "line": 2, "reason": "unreadable_line", "message": refused["message"], "event": "{"}
    assert world.part == replace(world.part, read=3, tally=Tally(3, 2, 0, {"unreadable_line": Refused(1, 2, "x.ndjson")}), ended_at=LATER, error="")


def test_what_is_refused_of_a_file_stays_history() -> None:
    world = World(b"\n".join([b"{", json.dumps({"type": "track", "userId": "u"}).encode()]))
    world.read()
    assert [refused["historical"] for refused in world.lines("quarantine/")] == [True, True]


def test_an_event_that_is_no_good_is_refused_as_load_refuses_it() -> None:
    world = World(track(1, userId=None) + b"\n" + track(2))
    world.read()
    (refused,) = world.lines("quarantine/")
    assert (refused["reason"], json.loads(refused["text"])["event"]) == ("missing_id", "Bought")
    assert refused["message"].startswith("line 1 of ")


def test_a_part_that_was_read_is_not_read_again() -> None:
    world = three()
    world.read()
    written = dict(world.lake.content)
    assert world.read() == Ingested()
    assert world.lake.content == written


def test_whatever_is_repeated_has_the_same_message_ids() -> None:
    first, again = three(), three()
    first.read()
    again.read()
    ids = [row["message_id"] for row in first.lines("raw/")]
    assert ids == [row["message_id"] for row in again.lines("raw/")]
    assert len(set(ids)) == 2


def test_a_part_goes_on_behind_its_last_batch_and_gives_the_ids_that_it_would_have_given(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"\n".join(track(number) for number in range(2000))
    whole = World(content)
    whole.read()
    monkeypatch.setattr(module, "RECORDS_A_BATCH", 400)
    world = World(content)
    world.time_left = timedelta(seconds=30)
    assert world.read() == Ingested(records=400, events=400, goes_on=True)
    assert world.queue.bodies == [ticket("i1", 1)]
    world.time_left = timedelta(hours=1)
    assert world.read() == Ingested(records=1600, events=1600)
    assert sorted(row["message_id"] for row in world.lines("raw/")) == sorted(row["message_id"] for row in whole.lines("raw/"))
    assert world.part.tally.events == 2000


def test_later_lines_are_later_where_their_events_have_one_time() -> None:
    world = World(b"\n".join(track(number, timestamp=None) for number in range(1300)))
    world.read()
    order = [(row["received_ts"], row["place"]) for row in world.lines("raw/")]
    assert order == sorted(set(order))
    assert max(place for _, place in order) < 10_000


def test_a_batch_that_failed_is_written_again_in_place_of_itself() -> None:
    world = three()
    world.lake.fails = lambda key: key.startswith("quarantine/")
    with pytest.raises(StoreUnavailableError):
        world.read()
    world.lake.fails = lambda key: False
    world.read()
    assert len(world.lines("raw/")) == 2
    assert world.part.tally.records == 3


def test_of_two_who_read_the_same_part_one_counts() -> None:
    world = three()
    put = world.imports.put_part

    def other_first(part: Part, *, expected: int) -> None:
        world.imports.put_part = put  # type: ignore[method-assign]
        world.read()
        put(part, expected=expected)

    world.imports.put_part = other_first  # type: ignore[method-assign]
    with pytest.raises(ConflictError):
        world.read()
    assert world.part.tally.records == 3


def test_people_and_their_devices_come_into_their_profiles() -> None:
    endpoint = {"Id": "e1", "ChannelType": "GCM", "Address": "token", "User": {"UserId": "u1"}, "EffectiveDate": "2026-01-01T00:00:00Z"}
    world = World(json.dumps({**endpoint, "Attributes": {"plan": ["pro"]}}).encode(), "pinpoint-endpoints")
    assert world.read().profiles == 1
    profile = world.profiles.get_many(["u1"])["u1"].value
    assert profile.traits["plan"].value == "pro"
    assert list(profile.devices) == ["e1"]
    device = world.devices.get_many(["e1"])["e1"].value
    assert (device.owner, device.target) == ("u1", PushTarget("token", "token"))


def test_a_csv_is_read_by_its_mapping_and_a_row_that_does_not_fit_keeps_its_line() -> None:
    world = World(b"id,Name\n1,Ann\n2\n3,Cyd", "csv", mapping=PEOPLE)
    assert world.read() == Ingested(records=3, events=2, profiles=2, refused=1)
    (refused,) = world.lines("quarantine/")
    assert (json.loads(refused["text"]), refused["message"]) == ({"id": "2"}, "line 3 of x.ndjson: 1 fields where the first line has 2")


def test_a_dry_run_checks_all_and_keeps_nothing_but_what_was_refused() -> None:
    world = World(b"id,Name\n1,Ann\n2", "csv", mapping=PEOPLE, dry_run=True)
    assert world.read() == Ingested(records=2, events=1, refused=1)
    assert not world.lines("raw/") and not world.lines("quarantine/") and not world.profiles.writes
    assert [error["line"] for error in world.lines("imports/i1/errors/")] == [3]


def test_a_broken_object_says_at_which_byte_and_nothing_of_it_is_imported() -> None:
    world = World(b"")
    world.lake.content["x.gz"] = gzip.compress(b"".join(track(n) + b"\n" for n in range(50)))[:-20]
    found = world.read()
    assert found == Ingested(error=f"the gzip data is cut off at byte {len(world.lake.content['x.gz']):,}")
    assert not world.lines("raw/")
    assert (world.part.error, world.part.ended_at) == (found.error, LATER)
    assert world.read() == Ingested()


def test_a_profile_that_cannot_be_written_brings_its_batch_again() -> None:
    world = World(b'{"type":"identify","userId":"u1","traits":{"a":1}}')
    world.time_left = timedelta(0)
    with pytest.raises(StoreUnavailableError):
        world.read()
    assert world.part.ended_at is None


def test_an_object_that_is_no_text_is_named_and_no_line_of_it_is_refused() -> None:
    world = World(b"\x7fELF\x02\0\n\n\n")
    assert world.read().error.startswith("it looks like a program")
    assert world.part.ended_at == LATER and not world.part.tally.records


@pytest.mark.parametrize(
    ("content", "says"), [(b"no,Name\n1,A", "the file has no such column"), (b'"id,Name\n1,A', "the first line is no row"), (b"", "")]
)
def test_a_csv_of_other_columns_is_over_with_its_error_and_an_empty_one_without(content: bytes, says: str) -> None:
    world = World(content, "csv", mapping=PEOPLE)
    assert says in world.read().error
    assert (bool(world.part.error), world.part.is_over) == (bool(says), True)
