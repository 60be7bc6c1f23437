"""Tables as moto's Glue knows them, and their types in the three dialects: Hive's (Glue, DDL), DuckDB's and Athena's result columns."""

import re
from typing import Any, Final, cast

import sqlglot
from moto.core.exceptions import JsonRESTError
from sqlglot import exp
from sqlglot.errors import SqlglotError

from local.athena.errors import StatementFailedError, UnsupportedError, table_not_found
from local.athena.session import Session

GlueTable = dict[str, Any]

CATALOG: Final = "awsdatacatalog"
"""The one catalogue that there is, as Athena calls it in SQL."""


def table(session: Session, database: str, name: str) -> GlueTable:
    """Raises StatementFailedError (TABLE_NOT_FOUND)."""
    try:
        return cast(GlueTable, session.glue.get_table(database, name).as_dict())
    except JsonRESTError as error:
        raise table_not_found(database, name) from error


def tables(session: Session, database: str) -> list[GlueTable]:
    """Raises StatementFailedError (SCHEMA_NOT_FOUND)."""
    try:
        return [found.as_dict() for found in session.glue.get_tables(database, None)]
    except JsonRESTError as error:
        raise StatementFailedError(f"SCHEMA_NOT_FOUND: line 1:1: Schema '{database}' does not exist") from error


def located(session: Session, node: exp.Table) -> tuple[str, str]:
    """Database and name of a table of the statement, in lower case as Glue keeps them. Raises StatementFailedError (CATALOG_NOT_FOUND)."""
    if node.catalog and node.catalog.lower() != CATALOG:
        raise StatementFailedError(f"CATALOG_NOT_FOUND: line 1:1: Catalog '{node.catalog}' not found")
    return (node.db or session.database).lower(), node.name.lower()


def is_iceberg(found: GlueTable) -> bool:
    return str((found.get("Parameters") or {}).get("table_type", "")).upper() == "ICEBERG"


def columns(found: GlueTable) -> dict[str, str]:
    """Name to Hive type, partition keys last."""
    every = [*found["StorageDescriptor"]["Columns"], *(found.get("PartitionKeys") or [])]
    return {column["Name"]: column["Type"] for column in every}


def trino_types(found: GlueTable) -> dict[str, str]:
    """Name to type as `information_schema` has it. Raises UnsupportedError.

    A timestamp is as fine as the table keeps it: https://docs.aws.amazon.com/athena/latest/ug/data-types.html
    """
    digits = 6 if is_iceberg(found) else 3
    return {name: trino_type(kind, digits) for name, kind in columns(found).items()}


def trino_type(hive: str, digits: int) -> str:
    """A type of Hive's as Trino names it: `string` is `varchar`, `decimal(10,2)` stays, `timestamp` has so many digits."""
    try:
        shown = exp.DataType.build(hive, dialect="hive").sql("trino").lower()
    except SqlglotError as error:
        raise UnsupportedError(f"the column type {hive}") from error
    return re.sub(r"timestamp\b(?!\()", f"timestamp({digits})", re.sub(r"\((\d+), (\d+)\)", r"(\1,\2)", shown))


def comments(found: GlueTable) -> dict[str, str]:
    """Of the columns that have one."""
    every = [*found["StorageDescriptor"]["Columns"], *(found.get("PartitionKeys") or [])]
    return {column["Name"]: column["Comment"] for column in every if column.get("Comment")}


def partition_keys(found: GlueTable) -> list[str]:
    return [key["Name"] for key in found.get("PartitionKeys") or []]


_SIMPLE = {
    "string": "VARCHAR", "varchar": "VARCHAR", "char": "VARCHAR", "boolean": "BOOLEAN", "tinyint": "TINYINT", "smallint": "SMALLINT",
    "int": "INTEGER", "integer": "INTEGER", "bigint": "BIGINT", "float": "FLOAT", "double": "DOUBLE", "date": "DATE", "timestamp": "TIMESTAMP",
    "binary": "BLOB",
}  # fmt: skip


def duckdb_type(hive: str) -> str:
    """Raises UnsupportedError for what is not a simple type, an array of them, or a map."""
    plain = hive.strip().lower()
    if plain in _SIMPLE:
        return _SIMPLE[plain]
    kind = sqlglot.parse_one(hive, read="hive", into=exp.DataType)
    if kind.this in (exp.DataType.Type.ARRAY, exp.DataType.Type.MAP, exp.DataType.Type.DECIMAL):
        return kind.sql("duckdb")
    raise UnsupportedError(f"the column type {hive}")


_FROM_DUCKDB = {duckdb: hive for hive, duckdb in reversed(_SIMPLE.items())} | {"HUGEINT": "bigint"}


def from_duckdb(kind: str) -> str:
    """The Hive type of a column that a SELECT gives. Raises UnsupportedError for what is not a simple type."""
    if kind.startswith("DECIMAL("):
        return kind.lower()
    try:
        return _FROM_DUCKDB[kind]
    except KeyError:
        raise UnsupportedError(f"a column of DuckDB's type {kind}") from None


def hive_type(kind: exp.DataType) -> str:
    """The type of a column definition, as Glue keeps it."""
    return kind.sql("hive").lower().replace("integer", "int")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A DuckDB string literal."""
    return "'" + value.replace("'", "''") + "'"
