"""moto's Glue loses one of two commits at a time; the commit lock is what keeps them all."""

import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

THREADS, APPENDS = 8, 3


@pytest.fixture
def impatient() -> Iterator[None]:
    """Threads change places all the time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def appended(athena: "Athena") -> tuple[int, int]:
    """Appends from many threads; how many were acknowledged, and how many rows are there."""
    import pyarrow as pa
    from pyiceberg.exceptions import CommitFailedException, ValidationException

    from local.athena import iceberg, iceberg_write
    from local.athena.objects import Objects
    from local.athena.session import Session

    athena.run(f"CREATE TABLE numbers (n bigint) LOCATION 's3://lake/{athena.database}/numbers/' TBLPROPERTIES ('table_type' = 'ICEBERG')")
    session = Session(Objects("123456789012"), region="us-east-1", database=athena.database)
    acknowledged: list[int] = []

    def work(thread: int) -> None:
        for i in range(APPENDS):
            try:
                with iceberg_write.COMMIT:
                    iceberg_write.append(iceberg.load(session, athena.database, "numbers"), pa.table({"n": pa.array([thread * 100 + i], pa.int64())}))
            except (CommitFailedException, ValidationException):
                continue
            acknowledged.append(i)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.close()
    return len(acknowledged), int(athena.value("SELECT count(*) FROM numbers") or 0)


def test_every_acknowledged_append_is_there(athena: "Athena", impatient: None) -> None:
    assert appended(athena) == (THREADS * APPENDS, THREADS * APPENDS)


def test_without_the_lock_appends_fail_or_are_lost(athena: "Athena", impatient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should moto or pyiceberg ever make this test fail, the lock may go."""
    from local.athena import iceberg_write

    monkeypatch.setattr(iceberg_write, "COMMIT", nullcontext())
    assert appended(athena) != (THREADS * APPENDS, THREADS * APPENDS)


def test_statements_at_the_same_time_lose_nothing(athena: "Athena", impatient: None) -> None:
    athena.run(f"CREATE TABLE numbers (n bigint) LOCATION 's3://lake/{athena.database}/numbers/' TBLPROPERTIES ('table_type' = 'ICEBERG')")
    queries = [athena.start(f"INSERT INTO numbers SELECT {n}") for n in range(8)]
    assert {athena.end(query)["Status"]["State"] for query in queries} == {"SUCCEEDED"}
    assert athena.rows("SELECT n FROM numbers ORDER BY n") == [[str(n)] for n in range(8)]
