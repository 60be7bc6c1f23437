"""Runs one statement to its end. Imported by the first query, because this is where DuckDB, pyarrow and pyiceberg come in."""

import logging
from dataclasses import dataclass

from sqlglot import exp

from local.athena import binding, catalog, definitions, iceberg_write, optimize, results, shows, statements, translate, unload, vacuum, views
from local.athena.errors import SYSTEM_CATEGORY, StatementCancelledError, StatementFailedError, UnsupportedError
from local.athena.session import Session
from local.athena.statements import Kind, Statement
from local.iam import athena_needs

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What a successful statement leaves behind."""

    table: results.KeptTable | None = None
    lines: tuple[str, ...] = ()
    """What DDL prints."""
    updated: int | None = None
    """How many rows an INSERT, DELETE, UPDATE, MERGE or CREATE TABLE AS touched."""
    manifest: str = ""


def run(session: Session, statement: Statement, parameters: list[str], output: str) -> Outcome:
    """Raises StatementFailedError or StatementCancelledError, and nothing else. `output` is the url of the result object."""
    try:
        return _run(session, statement, parameters, output)
    except (StatementFailedError, StatementCancelledError):
        raise
    except Exception as error:
        log.exception("the local Athena failed on its own account")
        raise StatementFailedError(f"GENERIC_INTERNAL_ERROR: {type(error).__name__}: {error}", category=SYSTEM_CATEGORY, error_type=233) from error


def _run(session: Session, statement: Statement, parameters: list[str], output: str) -> Outcome:
    session.objects.access.require(*athena_needs.of_statement(statement, session.database, output))
    tree = translate.with_parameters(statement.tree, parameters)
    match statement.kind:
        case Kind.SELECT:
            table = _select(session, tree)
            session.objects.put(output, results.csv(table))
            return Outcome(table=results.KeptTable(table))
        case Kind.UNLOAD:
            manifest = output.removesuffix(".csv") + "-manifest.csv"
            return Outcome(updated=unload.unload(session, statement, binding.select(session, _named(tree)), manifest), manifest=manifest)
        case Kind.CREATE_TABLE_AS:
            return Outcome(updated=definitions.create_table_as(session, tree, binding.select(session, tree.expression)))
        case Kind.OPTIMIZE:
            optimize.optimize(session, tree)
            return Outcome()
        case Kind.VACUUM:
            vacuum.vacuum(session, tree)
            return Outcome()
        case kind if kind in statements.DATA:
            return Outcome(updated=_change(session, kind, tree))
        case kind if kind in statements.UTILITY:
            lines = shows.show(session, statement)
        case _:
            definitions.define(session, statement)
            lines = []
    session.objects.put(output, "".join(f"{line}\n" for line in lines).encode())
    return Outcome(lines=tuple(lines))


def _select(session: Session, tree: exp.Expr) -> results.Table:
    data, described = session.arrow(binding.select(session, _named(tree)))
    columns = tuple(results.Column(name, results.athena_type(kind)) for name, kind in described)
    return results.Table(columns, data)


def _named(tree: exp.Expr) -> exp.Expr:
    """Trino calls a column without a name `_col0`, by its place."""
    first = tree
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    for place, item in enumerate(first.expressions if isinstance(first, exp.Select) else []):
        if not isinstance(item, exp.Alias | exp.Column | exp.Star):
            item.replace(exp.alias_(item.copy(), f"_col{place}", quoted=True))
    return tree


def _change(session: Session, kind: Kind, tree: exp.Expr) -> int:
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    place = catalog.located(session, target)
    found = catalog.table(session, *place)
    if views.is_view(found):
        raise StatementFailedError(f"NOT_SUPPORTED: line 1:1: {place[1]} is a view: its rows cannot be changed")
    if not catalog.is_iceberg(found):
        if kind is Kind.INSERT:
            raise UnsupportedError("INSERT into a table that is not Iceberg")
        raise StatementFailedError("NOT_SUPPORTED: Modifying Hive table rows is only supported for transactional tables")
    match tree:
        case exp.Insert():
            columns = [column.name for column in tree.this.expressions] if isinstance(tree.this, exp.Schema) else []
            return iceberg_write.insert(session, place, columns, binding.select(session, tree.expression))
        case exp.Delete():
            return iceberg_write.delete(session, place, tree)
        case exp.Update():
            return iceberg_write.update(session, place, tree)
        case exp.Merge():
            return iceberg_write.merge(session, place, tree)
    raise UnsupportedError(kind)
