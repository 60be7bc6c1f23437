"""What every LakeAnalyst does: the one that asks the function, and the scripted one."""

import io
import json
from dataclasses import asdict
from typing import Any

import pytest

from regulars.adapters.lambda_lake_analyst import LambdaLakeAnalyst
from regulars.domain.errors import InvalidRequestError, NotFoundError, QueryFailedError, RefusedError, RunnerUnavailableError
from regulars.ports import LakeAnalyst
from tests.contracts.suite import suite
from tests.fakes.lake_analyst import MemoryLakeAnalyst


class Function:
    """The function as Lambda answers for it. `fails`: with this error in place of an answer."""

    def __init__(self) -> None:
        self.analyst = MemoryLakeAnalyst()
        self.fails: tuple[str, str] | None = None

    def invoke(self, **asked: Any) -> dict[str, Any]:
        assert asked["FunctionName"] == "query"
        if self.fails:
            return {
                "FunctionError": "Unhandled",
                "Payload": io.BytesIO(json.dumps(dict(zip(("errorType", "errorMessage"), self.fails, strict=True))).encode()),
            }
        event = json.loads(asked["Payload"])
        try:
            told = asdict(getattr(self.analyst, event.pop("call"))(**event))
        except RefusedError as error:
            message = str(error).removeprefix(f"{error.field}: ")
            told = {"refused": {"error": type(error).__name__, "message": message, "field": error.field}}
        return {"Payload": io.BytesIO(json.dumps(told).encode())}


@pytest.fixture
def function() -> Function:
    return Function()


@pytest.fixture
def lambda_(function: Function) -> LakeAnalyst:
    return LambdaLakeAnalyst("query", client=function)


analyst = suite(LakeAnalyst, adapter="lambda_", fake=MemoryLakeAnalyst)


def test_a_statement_is_bounded_started_looked_at_read_and_exported(analyst: LakeAnalyst) -> None:
    assert analyst.plan("SELECT 1").cost_usd == 0.00005
    ticket = analyst.start("SELECT 1", "ana").ticket
    assert analyst.look(ticket, "ana").state == "succeeded"
    assert analyst.rows(ticket, "ana").rows == [["1"]]
    assert analyst.export(ticket, "ana").text == '"one"\n"1"\n'
    assert analyst.stop(ticket, "ana").ticket == ticket
    assert [column.name for column in analyst.tables().tables[0].columns] == ["user_id"]


def test_what_is_refused_says_what_it_is_about(analyst: LakeAnalyst) -> None:
    with pytest.raises(InvalidRequestError, match="sql: says nothing") as refused:
        analyst.start("", "ana")
    assert refused.value.field == "sql"


def test_nobody_else_sees_it(analyst: LakeAnalyst) -> None:
    ticket = analyst.start("SELECT 1", "ana").ticket
    with pytest.raises(NotFoundError):
        analyst.look(ticket, "mara")


def test_an_error_of_ours_comes_out_as_it_went_in_and_any_other_says_where_to_look(function: Function, lambda_: LakeAnalyst) -> None:
    function.fails = ("QueryFailedError", "Athena cannot be reached")
    with pytest.raises(QueryFailedError, match="cannot be reached"):
        lambda_.tables()
    function.fails = ("KeyError", "x")
    with pytest.raises(RunnerUnavailableError, match="query failed: KeyError x"):
        lambda_.tables()
