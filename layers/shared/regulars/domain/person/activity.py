"""What a person did, as the lake has it: counters by event, and the newest events. One statement, read back into types.

Events are theirs by `lake.owners`: what was anonymous before they were known counts, in whatever order it arrived.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

import orjson
from sqlglot import exp

from regulars.domain.lake.order import order_text
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.sql import printed, statement, text, timestamp
from regulars.domain.lake.tables import EVENTS
from regulars.domain.lake.times import lake_moment
from regulars.domain.queries import ResultRow
from regulars.domain.segments.compile.values import JsonValue

MOST_COUNTERS: Final = 500
"""Event names that are counted: those that came most often."""

_EVENTS: Final = """
SELECT :order AS place_in_order, coalesce(events.other_name, events.event_name) AS name, events.event_ts AS at_ts, events.source AS source,
  events.properties AS properties,
  CASE WHEN events.event_name = 'Order Completed' THEN :revenue END AS revenue
FROM events
WHERE events.event_ts >= :since AND events.event_ts < :as_of AND :person = :user_id
"""

_COUNTERS: Final = """
SELECT name, min(at_ts) AS first_at, max(at_ts) AS at_ts, count(*) AS times, count(DISTINCT CAST(at_ts AS date)) AS days, sum(revenue) AS revenue
FROM theirs GROUP BY name ORDER BY count(*) DESC, name LIMIT :most
"""

_NEWEST: Final = "SELECT name, at_ts, place_in_order, source, properties FROM theirs ORDER BY place_in_order DESC LIMIT :most"

_TYPES: Final[Mapping[str, str]] = {
    "name": "varchar",
    "at_ts": "timestamp(6)",
    "first_at": "timestamp(6)",
    "times": "bigint",
    "days": "bigint",
    "revenue": "double",
    "place_in_order": "varchar",
    "source": "varchar",
    "properties": "varchar",
}
"""The columns of the statement behind `section`."""

_SECTIONS: Final[Mapping[str, frozenset[str]]] = {
    "counters": frozenset({"name", "at_ts", "first_at", "times", "days", "revenue"}),
    "newest": frozenset({"name", "at_ts", "place_in_order", "source", "properties"}),
}
"""Which of the columns each section fills."""


@dataclass(frozen=True)
class Counter:
    """How often somebody did something: `days` are calendar days (UTC) with it; `revenue` is the sum of what their `Order Completed` say."""

    name: str
    count: int
    days: int
    first: datetime
    last: datetime
    revenue: float | None = None


@dataclass(frozen=True)
class SeenEvent:
    """One event, and the name of its source."""

    name: str
    at: datetime
    source: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Activity:
    """Counters, the most frequent first; events, the newest first."""

    counters: tuple[Counter, ...] = ()
    events: tuple[SeenEvent, ...] = ()


def activity_sql(user_id: str, since: datetime, as_of: datetime, events: int) -> str:
    """Columns `section` and those of `_TYPES`. `since` is included, `as_of` not; `events` is how many of the newest are shown."""
    whose, span = {"user_id": text(user_id)}, {"since": timestamp(since), "as_of": timestamp(as_of)}
    bodies = {
        "counters": statement(_COUNTERS, {"most": exp.Literal.number(MOST_COUNTERS)}),
        "newest": statement(_NEWEST, {"most": exp.Literal.number(events)}),
    }
    revenue = JsonValue(exp.column("properties", "events"), ("revenue",)).number()
    theirs = cast(exp.Select, statement(_EVENTS, {**whose, **span, "revenue": revenue, "person": person(), "order": order_text(EVENTS.name)}))
    tree = exp.union(*(_section(name) for name in bodies), distinct=False).with_(OWNERS, as_=owners(as_of))
    for name, body in {"theirs": join_owners(theirs), **bodies}.items():
        tree = tree.with_(name, as_=body, copy=False)
    return printed(tree)


def _section(name: str) -> exp.Select:
    columns = [
        exp.column(column) if column in _SECTIONS[name] else exp.alias_(exp.cast(exp.null(), kind, dialect="athena"), column)
        for column, kind in _TYPES.items()
    ]
    return exp.select(exp.alias_(text(name), "section"), *columns).from_(name)


def activity_of(rows: Iterable[ResultRow]) -> Activity:
    """Of the statement's rows, in any order."""
    found: dict[str | None, list[ResultRow]] = {name: [] for name in _SECTIONS}
    for row in rows:
        found[row["section"]].append(row)
    return Activity(
        tuple(sorted(map(_counter, found["counters"]), key=lambda each: (-each.count, each.name))),
        tuple(map(_event, sorted(found["newest"], key=lambda row: row["place_in_order"] or "", reverse=True))),
    )


def _counter(row: ResultRow) -> Counter:
    revenue = None if row["revenue"] is None else float(row["revenue"])
    return Counter(row["name"] or "", int(row["times"] or 0), int(row["days"] or 0), _moment(row, "first_at"), _moment(row, "at_ts"), revenue)


def _event(row: ResultRow) -> SeenEvent:
    return SeenEvent(row["name"] or "", _moment(row, "at_ts"), row["source"], orjson.loads(row["properties"] or "{}"))


def _moment(row: ResultRow, column: str) -> datetime:
    return lake_moment(row[column] or "")
