"""A lake with data in it is upgraded: the real use case and adapters over the local Athena, Glue and DynamoDB."""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local import athena
from local.athena.engine import settled
from regulars.adapters import aws
from regulars.adapters.athena_queries import AthenaQueries
from regulars.adapters.dynamo_migrations import DynamoMigrations
from regulars.adapters.glue_tables import GlueTables
from regulars.adapters.schema_files import migration_files
from regulars.domain.errors import InvalidMigrationError, QueryFailedError
from regulars.domain.lake.migration_files import migrations
from regulars.domain.queries import ResultRow
from regulars.usecases.migrate import Migrated, migrate
from tests.fakes.clock import MovableClock
from tests.local.athena.kept import KeptLake, keep

FIRST = dict(sorted(migration_files(str(Path(__file__).parents[2] / "infra/migrations")).items())[:20])
"""The tables, and none of the views over them, which take ten times as long and are made anew by each `regulars up`."""
TABLES_OF_BEFORE = 7
"""Files of one statement each, which were applied without a log."""
NEXT = f"{len(FIRST) + 1:04d}_channel.sql"
UPGRADE = """
-- By which channel a message went.
ALTER TABLE deliveries ADD COLUMNS (channel string);
ALTER TABLE raw_deliveries ADD COLUMNS (channel string);
CREATE OR REPLACE VIEW sent_by_channel AS
SELECT run_id, coalesce(channel, 'push') AS channel, count(*) AS people FROM deliveries WHERE outcome = 'sent' GROUP BY 1, 2;
"""
BROKEN = UPGRADE.replace("FROM deliveries", "FROM deliverys")


class Lake:
    """One company's, in moto."""

    def __init__(self) -> None:
        boto3.client("s3").create_bucket(Bucket="lake")
        boto3.client("glue").create_database(DatabaseInput={"Name": "regulars"})
        results = {"ResultConfiguration": {"OutputLocation": "s3://lake/query-results/"}, "EnforceWorkGroupConfiguration": True}
        boto3.client("athena").create_work_group(Name="regulars", Configuration=results)
        boto3.client("dynamodb").create_table(
            TableName="state",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        )
        self.queries = AthenaQueries(database="regulars", work_group="regulars", sleep=lambda _: settled(0.05))
        self.log = DynamoMigrations("state")

    def migrate(self, files: Mapping[str, str]) -> Migrated:
        ports: Any = {"queries": self.queries, "catalog": GlueTables("regulars"), "migration_log": self.log, "clock": MovableClock()}
        return migrate(files=files, bucket="lake", **ports)

    def rows(self, sql: str) -> list[ResultRow]:
        return list(self.queries.all_rows(sql))

    def deliver(self, run_id: str, **columns: str) -> None:
        """One delivery in raw_deliveries, taken over into deliveries as a run does."""
        body = gzip.compress(json.dumps({"user_id": "ada", "outcome": "sent", **columns}).encode())
        boto3.client("s3").put_object(Bucket="lake", Key=f"raw/deliveries/run_id={run_id}/00000.json.gz", Body=body)
        names = ", ".join(["run_id", "user_id", "outcome", *columns])
        self.queries.run(f"INSERT INTO deliveries ({names}) SELECT {names} FROM raw_deliveries WHERE run_id = '{run_id}'")

    def kept(self) -> tuple[KeptLake, Sequence[Mapping[str, Any]]]:
        return keep("lake", "regulars"), boto3.client("dynamodb").scan(TableName="state")["Items"]

    def put(self, kept: KeptLake, log: Sequence[Mapping[str, Any]]) -> None:
        kept.put("lake", "regulars")
        for item in log:
            boto3.client("dynamodb").put_item(TableName="state", Item=item)


@pytest.fixture
def lake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lake]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(aws, "_clients", {})
    with mock_aws():
        athena.install()
        yield Lake()
        athena.stop()


_old: list[tuple[KeptLake, Sequence[Mapping[str, Any]]]] = []
"""The lake of before and its log, as the first test that wanted them made them."""


@pytest.fixture
def old(lake: Lake) -> Lake:
    """With the tables of before, and a run's rows."""
    if _old:
        lake.put(*_old[0])
    else:
        lake.migrate(FIRST)
        lake.deliver("r1")
        _old.append(lake.kept())
    return lake


def test_a_lake_with_data_is_upgraded_and_its_rows_are_read_with_the_new_column_and_view(old: Lake) -> None:
    done = old.migrate(FIRST | {NEXT: UPGRADE})
    assert done.applied == tuple(f"{NEXT}, statement {place} of 3" for place in (1, 2, 3))
    old.deliver("r2", channel="mail")
    assert old.rows("SELECT run_id, user_id, channel FROM deliveries ORDER BY run_id") == [
        {"run_id": "r1", "user_id": "ada", "channel": None},
        {"run_id": "r2", "user_id": "ada", "channel": "mail"},
    ]
    assert old.rows("SELECT channel FROM raw_deliveries WHERE run_id = 'r1'") == [{"channel": None}]
    assert old.rows("SELECT * FROM sent_by_channel ORDER BY run_id") == [
        {"run_id": "r1", "channel": "push", "people": "1"},
        {"run_id": "r2", "channel": "mail", "people": "1"},
    ]
    assert old.migrate(FIRST | {NEXT: UPGRADE}) == Migrated((), ())


def test_a_lake_of_before_there_were_migrations_is_taken_over_as_it_is(lake: Lake) -> None:
    known = migrations(FIRST)
    for statement in (statement for migration in known[:TABLES_OF_BEFORE] for statement in migration.statements):
        lake.queries.run(statement.text.replace("${LakeBucket}", "lake"))
    lake.deliver("r1")
    assert len(lake.migrate(FIRST | {NEXT: UPGRADE}).applied) == sum(len(migration.statements) for migration in known) + 3
    assert lake.rows("SELECT user_id, channel FROM deliveries") == [{"user_id": "ada", "channel": None}]


def test_a_half_applied_migration_is_mended_and_goes_on_where_it_stopped(old: Lake) -> None:
    with pytest.raises(QueryFailedError, match=rf"{NEXT}, statement 3 of 3: .*deliverys"):
        old.migrate(FIRST | {NEXT: BROKEN})
    assert old.rows("SELECT channel FROM deliveries") == [{"channel": None}]
    assert old.migrate(FIRST | {NEXT: UPGRADE}).applied == (f"{NEXT}, statement 3 of 3",)
    assert old.rows("SELECT people FROM sent_by_channel") == [{"people": "1"}]


def test_columns_that_a_migrate_added_before_it_died_are_recognised(old: Lake) -> None:
    old.queries.run("ALTER TABLE deliveries ADD COLUMNS (channel string)")
    old.queries.run("ALTER TABLE raw_deliveries ADD COLUMNS (channel string)")
    assert len(old.migrate(FIRST | {NEXT: UPGRADE}).applied) == 3


def test_two_migrates_at_once_both_end_well_and_add_each_column_once(old: Lake) -> None:
    files = FIRST | {NEXT: UPGRADE}
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: old.migrate(files), range(2)))
    assert [done.place for done in old.log.applied() if done.name == NEXT] == [1, 2, 3]
    assert [name for name in GlueTables("regulars").columns("deliveries") if name == "channel"] == ["channel"]
    assert old.rows("SELECT people FROM sent_by_channel") == [{"people": "1"}]


def test_a_column_that_somebody_added_with_another_type_stops_the_migration(old: Lake) -> None:
    old.queries.run("ALTER TABLE deliveries ADD COLUMNS (channel int)")
    with pytest.raises(QueryFailedError, match=rf"{NEXT}, statement 1 of 3: .*Duplicate column name: channel"):
        old.migrate(FIRST | {NEXT: UPGRADE})


def test_a_changed_migration_is_refused_and_the_lake_stays_as_it_is(old: Lake) -> None:
    old.migrate(FIRST | {NEXT: UPGRADE})
    changed = UPGRADE.replace("coalesce(channel, 'push')", "channel")
    with pytest.raises(InvalidMigrationError, match=rf"{NEXT}: statement 3 has changed .* write a new migration"):
        old.migrate(FIRST | {NEXT: changed})
    assert old.rows("SELECT channel FROM sent_by_channel") == [{"channel": "push"}]


def test_a_version_that_was_rolled_back_goes_on_beside_the_newer_columns(old: Lake) -> None:
    old.migrate(FIRST | {NEXT: UPGRADE})
    assert old.migrate(FIRST) == Migrated((), (NEXT,))
    old.deliver("r3")
    assert old.rows("SELECT count(*) AS n FROM deliveries") == [{"n": "2"}]


def test_what_was_applied_is_remembered_with_its_moment(old: Lake) -> None:
    first = old.log.applied()[0]
    assert (first.name, first.place, first.of, first.at) == (min(FIRST), 1, 1, datetime(2026, 11, 21, 22, 15, tzinfo=UTC))
