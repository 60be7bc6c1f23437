"""What every MigrationLog does, real or fake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from regulars.adapters.dynamo_migrations import DynamoMigrations
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.domain.lake.migrations import AppliedStatement
from regulars.ports import MigrationLog
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.migrations import MemoryMigrationLog

FIRST = AppliedStatement(1, "0001_events.sql", 1, 2, "d1", datetime(2026, 11, 21, 22, 15, 1, 5, tzinfo=UTC))


@pytest.fixture
def dynamo(table: Tables) -> MigrationLog:
    name = table("StateTable")
    boto3.client("dynamodb").put_item(TableName=name, Item={"name": {"S": "curate"}, "version": {"N": "1"}})  # the table is others' too
    return DynamoMigrations(name)


log = suite(MigrationLog, adapter="dynamo", fake=MemoryMigrationLog)


def test_nothing_is_applied_to_a_new_lake(log: MigrationLog) -> None:
    assert list(log.applied()) == []


def test_what_was_recorded_comes_back_by_number_and_place(log: MigrationLog) -> None:
    statements = [FIRST, replace(FIRST, place=2, digest="d2"), replace(FIRST, number=2, name="0002_people.sql", of=1)]
    for statement in reversed(statements):
        log.record(statement)
    assert list(log.applied()) == statements


def test_the_same_statement_again_changes_nothing(log: MigrationLog) -> None:
    log.record(FIRST)
    log.record(replace(FIRST, at=FIRST.at + timedelta(hours=1)))
    assert list(log.applied()) == [FIRST]


def test_another_statement_in_its_place_is_a_conflict(log: MigrationLog) -> None:
    log.record(FIRST)
    with pytest.raises(ConflictError, match=r"0001_events\.sql, statement 1: another version of it was applied"):
        log.record(replace(FIRST, digest="other"))
    assert list(log.applied()) == [FIRST]


def test_a_log_is_longer_than_one_answer_of_the_store(log: MigrationLog) -> None:
    many = [replace(FIRST, number=number, digest="d" * 64 * 300) for number in range(1, 61)]  # Scan gives at most 1 MB
    for statement in many:
        log.record(statement)
    assert list(log.applied()) == many


def test_a_table_that_is_not_there_is_said_to_be_unavailable(aws: None) -> None:
    for call in (lambda: DynamoMigrations("nowhere").applied(), lambda: DynamoMigrations("nowhere").record(FIRST)):
        with pytest.raises(StoreUnavailableError):
            call()
