"""Which statements a lake needs, and which files are refused."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidMigrationError
from regulars.domain.lake.migration_files import AddedColumns, Migration, migrations
from regulars.domain.lake.migrations import AppliedStatement, ahead, pending

AT = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)
FOLDER = Path(__file__).parents[3] / "infra/migrations"


def view(name: str) -> str:
    return f"CREATE OR REPLACE VIEW {name} AS SELECT 1 AS one"


def files(*contents: Sequence[str]) -> tuple[Migration, ...]:
    """A migration for each list of views."""
    return migrations({f"{number:04d}_it.sql": ";\n".join(map(view, names)) for number, names in enumerate(contents, 1)})


def done(known: Sequence[Migration]) -> list[AppliedStatement]:
    return [step.applied(AT) for step in pending(known, [])]


def steps(known: Sequence[Migration], applied: Sequence[AppliedStatement]) -> list[str]:
    return [str(step) for step in pending(known, applied)]


def test_a_file_is_its_statements_without_comments_and_a_semicolon_in_a_text_parts_nothing() -> None:
    text = "-- why; so\nCREATE OR REPLACE VIEW v AS /* ; */ SELECT 'a;b -- c' AS x -- tail\nFROM t;\n\n"
    text += "ALTER TABLE T ADD COLUMNS (N integer, d decimal(10, 2));;"
    (migration,) = migrations({"0001_a.sql": text})
    assert [statement.text.split() for statement in migration.statements] == [
        ["CREATE", "OR", "REPLACE", "VIEW", "v", "AS", "SELECT", "'a;b", "--", "c'", "AS", "x", "FROM", "t"],
        ["ALTER", "TABLE", "T", "ADD", "COLUMNS", "(N", "integer,", "d", "decimal(10,", "2))"],
    ]
    assert migration.statements[0].adds is None
    assert migration.statements[1].adds == AddedColumns("t", {"n": "int", "d": "decimal(10,2)"})


def test_properties_are_set_as_often_as_one_likes() -> None:
    (migration,) = migrations({"0001_a.sql": "ALTER TABLE t SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds' = '259200')"})
    assert migration.statements[0].adds is None


def test_comments_and_layout_are_no_change_and_a_word_is() -> None:
    texts = ["-- a\nCREATE OR REPLACE VIEW v AS\n  SELECT 'x  y' AS t", "CREATE OR REPLACE VIEW v AS SELECT 'x  y' AS t -- b", view("v")]
    digests = [migrations({"0001_a.sql": text})[0].statements[0].digest for text in texts]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["0002_b.sql"], r"0002_b\.sql: 0001 is missing"),
        (["0001_a.sql", "0003_c.sql"], r"0003_c\.sql: 0002 is missing"),
        (["0001_a.sql", "0001_b.sql"], r"0001_b\.sql: the number is taken"),
        (["0000_a.sql", "0001_b.sql"], r"0000_a\.sql: the number is taken"),
        (["01_a.sql"], r"01_a\.sql: a migration's file is named NNNN_what\.sql"),
        (["0001-a.sql"], "is named NNNN_what"),
    ],
)
def test_numbers_have_no_gaps_and_no_doubles(names: list[str], reason: str) -> None:
    with pytest.raises(InvalidMigrationError, match=reason):
        migrations({name: view("v") for name in names})


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE t (a int)",
        "CREATE VIEW v AS SELECT 1 AS a",
        "CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS a",
        "DROP TABLE IF EXISTS t",
        "DROP VIEW IF EXISTS v",
        "ALTER TABLE t DROP COLUMN a",
        "ALTER TABLE t ADD COLUMN a int",
        "ALTER TABLE t SET LOCATION 's3://b/t/'",
        "ALTER TABLE t UNSET TBLPROPERTIES ('a')",
        "INSERT INTO t VALUES (1)",
        "VACUUM t",
        "not sql",
        "SELECT 'open",
        "",
        "-- nothing but words",
    ],
)
def test_a_statement_of_which_nobody_could_tell_whether_it_was_done_is_refused(sql: str) -> None:
    with pytest.raises(InvalidMigrationError, match=r"0002_b\.sql"):
        migrations({"0001_a.sql": view("v"), "0002_b.sql": sql})


def test_the_refusal_says_which_statement_and_what_is_allowed() -> None:
    with pytest.raises(InvalidMigrationError, match=r"0001_a\.sql, statement 2: a migration may CREATE TABLE IF NOT EXISTS, .* ADD COLUMNS"):
        migrations({"0001_a.sql": f"{view('v')}; DROP VIEW v"})


def test_every_migration_of_this_version_can_be_read() -> None:
    known = migrations({path.name: path.read_text() for path in FOLDER.iterdir()})
    assert [migration.number for migration in known] == list(range(1, len(known) + 1))


def test_a_new_lake_needs_everything_in_order_and_a_full_one_nothing() -> None:
    known = files("a", "bc")
    assert steps(known, []) == ["0001_it.sql, statement 1 of 1", "0002_it.sql, statement 1 of 2", "0002_it.sql, statement 2 of 2"]
    assert steps(known, done(known)) == []


def test_a_half_applied_file_may_be_mended_from_where_it_stopped() -> None:
    before = files("abc")
    half = done(before)[:1]
    assert steps(before, half) == ["0001_it.sql, statement 2 of 3", "0001_it.sql, statement 3 of 3"]
    assert steps(files("axyz"), half) == [f"0001_it.sql, statement {place} of 4" for place in (2, 3, 4)]
    assert steps(files("a"), half) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [("ax", "statement 2 has changed"), ("ba", "statement 1 has changed"), ("a", "statement 2 is gone"), ("abc", "statement 3 is new")],
)
def test_an_applied_file_that_changed_is_refused_with_what_to_do(content: str, reason: str) -> None:
    applied = done(files("ab"))
    with pytest.raises(InvalidMigrationError, match=rf"0001_it\.sql: {reason} since 0001_it\.sql was applied at 2026-11-21 22:15 UTC") as refused:
        pending(files(content), applied)
    assert "put the file back as it was, and write a new migration" in str(refused.value)


def test_a_record_with_a_hole_is_refused_rather_than_filled() -> None:
    with pytest.raises(InvalidMigrationError, match="statement 2 is recorded as applied and statement 1 is not"):
        pending(files("ab"), done(files("ab"))[1:])


def test_migrations_of_a_newer_version_are_named_and_in_nobodys_way() -> None:
    newer = files("a", "b", "cd")
    assert ahead(files("a", "b"), done(newer)) == ("0003_it.sql",)
    assert ahead(newer, done(newer)) == ()
    assert steps(files("a", "b"), done(newer)) == []


@given(st.lists(st.integers(1, 4), max_size=6), st.data())
def test_wherever_it_stops_the_next_migrate_does_the_rest_and_nothing_twice(sizes: list[int], data: st.DataObject) -> None:
    known = files(*(["v"] * size for size in sizes))
    whole = pending(known, [])
    stopped = data.draw(st.integers(0, len(whole)))
    applied = [step.applied(AT) for step in whole[:stopped]]
    assert pending(known, applied) == whole[stopped:]
    # Whoever adds files later gets what was left and then the new ones.
    more = files(*(["v"] * size for size in sizes), "new")
    assert pending(more, applied)[: len(whole) - stopped] == whole[stopped:]


@given(st.lists(st.integers(1, 3), min_size=1, max_size=5), st.data())
def test_any_change_of_an_applied_statement_is_found(sizes: list[int], data: st.DataObject) -> None:
    contents = [["v"] * size for size in sizes]
    applied = done(files(*contents))
    chosen = data.draw(st.sampled_from(applied))
    contents[chosen.number - 1][chosen.place - 1] = "w"
    with pytest.raises(InvalidMigrationError, match=rf"{chosen.name}: statement {chosen.place} has changed"):
        pending(files(*contents), applied)
