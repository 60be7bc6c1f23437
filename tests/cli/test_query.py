"""`regulars query`: what it would read, what it found, as JSON and as CSV; refused, failed and interrupted."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cli.command import Session
from tests.cli.conftest import FakeApi, Run

SQL = "SELECT user_id FROM people"
PLAN: dict[str, Any] = {
    "reads": True,
    "bytes": 30_000_000_000,
    "cost_usd": 0.15,
    "expected_bytes": 12_000_000,
    "expected_usd": 0.00006,
    "limit": 10**11,
}
PLAN |= {"tables": [], "unknown": []}
DONE = {"ticket": "t", "state": "succeeded", "reason": "", "bytes_scanned": 12_000_000, "cost_usd": 0.00006}


@pytest.fixture
def asked(api: FakeApi) -> FakeApi:
    api.on("POST", "/admin/query-plans", PLAN)
    api.on("POST", "/admin/queries", {**DONE, "state": "queued"})
    api.on("GET", "/admin/queries/t", DONE)
    columns = [{"name": "user_id", "type": "varchar", "meaning": ""}, {"name": "n", "type": "bigint", "meaning": ""}]
    api.on("GET", "/admin/queries/t/rows", {"columns": columns, "rows": [["ann", "1"], [None, "2"]], "next": "2", "cut": 0})
    api.on("GET", "/admin/queries/t/export", {"text": '"user_id"\n', "next": "10"})
    api.on("GET", "/admin/queries/t/export?page=10", {"text": '"änn"\n', "next": ""})
    return api


def test_rows_are_a_table_with_what_they_cost(asked: FakeApi, regulars: Run) -> None:
    shown = regulars("query", SQL)
    assert shown.exit_code == 0
    assert "ann" in shown.stdout and "NULL" in shown.stdout
    assert "the first 2 rows; --csv has all, and long values whole  (12.00 MB scanned, $0.000060)" in shown.stdout
    assert ("POST", "/admin/queries", {"sql": SQL}) in asked.asked


def test_json_has_columns_rows_cost_and_plan(asked: FakeApi, regulars: Run) -> None:
    found = json.loads(regulars("query", SQL, "--json").stdout)
    assert (found["columns"][0], found["rows"], found["more"]) == ({"name": "user_id", "type": "varchar"}, [["ann", "1"], [None, "2"]], True)
    assert (found["cost_usd"], found["plan"]) == (0.00006, PLAN)


def test_a_plan_runs_nothing(asked: FakeApi, regulars: Run) -> None:
    assert regulars("query", SQL, "--plan").stdout == "reads about 12.00 MB, $0.000060; at most 30,000.00 MB, $0.150000\n"
    assert json.loads(regulars("query", SQL, "--plan", "--json").stdout) == PLAN
    assert {path for _, path, _ in asked.asked} == {"/admin/query-plans"}


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ({"reads": False, "bytes": 0, "cost_usd": 0}, "reads no data, and is free"),
        (
            {"bytes": None, "cost_usd": None, "unknown": ["the query: it is recursive"]},
            "nobody can say before what it reads (the query: it is recursive)",
        ),
    ],
)
def test_what_is_free_and_what_nobody_knows_is_said(asked: FakeApi, regulars: Run, plan: dict[str, Any], told: str) -> None:
    asked.on("POST", "/admin/query-plans", PLAN | plan)
    assert told in regulars("query", SQL, "--plan").stdout


def test_csv_is_whole_on_standard_output_and_in_a_file(asked: FakeApi, regulars: Run, tmp_path: Path) -> None:
    assert regulars("query", SQL, "--csv").stdout == '"user_id"\n"änn"\n'
    asked.on("GET", "/admin/queries/t/export", {"text": '"user_id"\n', "next": "10"})
    assert regulars("query", SQL, "--output", str(tmp_path / "people.csv")).exit_code == 0
    assert (tmp_path / "people.csv").read_text() == '"user_id"\n"änn"\n'


def test_a_statement_comes_from_a_file_or_standard_input(asked: FakeApi, regulars: Run, tmp_path: Path) -> None:
    file = tmp_path / "ask.sql"
    file.write_text(f"{SQL}\n")
    assert regulars("query", "--file", str(file)).exit_code == 0
    assert regulars("query", "--file", "-", stdin=SQL).exit_code == 0
    assert [body["sql"] for _, path, body in asked.asked if path == "/admin/queries"] == [f"{SQL}\n", SQL]


@pytest.mark.parametrize("arguments", [[], [SQL, "--file", "x.sql"], ["--file", "nowhere.sql"]])
def test_no_statement_or_two_are_none(api: FakeApi, regulars: Run, arguments: list[str]) -> None:
    assert regulars("query", *arguments).exit_code == 1
    assert api.asked == []


def test_a_refusal_says_where_in_the_statement(api: FakeApi, regulars: Run) -> None:
    api.on(
        "POST", "/admin/query-plans", {"code": "invalid_request", "message": "sql: line 1:1: DELETE may not be run here", "field": "sql"}, status=400
    )
    refused = regulars("query", "DELETE FROM events")
    assert (refused.exit_code, "line 1:1: DELETE may not be run here" in refused.stderr) == (1, True)


def test_a_failure_is_in_athenas_words(asked: FakeApi, regulars: Run) -> None:
    asked.on("GET", "/admin/queries/t", {**DONE, "state": "failed", "reason": "COLUMN_NOT_FOUND: line 1:8"})
    failed = regulars("query", SQL)
    assert (failed.exit_code, "COLUMN_NOT_FOUND: line 1:8" in failed.stderr) == (1, True)


def test_what_is_interrupted_is_stopped(asked: FakeApi, regulars: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "answer", interrupted)
    asked.on("POST", "/admin/queries/t/cancel", {**DONE, "state": "cancelled"})
    stopped = regulars("query", SQL)
    assert (stopped.exit_code, "stopped" in stopped.stderr) == (130, True)
    assert asked.asked[-1][:2] == ("POST", "/admin/queries/t/cancel")


@pytest.mark.parametrize(("answer", "ran"), [("y\n", True), ("n\n", False)])
def test_a_dear_one_asks_on_a_terminal(asked: FakeApi, regulars: Run, monkeypatch: pytest.MonkeyPatch, answer: str, ran: bool) -> None:
    terminal = SimpleNamespace(isatty=lambda: True, write=len)
    monkeypatch.setattr("cli.query.sys", SimpleNamespace(stdin=terminal, stderr=terminal))
    monkeypatch.setattr("cli.query.typer.confirm", lambda *_, **__: answer == "y\n")
    assert regulars("query", SQL).exit_code == (0 if ran else 1)
    assert any(path == "/admin/queries" for _, path, _ in asked.asked) is ran
