"""`regulars import` and `regulars imports`."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli import import_file, import_text
from tests.cli.conftest import FakeApi, Run

BEGUN = {
    "id": "i1",
    "name": "x.ndjson",
    "format": "segment-ndjson",
    "state": "uploading",
    "dry_run": False,
    "started_at": "2026-11-21T12:00:00Z",
    "parts": None,
    "parts_taken": 0,
    "parts_done": 0,
    "seconds": 2.0,
    "records": 3,
    "events": 2,
    "profiles": 1,
    "refused": {"missing_id": {"count": 1, "line": 2, "name": "x.ndjson"}},
    "errors": [],
}
DONE = {**BEGUN, "state": "done", "parts": 1, "parts_done": 1}
PARTS = "/admin/imports/i1/parts"


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "x.ndjson").write_text('{"a":1}\n{}\n{"a":2}\n')
    return str(tmp_path / "x.ndjson")


def scripted(api: FakeApi, *looks: Any, begun: Any = BEGUN) -> None:
    api.on("POST", "/admin/imports", begun)
    api.on("GET", "/admin/imports/i1", *looks)
    for number in range(1, 4):
        for query in (f"first_line={number}", f"first_line={number}&last=true"):
            api.on("PUT", f"{PARTS}/{number}?{query}", {"number": number})


def test_a_file_is_handed_over_and_followed_to_its_end(api: FakeApi, regulars: Run, file: str) -> None:
    scripted(api, {**BEGUN, "state": "running"}, DONE)
    ran = regulars("import", file)
    assert ran.exit_code == 0
    assert "import i1, x.ndjson: done" in ran.stdout
    assert "3 records, 2 events, 1 profiles written, in 2.0 s: 1 a second" in ran.stdout
    (begun, put, *_) = api.asked
    assert {name: begun[2][name] for name in ("name", "format", "dry_run")} == {"name": "x.ndjson", "format": "segment-ndjson", "dry_run": False}
    assert len(begun[2]["content"]) == 64
    assert put[:2] == ("PUT", f"{PARTS}/1?first_line=1&last=true")


def test_json_is_what_the_api_says_of_the_whole_import(api: FakeApi, regulars: Run, file: str) -> None:
    scripted(api, DONE)
    assert json.loads(regulars("import", file, "--json").stdout) == {**DONE, "imported_before": False}


def test_parts_that_were_taken_are_not_handed_over_again_but_for_the_last(
    api: FakeApi, regulars: Run, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_file, "PART_TEXT", 8)
    monkeypatch.setattr(import_text, "_READ", 8)
    scripted(api, DONE, begun={**BEGUN, "parts_taken": 2})
    assert regulars("import", file).exit_code == 0
    assert [path for method, path, _ in api.asked if method == "PUT"] == [f"{PARTS}/2?first_line=2", f"{PARTS}/3?first_line=3&last=true"]


def test_a_file_that_was_imported_is_not_handed_over_at_all(api: FakeApi, regulars: Run, file: str) -> None:
    scripted(api, DONE, begun=DONE)
    ran = regulars("import", file)
    assert ran.exit_code == 0
    assert "imported before, on 2026-11-21 at 12:00 UTC, as x.ndjson: nothing was added" in ran.stdout
    assert [method for method, _, _ in api.asked] == ["POST", "GET"]
    assert json.loads(regulars("import", file, "--json").stdout)["imported_before"] is True


def test_a_csv_goes_with_its_mapping_and_what_is_refused_into_a_file(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id\n1\n")
    (tmp_path / "map.json").write_text('{"type": "identify", "userId": "id"}')
    scripted(api, DONE)
    api.on("GET", "/admin/imports/i1/errors", {"errors": [{"line": 1}], "next": "p2"})
    api.on("GET", "/admin/imports/i1/errors?page=p2", {"errors": [{"line": 2}], "next": ""})
    out = tmp_path / "errors.ndjson"
    ran = regulars("import", str(tmp_path / "x.csv"), "--map", str(tmp_path / "map.json"), "--dry-run", "--errors", str(out))
    assert ran.exit_code == 0
    begun = api.asked[0][2]
    assert (begun["format"], begun["mapping"], begun["dry_run"]) == ("csv", {"type": "identify", "userId": "id"}, True)
    assert [json.loads(line)["line"] for line in out.read_text().splitlines()] == [1, 2]


def test_an_address_in_s3_is_read_by_the_platform(api: FakeApi, regulars: Run) -> None:
    scripted(api, DONE, begun={**DONE, "state": "running"})
    assert regulars("import", "s3://theirs/export/", "--format", "pinpoint-endpoints").exit_code == 0
    assert api.asked[0][2] == {"name": "s3://theirs/export/", "format": "pinpoint-endpoints", "dry_run": False, "content": "s3://theirs/export/"}


def test_an_import_of_something_broken_fails_and_says_where(api: FakeApi, regulars: Run) -> None:
    scripted(api, {**DONE, "state": "failed", "errors": ["export/2.gz: cut off at byte 3"]}, begun=DONE)
    ran = regulars("import", "s3://theirs/export/", "--json")
    assert ran.exit_code == 1
    assert json.loads(ran.stderr)["code"] == "import_failed"
    assert "export/2.gz: cut off at byte 3" in ran.stderr


def test_an_unknown_format_is_refused_with_those_that_there_are(api: FakeApi, regulars: Run, file: str) -> None:
    ran = regulars("import", file, "--format", "xml")
    assert ran.exit_code == 2
    assert "segment-ndjson, csv, pinpoint-endpoints" in ran.stderr
    assert api.asked == []


def test_imports_are_listed_and_each_tells_how_it_stands(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/imports", {"imports": [DONE]})
    api.on("GET", "/admin/imports/i1", DONE)
    api.on("GET", "/admin/imports/i1/errors", {"errors": [{"line": 2, "reason": "missing_id"}], "next": ""})
    assert "x.ndjson" in regulars("imports", "list").stdout
    assert "missing_id" in regulars("imports", "status", "i1").stdout
    assert json.loads(regulars("imports", "errors", "i1").stdout) == {"line": 2, "reason": "missing_id"}


def test_segments_that_can_be_ours_are_saved_and_of_others_it_is_said_why_not(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"SegmentResponse": {"Id": "a"}}')
    ours = {"id": "pinpoint-a", "name": "A", "segment": {"id": "pinpoint-a", "rule": {"everyone": True}}, "unmapped": []}
    theirs = {"id": "pinpoint-b", "name": "B", "segment": None, "unmapped": [{"path": "Dimensions.Behavior.Recency", "message": "no"}]}
    api.on("POST", "/admin/imports/pinpoint-segments", {"segments": [ours, theirs]})
    api.on("PUT", "/admin/segments/pinpoint-a", {"id": "pinpoint-a", "version": 1, "warnings": [{"path": "rule.trait", "message": "nobody"}]})
    ran = regulars("import", str(tmp_path / "s.json"), "--format", "pinpoint-segments")
    assert ran.exit_code == 1
    assert "pinpoint-a (A): version 1 saved" in ran.stdout
    assert "  rule.trait: nobody" in ran.stdout
    assert "Dimensions.Behavior.Recency: no" in ran.stdout
    assert "1 of 2 segments have parts without a counterpart: B" in ran.stderr
    assert [method for method, _, _ in api.asked] == ["POST", "PUT"]
    api.asked.clear()
    regulars("import", str(tmp_path / "s.json"), "--format", "pinpoint-segments", "--dry-run")
    assert [method for method, _, _ in api.asked] == ["POST"]
