"""Which tables a query reads, how often, and which of their partitions and columns: for saying before what it would cost.

What is not surely left unread counts as read. Of conditions those count that every row of a table has to meet, in the SELECT that names the table:
an outer SELECT's may be pushed down by Athena too, and are not seen. Columns go by name: one that is named anywhere in a text may be any table's.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, cast

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import Scope, build_scope

from regulars.domain.analysis.constants import Constant, constant
from regulars.domain.analysis.readable import table_named

Operator = Literal["in", ">=", "<="]

_OPERATORS: Final[Mapping[type[exp.Expr], Operator]] = {exp.EQ: "in", exp.GT: ">=", exp.GTE: ">=", exp.LT: "<=", exp.LTE: "<="}
"""Without what lies right on a border: a condition may keep too much."""
_MIRRORED: Final[Mapping[Operator, Operator]] = {"in": "in", ">=": "<=", "<=": ">="}


@dataclass(frozen=True)
class Condition:
    """`column` is one of `values`, or not before, or not after the first of them."""

    column: str
    operator: Operator
    values: tuple[Constant, ...]


@dataclass(frozen=True)
class Scan:
    """One reading of a table. `columns` are those that may be read, None means all of them; `obstacle` says why nobody can say what is read."""

    table: str
    columns: frozenset[str] | None
    conditions: tuple[Condition, ...] = ()
    obstacle: str = ""


ViewText = Callable[[str], str]
"""The SELECT of a view by its name; empty for what is a table."""


def scans(tree: exp.Query, view: ViewText, now: datetime) -> Iterator[Scan]:
    """Every reading. A common table expression that is named twice is read twice, a view is what it selects from, and `now` is in UTC, without a
    zone."""
    root = build_scope(tree.copy())
    if any(each.recursive for each in tree.find_all(exp.With)):
        yield Scan("", None, obstacle="it is recursive")
    elif root is not None:
        yield from _of_scope(root, _names(tree), view, now)


def _of_scope(scope: Scope, names: frozenset[str], view: ViewText, now: datetime) -> Iterator[Scan]:
    for alias, (_, source) in scope.selected_sources.items():
        if isinstance(source, exp.Table):
            yield from _of_table(source, alias, scope, names, view, now)
        else:
            yield from _of_scope(source, names, view, now)
    for below in (*scope.subquery_scopes, *scope.set_operation_scopes):
        yield from _of_scope(below, names, view, now)


def _of_table(source: exp.Table, alias: str, scope: Scope, names: frozenset[str], view: ViewText, now: datetime) -> Iterator[Scan]:
    name = source.name.lower()
    if source.args.get("version"):
        yield Scan(name, None, obstacle="it reads the table as it was before")
    elif table_named(name):
        yield Scan(name, None if _takes_all(scope.expression) else names, tuple(_conditions(alias, scope, now)))
    elif text := "" if "$" in name else view(name):
        yield from scans(cast(exp.Query, sqlglot.parse_one(text, read="trino")), view, now)
    else:
        yield Scan(name, None, obstacle="it is no table of data")


def _names(tree: exp.Query) -> frozenset[str]:
    return frozenset(each.name.lower() for each in tree.find_all(exp.Identifier))


def _takes_all(select: exp.Expr) -> bool:
    return isinstance(select, exp.Select) and any(
        isinstance(each, exp.Star) or (isinstance(each, exp.Column) and each.is_star) for each in select.expressions
    )


def _conditions(alias: str, scope: Scope, now: datetime) -> Iterator[Condition]:
    where = scope.expression.args.get("where")
    for part in _joined_by_and(where.this) if where else ():
        for condition, column in _compared(part, now):
            if column.table.lower() == alias.lower() or (not column.table and not _elsewhere(column.name.lower(), alias, scope)):
                yield condition


def _joined_by_and(condition: exp.Expr) -> Iterator[exp.Expr]:
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        yield from _joined_by_and(condition.this)
        yield from _joined_by_and(condition.expression)
    else:
        yield condition


def _elsewhere(name: str, alias: str, scope: Scope) -> bool:
    """Whether a column without a table's name may be another source's."""
    return any(_may_have(source, name) for other, (_, source) in scope.selected_sources.items() if other != alias)


def _may_have(source: exp.Table | Scope, name: str) -> bool:
    if isinstance(source, exp.Table):
        table = table_named(source.name.lower())
        return table is None or name in table.types
    unnested = source.expression.args.get("alias") if isinstance(source.expression, exp.Unnest) else None
    named = (
        [each.name for each in unnested.columns] if unnested else source.expression.named_selects if isinstance(source.expression, exp.Query) else []
    )
    return not named or "*" in named or name in (each.lower() for each in named)


def _compared(part: exp.Expr, now: datetime) -> Iterator[tuple[Condition, exp.Column]]:
    """A column with constants; BETWEEN is two."""
    if isinstance(part, exp.Between):
        yield from _compared(exp.GTE(this=part.this, expression=part.args["low"]), now)
        yield from _compared(exp.LTE(this=part.this, expression=part.args["high"]), now)
    elif isinstance(part, exp.In) and isinstance(part.this, exp.Column) and part.expressions:
        values = [constant(each, now) for each in part.expressions]
        if all(value is not None for value in values):
            yield Condition(part.this.name.lower(), "in", tuple(value for value in values if value is not None)), part.this
    elif type(part) in _OPERATORS:
        operator, column, other = _OPERATORS[type(part)], part.this, part.expression
        if isinstance(other, exp.Column):
            operator, column, other = _MIRRORED[operator], other, column
        value = constant(other, now)
        if isinstance(column, exp.Column) and value is not None:
            yield Condition(column.name.lower(), operator, (value,)), column
