"""The migrate handler answers CloudFormation whatever happens: without an answer a deploy hangs for an hour."""

import json
from pathlib import Path
from typing import Any

import pytest

from functions.migrate import handler
from regulars import wiring
from regulars.config import Config
from regulars.domain.errors import QueryFailedError
from regulars.ports import Query

EVENTS = Path(__file__).parents[2] / "events/migrate"


class Queries:
    def __init__(self, fails: bool = False) -> None:
        self.fails = fails
        self.ran: list[str] = []

    def run(self, sql: str) -> Query:
        if self.fails:
            raise QueryFailedError("no such database")
        self.ran.append(sql)
        return Query("q", "succeeded")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(wiring, "answer_cloudformation", lambda event, **answer: given.append(answer))
    return given


def call(case: str, queries: Queries) -> None:
    ddl = {"02_b.sql": "-- said\nCREATE TABLE b LOCATION 's3://${LakeBucket}/b/'", "01_a.sql": "CREATE TABLE a '${dt}'"}
    wiring.install(queries=queries, ddl=ddl, config=Config({"LAKE_BUCKET": "lake"}))
    try:
        handler.lambda_handler(json.loads((EVENTS / f"{case}.json").read_text()), None)
    finally:
        wiring.install()


def test_create_runs_the_files_in_order_and_replaces_the_bucket_only(answers: list[dict[str, Any]]) -> None:
    queries = Queries()
    call("create", queries)
    assert queries.ran == ["CREATE TABLE a '${dt}'", "CREATE TABLE b LOCATION 's3://lake/b/'"]
    assert answers[0]["succeeded"] is True


def test_a_failed_statement_is_answered_with_its_reason(answers: list[dict[str, Any]]) -> None:
    call("create", Queries(fails=True))
    assert answers == [{"succeeded": False, "reason": "no such database", "data": {}}]


def test_delete_keeps_the_tables(answers: list[dict[str, Any]]) -> None:
    queries = Queries()
    call("delete", queries)
    assert queries.ran == [] and answers[0]["succeeded"] is True
