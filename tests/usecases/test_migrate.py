"""Migrate applies what is missing, once, and can always go on."""

from collections.abc import Mapping

import pytest

from regulars.domain.errors import InvalidMigrationError, QueryFailedError, StoreUnavailableError
from regulars.ports import QueryEngine
from regulars.usecases.migrate import Migrated, migrate
from tests.fakes.clock import MovableClock
from tests.fakes.migrations import MemoryMigrationLog
from tests.fakes.services import ScriptedQueries
from tests.fakes.tables import MemoryTables

FIRST = {"0001_a.sql": "-- said\nCREATE EXTERNAL TABLE IF NOT EXISTS a (x int) LOCATION 's3://${LakeBucket}/a/' TBLPROPERTIES ('t' = '${dt}')"}
SECOND = {"0002_b.sql": "ALTER TABLE a ADD COLUMNS (channel string); CREATE OR REPLACE VIEW v AS SELECT channel FROM a"}
REFUSAL = QueryFailedError("query 7 failed: Duplicate column name: channel")


class Lake:
    def __init__(self) -> None:
        self.log = MemoryMigrationLog()
        self.tables = MemoryTables()

    def migrate(self, files: Mapping[str, str], queries: QueryEngine | None = None) -> Migrated:
        return migrate(
            files=files, bucket="lake", queries=queries or ScriptedQueries(), catalog=self.tables, migration_log=self.log, clock=MovableClock()
        )


def test_each_statement_runs_once_in_order_and_only_the_bucket_is_replaced() -> None:
    lake, queries = Lake(), ScriptedQueries()
    done = lake.migrate(FIRST | SECOND, queries)
    assert queries.ran == [
        "CREATE EXTERNAL TABLE IF NOT EXISTS a (x int) LOCATION 's3://lake/a/' TBLPROPERTIES ('t' = '${dt}')",
        "ALTER TABLE a ADD COLUMNS (channel string)",
        "CREATE OR REPLACE VIEW v AS SELECT channel FROM a",
    ]
    assert done.applied[2] == "0002_b.sql, statement 2 of 2"
    again = ScriptedQueries()
    assert lake.migrate(FIRST | SECOND, again) == Migrated((), ())
    assert again.ran == []


def test_a_failed_statement_says_where_and_why_and_is_where_the_next_migrate_starts() -> None:
    lake = Lake()
    with pytest.raises(QueryFailedError, match=r"0002_b\.sql, statement 2 of 2: no such table"):
        lake.migrate(FIRST | SECOND, ScriptedQueries({"VIEW": QueryFailedError("no such table")}))
    mended, queries = SECOND["0002_b.sql"].replace("FROM a", "FROM a AS b"), ScriptedQueries()
    lake.migrate(FIRST | {"0002_b.sql": mended}, queries)
    assert queries.ran == ["CREATE OR REPLACE VIEW v AS SELECT channel FROM a AS b"]


def test_columns_that_were_added_and_not_recorded_are_found_in_the_catalogue() -> None:
    lake = Lake()
    lake.log.fails_after = 1
    with pytest.raises(StoreUnavailableError):
        lake.migrate(FIRST | SECOND)
    lake.log.fails_after = None
    lake.tables.tables["a"] = {"x": "int", "channel": "string"}
    assert lake.migrate(FIRST | SECOND, ScriptedQueries({"ADD COLUMNS": REFUSAL})).applied == (
        "0002_b.sql, statement 1 of 2",
        "0002_b.sql, statement 2 of 2",
    )


@pytest.mark.parametrize("columns", [{}, {"x": "int"}, {"x": "int", "channel": "int"}])
def test_columns_that_are_missing_or_of_another_type_leave_athenas_reason(columns: dict[str, str]) -> None:
    lake = Lake()
    lake.tables.tables["a"] = columns
    with pytest.raises(QueryFailedError, match="statement 1 of 2: query 7 failed: Duplicate column name: channel"):
        lake.migrate(FIRST | SECOND, ScriptedQueries({"ADD COLUMNS": REFUSAL}))
    assert len(lake.log.applied()) == 1


def test_two_migrates_at_once_leave_one_record_a_statement() -> None:
    lake = Lake()

    class Rivalled(ScriptedQueries):
        """While it runs its first statement, another migrate does everything."""

        def start(self, sql: str, *, token: str = "") -> str:
            if not self.ran:
                self.ran.append(sql)
                lake.migrate(FIRST | SECOND)
            return super().start(sql, token=token)

    lake.migrate(FIRST | SECOND, Rivalled())
    assert [(done.number, done.place) for done in lake.log.applied()] == [(1, 1), (2, 1), (2, 2)]


def test_nothing_is_done_when_a_file_has_changed_or_cannot_be_read() -> None:
    lake = Lake()
    lake.migrate(FIRST)
    for files in ({"0001_a.sql": "CREATE TABLE IF NOT EXISTS other (x int)"} | SECOND, FIRST | {"0002_b.sql": "DROP TABLE a"}):
        queries = ScriptedQueries()
        with pytest.raises(InvalidMigrationError):
            lake.migrate(files, queries)
        assert queries.ran == []


def test_a_version_that_was_rolled_back_finds_the_lake_ahead_and_goes_on() -> None:
    lake = Lake()
    lake.migrate(FIRST | SECOND)
    assert lake.migrate(FIRST) == Migrated((), ("0002_b.sql",))
