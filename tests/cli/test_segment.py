import json
from pathlib import Path

import pytest

from tests.cli.conftest import FakeApi, Run

TWICE = {"id": "twice", "name": "Bought twice", "rule": {"event": "Order Completed", "count": {"gte": 2}}}
BEGUN = {"ticket": "q1", "id": "e1", "kind": "count", "as_of": "2026-01-02T00:00:00Z", "state": "queued"}
LOOK = "/admin/evaluations/q1"


def test_put_sends_the_file_and_tells_the_version(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    file = tmp_path / "twice.json"
    file.write_text(json.dumps(TWICE))
    api.on("PUT", "/admin/segments/twice", {"id": "twice", "version": 3})
    done = regulars("segment", "put", str(file), "--no-count")
    assert (done.exit_code, done.stdout) == (0, "segment twice: version 3 saved\n")
    assert api.asked == [("PUT", "/admin/segments/twice", TWICE)]
    assert api.authorizations == ["Bearer secret"]


def test_put_says_in_words_and_in_people_whom_it_finds(api: FakeApi, regulars: Run) -> None:
    api.on("PUT", "/admin/segments/twice", {"id": "twice", "version": 3, "sentence": 'did "Order Completed" at least twice'})
    api.on("POST", "/admin/segments/twice/evaluations", BEGUN, status=202)
    api.on("GET", LOOK, BEGUN | {"state": "succeeded", "count": 1234, "bytes_scanned": 2_500_000, "cost_usd": 0.00005})
    done = regulars("segment", "put", "-", stdin=json.dumps(TWICE))
    assert done.stdout.splitlines()[1:] == ['whoever did "Order Completed" at least twice', "1,234 people now  (2.50 MB scanned, $0.000050)"]
    assert json.loads(regulars("segment", "put", "-", "--json", stdin=json.dumps(TWICE)).stdout)["count"] == 1234


def test_what_cannot_be_counted_is_saved_all_the_same(api: FakeApi, regulars: Run) -> None:
    api.on("PUT", "/admin/segments/twice", {"id": "twice", "version": 3})
    api.on("POST", "/admin/segments/twice/evaluations", BEGUN, status=202)
    api.on("GET", LOOK, BEGUN | {"state": "failed", "reason": "too much"})
    done = regulars("segment", "put", "-", stdin=json.dumps(TWICE))
    assert (done.exit_code, done.stdout, "not counted: the query failed: too much" in done.stderr) == (0, "segment twice: version 3 saved\n", True)


def test_put_reads_standard_input_for_a_dash(api: FakeApi, regulars: Run) -> None:
    api.on("PUT", "/admin/segments/twice", {"id": "twice", "version": 1})
    done = regulars("segment", "put", "-", "--json", "--no-count", stdin=json.dumps(TWICE))
    assert json.loads(done.stdout) == {"id": "twice", "version": 1}
    assert api.asked[0][2] == TWICE


def test_a_refused_rule_is_told_on_stderr(api: FakeApi, regulars: Run) -> None:
    refusal = {"code": "invalid_rule", "message": "rule: unknown key 'equals'; allowed: eq, ne", "field": "rule"}
    api.on("PUT", "/admin/segments/twice", refusal, status=400)
    done = regulars("segment", "put", "-", stdin=json.dumps(TWICE))
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "unknown key 'equals'; allowed: eq, ne (invalid_rule)" in done.stderr


def test_a_file_that_is_not_there_not_json_or_not_an_object_is_told_before_anything_is_sent(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    told = []
    for text in (None, "{oops", "[1]", '{"rule": {}}', "[" * 100_000, '{"id": "x", "rule": NaN}', '{"id": "x", "rule": 1e999}'):
        if text is not None:
            file.write_text(text)
        done = regulars("segment", "put", str(file))
        assert done.exit_code == 1
        told.append(done.stderr)
    words = ("No such file", "not JSON", "one JSON object", '"id" must', "too deeply", "broken.json: rule: is no number that JSON has")
    assert [any(word in line for word in words) for line in told] == [True] * 7
    assert api.asked == []


def test_sql_prints_the_statement_alone(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/twice/sql", {"sql": "SELECT user_id FROM events", "as_of": "2026-01-02T00:00:00Z"})
    assert regulars("segment", "sql", "twice", "--as-of", "2026-01-02").stdout == "SELECT user_id FROM events\n"
    assert api.asked[0][2] == {"as_of": "2026-01-02"}


def test_count_waits_for_the_evaluation_and_tells_what_it_cost(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/twice/evaluations", BEGUN, status=202)
    done = BEGUN | {"state": "succeeded", "count": 1234, "bytes_scanned": 2_500_000, "cost_usd": 0.00005}
    api.on("GET", LOOK, BEGUN, BEGUN | {"state": "running"}, done)
    shown = regulars("segment", "count", "twice", "--json")
    told = {"count": 1234, "bytes_scanned": 2_500_000, "cost_usd": 0.00005, "as_of": "2026-01-02T00:00:00Z", "evaluation": "e1"}
    assert json.loads(shown.stdout) == told
    assert [method for method, *_ in api.asked] == ["POST", "GET", "GET", "GET"]
    assert "1,234 people as of 2026-01-02" in regulars("segment", "count", "twice").stdout


def test_a_failed_evaluation_is_an_error_with_its_reason(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/twice/evaluations", BEGUN, status=202)
    api.on("GET", LOOK, BEGUN | {"state": "cancelled", "reason": "Bytes scanned limit was exceeded"})
    done = regulars("segment", "count", "twice")
    assert done.exit_code == 1
    assert "Bytes scanned limit" in done.stderr


def test_members_come_page_by_page_and_are_printed_sorted_one_a_line(api: FakeApi, regulars: Run) -> None:
    begun = BEGUN | {"kind": "members"}
    api.on("POST", "/admin/segments/twice/evaluations", begun, status=202)
    api.on("GET", LOOK, begun | {"state": "succeeded"})
    api.on("GET", "/admin/evaluations/q1/members", {"members": ["b", "Zoë"], "next": "p/2"})
    api.on("GET", "/admin/evaluations/q1/members?page=p%2F2", {"members": ["a"], "next": ""})
    assert regulars("segment", "members", "twice").stdout == "Zoë\na\nb\n"
    assert json.loads(regulars("segment", "members", "twice", "--json").stdout)["members"] == ["Zoë", "a", "b"]


def test_the_people_of_an_evaluation_are_shown_again(api: FakeApi, regulars: Run) -> None:
    begun = BEGUN | {"kind": "members", "id": "e1"}
    api.on("POST", "/admin/segments/twice/evaluations/e0/members", begun, status=202)
    api.on("GET", LOOK, begun | {"state": "succeeded"})
    api.on("GET", "/admin/evaluations/q1/members", {"members": ["a"], "next": ""})
    assert regulars("segment", "members", "twice", "--evaluation", "e0").stdout == "a\n"
    refused = regulars("segment", "members", "twice", "--evaluation", "e0", "--as-of", "2026-01-01")
    assert (refused.exit_code, "leave out --as-of" in refused.stderr) == (1, True)


def test_evaluations_are_listed_and_one_is_shown_with_its_sql(api: FakeApi, regulars: Run) -> None:
    found = {"id": "e1", "kind": "count", "version": 2, "as_of": "2026-01-02T00:00:00Z", "count": 231, "state": "succeeded", "started_by": "mara"}
    api.on("GET", "/admin/segments/twice/evaluations?limit=50", {"evaluations": [found]})
    api.on("GET", "/admin/segments/twice/evaluations/e1", found | {"sql": "SELECT 1"})
    shown = regulars("segment", "evaluations", "twice").stdout
    assert [part in shown for part in ("e1", "231", "mara")] == [True] * 3
    assert json.loads(regulars("segment", "evaluations", "twice", "--evaluation", "e1").stdout)["sql"] == "SELECT 1"


def exporting(api: FakeApi, **more: object) -> None:
    begun = BEGUN | {"kind": "export", "location": None} | more
    api.on("POST", "/admin/segments/twice/exports", begun, status=202)
    api.on("GET", LOOK, begun | {"state": "succeeded", "count": 2, "bytes_scanned": 10, "cost_usd": 0.00005})


def test_an_export_is_written_piece_by_piece_to_standard_output_or_a_file(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    exporting(api)
    api.on("GET", "/admin/evaluations/q1/export?format=csv", {"text": "user_id,plan\r\nann,pro\r\n", "next": "40"})
    api.on("GET", "/admin/evaluations/q1/export?format=csv&page=40", {"text": "bob,\r\n", "next": ""})
    assert regulars("segment", "export", "twice", "--traits", "plan, address.city").stdout_bytes == b"user_id,plan\r\nann,pro\r\nbob,\r\n"
    assert api.asked[0] == ("POST", "/admin/segments/twice/exports", {"traits": ["plan", "address.city"]})
    file = tmp_path / "twice.csv"
    told = json.loads(regulars("segment", "export", "twice", "--output", str(file), "--json").stdout)
    assert (told["count"], told["file"], told["evaluation"]) == (2, str(file), "e1")
    assert file.read_bytes() == b"user_id,plan\r\nann,pro\r\nbob,\r\n"


def test_an_export_that_breaks_off_leaves_no_file_of_that_name(api: FakeApi, regulars: Run, tmp_path: Path) -> None:
    exporting(api)
    api.on("GET", "/admin/evaluations/q1/export?format=ndjson", {"text": "{}\n", "next": "40"})
    api.on("GET", "/admin/evaluations/q1/export?format=ndjson&page=40", {"code": "store_unavailable", "message": "S3 is away"}, status=503)
    done = regulars("segment", "export", "twice", "--format", "ndjson", "--output", str(tmp_path / "twice.ndjson"))
    assert (done.exit_code, "S3 is away" in done.stderr) == (1, True)
    assert not (tmp_path / "twice.ndjson").exists()


def test_an_export_to_s3_says_where_it_is(api: FakeApi, regulars: Run) -> None:
    exporting(api, location="s3://theirs/weekly/e1/")
    assert "s3://theirs/weekly/e1/" in regulars("segment", "export", "twice", "--to", "s3://theirs/weekly/").stdout
    for options, told in ((("--format", "csv"), "ndjson"), (("--output", "x"), "either")):
        refused = regulars("segment", "export", "twice", "--to", "s3://theirs/", *options)
        assert (refused.exit_code, told in refused.stderr) == (1, True)


def test_nobody_is_no_line_at_all(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/twice/evaluations", BEGUN, status=202)
    api.on("GET", LOOK, BEGUN | {"state": "succeeded"})
    api.on("GET", "/admin/evaluations/q1/members", {"members": [], "next": ""})
    assert regulars("segment", "members", "twice").stdout == ""


def test_list_shows_a_table_and_get_the_definition(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/segments", {"segments": [TWICE | {"version": 2}]})
    api.on("GET", "/admin/segments/twice", TWICE | {"version": 2})
    assert "Bought twice" in regulars("segment", "list").stdout
    assert json.loads(regulars("segment", "get", "twice").stdout)["rule"] == TWICE["rule"]


def test_what_was_saved_already_is_said_to_be_unchanged(api: FakeApi, regulars: Run) -> None:
    api.on("PUT", "/admin/segments/twice", {"id": "twice", "version": 3, "unchanged": True})
    assert regulars("segment", "put", "-", "--no-count", stdin=json.dumps(TWICE)).stdout == "segment twice: unchanged, still version 3\n"


@pytest.mark.parametrize("noun", ["segment", "campaign"])
def test_versions_are_listed_and_an_old_one_is_shown(api: FakeApi, regulars: Run, noun: str) -> None:
    version = {"version": 2, "saved_at": "2026-01-02T00:00:00Z", "saved_by": "mara", "archived": False}
    api.on("GET", f"/admin/{noun}s/twice/versions", {"versions": [version, version | {"version": 1}]})
    api.on("GET", f"/admin/{noun}s/twice?version=1", TWICE | {"version": 1})
    shown = regulars(noun, "versions", "twice").stdout
    assert [part in shown for part in ("2026-01-02T00:00:00Z", "mara")] == [True, True]
    assert json.loads(regulars(noun, "get", "twice", "--version", "1").stdout)["version"] == 1


@pytest.mark.parametrize("noun", ["segment", "campaign", "plan"])
def test_versions_are_compared_and_restored(api: FakeApi, regulars: Run, noun: str) -> None:
    told = "rule.all[1].within: 30d -> 60d"
    version = {"version": 2, "saved_at": "2026-01-02T00:00:00Z", "saved_by": "mara", "archived": False, "changes": [told]}
    api.on("GET", f"/admin/{noun}s/twice/versions", {"versions": [version]})
    assert told in regulars(noun, "versions", "twice").stdout
    api.on("GET", f"/admin/{noun}s/twice/diff?from=1", {"from_version": 1, "to_version": 2, "changes": [{"text": told}]})
    assert regulars(noun, "diff", "twice", "--from", "1").stdout == f"version 1 -> 2\n  {told}\n"
    api.on("GET", f"/admin/{noun}s/twice/diff?to=2", {"from_version": 1, "to_version": 2, "changes": []})
    assert regulars(noun, "diff", "twice", "--to", "2").stdout == "version 1 -> 2: no difference\n"
    api.on("POST", f"/admin/{noun}s/twice/restore", {"id": "twice", "version": 3, "unchanged": False, "warnings": []})
    assert regulars(noun, "restore", "twice", "--version", "1").stdout == f"{noun} twice: version 1 is the newest again, as version 3\n"


@pytest.mark.parametrize("noun", ["segment", "campaign"])
def test_what_is_archived_is_listed_on_request(api: FakeApi, regulars: Run, noun: str) -> None:
    api.on("POST", f"/admin/{noun}s/twice/archive", {"id": "twice", "version": 2, "archived": True})
    api.on("GET", f"/admin/{noun}s?archived=true", {f"{noun}s": [TWICE | {"version": 2, "archived": True}]})
    assert "archived" in regulars(noun, "archive", "twice").stdout
    assert api.asked[0] == ("POST", f"/admin/{noun}s/twice/archive", {})
    shown = regulars(noun, "list", "--archived").stdout
    assert ("archived" in shown, "yes" in shown) == (True, True)


def test_the_ticket_that_the_last_answer_carried_is_brought_next(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/twice/evaluations", BEGUN, status=202)
    api.on("GET", "/admin/evaluations/q1", BEGUN | {"ticket": "q2", "state": "running"})
    api.on("GET", "/admin/evaluations/q2", BEGUN | {"ticket": "q3", "kind": "members", "state": "succeeded"})
    api.on("GET", "/admin/evaluations/q3/members", {"members": ["a"], "next": ""})
    assert regulars("segment", "members", "twice").stdout == "a\n"
