"""The tables of `information_schema`, as Athena reads them out of Glue: which databases, tables, views and columns there are.

https://docs.aws.amazon.com/athena/latest/ug/querying-glue-catalog.html; the tables are those of Trino's `InformationSchemaTable`
(https://github.com/trinodb/trino/tree/422/core/trino-main/src/main/java/io/trino/connector/informationschema), of which Athena shows `comment` and
`extra_info` as well (querying-glue-catalog-listing-columns in its guide). It lists itself, too.
"""

from collections.abc import Callable, Iterator
from typing import Final

from sqlglot import exp

from local.athena import catalog, predicates, views
from local.athena.catalog import GlueTable, quoted, text
from local.athena.errors import UnsupportedError, table_not_found
from local.athena.session import Session
from local.athena.sources import INFORMATION_SCHEMA as NAME

_ROLE = ("grantee", "grantee_type", "role_name", "is_grantable")
_TABLE = ("table_catalog", "table_schema", "table_name")
_COLUMN = ("column_name", "ordinal_position", "column_default", "is_nullable", "data_type", "comment", "extra_info")
_PRIVILEGE = ("grantor", "grantor_type", "grantee", "grantee_type", *_TABLE, "privilege_type", "is_grantable", "with_hierarchy")

TABLES: Final[dict[str, tuple[str, ...]]] = {
    "applicable_roles": _ROLE,
    "columns": (*_TABLE, *_COLUMN),
    "enabled_roles": ("role_name",),
    "roles": ("role_name",),
    "schemata": ("catalog_name", "schema_name"),
    "table_privileges": _PRIVILEGE,
    "tables": (*_TABLE, "table_type"),
    "views": (*_TABLE, "view_definition"),
}
"""Their columns in order: all text, but for one."""

_KINDS = {"ordinal_position": "BIGINT"}

Row = tuple[str | int | None, ...]


def columns(name: str) -> set[str]:
    """Of one of its tables; none of a table that it does not have."""
    return set(TABLES.get(name, ()))


def relation(session: Session, node: exp.Table, parts: list[exp.Expr]) -> str:
    """One of its tables as `(SELECT ...)`. Only databases that the conditions `parts` leave are asked for: whoever may see one names it.

    Raises StatementFailedError.
    """
    name = node.name.lower()
    if name not in TABLES:
        raise table_not_found(NAME, name)
    if node.args.get("version"):
        raise UnsupportedError(f"time travel in {NAME}")
    if name not in _READ:
        raise UnsupportedError(f"{NAME}.{name}: the local Athena knows {', '.join(_READ)}")
    names = TABLES[name]
    rows = list(_READ[name](session, _named(parts, "schema_name" if name == "schemata" else "table_schema")))
    values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows or [(None,) * len(names)])
    typed = ", ".join(f"CAST({quoted(column)} AS {_KINDS.get(column, 'VARCHAR')}) AS {quoted(column)}" for column in names)
    return f"(SELECT {typed} FROM (VALUES {values}) AS v({', '.join(map(quoted, names))}) WHERE {'true' if rows else 'false'})"


def _literal(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else text(value)


def _named(parts: list[exp.Expr], column: str) -> set[str] | None:
    """The databases that a condition names; None where none does."""
    said = [set(map(str, each.values)) for each in predicates.comparisons(parts) if each.column == column and each.operator == "="]
    return set.intersection(*said) if said else None


def _databases(session: Session, named: set[str] | None) -> Iterator[str]:
    for name in sorted({database.name for database in session.glue.get_databases()} | {NAME}):
        if named is None or name in named:
            yield name


def _found(session: Session, named: set[str] | None) -> Iterator[GlueTable]:
    """The tables and views of Glue in these databases."""
    for database in _databases(session, named):
        if database != NAME:
            yield from sorted(catalog.tables(session, database), key=lambda found: str(found["Name"]))


def _schemata(session: Session, named: set[str] | None) -> Iterator[Row]:
    for database in _databases(session, named):
        yield catalog.CATALOG, database


def _tables(session: Session, named: set[str] | None) -> Iterator[Row]:
    for found in _found(session, named):
        yield *_place(found), "VIEW" if views.is_view(found) else "BASE TABLE"
    if named is None or NAME in named:
        yield from ((catalog.CATALOG, NAME, name, "BASE TABLE") for name in TABLES)


def _views(session: Session, named: set[str] | None) -> Iterator[Row]:
    for found in _found(session, named):
        if views.is_view(found):
            yield *_place(found), views.definition(found).sql


def _columns(session: Session, named: set[str] | None) -> Iterator[Row]:
    for found in _found(session, named):
        kinds = views.definition(found).columns if views.is_view(found) else catalog.trino_types(found)
        keys, comments = catalog.partition_keys(found), catalog.comments(found)
        for place, (name, kind) in enumerate(kinds.items(), 1):
            yield *_place(found), name, place, None, "YES", kind, comments.get(name), "partition key" if name in keys else None
    if named is None or NAME in named:
        for table, names in TABLES.items():
            for place, name in enumerate(names, 1):
                yield catalog.CATALOG, NAME, table, name, place, None, "YES", _KINDS.get(name, "VARCHAR").lower(), None, None


def _place(found: GlueTable) -> tuple[str, str, str]:
    return catalog.CATALOG, found["DatabaseName"], found["Name"]


_READ: Final[dict[str, Callable[[Session, set[str] | None], Iterator[Row]]]] = {
    "schemata": _schemata,
    "tables": _tables,
    "views": _views,
    "columns": _columns,
}
