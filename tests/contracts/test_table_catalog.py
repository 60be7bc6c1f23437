"""What every TableCatalog does, real or fake."""

import base64
import json

import boto3
import pytest

from regulars.adapters.glue_tables import GlueTables
from regulars.domain.analysis.bound import LakeFile
from regulars.domain.errors import NotFoundError, StoreUnavailableError
from regulars.ports import TableCatalog
from tests.contracts.suite import suite
from tests.fakes.tables import MemoryTables

VIEW = "SELECT user_id FROM events"


@pytest.fixture
def glue(aws: None) -> TableCatalog:
    client = boto3.client("glue")
    client.create_database(DatabaseInput={"Name": "lake"})
    columns = [
        {"Name": "user_id", "Type": "string"},
        {"Name": "Price", "Type": "decimal(10, 2)", "Parameters": {"iceberg.field.current": "true"}},
        {"Name": "former", "Type": "string", "Parameters": {"iceberg.field.current": "false"}},
    ]
    stored = {"Columns": columns, "Location": "s3://lake/events/"}
    client.create_table(
        DatabaseName="lake", TableInput={"Name": "events", "StorageDescriptor": stored, "PartitionKeys": [{"Name": "dt", "Type": "string"}]}
    )
    text = base64.b64encode(json.dumps({"originalSql": VIEW}).encode()).decode()
    client.create_table(DatabaseName="lake", TableInput={"Name": "names", "ViewOriginalText": f"/* Presto View: {text} */"})
    client.create_table(DatabaseName="lake", TableInput={"Name": "spark", "ViewOriginalText": "SELECT 1"})
    boto3.client("s3").create_bucket(Bucket="lake")
    boto3.client("s3").put_object(Bucket="lake", Key="events/a.json", Body=b"12345")
    return GlueTables("lake")


def memory() -> TableCatalog:
    tables = MemoryTables({"events": {"user_id": "string", "price": "decimal(10,2)", "dt": "string"}})
    tables.views["names"], tables.held["events"] = VIEW, [LakeFile(5)]
    return tables


catalog = suite(TableCatalog, adapter="glue", fake=memory)


def test_a_table_has_its_columns_and_partition_keys_with_their_types(catalog: TableCatalog) -> None:
    assert catalog.columns("events") == {"user_id": "string", "price": "decimal(10,2)", "dt": "string"}


def test_a_table_that_is_not_there_has_none(catalog: TableCatalog) -> None:
    assert catalog.columns("nowhere") == {}


def test_a_view_has_its_text_and_a_table_has_none(catalog: TableCatalog) -> None:
    assert catalog.view("names") == VIEW
    assert catalog.view("events") == ""
    assert catalog.view("nowhere") == ""


def test_a_table_that_is_not_icebergs_consists_of_what_is_in_its_folder(catalog: TableCatalog) -> None:
    assert list(catalog.files("events")) == [LakeFile(5)]
    with pytest.raises(NotFoundError):
        list(catalog.files("nowhere"))


def test_a_view_that_athena_did_not_make_cannot_be_read(glue: TableCatalog) -> None:
    with pytest.raises(StoreUnavailableError, match="spark"):
        glue.view("spark")
