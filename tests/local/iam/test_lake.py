"""The local Athena works with the rights of whoever asked: what a statement needs, and what happens without."""

from collections.abc import Iterator

import pytest
from sqlglot import exp

from local.athena.statements import Kind, Statement, read
from local.iam import athena_needs, gate, principals
from local.iam.authority import Authority
from local.iam.principals import Principal
from local.iam.requests import UnknownCallError
from tests.local.athena.conftest import BUCKET, Athena

ROLE = "arn:aws:iam::123456789012:role/analyst"
EVERY_QUERY = {"athena:GetDataCatalog", "s3:GetBucketLocation", "glue:GetDatabase", "glue:GetDatabases"}
READING = ["athena:StartQueryExecution", "athena:GetQueryExecution", "s3:GetObject", "s3:PutObject", "s3:ListBucket", "glue:GetTable", *EVERY_QUERY]


class Analyst:
    """Asks the local Athena with a role whose only statement may be changed."""

    def __init__(self, athena: Athena, authority: Authority) -> None:
        self.athena, self.authority = athena, authority

    def may(self, *actions: str, but: str = "") -> "Analyst":
        allowed = [action for action in actions if action != but]
        self.authority.add_role(ROLE, "Analyst", [{"Statement": {"Effect": "Allow", "Action": allowed, "Resource": "*"}}], [])
        return self

    def fails(self, sql: str) -> str:
        with principals.acting(Principal(ROLE, "asking")):
            return self.athena.fails(sql)

    def runs(self, sql: str) -> None:
        with principals.acting(Principal(ROLE, "asking")):
            self.athena.run(sql)


@pytest.fixture
def analyst(athena: Athena) -> Iterator[Analyst]:
    athena.run(f"CREATE TABLE t (a int) LOCATION 's3://{BUCKET}/{athena.database}/' TBLPROPERTIES ('table_type' = 'ICEBERG')")
    athena.run("INSERT INTO t VALUES (1)")
    gate.install()
    authority = Authority()
    gate.connect(authority)
    yield Analyst(athena, authority)
    gate.connect(None)


@pytest.mark.parametrize(
    ("sql", "needs"),
    [
        ("SELECT 1", set()),
        ("SELECT * FROM a JOIN b USING (x)", {"glue:GetTable a", "glue:GetTable b"}),
        ("WITH a AS (SELECT 1) SELECT * FROM a", set()),
        ('SELECT * FROM "a$snapshots"', {"glue:GetTable a"}),
        ("INSERT INTO a SELECT * FROM b", {"glue:GetTable a", "glue:UpdateTable a", "glue:GetTable b"}),
        ("INSERT INTO a WITH c AS (SELECT * FROM b) SELECT * FROM c", {"glue:GetTable a", "glue:UpdateTable a", "glue:GetTable b"}),
        ("UPDATE a SET x = 1", {"glue:GetTable a", "glue:UpdateTable a"}),
        ("DELETE FROM a WHERE x IN (SELECT x FROM b)", {"glue:GetTable a", "glue:UpdateTable a", "glue:GetTable b"}),
        ("MERGE INTO a USING b ON a.x = b.x WHEN MATCHED THEN DELETE", {"glue:GetTable a", "glue:UpdateTable a", "glue:GetTable b"}),
        ("UNLOAD (SELECT * FROM a) TO 's3://lake/out/' WITH (format = 'JSON')", {"glue:GetTable a"}),
        ("CREATE TABLE a (x int) LOCATION 's3://lake/a/' TBLPROPERTIES ('table_type' = 'ICEBERG')", {"glue:GetTable a", "glue:CreateTable a"}),
        ("CREATE VIEW a AS SELECT * FROM b", {"glue:GetTable a", "glue:CreateTable a", "glue:GetTable b"}),
        ("CREATE OR REPLACE VIEW a AS SELECT 1 AS x", {"glue:GetTable a", "glue:CreateTable a", "glue:UpdateTable a"}),
        ("DROP TABLE a", {"glue:GetTable a", "glue:DeleteTable a"}),
        ("ALTER TABLE a ADD COLUMNS (y int)", {"glue:GetTable a", "glue:UpdateTable a"}),
        ("DESCRIBE a", {"glue:GetTable a"}),
        ("SHOW TABLES", {"glue:GetTables *"}),
        ("SHOW COLUMNS IN a", {"glue:GetTable a"}),
        ("SHOW CREATE VIEW a", {"glue:GetTable a"}),
        ("SELECT * FROM information_schema.tables", set()),
        ("SHOW DATABASES", set()),
    ],
)
def test_a_statement_needs_what_athenas_guide_says(sql: str, needs: set[str]) -> None:
    found = athena_needs.of_statement(read(sql), "db", "s3://lake/results/x.csv")
    on_tables = {f"{request.action} {request.resource.rsplit('/', 1)[-1]}" for request in found if ":table/" in request.resource}
    assert on_tables == needs
    assert {request.action for request in found if ":table/" not in request.resource} >= EVERY_QUERY


@pytest.mark.parametrize(("sql", "action"), [("CREATE DATABASE other", "CreateDatabase"), ("DROP DATABASE other", "DeleteDatabase")])
def test_a_statement_about_a_database_needs_that_one(sql: str, action: str) -> None:
    found = athena_needs.of_statement(read(sql), "db", "s3://lake/results/x.csv")
    assert f"glue:{action} other" in {f"{request.action} {request.resource.rsplit('/', 1)[-1]}" for request in found}


def test_a_kind_or_a_form_that_nobody_wrote_down_is_refused() -> None:
    with pytest.raises(UnknownCallError, match="merge: the local cloud does not see"):
        athena_needs.of_statement(Statement(Kind.MERGE, exp.to_identifier("a")), "db", "s3://lake/results/x.csv")
    with pytest.raises(UnknownCallError, match="refresh: the local cloud does not know"):
        athena_needs.of_statement(Statement("refresh", exp.to_table("a")), "db", "s3://lake/results/x.csv")  # type: ignore[arg-type]


def test_the_table_knows_every_kind_of_statement_that_the_engine_runs() -> None:
    assert {str(kind) for kind in Kind} <= set(athena_needs.TARGET)


@pytest.mark.parametrize("missing", ["glue:GetDatabases", "glue:GetTable", "s3:GetObject", "s3:PutObject"])
def test_a_query_without_one_of_its_rights_fails_and_names_it(analyst: Analyst, missing: str) -> None:
    told = analyst.may(*READING, but=missing).fails("SELECT * FROM t")
    assert "PERMISSION_DENIED: User: arn:aws:sts::123456789012:assumed-role/analyst/asking is not authorized to perform: " + missing in told


def test_with_all_of_them_it_runs(analyst: Analyst) -> None:
    analyst.may(*READING).runs("SELECT * FROM t")


def test_a_commit_needs_to_swap_the_pointer(analyst: Analyst) -> None:
    assert "glue:UpdateTable" in analyst.may(*READING).fails("INSERT INTO t VALUES (2)")
    analyst.may(*READING, "glue:UpdateTable").runs("INSERT INTO t VALUES (2)")


def test_a_view_needs_its_tables_as_well(analyst: Analyst) -> None:
    analyst.athena.run("CREATE VIEW v AS SELECT a FROM t")
    analyst.may(*READING).runs("SELECT * FROM v")
    allowed = {"Effect": "Allow", "Action": [*READING], "Resource": "*"}
    denied = {"Effect": "Deny", "Action": "glue:GetTable", "Resource": f"*:table/{analyst.athena.database}/t"}
    analyst.authority.add_role(ROLE, "Analyst", [{"Statement": [allowed, denied]}], [])
    assert f"glue:GetTable on resource: arn:aws:glue:us-east-1:123456789012:table/{analyst.athena.database}/t" in analyst.fails("SELECT * FROM v")


def test_information_schema_needs_the_tables_of_the_databases_that_it_is_asked_about(analyst: Analyst) -> None:
    mine = f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{analyst.athena.database}'"
    assert "glue:GetTables" in analyst.may(*READING).fails(mine)
    allowed = {"Effect": "Allow", "Action": READING, "Resource": "*"}
    tables = ["arn:aws:glue:*:catalog", f"*:database/{analyst.athena.database}", f"*:table/{analyst.athena.database}/*"]
    analyst.authority.add_role(ROLE, "Analyst", [{"Statement": [allowed, {"Effect": "Allow", "Action": "glue:GetTables", "Resource": tables}]}], [])
    analyst.runs(mine)
    analyst.athena.run(f"CREATE DATABASE {analyst.athena.database}_other")
    assert "glue:GetTables" in analyst.fails("SELECT table_name FROM information_schema.tables")


def test_somebody_outside_asks_with_rights_of_their_own(analyst: Analyst) -> None:
    analyst.may("athena:StartQueryExecution", "athena:GetQueryExecution", "athena:GetDataCatalog")
    analyst.athena.run("SELECT * FROM t")
    assert "s3:GetBucketLocation" in analyst.fails("SELECT * FROM t")
