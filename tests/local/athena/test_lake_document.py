"""docs/lake.md says of every table, view and column of infra/migrations what it is, and of nothing else; every statement on it runs; and whoever has
LakeReaderPolicy of template.yaml reads by PyAthena what it says, and can do nothing else."""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.iam import gate, principals
from local.iam.authority import Authority
from local.iam.principals import Principal
from local.resources.site import ACCOUNT, REGION
from local.template.intrinsics import Evaluator, Values
from regulars.domain.lake.migration_files import migrations
from regulars.domain.lake.tables import TABLES, Table
from tests.local.athena.conftest import BUCKET

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

ROOT = Path(__file__).parents[3]
ROLE = f"arn:aws:iam::{ACCOUNT}:role/analyst"
GROUP = "regulars-local-analysts"
PAGE = (ROOT / "docs/lake.md").read_text()
STATEMENTS = re.findall(r"^```sql\n(.+?)^```", PAGE, re.MULTILINE | re.DOTALL)
_STAR, _OWN = PAGE.partition("\n## Tables\n")[2].split("\n## The platform's own tables\n")
READABLE, KEPT = (re.findall(r"^### `(\w+)`$", part, re.MULTILINE) for part in (_STAR, _OWN))
_SECTION = re.compile(r"^### `(\w+)`\n(.+?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_COLUMN = re.compile(r"^\| `(\w+)` \| (\S+) \| (.+) \|$", re.MULTILINE)

Columns = Mapping[str, str]
"""Name to type, as the DDL has them."""


def documented() -> Mapping[str, Columns]:
    return {name: {column: kind for column, kind, _ in _COLUMN.findall(section)} for name, section in _SECTION.findall(PAGE)}


def skeleton(name: str, columns: Columns) -> str:
    """What somebody who has made a table or a view is to write into the page."""
    rows = "\n".join(f"| `{column}` | {kind} | MEANING |" for column, kind in columns.items())
    told = "WHAT A ROW IS. KIND AND PARTITIONS. WHO WRITES IT, HOW LONG IT LIVES."
    return f"### `{name}`\n\n{told}\n\n| column | type | meaning |\n|---|---|---|\n{rows}\n"


@pytest.fixture(scope="module")
def lake(shared: "Athena") -> "Athena":
    """The tables and views of infra/migrations."""
    for migration in migrations({path.name: path.read_text() for path in (ROOT / "infra/migrations").glob("*.sql")}):
        for statement in migration.statements:
            shared.run(statement.text.replace("${LakeBucket}", BUCKET))
    return shared


@pytest.fixture(scope="module")
def made(lake: "Athena") -> Mapping[str, Columns]:
    """What the migrations leave behind in Glue."""
    return {
        table["Name"]: {column["Name"]: column["Type"] for column in [*table["StorageDescriptor"]["Columns"], *table.get("PartitionKeys", [])]}
        for page in lake.glue.get_paginator("get_tables").paginate(DatabaseName=lake.database)
        for table in page["TableList"]
    }


def test_every_table_and_view_is_documented_with_its_columns_and_types(made: Mapping[str, Columns]) -> None:
    found = documented()
    wrong = {name: columns for name, columns in made.items() if found.get(name) != columns}
    told = "\n".join(f"docs/lake.md has of {name}: {found.get(name, 'nothing')}. Write there:\n\n{skeleton(name, wrong[name])}" for name in wrong)
    assert not wrong, told


def test_nothing_is_documented_that_no_migration_makes(made: Mapping[str, Columns]) -> None:
    assert set(documented()) <= set(made), f"take out of docs/lake.md: {', '.join(sorted(set(documented()) - set(made)))}"


def test_every_column_has_a_meaning() -> None:
    assert all(meaning.strip(" .—-") and "MEANING" not in meaning for _, _, meaning in _COLUMN.findall(PAGE))


def partitions(table: Table) -> Iterator[str]:
    for part in table.partitioned_by:
        yield part.column if part.transform == "identity" else f"{part.transform}({part.column})"
    yield from table.partitions


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_says_by_what_it_is_parted(table: Table) -> None:
    section = dict(_SECTION.findall(PAGE))[table.name].partition("| column |")[0]
    said = re.search(r"partitions(?: \(of folders\))?: ((?:`[^`]+`(?:, )?)+)", section, re.IGNORECASE)
    assert re.findall(r"`([^`]+)`", said[1] if said else "") == list(partitions(table))


@pytest.mark.parametrize("sql", STATEMENTS, ids=lambda sql: " ".join(sql.split())[:60])
def test_a_statement_of_the_page_runs(lake: "Athena", sql: str) -> None:
    lake.run(sql)


def test_links_lead_somewhere() -> None:
    headings = {re.sub(r"[^\w\- ]", "", line).strip().lower().replace(" ", "-") for line in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)}
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        if target.startswith("#"):
            assert target[1:] in headings, target
        elif not target.startswith("http"):
            assert (ROOT / "docs" / target.partition("#")[0]).exists(), target


@pytest.fixture(scope="module")
def policy(lake: "Athena") -> dict[str, Any]:
    """As deployed: its references are those of this lake."""
    from samtranslator.yaml_helper import yaml_parse

    resource = yaml_parse((ROOT / "template.yaml").read_text())["Resources"]["LakeReaderPolicy"]["Properties"]["PolicyDocument"]
    values = {
        "LakeBucket": Values(BUCKET, {"Arn": f"arn:aws:s3:::{BUCKET}"}),
        "Database": Values(lake.database, {}),
        "AnalystWorkGroup": Values(GROUP, {}),
    }
    pseudo = {"AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::Region": REGION}
    return dict(Evaluator(parameters=pseudo, conditions={}, resources=values).evaluate(resource, "LakeReaderPolicy"))


@pytest.fixture(scope="module")
def analyst(lake: "Athena", policy: dict[str, Any]) -> Iterator[Any]:
    """A cursor of PyAthena, with something to read in the folders of external tables; all that this test's thread asks for is asked by the role."""
    from pyathena import connect

    line = gzip.compress(json.dumps({"id": "1", "run_id": "r", "part": "p", "kind": "user"}).encode())
    for folder in ("raw/events/dt=2026-11-22/hh=09/mm=05", "raw/deliveries/run_id=r", "quarantine/dt=2026-11-21", "quarantine_replays/dt=2026-11-21"):
        lake.put(f"{folder}/1.json.gz", line)
    for folder in ("lake/identity_decisions", "segment_bases/b"):
        lake.put(f"{folder}/1.json.gz", line)
    lake.run("INSERT INTO people (user_id) VALUES ('ada')")
    lake.run("CREATE OR REPLACE VIEW names AS SELECT user_id FROM people")
    place = {"ResultConfiguration": {"OutputLocation": f"s3://{BUCKET}/query-results/analysts/"}, "EnforceWorkGroupConfiguration": True}
    lake.client.create_work_group(Name=GROUP, Configuration=place)
    gate.install()
    authority = Authority()
    authority.add_role(ROLE, "Analyst", [policy], [])
    gate.connect(authority)
    with principals.acting(Principal(ROLE, "looking")):
        yield connect(schema_name=lake.database, work_group=GROUP, region_name=REGION, poll_interval=0.02).cursor()
    gate.connect(None)


def refused(analyst: Any, sql: str) -> str:
    from pyathena.error import OperationalError

    with pytest.raises(OperationalError) as caught:
        analyst.execute(sql)
    return str(caught.value)


@pytest.mark.parametrize("table", READABLE)
def test_an_analyst_reads_every_table_and_view_of_the_star(analyst: Any, table: str) -> None:
    analyst.execute(f"SELECT * FROM {table} LIMIT 1")


def test_an_analyst_reads_a_view_and_finds_their_way_about(lake: "Athena", analyst: Any) -> None:
    assert analyst.execute("SELECT * FROM names").fetchall() == [("ada",)]
    kinds = f"SELECT table_type FROM information_schema.tables WHERE table_schema = '{lake.database}' AND table_name = 'names'"
    assert analyst.execute(kinds).fetchall() == [("VIEW",)]
    assert lake.database in {found.name for found in analyst.list_databases("AwsDataCatalog")}
    assert {"people", "names"} <= {found.name for found in analyst.list_table_metadata(schema_name=lake.database)}
    assert [column.name for column in analyst.get_table_metadata("names", schema_name=lake.database).columns] == ["user_id"]
    assert boto3.client("athena").list_data_catalogs()["DataCatalogsSummary"]


NAMED = {"raw_deliveries": " WHERE run_id = 'r'", "segment_bases": " WHERE base = 'b'"}


@pytest.mark.parametrize("table", KEPT)
def test_an_analyst_reads_no_table_of_the_platforms_own(analyst: Any, table: str) -> None:
    told = refused(analyst, f"SELECT * FROM {table}{NAMED.get(table, '')}")
    assert "PERMISSION_DENIED" in told and "s3:GetObject" in told


@pytest.mark.parametrize(
    ("sql", "action"),
    [
        ("INSERT INTO people (user_id) VALUES ('bob')", "glue:UpdateTable"),
        ("DELETE FROM people WHERE user_id = 'ada'", "glue:UpdateTable"),
        ("CREATE VIEW mine AS SELECT user_id FROM people", "glue:CreateTable"),
        ("CREATE OR REPLACE VIEW names AS SELECT user_id FROM people", "glue:CreateTable"),
        ("DROP VIEW names", "glue:DeleteTable"),
        ("DROP TABLE people", "glue:DeleteTable"),
        ("UNLOAD (SELECT user_id FROM people) TO 's3://lake/exports/mine/' WITH (format = 'JSON')", "s3:PutObject"),
    ],
)
def test_an_analyst_writes_nothing(analyst: Any, sql: str, action: str) -> None:
    told = refused(analyst, sql)
    assert "PERMISSION_DENIED" in told and action in told


def test_an_analyst_reaches_nothing_beside_the_lake_and_no_results_but_analysts(lake: "Athena", analyst: Any) -> None:
    query = lake.client.start_query_execution
    with pytest.raises(ClientError, match=r"AccessDenied.*athena:StartQueryExecution"):
        query(QueryString="SELECT 1", WorkGroup="primary", ResultConfiguration={"OutputLocation": f"s3://{BUCKET}/query-results/"})
    for key in ("query-results/somebody.csv", "quarantine/dt=2026-11-21/1.json.gz", "evaluations/list.json.gz"):
        with pytest.raises(ClientError, match="AccessDenied"):
            lake.s3.get_object(Bucket=BUCKET, Key=key)
    with pytest.raises(ClientError, match="AccessDenied"):
        lake.s3.put_object(Bucket=BUCKET, Key="lake/people/data/1.parquet", Body=b"")
    with pytest.raises(ClientError, match="AccessDenied"):
        boto3.client("dynamodb").get_item(TableName="regulars-local-ProfilesTable", Key={"user_id": {"S": "ada"}})
    with pytest.raises(ClientError, match="AccessDenied"):
        boto3.client("secretsmanager").get_secret_value(SecretId="fcm")
