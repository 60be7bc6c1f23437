"""What the FROM of a statement offers: which names are common table expressions, and which columns a source has."""

from collections.abc import Callable, Iterator
from typing import Final

from sqlglot import exp

from local.athena.errors import StatementFailedError

INFORMATION_SCHEMA: Final = "information_schema"
"""The database that is in no catalogue, because it is about it."""

TableColumns = Callable[[exp.Table], set[str] | None]
"""The columns of a stored table, in lower case; None where they are not known."""


def common(node: exp.Table) -> exp.CTE | None:
    """The WITH query that the name means here: one of an outer statement, or an earlier one of the same WITH."""
    if node.db:
        return None
    child: exp.Expr = node
    while child.parent is not None:
        parent = child.parent
        if isinstance(parent, exp.With):
            visible = parent.expressions[: parent.expressions.index(child)]
            child = parent.parent or parent  # its own statement's WITH is this one: go on above it
        else:
            having = parent.args.get("with_")
            visible = having.expressions if having else []
            child = parent
        for query in visible:
            if query.alias.lower() == node.name.lower():
                return query
    return None


def of(select: exp.Expr) -> list[exp.Expr]:
    """Everything that a SELECT reads from; the target of a DELETE or UPDATE."""
    if isinstance(select, exp.Select):
        first = select.args.get("from_")
        return [*([first.this] if first else []), *(join.this for join in select.args.get("joins") or [])]
    return [select.this]


class Columns:
    """Which columns a source has, as far as the statement and the catalogue tell."""

    def __init__(self, stored: TableColumns) -> None:
        self._stored = stored

    def has(self, source: exp.Expr, name: str) -> bool:
        """Whether the source has, or may have, a column of this name."""
        known = self._of(source)
        return known is None or name in known

    def _of(self, source: exp.Expr) -> set[str] | None:
        """None: not known."""
        alias = source.args.get("alias")
        if alias is not None and alias.args.get("columns"):
            return {column.name.lower() for column in alias.args["columns"]}
        if isinstance(source, exp.Table):
            query = common(source)
            return self._of(query) if query else self._stored(source)
        if isinstance(source, exp.CTE | exp.Subquery):
            return self._given(source.this)
        return None

    def _given(self, query: exp.Expr) -> set[str] | None:
        """The columns that a query gives."""
        while isinstance(query, exp.SetOperation | exp.Subquery):
            query = query.this
        if not isinstance(query, exp.Select):
            return None
        names: set[str] = set()
        for item in query.expressions:
            if item.find(exp.Star) and not item.find(exp.Func):
                for source in of(query):
                    more = self._of(source)
                    if more is None:
                        return None
                    names |= more
            names.add(item.alias_or_name.lower())
        return names


def refuse_aliases(tree: exp.Expr, columns: Columns) -> None:
    """DuckDB lets WHERE, GROUP BY, HAVING, ON and other output columns name an output column; Trino says COLUMN_NOT_FOUND."""
    for select in tree.find_all(exp.Select):
        aliases = {item.alias.lower() for item in select.expressions if isinstance(item, exp.Alias)}
        for column in _named(select):
            name = column.name.lower()
            if name in aliases and not any(columns.has(source, name) for source in _visible(select)):
                raise StatementFailedError(f"COLUMN_NOT_FOUND: line 1:1: Column '{column.name}' cannot be resolved")


def _named(select: exp.Select) -> Iterator[exp.Column]:
    """The columns without a table that a SELECT names itself, ORDER BY apart."""
    places = [select.args.get(key) for key in ("where", "group", "having")]
    for place in (*places, *select.args.get("joins", []), *select.expressions):
        for column in place.find_all(exp.Column) if place else []:
            if not column.table and column.parent_select is select:
                yield column


def _visible(select: exp.Select) -> Iterator[exp.Expr]:
    """Its own sources, then those of the statements whose conditions or output it stands in."""
    around: exp.Expr | None = select
    inside = False  # of the FROM or WITH of the next statement: its sources are not visible there
    while around is not None:
        if isinstance(around, exp.From | exp.Join | exp.With):
            inside = True
        elif isinstance(around, exp.Select | exp.Delete | exp.Update):
            yield from [] if inside else of(around)
            inside = False
        around = around.parent
