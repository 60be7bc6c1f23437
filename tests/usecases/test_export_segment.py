"""Exports: asked for, refused, and read piece by piece."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.errors import ConflictError, InvalidRequestError
from regulars.domain.segments.export_files import ExportFormat
from regulars.usecases.evaluate_segment import look_at_evaluation, start_evaluation
from regulars.usecases.evaluation_record import EvaluationLook
from regulars.usecases.export_segment import ExportTargets, export_page, start_export
from tests.domain.segments.judges import accepted
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries, result_key
from tests.fakes.stores import MemoryDefinitions, MemoryEvaluations, MemoryObjects
from tests.fakes.tables import lake_tables

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
BUYERS = {"id": "buyers", "name": "Buyers", "rule": {"everyone": True}}


class World:
    def __init__(self) -> None:
        self.definitions, self.evaluations, self.lake, self.queries = MemoryDefinitions(), MemoryEvaluations(), MemoryObjects(), ScriptedQueries()
        self.catalog = lake_tables(events="7", people="8", identities="9")
        self.targets = ExportTargets("lake", "theirs")
        self.definitions.put("segment", "buyers", BUYERS, at=MOMENT, by="ann")
        self.known: dict[str, Any] = {"definitions": self.definitions, "evaluations": self.evaluations, "queries": self.queries}

    def start(self, traits: object = ("plan",), to: str = "") -> EvaluationLook:
        asked: dict[str, Any] = {"traits": list(traits), "to": to, "as_of": AS_OF, "request": "r1", "by": "mara", "targets": self.targets}  # type: ignore[call-overload]
        return start_export("buyers", **asked, **self.known, catalog=self.catalog, clock=MovableClock())

    def look(self, ticket: str) -> EvaluationLook:
        return look_at_evaluation(ticket, evaluations=self.evaluations, queries=self.queries, lake=self.lake)

    def file(self, ticket: str, form: ExportFormat) -> str:
        text, page = "", "0"
        while page:
            found = export_page(ticket, form, page="" if page == "0" else page, evaluations=self.evaluations, lake=self.lake)
            text, page = text + found.text, found.next
        return text


@pytest.fixture
def world() -> World:
    return World()


def test_an_export_reads_people_and_traits_at_the_same_snapshots(world: World) -> None:
    started = world.start()
    assert (started.kind, started.as_of, started.snapshots) == ("export", AS_OF, {"events": "7", "identities": "9", "people": "8"})
    (asked,) = world.queries.ran
    accepted(asked)
    assert asked.count("FROM events FOR VERSION AS OF 7") == asked.count("FROM events") == 1
    assert asked.count("FROM people FOR VERSION AS OF 8") == asked.count("FROM people") == 1
    assert asked.count("FROM identities FOR VERSION AS OF 9") == asked.count("FROM identities") == 6


def test_a_file_comes_piece_by_piece_in_either_form(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryObjects, "chunk", 40)
    ticket = world.start().ticket
    told = ['"""pro"""', "", '"""=1"""']
    lines = [f'"{user}","3",{value}' for user, value in zip(("ann", "bob", "cy"), told, strict=True)]
    world.lake.content[result_key("0")] = "\n".join(['"user_id","people","t1"', *lines, ""]).encode()
    assert world.look(ticket).count == 3
    assert world.file(ticket, "csv") == "user_id,plan\r\nann,pro\r\nbob,\r\ncy,'=1\r\n"
    assert [json.loads(line) for line in world.file(ticket, "ndjson").splitlines()] == [
        {"user_id": "ann", "traits": {"plan": "pro"}},
        {"user_id": "bob", "traits": {}},
        {"user_id": "cy", "traits": {"plan": "=1"}},
    ]
    assert not any(key.startswith("evaluations/") for key in world.lake.content)


def test_athena_writes_to_a_folder_of_its_own_below_the_address(world: World) -> None:
    started = world.start(to="s3://theirs/weekly/")
    assert started.location == f"s3://theirs/weekly/{started.id}/"
    assert world.queries.ran[0].startswith("UNLOAD (SELECT audience.user_id AS user_id, MAP(ARRAY['plan'], ARRAY[COALESCE(")
    assert world.queries.ran[0].endswith(f" TO '{started.location}' WITH (format = 'JSON', compression = 'GZIP')")
    done = world.look(started.ticket)
    assert (done.state, done.count, done.location) == ("succeeded", None, started.location)
    with pytest.raises(ConflictError, match="written to s3://theirs/weekly/"):
        world.file(started.ticket, "csv")


@pytest.mark.parametrize("to", ["s3://lake/exports/x", "s3://theirs/", "s3://theirs"])
def test_an_address_is_allowed_in_the_lakes_exports_and_in_the_bucket_of_the_stack(world: World, to: str) -> None:
    if to == "s3://theirs":
        to += "/"
    assert (world.start(to=to).location or "").startswith(to.rstrip("/") + "/")


@pytest.mark.parametrize(
    "to", ["s3://lake/lake/events/", "s3://lake/exports", "s3://other/exports/", "theirs/x", "s3://theirs/a'b", "s3://theirs/é", "https://theirs/x"]
)
def test_another_address_is_refused_with_what_is_allowed(world: World, to: str) -> None:
    with pytest.raises(InvalidRequestError, match="to: an export may be written below s3://lake/exports/ or s3://theirs/"):
        world.start(to=to)
    world.targets = ExportTargets("lake")
    with pytest.raises(InvalidRequestError, match="parameter ExportBucket"):
        world.start(to=to)
    assert world.queries.ran == []


def test_traits_that_are_no_paths_are_refused(world: World) -> None:
    with pytest.raises(InvalidRequestError, match=r"traits\[1\]"):
        world.start(["plan", "a..b"])


def test_what_is_no_export_or_not_done_has_no_file(world: World) -> None:
    started = world.start()
    with pytest.raises(ConflictError, match="look at it until it has succeeded"):
        world.file(started.ticket, "csv")
    asked: dict[str, Any] = {"as_of": AS_OF, "request": "r2", "by": "mara", "catalog": world.catalog, "clock": MovableClock()}
    counted = start_evaluation("buyers", kind="count", **asked, **world.known)
    with pytest.raises(InvalidRequestError, match="ticket: this evaluation is of kind count, not export"):
        world.file(counted.ticket, "csv")
