"""What a query leaves behind must not add up in memory: a platform runs for days. Counted in bytes that are still held, not in time."""

import gc
import tracemalloc
from collections.abc import Iterator

import pyarrow
import pytest

from local.athena import engine
from local.runtime import s3_content
from tests.local.athena.conftest import Athena

HUNDRED = ", ".join(map(str, range(100)))
A_RESULT = f"""
    SELECT concat('a-user-whose-id-is-long-', CAST(a.n * 100 + b.n AS varchar)) AS user_id
    FROM (VALUES {HUNDRED}) AS a(n) CROSS JOIN (VALUES {HUNDRED}) AS b(n)
"""
QUERIES = 6


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from moto.s3 import models

    monkeypatch.setattr(models, "tempfile", models.tempfile)  # put back afterwards
    s3_content.install()
    yield


def held() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0] + pyarrow.total_allocated_bytes()


def test_results_of_many_queries_are_kept_and_not_in_memory(on_disk: None, athena: Athena) -> None:
    first = athena.run(A_RESULT)["QueryExecutionId"]
    tracemalloc.start()
    try:
        before = held()
        for _ in range(QUERIES):
            last = athena.run(A_RESULT)["QueryExecutionId"]
        grown = held() - before
    finally:
        tracemalloc.stop()
    assert grown / QUERIES < 60_000, "a result has 300,000 bytes, twice: as rows and as an object"
    for query in (first, last):
        page = athena.client.get_query_results(QueryExecutionId=query, MaxResults=3)["ResultSet"]["Rows"]
        assert [row["Data"][0]["VarCharValue"][:6] for row in page] == ["user_i", "a-user", "a-user"]
        assert len(athena.s3.get_object(Bucket="lake", Key=f"results/{query}.csv")["Body"].read()) > 250_000


def test_only_so_many_queries_are_remembered(athena: Athena, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MAX_REMEMBERED_QUERIES", 5)
    queries = [athena.run("SELECT 1")["QueryExecutionId"] for _ in range(8)]
    with pytest.raises(athena.client.exceptions.InvalidRequestException, match="was not found"):
        athena.client.get_query_execution(QueryExecutionId=queries[0])
    assert athena.client.get_query_execution(QueryExecutionId=queries[-1])
