"""LakeReaderPolicy of template.yaml: whoever has it reads the star and its views by PyAthena, and can do nothing else."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from samtranslator.yaml_helper import yaml_parse

from local.iam import gate, principals
from local.iam.authority import Authority
from local.iam.principals import Principal
from local.resources.site import ACCOUNT, REGION
from local.template.intrinsics import Evaluator, Values
from regulars.domain.lake.migration_files import migrations
from tests.local.athena.conftest import BUCKET, Athena

ROOT = Path(__file__).parents[3]
ROLE = f"arn:aws:iam::{ACCOUNT}:role/analyst"
GROUP = "regulars-local-analysts"
_STAR, _OWN = (ROOT / "docs/lake.md").read_text().partition("\n## Tables\n")[2].split("\n## The platform's own tables\n")
READABLE, KEPT = (re.findall(r"^### `(\w+)`$", part, re.MULTILINE) for part in (_STAR, _OWN))


@pytest.fixture(scope="module")
def lake(shared: Athena) -> Athena:
    """The lake of the migrations, with something in the folders of external tables, and a view."""
    for migration in migrations({path.name: path.read_text() for path in (ROOT / "infra/migrations").glob("*.sql")}):
        for statement in migration.statements:
            shared.run(statement.text.replace("${LakeBucket}", BUCKET))
    line = gzip.compress(json.dumps({"id": "1", "run_id": "r", "part": "p", "kind": "user"}).encode())
    for folder in ("raw/events/dt=2026-11-21/hh=09/mm=05", "raw/deliveries/run_id=r", "quarantine/dt=2026-11-21", "quarantine_replays/dt=2026-11-21"):
        shared.put(f"{folder}/1.json.gz", line)
    for folder in ("lake/identity_decisions", "segment_bases/b"):
        shared.put(f"{folder}/1.json.gz", line)
    shared.run("INSERT INTO people (user_id) VALUES ('ada')")
    shared.run("CREATE OR REPLACE VIEW names AS SELECT user_id FROM people")
    place = {"ResultConfiguration": {"OutputLocation": f"s3://{BUCKET}/query-results/analysts/"}, "EnforceWorkGroupConfiguration": True}
    boto3.client("athena").create_work_group(Name=GROUP, Configuration=place)
    return shared


@pytest.fixture(scope="module")
def policy(lake: Athena) -> dict[str, Any]:
    """As deployed: its references are those of this lake."""
    resource = yaml_parse((ROOT / "template.yaml").read_text())["Resources"]["LakeReaderPolicy"]["Properties"]["PolicyDocument"]
    values = {
        "LakeBucket": Values(BUCKET, {"Arn": f"arn:aws:s3:::{BUCKET}"}),
        "Database": Values(lake.database, {}),
        "AnalystWorkGroup": Values(GROUP, {}),
    }
    pseudo = {"AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::Region": REGION}
    return dict(Evaluator(parameters=pseudo, conditions={}, resources=values).evaluate(resource, "LakeReaderPolicy"))


@pytest.fixture(scope="module")
def analyst(lake: Athena, policy: dict[str, Any]) -> Iterator[Any]:
    """A cursor of PyAthena; all that this test's thread asks for is asked by the role."""
    from pyathena import connect

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


def test_an_analyst_reads_a_view_and_finds_their_way_about(lake: Athena, analyst: Any) -> None:
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


def test_an_analyst_reaches_nothing_beside_the_lake_and_no_results_but_analysts(lake: Athena, analyst: Any) -> None:
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
