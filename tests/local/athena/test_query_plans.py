"""What a query is said to read before, against what it does read: on the tables of infra/migrations, by their own metadata."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.adapters import avro
from regulars.adapters.glue_tables import GlueTables
from regulars.domain.analysis.statement import read_statement
from regulars.domain.errors import StoreUnavailableError
from regulars.domain.lake.migration_files import migrations
from regulars.usecases.plan_query import plan_query
from tests.fakes.clock import MOMENT, MovableClock
from tests.local.athena.conftest import BUCKET

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

ROOT = Path(__file__).parents[3]
STATEMENTS = re.findall(r"^```sql\n(.+?)^```", (ROOT / "docs/lake.md").read_text(), re.MULTILINE | re.DOTALL)
EVENTS = f"""
INSERT INTO events (message_id, user_id, type, event_name, event_ts, received_ts, curated_ts, properties, context)
SELECT CAST(n AS varchar), 'ann', 'track', CASE WHEN n % 2 = 0 THEN 'Order Completed' ELSE 'page' END,
  CASE WHEN n < 500 THEN TIMESTAMP '2026-10-05 00:00:00' ELSE TIMESTAMP '2026-11-05 00:00:00' END,
  TIMESTAMP '2026-11-06 00:00:00', TIMESTAMP '2026-11-06 00:00:00', '{{"revenue": 7}}', to_hex(sha256(to_utf8(CAST(n AS varchar))))
FROM (VALUES {", ".join(f"({n})" for n in range(1, 1001))}) AS t (n)
"""


@pytest.fixture(scope="module")
def lake(shared: "Athena") -> "Athena":
    for migration in migrations({path.name: path.read_text() for path in (ROOT / "infra/migrations").glob("*.sql")}):
        for statement in migration.statements:
            shared.run(statement.text.replace("${LakeBucket}", BUCKET))
    shared.run(EVENTS)
    return shared


def test_the_files_of_a_table_are_those_that_its_metadata_table_counts(lake: "Athena") -> None:
    files = [file for file in GlueTables(lake.database).files("events") if not file.about]
    rows = lake.rows('SELECT partition.event_ts_month, partition.event_name, total_size FROM "events$partitions" ORDER BY 1, 2')
    found = sorted([str(file.partition["event_ts_month"]), file.partition["event_name"], str(file.size)] for file in files)
    assert found == rows and len(found) == 4
    assert all(0 < sum(file.columns.values()) < file.size for file in files)


@pytest.mark.parametrize("sql", [each for each in STATEMENTS if "FROM events" in each])
def test_no_statement_of_the_document_reads_more_than_was_said(lake: "Athena", sql: str) -> None:
    plan = plan_query(sql, limit=10**9, catalog=GlueTables(lake.database), clock=MovableClock(MOMENT))
    read = lake.run(read_statement(sql).text)["Statistics"]["DataScannedInBytes"]
    assert plan.bytes is not None and plan.expected_bytes is not None
    assert 0 < read <= plan.bytes and plan.expected_bytes <= plan.bytes


@pytest.mark.parametrize("sql", ["SELECT * FROM orders", "SELECT count(*) FROM customers", "SELECT * FROM months"])
def test_a_view_reads_no_more_than_what_it_selects_from(lake: "Athena", sql: str) -> None:
    plan = plan_query(sql, limit=10**9, catalog=GlueTables(lake.database), clock=MovableClock(MOMENT))
    assert {each.table for each in plan.tables} == {"events", "identities"}
    assert plan.bytes is not None and lake.run(sql)["Statistics"]["DataScannedInBytes"] <= plan.bytes


def test_a_month_and_a_name_leave_the_other_partitions_out(lake: "Athena") -> None:
    where = "event_name = 'page' AND event_ts >= TIMESTAMP '2026-11-01 00:00:00'"
    (events,) = plan_query(f"SELECT user_id FROM events WHERE {where}", limit=1, catalog=GlueTables(lake.database), clock=MovableClock(MOMENT)).tables
    assert (events.read, events.files) == (1, 4)
    (whole,) = plan_query("SELECT * FROM events", limit=1, catalog=GlueTables(lake.database), clock=MovableClock(MOMENT)).tables
    assert events.expected < events.bytes < whole.bytes


@pytest.mark.parametrize("data", [b"", b"PAR1", b"Obj\x01", b"Obj\x01\x02\x14avro.codec\x0csnappy\x00" + bytes(16)])
def test_what_is_no_manifest_is_an_error_of_ours(data: bytes) -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be read"):
        list(avro.records(data))
