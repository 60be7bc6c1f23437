"""A real retailer's year: the win-back journey over its orders does what an independent SQL says of the gaps between them."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pytest

from local.demo.households import data_folder
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.looking import Looking
from regulars.domain.journeys.past import Past, PastRow, past_of
from regulars.domain.journeys.past_sql import past_sql
from regulars.domain.journeys.replay import Replay
from regulars.domain.journeys.tally import Tallies
from regulars.domain.lake import sql
from regulars.domain.segments.evaluate import PersonHistory
from regulars.domain.settings import Settings
from tests.domain.campaigns.lake import Lake
from tests.domain.journeys.documents import book, example

HOUSEHOLDS = 250
END = datetime(2018, 1, 1, tzinfo=UTC)

ORDERS = """
SELECT household_id, basket_id, min(transaction_timestamp) AS bought FROM read_parquet($file)
WHERE household_id IN (SELECT DISTINCT household_id FROM read_parquet($file) ORDER BY household_id LIMIT $households)
GROUP BY household_id, basket_id
"""

SILENCES = """
WITH moments AS (SELECT DISTINCT household_id, bought FROM orders),
gaps AS (SELECT household_id, bought, lead(bought) OVER (PARTITION BY household_id ORDER BY bought) AS next FROM moments)
SELECT household_id, step, told FROM (
  SELECT household_id, 'nudge' AS step, bought + INTERVAL 28 DAY AS told, next FROM gaps
  UNION ALL SELECT household_id, 'offer', bought + INTERVAL 42 DAY, next FROM gaps
) WHERE told < TIMESTAMP '2018-01-01' AND (next IS NULL OR next > told)
ORDER BY ALL
"""


@pytest.fixture(scope="module")
def orders() -> duckdb.DuckDBPyConnection:
    file: Path = data_folder() / "transactions.parquet"
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute(f"CREATE TABLE orders AS {ORDERS}", {"file": str(file), "households": HOUSEHOLDS})
    return connection


def test_nudges_and_offers_are_the_silences_of_four_and_six_weeks(orders: duckdb.DuckDBPyConnection) -> None:
    found = orders.execute("SELECT household_id, bought, basket_id FROM orders ORDER BY household_id, bought, basket_id").fetchall()
    rows = [
        (f"h{household}", PastRow(bought.replace(tzinfo=UTC), "Order Completed", f"b{basket}", bought.replace(tzinfo=UTC), False, None, None))
        for household, bought, basket in found
    ]
    past = [Past(user, [row for _, row in theirs]) for user, theirs in groupby(rows, key=lambda each: each[0])]
    books = {"win-back": book(example("win-back"))}
    told = [
        (int(one.user_id[1:]), action.step, action.at.replace(tzinfo=None))
        for one in past
        for each in Replay(books, Index(books), PersonHistory(one.user_id, END - timedelta(days=800)), timedelta(days=1)).through(one.rows, END)
        for action in each.outcome.actions
    ]
    seen = Looking(books, Settings(), datetime(2016, 1, 1, tzinfo=UTC), END).over(past).of["win-back"]
    wanted = orders.execute(SILENCES).fetchall()
    assert seen.messages.total() == seen.by_arrival == len(wanted)
    assert sorted(told) == sorted(wanted)
    assert len(wanted) > 200


def test_the_statement_over_the_lake_in_shards_finds_the_same_silences(orders: duckdb.DuckDBPyConnection) -> None:
    some = f"household_id IN (SELECT DISTINCT household_id FROM orders ORDER BY household_id LIMIT {HOUSEHOLDS // 5})"
    bought = orders.execute(f"SELECT household_id, bought, basket_id FROM orders WHERE {some}").fetchall()
    households = {household for household, _, _ in bought}
    lake, books, since = Lake(), {"win-back": book(example("win-back"))}, datetime(2016, 1, 1, tzinfo=UTC)
    lake.fill("events", [order(*each) for each in bought])
    shards: dict[int, list[bytes]] = {0: [], 1: [], 2: []}
    for row in lake.run(sql.printed(past_sql(books, since, END, shards=3))):
        shards[row.pop("shard")].append(json.dumps(row).encode())
    total = Tallies({})
    for lines in shards.values():
        total.add(Looking(books, Settings(), since, END).over(past_of(line) for line in lines))
    wanted = Counter(step for household, step, _ in orders.execute(SILENCES).fetchall() if household in households)
    before = sum(moment.replace(tzinfo=UTC) < END for _, moment, _ in bought)
    assert (total.events, total.of["win-back"].messages) == (before, wanted)


def order(household: int, bought: datetime, basket: int) -> dict[str, Any]:
    ids = {"user_id": f"h{household}", "message_id": f"b{basket}"}
    return {**ids, "event_name": "Order Completed", "type": "track", "source": "shop", "event_ts": bought, "received_ts": bought}
