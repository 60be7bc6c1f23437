"""What every TableCatalog does, real or fake."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from regulars.adapters import aws
from regulars.adapters.glue_tables import GlueTables
from regulars.ports import TableCatalog
from tests.fakes.migrations import MemoryTables


@pytest.fixture(params=["glue", "memory"])
def catalog(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[TableCatalog]:
    if request.param == "memory":
        yield MemoryTables({"events": {"user_id": "string", "price": "decimal(10,2)", "dt": "string"}})
        return
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(aws, "_clients", {})
    with mock_aws():
        glue = boto3.client("glue")
        glue.create_database(DatabaseInput={"Name": "lake"})
        columns = [
            {"Name": "user_id", "Type": "string"},
            {"Name": "Price", "Type": "decimal(10, 2)", "Parameters": {"iceberg.field.current": "true"}},
            {"Name": "former", "Type": "string", "Parameters": {"iceberg.field.current": "false"}},
        ]
        table = {"Name": "events", "StorageDescriptor": {"Columns": columns}, "PartitionKeys": [{"Name": "dt", "Type": "string"}]}
        glue.create_table(DatabaseName="lake", TableInput=table)
        yield GlueTables("lake")


def test_a_table_has_its_columns_and_partition_keys_with_their_types(catalog: TableCatalog) -> None:
    assert catalog.columns("events") == {"user_id": "string", "price": "decimal(10,2)", "dt": "string"}


def test_a_table_that_is_not_there_has_none(catalog: TableCatalog) -> None:
    assert catalog.columns("nowhere") == {}
