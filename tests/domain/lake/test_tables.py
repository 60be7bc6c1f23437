"""The rules and the DDL agree about the columns of every table."""

import pytest

from regulars.domain.lake.tables import TABLES, Table
from tests.domain.lake.ddl import Declared, ddl, declared


def test_the_rules_know_every_table_that_the_ddl_makes() -> None:
    assert {table.name for table in TABLES} == set(declared(ddl()))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_the_columns_of_its_ddl_in_their_order(table: Table) -> None:
    assert declared(ddl())[table.name] == Declared(list(table.types.items()), list(table.partitions.items()))


def test_a_column_that_a_later_file_adds_is_seen() -> None:
    tables = declared(["CREATE TABLE t (a string) LOCATION 's3://b/'", "ALTER TABLE t ADD COLUMNS (b int, c timestamp)"])
    assert tables == {"t": Declared([("a", "string"), ("b", "int"), ("c", "timestamp")])}
