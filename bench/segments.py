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

from bench import retailer, shop, shop_lake
from bench.shop_questions import BACKTESTS, BOUGHT, BOUGHT_BY_DAY, BOUGHT_BY_HAND, EACH_DAY, FIVE_CLAUSES, LAPSED, LAPSED_BY_EVENTS
from bench.table import BenchRow
from regulars.domain.lake.sql import DIALECT, printed, unload
from regulars.domain.segments import Rule, audience_sql
from regulars.domain.segments.compile.backtest import backtest_sql
from regulars.domain.segments.compile.bases import counting
from regulars.domain.segments.compile.funnel import funnel
from regulars.domain.segments.compile.increments import base_sql, increment_sql
from regulars.usecases.evaluation_record import question

if TYPE_CHECKING:
    from regulars.adapters.athena_queries import AthenaQueries

TURNS: Final = 5
LONG_TURNS: Final = 2
"""Of what takes seconds."""
COMPILED: Final = 20
"""Turns of what takes milliseconds."""
MEMORY_BYTES: Final = 4 << 30
"""What the local engine may take."""


@dataclass(frozen=True)
class Cost:
    """Of one statement: bytes, and seconds of process time; `query_id` is that of a query which has its answer."""

    read: int
    seconds: float
    query_id: str


def rows(size: shop.Size = shop.WHOLE) -> list[BenchRow]:
    with tempfile.TemporaryDirectory(prefix="regulars-shop-") as folder:
        metadata = shop_lake.make(Path(folder), size)
        with shop_lake.opened(Path(folder), metadata) as queries:
            costs = least_costs(queries, {"ours": members_sql(BOUGHT), "hand": BOUGHT_BY_HAND}, TURNS)
            memory = _memory("segment")
            others = [*_backtests(queries), *_explained(queries), _compiled(), memory, _memory("segment, all of the above")]
            costs["by day"] = _cost(queries, BOUGHT_BY_DAY)
            refreshed = _refreshed(queries, costs)
            of = f"{_agreed(queries, costs):,} of {size.people:,} people, {size.events:,} events of {len(shop.NAMES)} names in {shop.DAYS} days"
            return [*_bought(costs, of), *_lapsed(queries, costs["by day"]), *refreshed, *others]


def _bought(costs: Mapping[str, Cost], of: str) -> list[BenchRow]:
    name, ours, hand, by_hand = "segment of three clauses", costs["ours"], costs["hand"], "SQL written by hand, same layout"
    return [
        _read(name, ours, costs["by day"].read, f"NDJSON.gz by day; {of}"),
        _read(name, ours, hand.read, by_hand),
        _cpu(name, ours, hand, by_hand),
    ]


def _agreed(queries: "AthenaQueries", costs: Mapping[str, Cost]) -> int:
    """How many people all statements find. It has to be the same ones, however the question is written and the events are laid out."""
    people = {name: sorted(str(row["user_id"]) for row in queries.fetched(cost.query_id)) for name, cost in costs.items()}
    if not people["ours"] or any(these != people["ours"] for these in people.values()):
        raise AssertionError(f"not the same people: {', '.join(f'{name} {len(these)}' for name, these in people.items())}")
    return len(people["ours"])


def _lapsed(queries: "AthenaQueries", by_day: Cost) -> list[BenchRow]:
    ours, four = _cost(queries, members_sql(LAPSED)), _cost(queries, LAPSED_BY_EVENTS)
    (stored,) = queries.all_rows('SELECT sum(total_size) AS bytes FROM "events$partitions"')
    return [
        _read("segment, lapsed", ours, four.read, "user_id, anonymous_id, event_name and event_ts of all events, had they no partitions by name"),
        _read("segment, lapsed", ours, int(stored["bytes"] or 0), "all columns of all events"),
        _read("segment, lapsed", ours, by_day.read, "NDJSON.gz by day"),
    ]


def _refreshed(queries: "AthenaQueries", costs: dict[str, Cost]) -> list[BenchRow]:
    """An hour's look at the segment of three clauses, as a day has 24 of: what it reads grows through the day, and is taken in its middle."""
    counted = counting(BOUGHT, shop.NOON, {})
    if counted is None:
        raise AssertionError("the segment of three clauses is not counted")
    through = counted.moments.first
    base = _cost(queries, unload(base_sql(counted, through), f"s3://{retailer.BUCKET}/segment_bases/noon/"))
    costs["refreshed"] = look = _cost(queries, printed(increment_sql(counted, "noon", through, shop.AS_OF)))
    once, day = costs["ours"].read, Cost(base.read + 24 * look.read, 0, "")
    return [
        _read("segment refreshed, an hour", look, once, "a full evaluation"),
        _read("segment refreshed, a day with its base", day, 24 * once, "24 full evaluations"),
    ]


def _backtests(queries: "AthenaQueries") -> list[BenchRow]:
    found = []
    for name, rule in BACKTESTS.items():
        costs = least_costs(queries, {"ours": printed(backtest_sql(rule, EACH_DAY, {})), "once": _count(rule)}, LONG_TURNS)
        ended = sum(int(row["entered"] or 0) - int(row["gone"] or 0) for row in queries.fetched(costs["ours"].query_id))
        if ended != _number(queries, costs["once"]):
            raise AssertionError(f"the backtest of {name} does not end with the people of the last day")
        found += _times_once(f"backtest of {name}", costs, f"one count; {EACH_DAY.count} days, all that there are")
    return found


def _explained(queries: "AthenaQueries") -> list[BenchRow]:
    costs = least_costs(queries, {"ours": printed(funnel(FIVE_CLAUSES, shop.AS_OF, {}).sql), "once": _count(FIVE_CLAUSES)}, LONG_TURNS)
    if _number(queries, costs["ours"]) != _number(queries, costs["once"]):
        raise AssertionError("explain does not count the people of the segment")
    return _times_once("explain of five clauses", costs, "the count of the same rule")


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


def members_sql(rule: Rule) -> str:
    return printed(audience_sql(rule, shop.AS_OF, {}))


def _count(rule: Rule) -> str:
    return question("count", audience_sql(rule, shop.AS_OF, {}))


def _number(queries: "AthenaQueries", cost: Cost) -> int:
    """The first of the answer's only row: how many people there are."""
    (row,) = queries.fetched(cost.query_id)
    return int(next(iter(row.values())) or 0)


def least_costs(queries: "AthenaQueries", statements: Mapping[str, str], turns: int) -> dict[str, Cost]:
    """The least of each; DuckDB now and then reads a part twice."""
    found = [{name: _cost(queries, sql) for name, sql in statements.items()} for _ in range(turns)]
    return {
        name: Cost(min(turn[name].read for turn in found), min(turn[name].seconds for turn in found), found[-1][name].query_id) for name in statements
    }


def _cost(queries: "AthenaQueries", sql: str) -> Cost:
    began = time.process_time()
    query = queries.run(sql)
    return Cost(query.bytes_scanned, time.process_time() - began, query.query_id)


def _read(name: str, ours: Cost, peer: int, note: str) -> BenchRow:
    return BenchRow(f"{name}: read", ours.read / 1e6, peer / 1e6, ours.read / peer, "MB", note)


def _cpu(name: str, ours: Cost, peer: Cost, note: str) -> BenchRow:
    return BenchRow(f"{name}: CPU", ours.seconds * 1e3, peer.seconds * 1e3, ours.seconds / peer.seconds, "ms", note)
