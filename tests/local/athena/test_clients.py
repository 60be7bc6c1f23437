"""Outsiders: pyathena, unmodified, through moto's server, and what drivers ask on connecting."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena


@pytest.fixture(scope="module")
def connection(shared: "Athena") -> Iterator[Any]:
    from moto.server import ThreadedMotoServer
    from pyathena import connect

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCOUNT_ID_ENDPOINT_MODE", "disabled")
        server.start()
        settings = {"schema_name": shared.database, "region_name": "us-east-1", "poll_interval": 0.02}
        yield connect(s3_staging_dir="s3://lake/results/", endpoint_url=f"http://127.0.0.1:{server.get_host_and_port()[1]}", **settings)
        server.stop()


def test_pyathena_reads_through_the_server_what_was_written_in_process(connection: Any) -> None:
    from pyathena.error import OperationalError

    with connection.cursor() as cursor:
        cursor.execute("SELECT n, t, CAST(NULL AS varchar) AS x FROM (VALUES (1, TIMESTAMP '2026-11-21 10:00:00.5')) AS v(n, t)")
        (row,) = cursor.fetchall()
        assert (row[0], row[1].isoformat(), row[2]) == (1, "2026-11-21T10:00:00.500000", None)
        assert cursor.data_scanned_in_bytes == 0
        cursor.execute("CREATE OR REPLACE VIEW named AS SELECT n, name FROM (VALUES (1, 'ada'), (2, 'bob')) AS v(n, name)")
        cursor.execute("SELECT a.name, b.n FROM named a JOIN named b ON b.n = a.n + 1 WHERE a.name = %(name)s", {"name": "ada"})
        assert cursor.fetchall() == [("ada", 2)]
        with pytest.raises(OperationalError, match="DIVISION_BY_ZERO"):
            cursor.execute("SELECT 1 / 0")


@pytest.fixture(scope="module")
def tables(shared: "Athena") -> "Athena":
    shared.run(f"CREATE TABLE people (user_id string, n int) LOCATION 's3://lake/{shared.database}/p/' TBLPROPERTIES ('table_type' = 'ICEBERG')")
    serde = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
    shared.run(f"CREATE EXTERNAL TABLE raw (a string) PARTITIONED BY (dt string) {serde} LOCATION 's3://lake/{shared.database}/raw/'")
    shared.run("CREATE OR REPLACE VIEW totals AS SELECT user_id, sum(n) AS total FROM people GROUP BY user_id")
    return shared


def test_pyathenas_cursor_finds_databases_tables_views_and_their_columns(tables: "Athena", connection: Any) -> None:
    """What its SQLAlchemy inspector asks for get_schema_names, get_table_names, get_view_names and get_columns."""
    with connection.cursor() as cursor:
        assert tables.database in {found.name for found in cursor.list_databases("AwsDataCatalog")}
        listed = {found.name: found for found in cursor.list_table_metadata(schema_name=tables.database)}
        assert {name: listed[name].table_type for name in ("people", "raw", "totals")} == {
            "people": "EXTERNAL_TABLE",
            "raw": "EXTERNAL_TABLE",
            "totals": "VIRTUAL_VIEW",
        }
        raw = cursor.get_table_metadata("RAW", schema_name=tables.database)
        assert [(column.name, column.type) for column in (*raw.columns, *raw.partition_keys)] == [("a", "string"), ("dt", "string")]
        assert (raw.location, raw.row_format) == (f"s3://lake/{tables.database}/raw/", "SERDE 'org.openx.data.jsonserde.JsonSerDe'")
        cursor.execute(f'SHOW CREATE VIEW "{tables.database}"."totals";')
        assert cursor.fetchall()[0] == (f"CREATE VIEW {tables.database}.totals AS",)


def test_drivers_find_the_catalog_and_page_through_what_is_in_it(tables: "Athena") -> None:
    """The calls of the JDBC and ODBC drivers: https://docs.aws.amazon.com/athena/latest/ug/jdbc-v3-driver.html"""
    client = tables.client
    assert {"CatalogName": "AwsDataCatalog", "Type": "GLUE"} in client.list_data_catalogs()["DataCatalogsSummary"]
    assert client.get_data_catalog(Name="AwsDataCatalog")["DataCatalog"]["Type"] == "GLUE"
    here: Any = {"CatalogName": "AwsDataCatalog", "DatabaseName": tables.database}
    assert client.get_database(**here)["Database"]["Name"] == tables.database
    pages = client.get_paginator("list_table_metadata").paginate(**here, Expression="people|raw", PaginationConfig={"PageSize": 1})
    assert [found["Name"] for page in pages for found in page["TableMetadataList"]] == ["people", "raw"]
    people = client.get_table_metadata(**here, TableName="people")["TableMetadata"]
    assert people["Parameters"]["table_type"].upper() == "ICEBERG" and people["Columns"][1] == {"Name": "n", "Type": "int"}


def test_what_is_not_there_is_told_in_athenas_words(tables: "Athena") -> None:
    client = tables.client
    here: Any = {"CatalogName": "AwsDataCatalog", "DatabaseName": tables.database}
    with pytest.raises(
        client.exceptions.MetadataException,
        match=r"Table nowhere not found\. \(.*Error Code: EntityNotFoundException; Request ID: .*; Proxy: null\)$",
    ):
        client.get_table_metadata(**here, TableName="nowhere")
    for call in (client.get_database, client.list_table_metadata):
        with pytest.raises(client.exceptions.MetadataException, match=r"Database nowhere not found\. \(.*Error Code: EntityNotFoundException; "):
            call(CatalogName="AwsDataCatalog", DatabaseName="nowhere")
    with pytest.raises(client.exceptions.InvalidRequestException, match="one catalog, AwsDataCatalog, and not other"):
        client.list_databases(CatalogName="other")
    with pytest.raises(client.exceptions.InvalidRequestException, match="was not found"):
        client.get_data_catalog(Name="other")
