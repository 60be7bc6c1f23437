"""A little lake: the tables that segments read, and their Trino SQL executed as the local Athena executes it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

import duckdb
import orjson
import pyarrow as pa

from local.athena.macros import SETTINGS, missing
from local.athena.translate import parsed, to_duckdb
from regulars.domain.curation.identities import identities_sql
from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.state import BEGINNING
from regulars.domain.lake.tables import DELIVERIES, DEVICES, IDENTITIES, IDENTITY_DECISIONS, SEGMENT_BASES

Row = Mapping[str, Any]
"""An event: user_id, message_id, event_name, event_ts (aware) and, where it has them, anonymous_id, type, properties, traits and context (objects, or
JSON texts), other_name, received_ts (else received when it happened), curated_ts and place."""

_EVENTS = pa.schema(
    [
        ("message_id", pa.string()),
        ("user_id", pa.string()),
        ("anonymous_id", pa.string()),
        ("type", pa.string()),
        ("event_name", pa.string()),
        ("event_ts", pa.timestamp("us")),
        ("received_ts", pa.timestamp("us")),
        ("place", pa.int32()),
        ("properties", pa.string()),
        ("traits", pa.string()),
        ("context", pa.string()),
        ("other_name", pa.string()),
        ("curated_ts", pa.timestamp("us")),
        ("device_id", pa.string()),
        ("device_fid", pa.string()),
        ("device_token", pa.string()),
    ]
)


_CURATED = datetime(2026, 11, 21, tzinfo=UTC)


def json_text(value: object) -> str | None:
    """A text is JSON already, spelled as it is meant."""
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()


class Lake:
    """`events` as given, and `people` and `identities` made from them, as curate would."""

    def __init__(self) -> None:
        # To hand so few rows to threads costs more than they save.
        self._duck = duckdb.connect(config={"threads": 1})
        self._duck.execute(SETTINGS)
        for table in (IDENTITIES, IDENTITY_DECISIONS, DELIVERIES, DEVICES):
            columns = (f"{name} {'TIMESTAMP' if kind == 'timestamp' else 'VARCHAR'}" for name, kind in table.types.items())
            self._duck.execute(f"CREATE TABLE {table.name} ({', '.join(columns)})")
        self._macros: set[str] = set()
        self._filled: list[dict[str, Any]] | None = None

    def fill(self, events: Iterable[Row]) -> None:
        """Puts the events, and the people they make, in the place of those that are there; costs nothing where they are the same."""
        rows = [
            {
                "message_id": event["message_id"],
                "user_id": event["user_id"],
                "anonymous_id": event.get("anonymous_id"),
                "type": event.get("type", "track"),
                "event_name": event["event_name"],
                "event_ts": _naive(event["event_ts"]),
                "received_ts": _naive(event.get("received_ts", event["event_ts"])),
                "place": event.get("place"),
                "properties": json_text(event.get("properties")),
                "traits": json_text(event.get("traits")),
                "context": json_text(event.get("context")),
                "other_name": event.get("other_name"),
                "curated_ts": _naive(event.get("curated_ts", _CURATED)),
                **{name: event.get(name) for name in ("device_id", "device_fid", "device_token")},
            }
            for event in events
        ]
        if rows == self._filled:
            return
        self._duck.register("given", pa.Table.from_pylist(rows, schema=_EVENTS))
        self._duck.execute("CREATE OR REPLACE TABLE events AS SELECT * FROM given")
        self._duck.execute(
            "CREATE OR REPLACE TABLE people AS SELECT user_id, min(event_ts) AS first_seen_ts FROM events WHERE user_id IS NOT NULL GROUP BY user_id"
        )
        self._duck.execute("DELETE FROM identities")
        self._run(_identities())
        self._filled = rows

    def deliver(self, pushes: Iterable[Row]) -> None:
        """Puts the pushes, each with user_id, run_id, campaign_id, outcome and delivered_ts (aware), in the place of those that are there."""
        self._duck.execute("DELETE FROM deliveries")
        for push in pushes:
            values = [push["user_id"], push["run_id"], push["campaign_id"], push["outcome"], _naive(push["delivered_ts"])]
            self._duck.execute("INSERT INTO deliveries (user_id, run_id, campaign_id, outcome, delivered_ts) VALUES (?, ?, ?, ?, ?)", values)

    def keep_base(self, base: str, sql: str) -> None:
        """Puts the rows of a Trino SELECT into `segment_bases`, in the place of those that are there."""
        translated = self._prepared(sql)
        self._duck.execute(f"CREATE OR REPLACE TABLE {SEGMENT_BASES.name} AS SELECT *, '{base}' AS base FROM ({translated})")

    def column(self, sql: str) -> list[Any]:
        """The first column of a Trino SELECT, in no particular order."""
        return [row[0] for row in self._run(sql).fetchall()]

    def row(self, sql: str) -> dict[str, Any]:
        """The only row of a Trino SELECT, by column."""
        (row,) = self.rows(sql)
        return row

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """All rows of a Trino SELECT, by column, in its order."""
        found = self._run(sql)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, values, strict=True)) for values in found.fetchall()]

    def _run(self, sql: str) -> duckdb.DuckDBPyConnection:
        return self._duck.execute(self._prepared(sql))

    def _prepared(self, sql: str) -> str:
        """A Trino statement as DuckDB has it, once the macros that it names are there."""
        translated = _for_duckdb(sql)
        if needed := missing(translated, self._macros):
            self._duck.execute("".join(needed.values()))
            self._macros |= needed.keys()
        return translated


@cache
def _identities() -> str:
    return identities_sql(Inserted(BEGINNING))


@lru_cache(maxsize=256)
def _for_duckdb(sql: str) -> str:
    return to_duckdb(parsed(sql))


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
