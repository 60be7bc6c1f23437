"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html: what is about a query is judged on its work group."""

from collections.abc import Callable
from typing import Final

from local.iam.calls import glue
from local.iam.calls.names import Calls, Parameters
from local.iam.requests import Request
from local.resources.site import ACCOUNT, REGION, arn


def _on_work_group(action: str, parameter: str = "WorkGroup") -> Callable[[Parameters], list[Request]]:
    return lambda parameters: [Request(f"athena:{action}", arn("athena", f"workgroup/{parameters.get(parameter) or 'primary'}"))]


def _on_query(action: str) -> Callable[[Parameters], list[Request]]:
    def needs(parameters: Parameters) -> list[Request]:
        from moto.athena.models import athena_backends

        query = athena_backends[ACCOUNT][REGION].executions.get(parameters["QueryExecutionId"])
        group = query.workgroup.name if query is not None and query.workgroup else "primary"
        return [Request(f"athena:{action}", arn("athena", f"workgroup/{group}"))]

    return needs


def _on_queries(parameters: Parameters) -> list[Request]:
    one = _on_query("BatchGetQueryExecution")
    return list(dict.fromkeys(request for query_id in parameters["QueryExecutionIds"] for request in one({"QueryExecutionId": query_id})))


def _on_catalog(action: str, of_glue: Callable[[Parameters], list[Request]]) -> Callable[[Parameters], list[Request]]:
    """Athena asks Glue with the rights of whoever asked:
    https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html"""

    def needs(parameters: Parameters) -> list[Request]:
        name = parameters.get("CatalogName") or parameters.get("Name")
        return [Request(f"athena:{action}", arn("athena", f"datacatalog/{name}")), *of_glue(parameters)]

    return needs


def _database(parameters: Parameters) -> str:
    return str(parameters["DatabaseName"]).lower()


CALLS: Final[Calls] = {
    "BatchGetQueryExecution": _on_queries,
    "GetDataCatalog": _on_catalog("GetDataCatalog", lambda parameters: []),
    "GetDatabase": _on_catalog("GetDatabase", lambda parameters: glue.on("GetDatabase", _database(parameters))),
    "GetQueryExecution": _on_query("GetQueryExecution"),
    "GetQueryResults": _on_query("GetQueryResults"),
    "GetQueryRuntimeStatistics": _on_query("GetQueryRuntimeStatistics"),
    "GetTableMetadata": _on_catalog(
        "GetTableMetadata", lambda parameters: glue.on("GetTable", _database(parameters), str(parameters["TableName"]).lower())
    ),
    "GetWorkGroup": _on_work_group("GetWorkGroup"),
    "ListDataCatalogs": lambda parameters: [Request("athena:ListDataCatalogs", "*")],
    "ListDatabases": _on_catalog("ListDatabases", lambda parameters: glue.on("GetDatabases")),
    "ListQueryExecutions": _on_work_group("ListQueryExecutions"),
    "ListTableMetadata": _on_catalog("ListTableMetadata", lambda parameters: glue.on("GetTables", _database(parameters), "*")),
    "ListWorkGroups": lambda parameters: [Request("athena:ListWorkGroups", "*")],
    "StartQueryExecution": _on_work_group("StartQueryExecution"),
    "StopQueryExecution": _on_query("StopQueryExecution"),
}
