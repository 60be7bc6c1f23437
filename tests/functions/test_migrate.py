"""The migrate handler answers CloudFormation whatever happens: without an answer a deploy hangs."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from functions.migrate import handler
from regulars import wiring
from regulars.config import Config
from regulars.domain.errors import QueryFailedError
from tests.fakes.clock import MovableClock
from tests.fakes.migrations import MemoryMigrationLog
from tests.fakes.services import ScriptedQueries
from tests.fakes.tables import MemoryTables

EVENTS = Path(__file__).parents[2] / "events/migrate"
FILES = {"0001_a.sql": "CREATE TABLE IF NOT EXISTS a (x int) LOCATION 's3://${LakeBucket}/a/'"}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(wiring, "answer_cloudformation", lambda event, **answer: given.append(answer))
    return given


def call(case: str, queries: Any, log: MemoryMigrationLog | None = None, files: Any = FILES, millis: int = 300_000) -> None:
    wiring.install(
        queries=queries,
        migration_files=files,
        migration_log=log or MemoryMigrationLog(),
        table_catalog=MemoryTables(),
        clock=MovableClock(),
        config=Config({"LAKE_BUCKET": "lake"}),
    )
    try:
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: millis)
        handler.lambda_handler(json.loads((EVENTS / f"{case}.json").read_text()), context)
    finally:
        wiring.install()


@pytest.mark.parametrize("case", ["create", "update"])
def test_create_and_update_apply_what_is_missing(case: str, answers: list[dict[str, Any]]) -> None:
    queries = ScriptedQueries()
    call(case, queries)
    assert queries.ran == ["CREATE TABLE IF NOT EXISTS a (x int) LOCATION 's3://lake/a/'"]
    assert answers == [{"succeeded": True, "reason": "1 statements", "data": {}}]


def test_a_failed_statement_is_answered_with_its_reason(answers: list[dict[str, Any]]) -> None:
    call("create", ScriptedQueries({"CREATE": QueryFailedError("no such database")}))
    assert answers == [{"succeeded": False, "reason": "0001_a.sql, statement 1 of 1: no such database", "data": {}}]


@pytest.mark.parametrize("error", [KeyError("dynamodb"), RuntimeError()])
def test_an_error_that_nobody_thought_of_is_answered_too(error: Exception, answers: list[dict[str, Any]]) -> None:
    call("update", ScriptedQueries({"CREATE": error}))
    assert answers[0]["succeeded"] is False and answers[0]["reason"] in ("'dynamodb'", "RuntimeError")


def test_a_roll_back_succeeds_and_names_what_the_lake_has_beyond_it(answers: list[dict[str, Any]]) -> None:
    log = MemoryMigrationLog()
    call("update", ScriptedQueries(), log, FILES | {"0002_b.sql": "CREATE OR REPLACE VIEW v AS SELECT x FROM a"})
    call("update", ScriptedQueries(), log)
    assert answers[1]["succeeded"] is True
    assert answers[1]["reason"] == "0 statements; a newer version was deployed before, and the lake keeps its 0002_b.sql"


def test_delete_keeps_the_tables(answers: list[dict[str, Any]]) -> None:
    queries = ScriptedQueries()
    call("delete", queries)
    assert queries.ran == [] and answers[0]["succeeded"] is True


class SlowQueries:
    """A statement that lasts until the function has answered."""

    def __init__(self, answers: list[dict[str, Any]]) -> None:
        self._answers = answers

    def run(self, statement: str) -> None:
        while not self._answers:
            pass


def test_a_statement_that_outlasts_the_function_is_answered_in_time_and_once(answers: list[dict[str, Any]]) -> None:
    call("create", SlowQueries(answers), millis=int(handler.ANSWER_SECONDS * 1000) + 10)
    assert [answer["succeeded"] for answer in answers] == [False]
    assert "deploy again" in answers[0]["reason"]


WITHOUT = """
import json, sys
sys.modules[{missing!r}] = None  # an import of it fails
from types import SimpleNamespace
from regulars import wiring
given = []
wiring.answer_cloudformation = lambda event, **answer: given.append(answer)
from functions.migrate import handler
handler.lambda_handler(json.load(open({event!r})), SimpleNamespace(get_remaining_time_in_millis=lambda: 300_000))
print(json.dumps(given))
"""


@pytest.mark.parametrize(
    ("case", "missing", "succeeded"), [("create", "sqlglot", False), ("update", "aws_lambda_powertools", False), ("delete", "sqlglot", True)]
)
def test_a_library_that_cannot_be_imported_is_an_answer_too(case: str, missing: str, succeeded: bool) -> None:
    code = WITHOUT.format(missing=missing, event=str(EVENTS / f"{case}.json"))
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=EVENTS.parents[1], env={"PYTHONPATH": ".:layers/shared"}
    )
    (answer,) = json.loads(ran.stdout)
    assert answer["succeeded"] is succeeded
    assert succeeded or missing in answer["reason"]
