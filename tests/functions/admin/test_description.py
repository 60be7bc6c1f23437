"""The description at /admin/openapi.json: what clients are generated from."""

import json
from typing import Any

import pytest

from tests.functions.admin.api import request
from tests.functions.admin.conftest import World

Operation = dict[str, Any]


@pytest.fixture
def description(world: World) -> dict[str, Any]:
    status, found = request("GET", "/admin/openapi.json")
    assert status == 200
    return found


@pytest.fixture
def operations(description: dict[str, Any]) -> dict[tuple[str, str], Operation]:
    return {(method, path): each for path, methods in description["paths"].items() for method, each in methods.items()}


def test_it_is_openapi_3_1_and_refers_to_nothing_that_it_lacks(description: dict[str, Any]) -> None:
    assert description["openapi"][:3] == "3.1"
    references = {text.split('"')[0] for text in json.dumps(description).split("#/components/schemas/")[1:]}
    assert references == set(description["components"]["schemas"])


def test_every_noun_has_its_routes(operations: dict[tuple[str, str], Operation]) -> None:
    assert {
        ("put", "/admin/segments/{segment_id}"),
        ("post", "/admin/segments/{segment_id}/archive"),
        ("get", "/admin/campaigns/{campaign_id}/versions"),
        ("post", "/admin/campaigns/{campaign_id}/runs"),
        ("get", "/admin/evaluations/{ticket}"),
        ("get", "/admin/runs"),
        ("get", "/admin/reports/{ticket}"),
        ("get", "/admin/profiles"),
        ("post", "/admin/quarantine-searches"),
        ("get", "/admin/quarantine-searches/{ticket}/events"),
        ("post", "/admin/quarantine-searches/{ticket}/replays"),
        ("post", "/admin/queries"),
        ("get", "/admin/queries/{ticket}/rows"),
        ("post", "/admin/flush"),
        ("get", "/admin/sources"),
        ("post", "/admin/sources/{name}/rotate"),
    } <= set(operations)


def test_every_operation_may_answer_a_problem_and_nothing_of_powertools(operations: dict[tuple[str, str], Operation]) -> None:
    for operation in operations.values():
        assert operation["responses"]["default"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
        assert set(operation["responses"]) <= {"200", "202", "default"}


@pytest.mark.parametrize(
    ("operation", "status", "answer"),
    [
        (("put", "/admin/segments/{segment_id}"), "200", "SavedSegment"),
        (("get", "/admin/segments/{segment_id}/versions"), "200", "Versions"),
        (("post", "/admin/segments/{segment_id}/evaluations"), "202", "EvaluationLook"),
        (("get", "/admin/evaluations/{ticket}"), "200", "EvaluationLook"),
        (("get", "/admin/segments/{segment_id}/evaluations"), "200", "Evaluations"),
        (("post", "/admin/sources"), "200", "IssuedKey"),
        (("post", "/admin/sources/{name}/revoke"), "200", "SourceSummary"),
        (("get", "/admin/runs/{run_id}"), "200", "RunSummary"),
        (("get", "/admin/reports/{ticket}"), "200", "ReportLook"),
        (("get", "/admin/reports/{ticket}/page"), "200", "RenderedReport"),
        (("get", "/admin/profiles"), "200", "ShownProfile"),
        (("post", "/admin/flush"), "200", "FlushProgress"),
    ],
)
def test_an_answer_is_described_by_the_class_that_the_use_case_returns(
    operation: tuple[str, str], status: str, answer: str, operations: dict[tuple[str, str], Operation]
) -> None:
    schema = operations[operation]["responses"][status]["content"]["application/json"]["schema"]
    assert schema == {"$ref": f"#/components/schemas/{answer}"}


def test_parameters_go_by_the_names_that_clients_use(operations: dict[tuple[str, str], Operation]) -> None:
    def names(path: str) -> set[str]:
        return {parameter["name"] for parameter in operations["get", path]["parameters"]}

    assert names("/admin/segments") == {"archived"}
    assert names("/admin/campaigns/{campaign_id}") == {"campaign_id", "version"}
    assert names("/admin/runs") == {"campaign_id", "page", "limit"}


def test_the_description_says_where_and_as_which_client_one_signs_in(description: dict[str, Any]) -> None:
    scheme = description["components"]["securitySchemes"]["admin"]
    program, person = scheme["flows"]["clientCredentials"], scheme["flows"]["authorizationCode"]
    assert (scheme["type"], program["tokenUrl"], program["x-client-id"]) == ("oauth2", "https://sign-in.example/oauth2/token", "operator")
    assert (person["authorizationUrl"], person["x-client-id"]) == ("https://sign-in.example/oauth2/authorize", "browser")
    assert set(person["scopes"]) == {f"regulars/{scope}" for scope in ("read", "write", "send", "query", "privacy")}
