"""https://docs.aws.amazon.com/glue/latest/dg/api-permissions-reference.html: an action on a table also needs its database and the catalogue."""

from collections.abc import Callable
from typing import Final

from local.iam.calls.names import Calls, Parameters, catalog_path
from local.iam.requests import Request


def on(action: str, database: str = "", table: str = "") -> list[Request]:
    """What `action`, such as GetTable, needs."""
    return [Request(f"glue:{action}", resource) for resource in catalog_path(database, table)]


def _on_catalog(action: str) -> Callable[[Parameters], list[Request]]:
    return lambda parameters: on(action)


def _on_database(action: str) -> Callable[[Parameters], list[Request]]:
    return lambda parameters: on(action, parameters.get("Name") or parameters["DatabaseInput"]["Name"])


def _on_table(action: str) -> Callable[[Parameters], list[Request]]:
    def needs(parameters: Parameters) -> list[Request]:
        table = parameters.get("Name") or parameters.get("TableName") or parameters["TableInput"]["Name"]
        return on(action, parameters["DatabaseName"], table)

    return needs


CALLS: Final[Calls] = {
    "CreateDatabase": _on_database("CreateDatabase"),
    "CreateTable": _on_table("CreateTable"),
    "DeleteDatabase": _on_database("DeleteDatabase"),
    "DeleteTable": _on_table("DeleteTable"),
    "GetDatabase": _on_database("GetDatabase"),
    "GetDatabases": _on_catalog("GetDatabases"),
    "GetPartition": _on_table("GetPartition"),
    "GetPartitions": _on_table("GetPartitions"),
    "GetTable": _on_table("GetTable"),
    "GetTables": lambda parameters: on("GetTables", parameters["DatabaseName"], "*"),
    "UpdateDatabase": _on_database("UpdateDatabase"),
    "UpdateTable": _on_table("UpdateTable"),
}
