"""What the statements of curate say. What they do, tests/e2e/test_collection.py shows."""

from datetime import UTC, datetime

import pytest
import sqlglot
from sqlglot import exp

from regulars.domain.curation.plan import Chunk
from regulars.domain.curation.statements import backlog_sql, devices_sql, insert_sql, people_sql
from regulars.domain.lake.tables import DEVICES, EVENTS, PEOPLE, Table

NOW = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)
START, END = datetime(2017, 1, 1, tzinfo=UTC), datetime(2017, 2, 1, tzinfo=UTC)
INSERT = insert_sql(Chunk(START, END, "it's", "x; DROP TABLE events --"), NOW, NOW, curated=NOW)


@pytest.mark.parametrize("sql", [backlog_sql(NOW, NOW), INSERT, people_sql(NOW), devices_sql(NOW)], ids=["backlog", "insert", "people", "devices"])
def test_every_statement_is_one_that_trino_parses(sql: str) -> None:
    assert len(sqlglot.parse(sql, read="athena")) == 1


def test_names_enter_the_statement_only_as_literals() -> None:
    literals = {node.this for node in sqlglot.parse_one(INSERT, read="athena").find_all(exp.Literal)}
    assert {"it's", "x; DROP TABLE events --"} <= literals


def test_a_new_event_has_every_column_of_events() -> None:
    written = sqlglot.parse_one(INSERT, read="athena").this.expressions
    assert sorted(column.name for column in written) == sorted(EVENTS.columns)


@pytest.mark.parametrize(("sql", "table"), [(people_sql(NOW), PEOPLE), (devices_sql(NOW), DEVICES)])
def test_a_new_person_or_device_has_every_column_of_its_table(sql: str, table: Table) -> None:
    inserted = sqlglot.parse_one(sql, read="athena").find(exp.Insert)
    assert inserted is not None
    assert tuple(column.name for column in inserted.this.expressions) == table.columns
