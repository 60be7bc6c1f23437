"""What the DDL of infra/ makes of the lake: each table's columns and partitions, after all files in their order."""

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


def declared(texts: Iterable[str]) -> dict[str, Declared]:
    """The tables that the statements leave behind: CREATE TABLE and ALTER TABLE .. ADD COLUMNS. Views hold nothing and are passed over."""
    tables: dict[str, Declared] = {}
    for text in texts:
        for tree in filter(None, sqlglot.parse(text, read="athena")):
            match tree:
                case exp.Create(kind="TABLE"):
                    tables[tree.this.this.name] = _created(tree)
                case exp.Alter():
                    tables[tree.this.name].columns += [_typed(column) for column in tree.find_all(exp.ColumnDef)]
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
    return Declared([_typed(column) for column in tree.this.expressions], partitions)


def _typed(column: exp.ColumnDef) -> tuple[str, str]:
    return column.name, column.kind.sql(dialect="hive").lower() if column.kind else ""
