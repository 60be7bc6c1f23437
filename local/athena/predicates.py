"""What the WHERE of a statement says about one of its tables: for pruning partitions and files before anything is read.

Only conditions that every row must meet are used (the conjuncts of the table's own SELECT), and DuckDB applies them all again: pruning
may keep too much, never too little. A condition in an outer SELECT is not seen, although Athena may push it down.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlglot import exp

from local.athena import sources

Value = str | int | float | datetime | date
Operator = Literal["=", "<", "<=", ">", ">="]

_OPERATORS: dict[type[exp.Expr], Operator] = {exp.EQ: "=", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
_MIRRORED: dict[Operator, Operator] = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

HasColumn = Callable[[exp.Expr, str], bool]
"""Could this source of the SELECT have a column of this name?"""


@dataclass(frozen=True)
class Comparison:
    """`column operator value`; `=` may have several values (IN)."""

    column: str
    operator: Operator
    values: tuple[Value, ...]


def conjuncts(node: exp.Table, has_column: HasColumn) -> list[exp.Expr]:
    """The conditions that every row of this table must meet, in terms of its columns alone."""
    holder, read = _holder(node)
    where = holder.args.get("where") if holder else None
    if where is None:
        return []
    others = [source for source in read if source is not node]
    return [part for part in joined_by_and(where.this) if _is_about(part, node, others, has_column)]


def _holder(node: exp.Table) -> tuple[exp.Expr | None, list[exp.Expr]]:
    """The SELECT, DELETE or UPDATE whose FROM, JOIN or target this is, and everything it reads from."""
    parent = node.parent
    holder = parent.parent if isinstance(parent, exp.From | exp.Join) else parent
    if not isinstance(holder, exp.Select | exp.Delete | exp.Update):
        return None, []
    return holder, sources.of(holder)


def joined_by_and(condition: exp.Expr) -> Iterator[exp.Expr]:
    """What is joined by AND, however deep in parentheses."""
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        yield from joined_by_and(condition.this)
        yield from joined_by_and(condition.expression)
    else:
        yield condition


def _is_about(part: exp.Expr, node: exp.Table, others: list[exp.Expr], has_column: HasColumn) -> bool:
    if part.find(exp.Query, exp.AggFunc, exp.Window):
        return False
    found = list(part.find_all(exp.Column))
    return bool(found) and all(_belongs(column, node, others, has_column) for column in found)


def _belongs(column: exp.Column, node: exp.Table, others: list[exp.Expr], has_column: HasColumn) -> bool:
    name = column.name.lower()
    if column.table:
        return column.table.lower() == node.alias_or_name.lower() and has_column(node, name)
    return has_column(node, name) and not any(has_column(other, name) for other in others)


def comparisons(parts: list[exp.Expr]) -> Iterator[Comparison]:
    """Those of the conjuncts that compare one column with constants."""
    for part in parts:
        if isinstance(part, exp.Between):
            low, high = _value(part.args["low"]), _value(part.args["high"])
            if isinstance(part.this, exp.Column) and low is not None and high is not None:
                yield Comparison(part.this.name.lower(), ">=", (low,))
                yield Comparison(part.this.name.lower(), "<=", (high,))
        elif isinstance(part, exp.In) and isinstance(part.this, exp.Column):
            values = [_value(item) for item in part.expressions]
            if values and all(value is not None for value in values):
                yield Comparison(part.this.name.lower(), "=", tuple(value for value in values if value is not None))
        elif type(part) in _OPERATORS:
            yield from _compared(part)


def _compared(part: exp.Expr) -> Iterator[Comparison]:
    operator, left, right = _OPERATORS[type(part)], part.this, part.expression
    if isinstance(right, exp.Column):
        operator, left, right = _MIRRORED[operator], right, left
    value = _value(right)
    if isinstance(left, exp.Column) and value is not None:
        yield Comparison(left.name.lower(), operator, (value,))


def _value(node: exp.Expr) -> Value | None:
    """The constant, or None for what is none."""
    node = node.unnest()
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal):
        value = _value(node.this)
        return -value if isinstance(value, int | float) else None
    if isinstance(node, exp.Literal):
        if node.is_string:
            return node.name
        return int(node.name) if node.name.isdigit() else float(node.name)
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal) and node.this.is_string:
        return _moment(node.this.name, node.to.this)
    return None


def _moment(text: str, kind: exp.DType) -> Value | None:
    try:
        if kind == exp.DataType.Type.TIMESTAMP:
            return datetime.fromisoformat(text)
        return date.fromisoformat(text) if kind == exp.DataType.Type.DATE else None
    except ValueError:
        return None
