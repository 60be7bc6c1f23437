"""A little lake in DuckDB: the tables that segments read, and their Trino SQL executed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import duckdb
import orjson
import pyarrow as pa
import sqlglot
from sqlglot import exp

Row = Mapping[str, Any]
"""An event: user_id, message_id, event_name, event_ts (aware) and, where it has them, type, properties and traits (objects)."""

_EVENTS = pa.schema(
    [
        ("message_id", pa.string()),
        ("user_id", pa.string()),
        ("type", pa.string()),
        ("event_name", pa.string()),
        ("event_ts", pa.timestamp("us")),
        ("properties", pa.string()),
        ("traits", pa.string()),
    ]
)

_MACROS = """
SET TimeZone = 'UTC';
CREATE OR REPLACE MACRO scalar_at(j, p) AS CASE WHEN json_type(j, p) NOT IN ('OBJECT', 'ARRAY') THEN json_extract_string(j, p) END;
CREATE OR REPLACE MACRO from_base(s, radix) AS CAST('0x' || s AS BIGINT);
"""


def _json(value: object) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _corrected(node: exp.Expr) -> exp.Expr:
    """What plain sqlglot leaves different from Trino in the functions of `segments.functions`."""
    if isinstance(node, exp.JSONExtractScalar):
        path = node.expression.sql("duckdb")
        return exp.Anonymous(this="scalar_at", expressions=[node.this.copy(), sqlglot.parse_one(path, read="duckdb")])
    return node


class Lake:
    """`events` as given and `people` made from them, as curate would."""

    def __init__(self) -> None:
        self._duck = duckdb.connect()
        self._duck.execute(_MACROS)

    def fill(self, events: Iterable[Row]) -> None:
        rows = [
            {
                "message_id": event["message_id"],
                "user_id": event["user_id"],
                "type": event.get("type", "track"),
                "event_name": event["event_name"],
                "event_ts": _naive(event["event_ts"]),
                "properties": _json(event.get("properties")),
                "traits": _json(event.get("traits")),
            }
            for event in events
        ]
        self._duck.register("given", pa.Table.from_pylist(rows, schema=_EVENTS))
        self._duck.execute("CREATE OR REPLACE TABLE events AS SELECT * FROM given")
        self._duck.execute(
            "CREATE OR REPLACE TABLE people AS SELECT user_id, min(event_ts) AS first_seen_ts FROM events WHERE user_id IS NOT NULL GROUP BY user_id"
        )

    def column(self, sql: str) -> list[Any]:
        """The first column of a Trino SELECT, in no particular order."""
        tree = sqlglot.parse_one(sql, read="athena").transform(_corrected)
        return [row[0] for row in self._duck.execute(tree.sql("duckdb")).fetchall()]


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
