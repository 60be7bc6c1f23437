"""Segments of 200,000 people with ten million events of 60 days: what they read, the time they take and the memory, in the local Athena.

Bytes are those that DuckDB and pyiceberg read: not Athena's own count, but in its proportions, except that Athena reads a WITH anew wherever it is
named, and the local engine once. Time is process time, the best of several turns that alternate. The process is one that has done nothing but
to open the lake, so that its peak memory is the engine's.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlglot

from bench import shop, shop_lake
from bench.shop_questions import BACKTESTS, BOUGHT, BOUGHT_BY_DAY, BOUGHT_BY_HAND, EACH_DAY, FIVE_CLAUSES, LAPSED, LAPSED_BY_EVENTS
from bench.table import BenchRow
from regulars.domain.lake.sql import DIALECT, printed
from regulars.domain.segments import Rule, audience_sql
from regulars.domain.segments.compile.backtest import backtest_sql
from regulars.domain.segments.compile.funnel import COUNT, funnel
from regulars.usecases.evaluation_record import question

if TYPE_CHECKING:
    from regulars.adapters.athena_queries import AthenaQueries

TURNS: Final = 5
COMPILED: Final = 20
"""Turns of what takes milliseconds."""
MEMORY_BYTES: Final = 4 << 30
"""What the local engine may take."""


@dataclass(frozen=True)
class Cost:
    """Of one statement: bytes, and seconds of process time."""

    read: int
    seconds: float


def rows(size: shop.Size = shop.WHOLE) -> list[BenchRow]:
    """A refresh of what was asked an hour ago is not measured yet: its rows belong behind those of `_lapsed`."""
    with tempfile.TemporaryDirectory(prefix="regulars-shop-") as folder:
        metadata = shop_lake.make(Path(folder), size)
        with shop_lake.opened(Path(folder), metadata) as queries:
            costs = _costs(queries, {"ours": _people(BOUGHT), "hand": BOUGHT_BY_HAND})
            memory = _memory("segment")
            others = [*_backtests(queries), *_explained(queries), _compiled(), memory, _memory("segment, all of the above")]
            by_day, found = _by_day(queries)
            of = f"{found:,} of {size.people:,} people, {size.events:,} events of {len(shop.NAMES)} names in {shop.DAYS} days"
            return [*_bought(costs["ours"], costs["hand"], by_day, of), *_lapsed(queries, by_day), *others]


def _bought(ours: Cost, hand: Cost, by_day: int, of: str) -> list[BenchRow]:
    name, by_hand = "segment of three clauses", "SQL written by hand, same layout"
    return [_read(name, ours, by_day, f"NDJSON.gz by day; {of}"), _read(name, ours, hand.read, by_hand), _cpu(name, ours, hand, by_hand)]


def _by_day(queries: "AthenaQueries") -> tuple[int, int]:
    """What NDJSON.gz by day reads, and how many people the rule finds: the same whoever asks, and however it is laid out."""
    day = queries.run(BOUGHT_BY_DAY)
    answers = {"by day": queries.fetched(day.query_id), "ours": queries.all_rows(_people(BOUGHT)), "by hand": queries.all_rows(BOUGHT_BY_HAND)}
    people = {name: sorted(str(row["user_id"]) for row in rows) for name, rows in answers.items()}
    if not people["ours"] or not people["ours"] == people["by hand"] == people["by day"]:
        raise AssertionError(f"not the same people: {', '.join(f'{name} {len(these)}' for name, these in people.items())}")
    return day.bytes_scanned, len(people["ours"])


def _lapsed(queries: "AthenaQueries", by_day: int) -> list[BenchRow]:
    ours, four = _cost(queries, _people(LAPSED)), _cost(queries, LAPSED_BY_EVENTS)
    (stored,) = queries.all_rows('SELECT sum(total_size) AS bytes FROM "events$partitions"')
    return [
        _read("segment, lapsed", ours, four.read, "user_id, anonymous_id, event_name and event_ts of all events, had they no partitions by name"),
        _read("segment, lapsed", ours, int(stored["bytes"] or 0), "all columns of all events"),
        _read("segment, lapsed", ours, by_day, "NDJSON.gz by day"),
    ]


def _backtests(queries: "AthenaQueries") -> list[BenchRow]:
    found = []
    for name, rule in BACKTESTS.items():
        days, once = printed(backtest_sql(rule, EACH_DAY, {})), _count(rule)
        ended = sum(int(row["entered"] or 0) - int(row["gone"] or 0) for row in queries.all_rows(days))
        if ended != _number(queries, once):
            raise AssertionError(f"the backtest of {name} does not end with the people of the last day")
        costs = _costs(queries, {"ours": days, "once": once})
        peer = f"one count; {EACH_DAY.count} days of which all data is"
        found += [
            _read(f"backtest of {name}", costs["ours"], costs["once"].read, peer),
            _cpu(f"backtest of {name}", costs["ours"], costs["once"], peer),
        ]
    return found


def _explained(queries: "AthenaQueries") -> list[BenchRow]:
    explained, once = printed(funnel(FIVE_CLAUSES, shop.AS_OF, {}).sql), _count(FIVE_CLAUSES)
    if _number(queries, explained, COUNT) != _number(queries, once):
        raise AssertionError("explain does not count the people of the segment")
    return _times_once("explain of five clauses", _costs(queries, {"ours": explained, "once": once}), "the count of the same rule")


def _times_once(name: str, costs: Mapping[str, Cost], peer: str) -> list[BenchRow]:
    return [_read(name, costs["ours"], costs["once"].read, peer), _cpu(name, costs["ours"], costs["once"], peer)]


def _compiled() -> BenchRow:
    """What `segment sql` does with the rule, against reading its answer once."""
    sql = printed(audience_sql(FIVE_CLAUSES, shop.AS_OF, {}), pretty=True)
    ours = _milliseconds(lambda: printed(audience_sql(FIVE_CLAUSES, shop.AS_OF, {}), pretty=True))
    parsed = _milliseconds(lambda: sqlglot.parse_one(sql, read=DIALECT))
    return BenchRow("segment sql", ours, parsed, ours / parsed, "ms", f"sqlglot parsing what it answers, {len(sql.encode()):,} bytes")


def _milliseconds(act: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(COMPILED):
        began = time.process_time()
        act()
        best = min(best, time.process_time() - began)
    return 1e3 * best


def _memory(name: str) -> BenchRow:
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return BenchRow(
        f"{name}: peak memory", peak / 1e6, MEMORY_BYTES / 1e6, peak / MEMORY_BYTES, "MB", "the most that the local engine may take, 4 GB"
    )


def _people(rule: Rule) -> str:
    return printed(audience_sql(rule, shop.AS_OF, {}))


def _count(rule: Rule) -> str:
    return question("count", audience_sql(rule, shop.AS_OF, {}))


def _number(queries: "AthenaQueries", sql: str, column: str = "") -> int:
    (row,) = queries.all_rows(sql)
    return int(row[column or next(iter(row))] or 0)


def _costs(queries: "AthenaQueries", statements: Mapping[str, str]) -> dict[str, Cost]:
    turns = [{name: _cost(queries, sql) for name, sql in statements.items()} for _ in range(TURNS)]
    return {name: min((turn[name] for turn in turns), key=lambda cost: cost.seconds) for name in statements}


def _cost(queries: "AthenaQueries", sql: str) -> Cost:
    began = time.process_time()
    read = queries.run(sql).bytes_scanned
    return Cost(read, time.process_time() - began)


def _read(name: str, ours: Cost, peer: int, note: str) -> BenchRow:
    return BenchRow(f"{name}: read", ours.read / 1e6, peer / 1e6, ours.read / peer, "MB", note)


def _cpu(name: str, ours: Cost, peer: Cost, note: str) -> BenchRow:
    return BenchRow(f"{name}: CPU", ours.seconds * 1e3, peer.seconds * 1e3, ours.seconds / peer.seconds, "ms", note)
