"""What every TableCatalog does, real or fake."""

import boto3
import pytest

from regulars.adapters.glue_tables import GlueTables
from regulars.ports import TableCatalog
from tests.contracts.suite import suite
from tests.fakes.tables import MemoryTables


@pytest.fixture
def glue(aws: None) -> TableCatalog:
    client = boto3.client("glue")
    client.create_database(DatabaseInput={"Name": "lake"})
    columns = [
        {"Name": "user_id", "Type": "string"},
        {"Name": "Price", "Type": "decimal(10, 2)", "Parameters": {"iceberg.field.current": "true"}},
        {"Name": "former", "Type": "string", "Parameters": {"iceberg.field.current": "false"}},
    ]
    table = {"Name": "events", "StorageDescriptor": {"Columns": columns}, "PartitionKeys": [{"Name": "dt", "Type": "string"}]}
    client.create_table(DatabaseName="lake", TableInput=table)
    return GlueTables("lake")


def memory() -> TableCatalog:
    return MemoryTables({"events": {"user_id": "string", "price": "decimal(10,2)", "dt": "string"}})


catalog = suite(TableCatalog, adapter="glue", fake=memory)


def test_a_table_has_its_columns_and_partition_keys_with_their_types(catalog: TableCatalog) -> None:
    assert catalog.columns("events") == {"user_id": "string", "price": "decimal(10,2)", "dt": "string"}


def test_a_table_that_is_not_there_has_none(catalog: TableCatalog) -> None:
    assert catalog.columns("nowhere") == {}
