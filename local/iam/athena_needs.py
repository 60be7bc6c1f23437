"""What a statement needs by Athena's documentation, whatever the local engine touches for it.

* Every query names a catalogue, or means Athena's own: https://docs.aws.amazon.com/athena/latest/ug/datacatalogs-example-policies.html
* Every query asks Glue for its database and for the list of databases:
  https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html#full-access-to-default-db-per-region and, for what
  happens without, https://github.com/awsdocs/amazon-athena-user-guide/issues/81
* Actions on tables and databases: the examples on the same page, one a statement of DDL.
* An Iceberg commit swaps a pointer in Glue (UpdateTable); what compacts or expires also deletes:
  https://docs.aws.amazon.com/glue/latest/dg/optimization-prerequisites.html
* Results, and UNLOAD's objects, go to a bucket whose region is asked for: https://docs.aws.amazon.com/athena/latest/ug/workgroups-iam-policy.html
"""

from collections.abc import Iterator, Mapping
from typing import Final

from sqlglot import exp

from local.athena import sources
from local.athena.statements import Statement
from local.iam.calls import glue
from local.iam.calls.names import bucket
from local.iam.requests import Request, UnknownCallError
from local.resources.site import arn

_CATALOG: Final = Request("athena:GetDataCatalog", arn("athena", "datacatalog/AwsDataCatalog"))
_EVERY: Final = ("GetDatabase", "GetDatabases")
_READ: Final = ("GetTable",)

TARGET: Final[Mapping[str, tuple[str, ...]]] = {
    "add_columns": ("GetTable", "UpdateTable"),
    "create_database": ("CreateDatabase",),
    "create_table": ("GetTable", "CreateTable"),
    "create_table_as": ("GetTable", "CreateTable"),
    "create_view": ("GetTable", "CreateTable"),
    "replace_view": ("GetTable", "CreateTable", "UpdateTable"),
    "delete": ("GetTable", "UpdateTable"),
    "describe": ("GetTable",),
    "drop_database": ("DeleteDatabase", "GetTables", "GetTable", "DeleteTable"),
    "drop_table": ("GetTable", "DeleteTable"),
    "drop_view": ("GetTable", "DeleteTable"),
    "insert": ("GetTable", "UpdateTable"),
    "merge": ("GetTable", "UpdateTable"),
    "optimize": ("GetTable", "UpdateTable"),
    "select": ("GetTable",),
    "set_properties": ("GetTable", "UpdateTable"),
    "show_columns": ("GetTable",),
    "show_create_view": ("GetTable",),
    "show_databases": (),
    "show_tables": ("GetTables",),
    "show_views": ("GetTables",),
    "unload": ("GetTable",),
    "update": ("GetTable", "UpdateTable"),
    "vacuum": ("GetTable", "UpdateTable"),
}
"""Statement kind to the actions of Glue on what it is about; every other table that it names is read (GetTable)."""

_ON_DATABASE: Final = ("create_database", "drop_database")
_ON_ALL_TABLES: Final = ("show_tables", "show_views")


def of_statement(statement: Statement, database: str, output: str) -> list[Request]:
    """`database` is the query's own, `output` the url of its result. Raises UnknownCallError for a kind that the table does not have."""
    kind = "replace_view" if statement.tree.args.get("replace") else str(statement.kind)
    if kind not in TARGET:
        raise UnknownCallError(f"{kind}: the local cloud does not know what this statement needs (local/iam/athena_needs.py)")
    buckets = {url.split("://", 1)[1].split("/", 1)[0] for url in (output, statement.location) if "://" in url}
    located = [Request("s3:GetBucketLocation", bucket(name)) for name in sorted(buckets)]
    return [_CATALOG, *located, *_every(database), *_on_target(kind, statement.tree, database)]


def _every(database: str) -> list[Request]:
    return [request for action in _EVERY for request in glue.on(action, database)]


def _on_target(kind: str, tree: exp.Expr, database: str) -> list[Request]:
    if kind in _ON_ALL_TABLES:
        return glue.on("GetTables", tree.name or database, "*")
    targets = _targets(kind, tree)
    if not targets and set(TARGET[kind]) - set(_READ):
        raise UnknownCallError(f"{kind}: the local cloud does not see what this statement is about: {tree.sql('athena')[:80]}")
    if kind in _ON_DATABASE:
        return [request for action in TARGET[kind] for request in glue.on(action, targets[0].name.lower())]
    return list(_on_tables(TARGET[kind], targets, tree, database))


def _on_tables(actions: tuple[str, ...], targets: list[exp.Table], tree: exp.Expr, database: str) -> Iterator[Request]:
    for node in tree.find_all(exp.Table):
        if node.db.lower() == sources.INFORMATION_SCHEMA:
            continue  # GetTables of the databases that it comes to ask for: local/iam/lake.py judges each
        if sources.common(node) is None:
            place = (node.db or database).lower(), node.name.lower().partition("$")[0]
            for action in actions if any(node is target for target in targets) else _READ:
                yield from glue.on(action, *place)


def _targets(kind: str, tree: exp.Expr) -> list[exp.Table]:
    """What a statement of this tree makes, changes or drops; of a query nothing."""
    if isinstance(tree, exp.Table):
        return [tree]
    if kind in ("optimize", "vacuum"):  # whose tree is a query that finds the rows
        return list(tree.find_all(exp.Table))
    if isinstance(tree, exp.Drop):
        return list(tree.args["tables"])
    named = tree.this.find(exp.Table) if isinstance(tree.this, exp.Expr) and not isinstance(tree, exp.Query) else None
    return [named] if named else []
