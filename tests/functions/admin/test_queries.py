"""SQL of one's own: for whom it is, and its routes."""

from typing import Any

import pytest

from tests.functions.admin.api import asking, invoke, request
from tests.functions.admin.conftest import World
from tests.functions.admin.test_access import as_person, signed_in

SQL = "SELECT count(*) FROM people"


@pytest.mark.parametrize(("group", "status"), [("analyst", 202), ("marketer", 403), ("operator", 403), ("privacy_officer", 403)])
def test_sql_is_for_analysts(world: World, group: str, status: int) -> None:
    assert as_person(group, "POST", "/admin/queries", {"sql": SQL})[0] == status


def test_a_statement_is_bounded_run_read_exported_and_cancelled(world: World) -> None:
    def ana(method: str, path: str, body: Any = None) -> dict[str, Any]:
        return as_person("analyst", method, path, body)[1]

    assert ana("POST", "/admin/query-plans", {"sql": SQL})["bytes"] == 7
    look = ana("POST", "/admin/queries", {"sql": SQL})
    assert look == {"ticket": "ticket0", "state": "queued", "reason": "", "bytes_scanned": 0, "cost_usd": 0}
    assert ana("GET", "/admin/queries/ticket0")["state"] == "succeeded"
    assert ana("GET", "/admin/queries/ticket0/rows")["rows"] == [["1"]]
    assert ana("GET", "/admin/queries/ticket0/export") == {"text": '"one"\n"1"\n', "next": ""}
    assert ana("POST", "/admin/queries/ticket0/cancel")["ticket"] == "ticket0"
    assert ana("GET", "/admin/lake-tables")["tables"][0]["name"] == "people"
    assert world.lake_analyst.asked == {"ticket0": (SQL, "8a1f")}


def test_a_ticket_is_for_who_asked_for_it(world: World) -> None:
    as_person("analyst", "POST", "/admin/queries", {"sql": SQL})
    another = signed_in(asking("GET", "/admin/queries/ticket0"), "[analyst]")
    another["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = "another"
    assert invoke(another)[0] == 404


def test_a_refusal_is_about_the_statement(world: World) -> None:
    status, body = as_person("analyst", "POST", "/admin/queries", {"sql": ""})
    assert (status, body["code"], body["field"]) == (400, "invalid_request", "sql")


def test_a_program_needs_the_scope(world: World) -> None:
    status, body = request("POST", "/admin/queries", {"sql": SQL})
    assert (status, body["code"]) == (403, "forbidden")
