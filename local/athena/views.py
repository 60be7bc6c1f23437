"""Views as Athena keeps them in Glue, and as they are read: a table of type VIRTUAL_VIEW whose text holds the query and the columns of then.

The form is that of Trino's Hive connector (ViewReaderUtil, https://github.com/trinodb/trino); what is a fault is said in the words of its
StatementAnalyzer. See https://docs.aws.amazon.com/athena/latest/ug/considerations-limitations-views.html: a view of `SELECT *` is stale
as soon as its table gets a column.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from local.athena import casts, catalog, sources
from local.athena.catalog import GlueTable, duckdb_type, quoted
from local.athena.errors import StatementFailedError, UnsupportedError
from local.athena.translate import parsed

_PREFIX, _SUFFIX = "/* Presto View: ", " */"

_DIGITS = 6
"""Of a timestamp that is not cast: those of Iceberg's. DuckDB does not tell how fine an expression's is."""

Described = list[tuple[str, str]]
"""Names and DuckDB types of columns."""


@dataclass(frozen=True)
class Definition:
    """What Athena keeps of a view: its query, the database that the query's bare names are in, and the columns with Trino's types."""

    sql: str
    schema: str
    columns: Mapping[str, str]


def is_view(found: GlueTable) -> bool:
    return found.get("TableType") == "VIRTUAL_VIEW"


def record(place: tuple[str, str], query: exp.Expr, described: Described) -> GlueTable:
    """What Glue keeps of a view that gives these columns. Raises StatementFailedError."""
    text = query.sql("athena")
    if parsed(text) != query:
        raise UnsupportedError(f"a view of a query that cannot be printed as it was read: {text[:80]}")
    columns = {name.lower(): _hive_type(name, kind) for name, kind in described}
    if len(columns) < len(described):
        raise StatementFailedError("DUPLICATE_COLUMN_NAME: line 1:1: a column name of the view is specified more than once")
    digits = _cast_digits(query)
    definition = {
        "originalSql": text,
        "catalog": catalog.CATALOG,
        "schema": place[0],
        "columns": [{"name": name, "type": catalog.trino_type(kind, digits.get(name, _DIGITS))} for name, kind in columns.items()],
    }
    return {
        "Name": place[1],
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "PartitionKeys": [],
        "ViewOriginalText": _PREFIX + base64.b64encode(json.dumps(definition).encode()).decode() + _SUFFIX,
        "ViewExpandedText": "/* Presto View */",
        "StorageDescriptor": {"Columns": [{"Name": name, "Type": kind} for name, kind in columns.items()], "Location": "", "SerdeInfo": {}},
    }


def _hive_type(name: str, kind: str) -> str:
    if kind == '"NULL"':
        raise StatementFailedError(f"COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown: {name}")
    return catalog.from_duckdb(kind)


def require_names(query: exp.Expr) -> None:
    """Raises StatementFailedError where an expression of the SELECT has no name."""
    for place, item in enumerate(_selected(query), 1):
        if not isinstance(item, exp.Alias | exp.Column | exp.Star):
            raise StatementFailedError(f"MISSING_COLUMN_NAME: line 1:1: Column name not specified at position {place}")


def _cast_digits(query: exp.Expr) -> Mapping[str, int]:
    """Digits of the second of those columns that are cast to a timestamp."""
    casted = {item.alias_or_name.lower(): item.unalias() for item in _selected(query)}
    kinds = {name: item.to for name, item in casted.items() if isinstance(item, exp.Cast)}
    return {name: casts.precision(kind) for name, kind in kinds.items() if kind.this == exp.DataType.Type.TIMESTAMP}


def _selected(query: exp.Expr) -> list[exp.Expr]:
    """What the SELECT gives; of several that are united, the first."""
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    return query.expressions if isinstance(query, exp.Select) else []


def definition(found: GlueTable) -> Definition:
    """Of a view that Athena made, or somebody else in its form. Raises UnsupportedError for one of Hive's or Spark's."""
    text: Any = (found.get("ViewOriginalText") or "").strip()
    if not (text.startswith(_PREFIX) and text.endswith(_SUFFIX)):
        raise UnsupportedError(f"the view {found['Name']}, which Athena did not make: its text is not {_PREFIX}...{_SUFFIX}")
    try:
        said = json.loads(base64.b64decode(text.removeprefix(_PREFIX).removesuffix(_SUFFIX), validate=True))
        columns = {column["name"].lower(): column["type"] for column in said["columns"]}
        return Definition(said["originalSql"], said.get("schema") or found["DatabaseName"], columns)
    except (ValueError, KeyError, TypeError) as error:
        raise StatementFailedError(f"INVALID_VIEW: line 1:1: Invalid view JSON of '{full_name(found)}': {error!r}") from error


def query(found: GlueTable) -> exp.Expr:
    """The view's query, its tables named with their database: it means the same wherever the view is read."""
    defined = definition(found)
    tree = parsed(defined.sql)
    for node in list(tree.find_all(exp.Table)):
        if not node.db and sources.common(node) is None:
            node.set("db", exp.to_identifier(defined.schema))
    return tree


def relation(found: GlueTable, select: str, described: Described) -> str:
    """The view as `(SELECT ...)` of the columns that it was made with. Raises StatementFailedError (VIEW_IS_STALE)."""
    stored = catalog.columns(found)
    if len(stored) != len(described):
        counts = f"stored view column count ({len(stored)}) does not match column count derived from the view query analysis ({len(described)})"
        raise _stale(found, counts)
    for place, ((name, kind), (given, duckdb)) in enumerate(zip(stored.items(), described, strict=True)):
        if given.lower() != name:
            renamed = f"column [{given}] projected from query view at position {place} has a different name from column [{name}]"
            raise _stale(found, f"{renamed} stored in view definition")
        if catalog.from_duckdb(duckdb) != kind:
            raise UnsupportedError(f"the view {found['Name']}: its column {name} was {kind} and its query gives {duckdb} now")
    values = ", ".join(f"CAST({quoted(name)} AS {duckdb_type(kind)}) AS {quoted(name)}" for name, kind in stored.items())
    return f"(SELECT {values} FROM ({select}))"


def _stale(found: GlueTable, why: str) -> StatementFailedError:
    return StatementFailedError(f"VIEW_IS_STALE: line 1:1: View '{full_name(found)}' is stale or in invalid state: {why}")


def full_name(found: GlueTable) -> str:
    return f"{catalog.CATALOG}.{found['DatabaseName']}.{found['Name']}"
