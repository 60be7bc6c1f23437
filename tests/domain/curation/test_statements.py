"""What the statements of curate say. What they do, tests/e2e/test_collection.py shows."""

import hashlib
from datetime import UTC, date, datetime

import pytest
import sqlglot
from sqlglot import exp

from regulars.domain.curation.device_merges import devices_sql
from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.known import fit_one_insert, message_hash, near, periods_sql, remember_sqls
from regulars.domain.curation.landing import Landed
from regulars.domain.curation.merges import people_sql
from regulars.domain.curation.plan import Chunk
from regulars.domain.curation.statements import backlog_sql, insert_sql
from regulars.domain.lake.sql import text
from regulars.domain.lake.tables import DEVICES, EVENTS, KNOWN_MESSAGES, PEOPLE, RAW_EVENTS_BY_MINUTE, Table
from tests.domain.segments.lake import Lake

NOW = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)
START, END = datetime(2017, 1, 1, tzinfo=UTC), datetime(2017, 2, 1, tzinfo=UTC)
DAY = date(2017, 1, 31)
INSERTED = Inserted(NOW, (DAY, DAY))
LANDED = Landed(RAW_EVENTS_BY_MINUTE, "2026-11-212215", (("2026-11-21",), ("22",), ("15", "20")))
INSERT = insert_sql(Chunk(START, END, "it's", "x; DROP TABLE events --", (DAY,)), LANDED, unknown=INSERTED, curated=NOW)
(REMEMBER,) = remember_sqls(INSERTED, None)
STATEMENTS = {
    "backlog": backlog_sql(LANDED),
    "insert": INSERT,
    "periods": periods_sql(INSERTED),
    "remember": REMEMBER,
    "people": people_sql(INSERTED),
    "devices": devices_sql(INSERTED),
}


@pytest.mark.parametrize("sql", STATEMENTS.values(), ids=STATEMENTS)
def test_every_statement_is_one_that_trino_parses(sql: str) -> None:
    assert len(sqlglot.parse(sql, read="athena")) == 1


def test_names_enter_the_statement_only_as_literals() -> None:
    literals = {node.this for node in sqlglot.parse_one(INSERT, read="athena").find_all(exp.Literal)}
    assert {"it's", "x; DROP TABLE events --"} <= literals


def test_a_new_event_has_every_column_of_events() -> None:
    written = sqlglot.parse_one(INSERT, read="athena").this.expressions
    assert sorted(column.name for column in written) == sorted(EVENTS.columns)


@pytest.mark.parametrize(("sql", "table"), [(people_sql(INSERTED), PEOPLE), (devices_sql(INSERTED), DEVICES)])
def test_a_new_person_or_device_has_every_column_of_its_table(sql: str, table: Table) -> None:
    inserted = sqlglot.parse_one(sql, read="athena").find(exp.Insert)
    assert inserted is not None
    given = {column.name for column in inserted.this.expressions}
    assert given == set(table.columns) - {"last_message_id"}, "which a version before wrote"


def test_copies_are_looked_for_in_the_days_beside_and_in_their_months() -> None:
    periods = ["2017-01", "2017-01-30", "2017-01-31", "2017-02", "2017-02-01"]
    assert near([DAY]) == periods
    assert all(f"'{period}'" in INSERT for period in periods), "as literals: Athena prunes by nothing else"


def test_a_straggler_adds_its_own_days_and_none_between() -> None:
    assert len(near([DAY, date(2014, 1, 31)])) == 2 * len(near([DAY]))


def test_what_is_made_known_has_every_column_of_known_messages() -> None:
    written = sqlglot.parse_one(REMEMBER, read="athena").this.expressions
    assert tuple(column.name for column in written) == KNOWN_MESSAGES.columns


def test_more_periods_than_an_insert_may_open_are_several_inserts() -> None:
    periods = [f"period {number:03d}" for number in range(250)]
    found = remember_sqls(INSERTED, periods)
    assert len(found) == 3
    assert all(sum(f"'{period}'" in sql for sql in found) == 1 for period in periods)
    assert fit_one_insert([date(2026, 11, day) for day in range(1, 31)])
    assert not fit_one_insert([date(2026, month, day) for month in range(1, 5) for day in range(1, 29)])


@pytest.mark.parametrize("message", ["", "m1", "5f0c…ü", "x" * 300])
def test_an_event_has_the_same_hash_in_sql_as_in_python(message: str) -> None:
    columns = {"message_id": text(message), "user_id": text("u"), "anonymous_id": exp.null(), "type": text("track"), "other_name": exp.null()}
    row = exp.select(*[exp.alias_(value, name) for name, value in {**columns, "event_name": text("Bought")}.items()])
    sql = exp.select(message_hash("e").as_("hash")).from_(exp.Subquery(this=row).as_("e")).sql("athena")
    expected = hashlib.sha256(f"{message}\nu\n\ntrack\nBought".encode()).hexdigest()
    assert Lake().column(sql) == [int(expected[:15], 16)]
