"""The query handler over its payloads."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.query.handler import CALLS, lambda_handler, log
from regulars import wiring
from regulars.config import Config
from regulars.domain.analysis.bound import LakeFile
from regulars.ports import LakeAnalyst
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryObjects
from tests.fakes.tables import MemoryTables

EVENTS = Path(__file__).parents[2] / "events/query"


@pytest.fixture
def queries() -> Iterator[ScriptedQueries]:
    queries = ScriptedQueries({"count": [{"n": "1"}]})
    tables = MemoryTables({"people": {"user_id": "string"}})
    tables.held["people"] = [LakeFile(12_000_000)]
    wiring.install(queries=queries, table_catalog=tables, lake=MemoryObjects(), config=Config({"BYTES_PER_QUERY": "100"}))
    yield queries
    wiring.install()


def answered(event: dict[str, Any] | str) -> dict[str, Any]:
    context: Any = None
    return lambda_handler(json.loads((EVENTS / event).read_text()) if isinstance(event, str) else event, context)


def test_there_is_a_call_for_each_method_of_the_port() -> None:
    assert set(CALLS) == {name for name in vars(LakeAnalyst) if not name.startswith("_")}


def test_a_statement_is_started_and_looked_at_and_neither_it_nor_who_asked_is_logged(
    queries: ScriptedQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = io.StringIO()
    monkeypatch.setattr(log.registered_handler, "stream", logged)
    ticket = answered("start.json")["ticket"]
    assert answered({"call": "look", "ticket": ticket, "by": "8a1f"})["state"] == "succeeded"
    assert answered({"call": "rows", "ticket": ticket, "by": "8a1f", "page": ""})["rows"] == [["1"]]
    assert ticket in logged.getvalue()
    assert not any(secret in logged.getvalue() for secret in ("ann@", "SELECT", "8a1f"))


def test_what_it_would_read_is_told(queries: ScriptedQueries) -> None:
    told = answered("plan.json")
    assert (told["bytes"], told["cost_usd"], told["limit"]) == (12_000_000, 0.00006, 100)
    assert json.loads(json.dumps(told)) == json.loads(json.dumps(told))
    assert queries.ran == []


def test_a_refusal_is_an_answer(queries: ScriptedQueries) -> None:
    refused = answered("refused.json")["refused"]
    assert (refused["error"], refused["field"]) == ("InvalidRequestError", "sql")
    assert refused["message"].startswith("line 1:1: DELETE may not be run")


def test_every_table_has_its_columns(queries: ScriptedQueries) -> None:
    people = next(each for each in answered("tables.json")["tables"] if each["name"] == "people")
    assert people["columns"] == [{"name": "user_id", "type": "string", "meaning": "the person"}]
