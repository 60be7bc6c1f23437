"""SHOW and DESCRIBE: what there is, as lines.

https://docs.aws.amazon.com/athena/latest/ug/ddl-reference.html has a page for each. How a line is padded was not compared with AWS.
"""

import re
from collections.abc import Iterable

from local.athena import catalog, views
from local.athena.errors import StatementFailedError
from local.athena.session import Session
from local.athena.statements import Kind, Statement


def show(session: Session, statement: Statement) -> list[str]:
    """The lines that Athena prints. Raises StatementFailedError."""
    tree = statement.tree
    match statement.kind:
        case Kind.SHOW_DATABASES:
            return _like(statement, (database.name for database in session.glue.get_databases()))
        case Kind.SHOW_TABLES | Kind.SHOW_VIEWS:
            return _like(statement, _tables(session, tree.name.lower() or session.database, views_alone=statement.kind is Kind.SHOW_VIEWS))
    found = catalog.table(session, *catalog.located(session, tree.this))
    match statement.kind:
        case Kind.SHOW_COLUMNS:
            return list(catalog.columns(found))
        case Kind.SHOW_CREATE_VIEW:
            return _created(found).splitlines()
        case _:
            return [f"{name:<20}\t{kind:<20}\t{'':<20}" for name, kind in catalog.columns(found).items()]


def _tables(session: Session, database: str, *, views_alone: bool) -> list[str]:
    return [found["Name"] for found in catalog.tables(session, database) if views.is_view(found) or not views_alone]


def _like(statement: Statement, names: Iterable[str]) -> list[str]:
    """Those that the pattern matches: `*` stands for any characters, `|` between alternatives.

    https://docs.aws.amazon.com/athena/latest/ug/show-views.html
    """
    pattern = statement.options.get("like", "*").lower()
    wanted = re.compile("|".join(".*".join(map(re.escape, choice.split("*"))) for choice in pattern.split("|")))
    return sorted(name for name in names if wanted.fullmatch(name))


def _created(found: catalog.GlueTable) -> str:
    if not views.is_view(found):
        raise StatementFailedError(f"NOT_SUPPORTED: line 1:1: Relation '{views.full_name(found)}' is a table, not a view")
    return f"CREATE VIEW {found['DatabaseName']}.{found['Name']} AS\n{views.definition(found).sql}"
