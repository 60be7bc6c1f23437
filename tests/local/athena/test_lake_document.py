"""docs/lake.md says of every table, view and column of infra/migrations what it is, and of nothing else; and every statement on it runs."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.domain.lake.migration_files import migrations
from regulars.domain.lake.tables import TABLES, Table

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/lake.md").read_text()
STATEMENTS = re.findall(r"^```sql\n(.+?)^```", PAGE, re.MULTILINE | re.DOTALL)
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
            shared.run(statement.text.replace("${LakeBucket}", f"lake/{shared.database}"))
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
