"""Values as Athena prints them: in GetQueryResults, in the CSV on S3 and in what UNLOAD writes."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow

from local.on_disk import Content

_TYPES = {
    "VARCHAR": "varchar", "INTEGER": "integer", "BIGINT": "bigint", "HUGEINT": "bigint", "SMALLINT": "smallint", "TINYINT": "tinyint",
    "DOUBLE": "double", "FLOAT": "float", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "timestamp", "BLOB": "varbinary", "JSON": "json",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    """As Athena calls it in ColumnInfo."""


@dataclass(frozen=True)
class Table:
    """A result, column by column, as pyarrow holds it."""

    columns: tuple[Column, ...]
    data: Any

    def __len__(self) -> int:
        return int(self.data.num_rows)

    def rows(self, start: int, count: int) -> Iterator[tuple[str | None, ...]]:
        """Printed rows; None is NULL."""
        piece = self.data.slice(start, count)
        values = [piece.column(i).to_pylist() for i in range(len(self.columns))]
        kinds = [column.type for column in self.columns]
        for row in zip(*values, strict=True):
            yield tuple(None if value is None else printed(value, kind) for value, kind in zip(row, kinds, strict=True))


class KeptTable:
    """A result for whoever reads it later, which is seldom and a page at a time."""

    def __init__(self, table: Table) -> None:
        self.columns = table.columns
        self._rows = len(table)
        sink = pyarrow.BufferOutputStream()
        with pyarrow.ipc.new_stream(sink, table.data.schema) as writer:
            writer.write_table(table.data)
        self._content = Content(sink.getvalue().to_pybytes())

    def __len__(self) -> int:
        return self._rows

    def rows(self, start: int, count: int) -> Iterator[tuple[str | None, ...]]:
        """As a Table's."""
        return Table(self.columns, pyarrow.ipc.open_stream(self._content.whole()).read_all()).rows(start, count)


def athena_type(duckdb_type: str) -> str:
    plain = str(duckdb_type)
    if plain in _TYPES:
        return _TYPES[plain]
    if plain.endswith("]"):
        return "array"
    word = re.split(r"\W", plain, maxsplit=1)[0].lower()
    return {"struct": "row"}.get(word, word if word in ("map", "decimal") else "varchar")


def csv(table: Table) -> bytes:
    """As Athena writes it: everything quoted, NULL as nothing at all."""
    lines = [",".join(_quoted(column.name) for column in table.columns)]
    lines += [",".join("" if value is None else _quoted(value) for value in row) for row in table.rows(0, len(table))]
    return ("\n".join(lines) + "\n").encode()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def printed(value: Any, kind: str = "") -> str:
    """One value that is not NULL.

    A TIMESTAMP has six digits here, those of Iceberg's columns; Athena prints as many as the expression's precision.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return java_double(value)
        case datetime():
            zone = " UTC" if value.tzinfo else ""
            return value.strftime("%Y-%m-%d %H:%M:%S.%f") + zone
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case bytes():
            return value.hex(" ")
        case list() if kind == "map":
            return "{" + ", ".join(f"{_inner(k)}={_inner(v)}" for k, v in value) + "}"
        case dict():
            return "{" + ", ".join(f"{k}={_inner(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_inner, value)) + "]"
    return str(value)


def _inner(value: Any) -> str:
    if isinstance(value, list) and value and all(isinstance(item, tuple) for item in value):
        return printed(value, "map")
    return "null" if value is None else printed(value)


def java_double(value: float) -> str:
    """Double.toString: https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Double.html#toString(double)"""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        # repr is the shortest text that reads back, in plain notation for this range.
        return repr(value)
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    figures = "".join(map(str, digits)).rstrip("0") or "0"
    power = len(digits) - 1 + int(exponent)
    return f"{'-' if sign else ''}{figures[0]}.{figures[1:] or '0'}E{power}"


def column_info(columns: Sequence[Column]) -> list[dict[str, Any]]:
    """https://docs.aws.amazon.com/athena/latest/APIReference/API_ColumnInfo.html"""
    fixed = {"CatalogName": "hive", "SchemaName": "", "TableName": "", "Precision": 0, "Scale": 0, "Nullable": "UNKNOWN"}
    return [{**fixed, "Name": c.name, "Label": c.name, "Type": c.type, "CaseSensitive": c.type == "varchar"} for c in columns]
