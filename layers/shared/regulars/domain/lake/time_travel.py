"""Statements that read a state of before (`lake.snapshots`)."""

from collections.abc import Sequence
from typing import Final

from sqlglot import exp

from regulars.domain.lake.snapshots import Snapshots
from regulars.domain.lake.tables import TABLES

_ICEBERG: Final = frozenset(table.name for table in TABLES if table.iceberg)


def iceberg_tables(query: exp.Expr) -> Sequence[str]:
    """The Iceberg tables that a query reads, by name. Those outside Iceberg have no snapshots."""
    return sorted({table.name for table in _read(query)} & _ICEBERG)


def read_at(query: exp.Expr, snapshots: Snapshots) -> None:
    """Has the query read each table at its snapshot:
    https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-time-travel-and-version-travel-queries.html"""
    for table in _read(query):
        if table.name not in snapshots:
            continue
        snapshot = snapshots[table.name]
        if snapshot is None:
            table.replace(_without_rows(table))
        else:
            table.set("version", exp.Version(this="VERSION", kind="AS OF", expression=exp.Literal.number(int(snapshot))))


def _read(query: exp.Expr) -> list[exp.Table]:
    """The tables in it, without the names of its WITH."""
    common = {each.alias for each in query.find_all(exp.CTE)}
    return [table for table in query.find_all(exp.Table) if table.name not in common]


def _without_rows(table: exp.Table) -> exp.Subquery:
    nothing = exp.select("*").from_(exp.to_table(table.name)).where(exp.false())
    return exp.Subquery(this=nothing, alias=exp.TableAlias(this=exp.to_identifier(table.alias_or_name)))
