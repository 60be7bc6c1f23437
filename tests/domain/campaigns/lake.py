"""A little lake: the tables of infra/migrations that a run touches, and its Trino SQL executed as the local Athena executes it."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import duckdb
from sqlglot import exp

from local.athena.macros import SETTINGS, missing
from local.athena.translate import parsed, to_duckdb
from regulars.domain.lake.tables import TABLES
from tests.domain.segments.judges import accepted

_DUCKDB = {"string": "VARCHAR", "int": "INTEGER", "bigint": "BIGINT", "double": "DOUBLE", "timestamp": "TIMESTAMP", "boolean": "BOOLEAN"}

_OPTIONS = r"\(format = 'JSON', compression = 'GZIP', partitioned_by = ARRAY\['shard'\]\)"
_UNLOAD = re.compile(rf"UNLOAD \((.*)\) TO '(s3://[^']*/)' WITH {_OPTIONS}", re.DOTALL)


@lru_cache
def for_duckdb(sql: str) -> tuple[bool, str]:
    """Whether it inserts, and how DuckDB has it."""
    tree = parsed(sql)
    if isinstance(tree, exp.Insert):
        columns = ", ".join(column.name for column in tree.this.expressions)
        before, query = f"INSERT INTO {tree.this.this.name} ({columns}) ", tree.expression
    else:
        before, query = "", tree
    return bool(before), before + to_duckdb(query)


class Lake:
    def __init__(self) -> None:
        # To hand so few rows to threads costs more than they save.
        self._duck = duckdb.connect(config={"threads": 1})
        self._duck.execute(SETTINGS)
        self._macros: set[str] = set()
        for table in TABLES:
            columns = {**table.types, **table.partitions}
            named = ", ".join(f'"{name}" {_DUCKDB[kind]}' for name, kind in columns.items())
            self._duck.execute(f"CREATE TABLE {table.name} ({named})")

    def fill(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        given = list(rows)
        columns = sorted({name for row in given for name in row})
        marks = ", ".join(f"({', '.join('?' for _ in columns)})" for _ in given)
        values = [row.get(name) for row in given for name in columns]
        named = ", ".join(f'"{name}"' for name in columns)
        self._duck.execute(f"INSERT INTO {table} ({named}) VALUES {marks}", values)

    def clear(self, *tables: str) -> None:
        for table in tables:
            self._duck.execute(f"DELETE FROM {table}")

    def run(self, sql: str) -> list[dict[str, Any]]:
        """A SELECT's rows, an UNLOAD's, or none for an INSERT."""
        unload = _UNLOAD.fullmatch(sql)
        text = unload[1] if unload else sql
        accepted(text)
        changes, translated = for_duckdb(text)
        if needed := missing(translated, self._macros):
            self._duck.execute("".join(needed.values()))
            self._macros |= needed.keys()
        found = self._duck.execute(translated)
        if changes:
            return []
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def answers(self, sql: str) -> list[dict[str, str | None]]:
        """A SELECT's rows as GetQueryResults gives them: texts."""
        return [{name: None if value is None else str(value) for name, value in row.items()} for row in self.run(sql)]
