"""Imports over HTTP."""

import base64
import gzip
from typing import Any

import pytest

from regulars.domain.imports.job import Refused, Tally
from tests.functions.admin.api import asking, invoke, request
from tests.functions.admin.conftest import NOON, World

FILE: dict[str, Any] = {"name": "x.ndjson", "format": "segment-ndjson", "content": "a" * 64}
CONTENT = gzip.compress(b'{"type":"track"}')


def handed_over(identity: str, number: str, **query: str) -> tuple[int, dict[str, Any]]:
    event = asking("PUT", f"/admin/imports/{identity}/parts/{number}", base64.b64encode(CONTENT).decode(), **query)
    return invoke(event | {"isBase64Encoded": True})


def test_an_import_is_begun_handed_over_and_followed(world: World) -> None:
    status, begun = request("POST", "/admin/imports", FILE)
    assert (status, begun["state"], begun["started_at"]) == (200, "uploading", "2026-11-21T12:00:00Z")
    assert handed_over(begun["id"], "1", first_line="1", last="true") == (200, {"number": 1})
    assert world.lake.content[f"imports/{begun['id']}/parts/000001.gz"] == CONTENT
    assert world.import_queue.bodies == [f"{begun['id']}|1"]
    part = world.imports.part(begun["id"], 1).value
    world.imports.put_part(part.went_on(9, Tally(9, 8, 7, {"missing_id": Refused(1, 2, "x.ndjson")})).ended(NOON), expected=1)
    shown = request("GET", f"/admin/imports/{begun['id']}")[1]
    assert (shown["state"], shown["events"], shown["refused"]) == ("done", 8, {"missing_id": {"count": 1, "line": 2, "name": "x.ndjson"}})
    assert request("GET", "/admin/imports")[1] == {"imports": [shown]}


def test_what_is_in_s3_needs_no_handing_over(world: World) -> None:
    status, begun = request("POST", "/admin/imports", {**FILE, "content": "s3://theirs/export/"})
    assert (status, begun["state"], begun["parts"]) == (200, "running", 1)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"format": "xml"}, "format"),
        ({"content": "x"}, "content"),
        ({"content": "s3://x"}, "content"),
        ({"name": ""}, "name"),
        ({"format": "csv"}, "mapping"),
        ({"format": "csv", "mapping": {"type": "identify"}}, "mapping"),
        ({"head": "?"}, "head"),
        ({"file": "x"}, ""),
    ],
)
def test_what_cannot_be_imported_is_refused_with_its_field(world: World, changed: dict[str, Any], field: str) -> None:
    status, body = request("POST", "/admin/imports", {**FILE, **changed})
    assert (status, body.get("field", "")) == (400, field)


def test_a_part_of_nothing_is_refused(world: World) -> None:
    assert handed_over("nobody", "1", first_line="1")[0] == 404
    begun = request("POST", "/admin/imports", FILE)[1]
    assert handed_over(begun["id"], "1")[1]["field"] == "first_line"
    assert handed_over(begun["id"], "0", first_line="1")[1]["field"] == "number"


def test_errors_are_listed_with_their_lines(world: World) -> None:
    begun = request("POST", "/admin/imports", FILE)[1]
    line = b'{"file":"x.ndjson","line":7,"reason":"missing_id","message":"m","text":"{\\"a\\":1}"}\n'
    world.lake.put(f"imports/{begun['id']}/errors/000001-000000000000.json.gz", gzip.compress(line))
    answer = request("GET", f"/admin/imports/{begun['id']}/errors")[1]
    assert answer == {"errors": [{"file": "x.ndjson", "line": 7, "reason": "missing_id", "message": "m", "event": {"a": 1}}], "next": ""}
    assert request("GET", "/admin/imports/nobody/errors")[0] == 404


def test_segments_of_pinpoint_are_translated_and_not_saved(world: World) -> None:
    found = {"Id": "A", "Name": "Pros", "Dimensions": {"Attributes": {"plan": {"AttributeType": "INCLUSIVE", "Values": ["pro"]}}}}
    status, body = request("POST", "/admin/imports/pinpoint-segments", {"document": {"SegmentResponse": found}})
    (one,) = body["segments"]
    assert (status, one["id"], one["unmapped"]) == (200, "pinpoint-a", [])
    assert request("PUT", "/admin/segments/pinpoint-a", one["segment"])[0] == 200
    assert request("POST", "/admin/imports/pinpoint-segments", {"document": {}})[0] == 400
