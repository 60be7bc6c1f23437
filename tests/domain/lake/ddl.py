"""What the DDL of infra/ makes of the lake: each table's columns, partitions and properties, after all files in their order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import sqlglot
from sqlglot import exp

FOLDERS = Path(__file__).parents[3] / "infra"


@dataclass
class Declared:
    columns: list[tuple[str, str]] = field(default_factory=list)
    partitions: list[tuple[str, str]] = field(default_factory=list)
    partitioned_by: list[tuple[str, str]] = field(default_factory=list)
    """Of an Iceberg table: column and transform."""
    properties: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def iceberg(self) -> bool:
        return self.properties.get("table_type") == "ICEBERG"


def declared(texts: Iterable[str]) -> dict[str, Declared]:
    """The tables that the statements leave behind: CREATE TABLE, ALTER TABLE .. ADD COLUMNS, .. SET TBLPROPERTIES. Views hold nothing."""
    tables: dict[str, Declared] = {}
    for text in texts:
        for tree in filter(None, sqlglot.parse(text, read="athena")):
            match tree:
                case exp.Create(kind="TABLE"):
                    tables[tree.this.this.name] = _created(tree)
                case exp.Alter():
                    tables[tree.this.name].columns += [_typed(column) for column in tree.find_all(exp.ColumnDef)]
                    tables[tree.this.name].properties |= _said(tree)
                case exp.Create(kind="VIEW"):
                    pass
                case _:
                    raise AssertionError(f"what does this do to the tables of regulars.domain.lake.tables? {text}")
    return tables


def ddl() -> list[str]:
    """The texts of all files of SQL, in the order of their names."""
    return [path.read_text() for path in sorted(FOLDERS.glob("*/*.sql"))]


def _created(tree: exp.Create) -> Declared:
    # An Iceberg table is partitioned by columns that it has, an external one by columns of their own: those alone have a type here.
    found = tree.find(exp.PartitionedByProperty)
    partitions = [] if found is None else [_typed(column) for column in found.find_all(exp.ColumnDef)]
    by = [] if found is None else [_field(item) for item in found.this.expressions if not isinstance(item, exp.ColumnDef)]
    return Declared([_typed(column) for column in tree.this.expressions], partitions, by, _said(tree))


def _said(tree: exp.Expr) -> dict[str, str]:
    return {item.this.name: item.args["value"].name for item in tree.find_all(exp.Property) if type(item) is exp.Property}


def _field(item: exp.Expr) -> tuple[str, str]:
    """`month(event_ts)` is a month of event_ts, `event_name` the thing itself."""
    column = item.find(exp.Column)
    return (column.name, type(item).__name__.lower()) if column and column is not item else (item.name, "identity")


def _typed(column: exp.ColumnDef) -> tuple[str, str]:
    return column.name, column.kind.sql(dialect="hive").lower() if column.kind else ""
