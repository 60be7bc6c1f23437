"""The rules, the DDL and what is written agree about the columns of every table."""

from datetime import UTC, datetime
from typing import Literal

import pytest

from regulars.domain.collection.device import DeviceSeen, PushTarget
from regulars.domain.collection.event import Correction, Event, Violation
from regulars.domain.delivery.outcomes import Settled
from regulars.domain.delivery.recipients import Address, Recipient
from regulars.domain.lake.tables import RAW_DELIVERIES, RAW_EVENTS, TABLES, Table
from tests.domain.lake.ddl import Declared, ddl, declared


def test_the_rules_know_every_table_that_the_ddl_makes() -> None:
    assert {table.name for table in TABLES} == set(declared(ddl()))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_the_columns_of_its_ddl_in_their_order(table: Table) -> None:
    assert declared(ddl())[table.name] == Declared(
        list(table.types.items()), list(table.partitions.items()), [(part.column, part.transform) for part in table.partitioned_by]
    )


def test_the_rules_know_which_tables_are_iceberg() -> None:
    assert {table.name for table in TABLES if table.iceberg} == {name for name, made in declared(ddl()).items() if made.iceberg}


@pytest.mark.parametrize("table", [table for table in TABLES if table.iceberg], ids=lambda table: table.name)
def test_every_iceberg_table_says_how_it_is_kept(table: Table) -> None:
    said = declared(ddl())[table.name].properties
    assert {name: value for name, value in said.items() if name.startswith(("vacuum_", "optimize_"))} == {
        "vacuum_max_snapshot_age_seconds": "259200",
        "vacuum_max_metadata_files_to_keep": "20",
        "optimize_rewrite_delete_file_threshold": "1",
    }


def test_a_column_that_a_later_file_adds_is_seen() -> None:
    tables = declared(["CREATE TABLE t (a string) LOCATION 's3://b/'", "ALTER TABLE t ADD COLUMNS (b int, c timestamp)"])
    assert tables == {"t": Declared([("a", "string"), ("b", "int"), ("c", "timestamp")])}


KINDS: tuple[Literal["token", "fid"], ...] = ("token", "fid")


def test_an_event_with_everything_fills_every_column_of_raw_events() -> None:
    said = {"k": 1}
    happened = datetime(2026, 11, 21, tzinfo=UTC)
    correction, violation = Correction("traits.k", "number", "1"), Violation("traits.k", "is no text")
    by_token, by_fid = (DeviceSeen("d", PushTarget(kind, "x"), "ios") for kind in KINDS)
    event = Event("m", "identify", "identify", happened, "2026-11-21 00:00:00.000", "u", "a", said, said, said, by_token)
    found = event._replace(source="app", corrections=(correction,), violations=(violation,), traffic="test", historical=True)
    rows = found.row(own_partition=False), found._replace(device=by_fid).row()
    assert {column for row in rows for column in row} == set(RAW_EVENTS.columns)


def test_what_became_of_a_recipient_fills_every_column_of_raw_deliveries() -> None:
    settled = Settled(Recipient("u", "treated", Address("push", "d")), "m", "sent", "", datetime(2026, 11, 21, tzinfo=UTC))
    assert set(settled.row("campaign")) == set(RAW_DELIVERIES.columns)
