"""What may be run: one statement, that reads, of the tables that may be read."""

import pytest

from regulars.domain.analysis.statement import Kind, is_free, is_of, read_statement, signed
from regulars.domain.errors import InvalidRequestError


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT 1", "query"),
        ("with a as (select 1 x) select * from a", "query"),
        ("(SELECT user_id FROM people) UNION ALL SELECT user_id FROM identities", "query"),
        ('SELECT * FROM "events$partitions"', "query"),
        ("SELECT * FROM information_schema.columns", "query"),
        ("SELECT * FROM AwsDataCatalog.lake.events", "query"),
        ("WITH events AS (SELECT * FROM events) SELECT * FROM events", "query"),
        ("SELECT s FROM events CROSS JOIN UNNEST(CAST(json_extract(properties, '$.x') AS ARRAY(JSON))) AS t (s)", "query"),
        ("SELECT 'a;b' AS x -- ; not the end", "query"),
        ("EXPLAIN ANALYZE (FORMAT JSON) SELECT 1", "query"),
        ("EXPLAIN SELECT 1", "plan"),
        ("EXPLAIN (TYPE IO, FORMAT JSON) SELECT count(*) FROM events", "plan"),
        ("SHOW TABLES", "metadata"),
        ("-- what there is\nSHOW TABLES IN lake '*s'", "metadata"),
        ("DESCRIBE events", "metadata"),
    ],
)
def test_what_reads_may_be_run(sql: str, kind: Kind) -> None:
    assert read_statement(sql).kind == kind


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("", "says nothing"),
        ("-- only a comment", "says nothing"),
        ("DELETE FROM events", "line 1:1: DELETE may not be run here, only one statement that reads: SELECT"),
        ("\n  insert into people select 1", "line 2:3: INSERT may not"),
        ("UNLOAD (SELECT 1) TO 's3://mine/' WITH (format = 'JSON')", "UNLOAD may not"),
        ("CREATE TABLE mine AS SELECT 1", "CREATE may not"),
        ("USING EXTERNAL FUNCTION f(x INT) RETURNS INT LAMBDA 'l' SELECT f(1)", "USING may not"),
        ("EXECUTE prepared", "EXECUTE may not"),
        ("EXPLAIN ANALYZE DELETE FROM events", "line 1:17: DELETE may not"),
        ("EXPLAIN", "EXPLAIN of what"),
        ("SHOW", "SHOW of what"),
        ("SHOW TABLES; DROP TABLE events", "line 1:14: a second statement begins here"),
        ("SELECT 1;\nSELECT 2", "line 2:1: a second statement begins here"),
        ("SELECT 1 INTO mine", "does not only read"),
        ("SELECT *\nFROM people p\nWHERE = 1", "line 3:9: cannot be read near '1'"),
        ("SELECT 'a", "not closed"),
        ("SELECT " + "(" * 9_000 + "1" + ")" * 9_000, "nested too deeply"),
        ("SELECT * FROM people,\n  devices", "line 2:3: devices is no table or view that may be read here; there are assignments,"),
        ("SELECT (SELECT max(id) FROM quarantined_events) AS m", "quarantined_events is no table"),
        ("SELECT * FROM other.lake.events", "line 1:26: the catalogue other may not be read"),
        ("SELECT 1 AS a -- " + "x" * 262_144, "longer than the 262,044 bytes"),
    ],
)
def test_what_does_not_is_refused_with_where_and_what_is_allowed(sql: str, told: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        read_statement(sql)
    assert refused.value.field == "sql"
    assert told in str(refused.value)


def test_it_is_sent_as_it_was_written_without_the_semicolon() -> None:
    assert read_statement("  SELECT  1 ;\n;").text == "  SELECT  1"


def test_whoever_asked_is_known_again_and_nobody_else_is() -> None:
    sent = signed(read_statement("SELECT 'ann' AS name -- mine"), "ana")
    assert sent.startswith("SELECT 'ann' AS name\n-- regulars: asked by ") and "ana" not in sent
    assert is_of(sent, "ana") and not is_of(sent, "mara")
    assert not is_of("SELECT 1", "ana"), "what another tool asked is nobody's here"


def test_what_another_signed_inside_of_theirs_stays_theirs() -> None:
    forged = signed(read_statement(signed(read_statement("SELECT 1"), "ana") + "\n, 2 AS b"), "mara")
    assert is_of(forged, "mara") and not is_of(forged, "ana")


def test_what_is_the_same_for_everybody_is_everybodys_and_carries_no_name() -> None:
    sent = signed(read_statement("SHOW TABLES"), "ana")
    assert sent == "SHOW TABLES" and is_of(sent, "mara")


def test_only_what_reads_data_costs() -> None:
    assert is_free("SHOW TABLES") and is_free("-- c\nEXPLAIN SELECT 1")
    assert not is_free("SELECT 1") and not is_free("EXPLAIN ANALYZE SELECT 1")
