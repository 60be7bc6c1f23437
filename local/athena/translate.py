"""Trino's SQL as DuckDB's: every node of the tree must be known here or in `functions`, and is then put into DuckDB's words.

sqlglot parses and prints; what it would translate into something that answers otherwise is corrected on the way. A node that nobody
vouches for fails the query with EMULATOR_UNSUPPORTED.
"""

import re

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.errors import UnsupportedError as NotTranslatableError

from local.athena import casts, functions, renderings
from local.athena.errors import StatementFailedError, UnsupportedError

# fmt: off
SYNTAX: frozenset[type[exp.Expr]] = frozenset({
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Offset, exp.Fetch, exp.Distinct,
    exp.With, exp.CTE, exp.Subquery, exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Values, exp.Tuple,
    exp.Union, exp.Intersect, exp.Except, exp.Unnest, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Interval, exp.Var,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.DPipe, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ,
    exp.NullSafeNEQ, exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Like, exp.Escape, exp.Exists, exp.Case, exp.Filter, exp.Window,
    exp.WindowSpec, exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam, exp.Lambda, exp.PropertyEQ, exp.Version,
    exp.JSONPath, exp.JSONPathRoot, exp.JSONPathKey, exp.JSONPathSubscript,
    exp.Delete, exp.Update, exp.Merge, exp.Whens, exp.When, exp.Insert, exp.Schema,
})
# fmt: on

_MIXED = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.In, exp.Between,
    exp.Coalesce, exp.If, exp.Case, exp.Nullif, exp.Greatest, exp.Least, exp.Tuple,
)  # fmt: skip
"""Where DuckDB would quietly turn a text literal into the other side's type, and Trino says TYPE_MISMATCH."""

_CLOCK_READERS = (
    exp.Year, exp.Quarter, exp.Month, exp.WeekOfYear, exp.Day, exp.DayOfWeekIso, exp.DayOfYear, exp.Hour, exp.Minute, exp.Second,
    exp.Extract, exp.TimeToStr, exp.Date, exp.Cast,
)  # fmt: skip
_INSTANT_READERS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.DateDiff, exp.TimeToUnix, exp.AtTimeZone)


def parsed(text: str) -> exp.Expr:
    """Raises StatementFailedError (SYNTAX_ERROR); `text` is one statement in Athena's dialect."""
    try:
        return sqlglot.parse_one(text, read="athena")
    except SqlglotError as error:
        first = (getattr(error, "errors", None) or [{}])[0]
        where = f"line {first.get('line', 1)}:{first.get('col', 1)}"
        raise StatementFailedError(f"SYNTAX_ERROR: {where}: mismatched input '{first.get('highlight', '')}'") from error


def with_parameters(tree: exp.Expr, parameters: list[str]) -> exp.Expr:
    """Each `?` becomes the SQL text of its parameter: https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html"""
    places = [node for node in tree.find_all(exp.Placeholder, bfs=False) if not node.this]
    if len(places) != len(parameters):
        counts = f"expected {len(places)} but found {len(parameters)}"
        raise StatementFailedError(f"INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: {counts}")
    for place, text in zip(places, parameters, strict=True):
        place.replace(parsed(text))
    return tree


def to_duckdb(tree: exp.Expr) -> str:
    """The DuckDB text of a tree, which is used up. Raises UnsupportedError."""
    return text(translated(tree))


def translated(tree: exp.Expr) -> exp.Expr:
    """The tree in DuckDB's words. Raises UnsupportedError."""
    _check(tree)
    return _rewritten(tree)


def probe(tree: exp.Expr) -> str:
    """A statement that DuckDB can bind only if Trino would compare the same things as the translated tree.

    DuckDB takes `=` between text and numbers and casts the text, Trino says TYPE_MISMATCH; with `<` DuckDB refuses as well.
    """
    strict = tree.copy()
    for node in list(strict.find_all(exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.In)):
        if isinstance(node, exp.In):
            if node.expressions:
                node.replace(exp.paren(exp.or_(*(exp.LT(this=node.this.copy(), expression=item.copy()) for item in node.expressions))))
        elif not isinstance(node.expression, exp.Any | exp.All):
            node.replace(exp.LT(this=node.this, expression=node.expression))
    return text(strict, copy=False)


def text(tree: exp.Expr, *, copy: bool = True) -> str:
    """The DuckDB text of a translated tree; without a `copy` it is used up."""
    try:
        return tree.sql("duckdb", copy=copy, unsupported_level=ErrorLevel.RAISE, normalize_functions=False)
    except NotTranslatableError as error:
        raise UnsupportedError(str(error)) from error


def _check(tree: exp.Expr) -> None:
    """Refuses what is not known, and marks what its parent must know about it before it is rewritten."""
    for node in tree.dfs():
        if type(node) not in SYNTAX and functions.find(node) is None:
            shown = node.name if isinstance(node, exp.Anonymous) else type(node).__name__
            raise UnsupportedError(f"{shown} in {_shown(node)}")
        _check_clock(node)
        _check_number(node)
        if isinstance(node, exp.Cast):
            _mark_cast(node)
        elif isinstance(node, exp.DateAdd | exp.TimestampTrunc | exp.DateTrunc | exp.Add | exp.Sub):
            node.meta["is_date"] = is_date(node.this)
            node.meta["is_timestamp"] = _is_timestamp(node.this)


def _shown(node: exp.Expr) -> str:
    try:
        return node.sql("trino")[:120]
    except ValueError:  # sqlglot prints no `..` of a JSON path
        return "the statement"


def _mark_cast(node: exp.Cast) -> None:
    inner = node.this
    if isinstance(inner, exp.JSONExtractScalar) and node.to.this in casts.NUMBERS:
        inner.meta["as_number"] = True
    if isinstance(inner, exp.Cast) and inner.to.this == exp.DataType.Type.TIMESTAMP:
        node.meta["precision"] = casts.precision(inner.to)


def _check_clock(node: exp.Expr) -> None:
    """A moment with a zone other than UTC has no home in DuckDB: it may only be read at once."""
    name = node.name.upper() if isinstance(node, exp.Anonymous) else ""
    if isinstance(node, exp.AtTimeZone) or name == "AT_TIMEZONE":
        reader = _reader(node)
        if isinstance(reader, exp.TimestampTrunc):
            reader = _reader(reader)
        if not isinstance(reader, _CLOCK_READERS):
            raise UnsupportedError("AT TIME ZONE that is not read at once, as in hour(x AT TIME ZONE z) or CAST(x AT TIME ZONE z AS DATE)")
    elif name == "WITH_TIMEZONE":
        reader = _reader(node)
        to_zone = isinstance(reader, exp.Anonymous) and reader.name.upper() == "AT_TIMEZONE"
        if not to_zone and not isinstance(reader, _INSTANT_READERS):
            raise UnsupportedError("with_timezone that is not compared or counted at once")


def _reader(node: exp.Expr) -> exp.Expr | None:
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    return parent


def _check_number(node: exp.Expr) -> None:
    if isinstance(node, exp.Div):
        for side in (node.this, node.expression):
            if isinstance(side, exp.Literal) and not side.is_string and re.fullmatch(r"\d*\.\d*", side.name):
                raise UnsupportedError(f"a division by or of the DECIMAL {side.name}: write {side.name}e0")


def is_date(node: exp.Expr) -> bool:
    """Known to be a DATE from its form alone."""
    if isinstance(node, exp.Paren | exp.DateAdd | exp.TimestampTrunc | exp.DateTrunc | exp.Add | exp.Sub):
        return is_date(node.this)
    return isinstance(node, exp.Date | exp.CurrentDate) or (isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.DATE)


def _is_timestamp(node: exp.Expr) -> bool:
    kinds = (exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPTZ)
    return isinstance(node, exp.CurrentTimestamp) or (isinstance(node, exp.Cast) and node.to.this in kinds)


def _rewritten(tree: exp.Expr) -> exp.Expr:
    """Children before parents, so that a rendering finds its arguments in DuckDB's words."""
    for node in reversed(list(tree.dfs())):
        new = _rewrite(node)
        if new is not node:
            if node is tree:
                tree = new
            else:
                node.replace(new)
    return tree


def _rewrite(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Cast):  # TryCast is one
        return casts.cast(node)
    if isinstance(node, exp.Literal):
        return exp.cast(node.copy(), "text") if node.is_string and isinstance(node.parent, _MIXED) else node
    if isinstance(node, exp.Add | exp.Sub) and isinstance(node.expression, exp.Interval):
        return renderings.date_kept(node)
    if isinstance(node, exp.Filter) and "aggregate" in node.this.meta:
        return _filtered_inside(node)
    if isinstance(node, exp.Unnest):
        return _unnest(node)
    function = functions.find(node)
    return function.render(node) if function else node


def _filtered_inside(node: exp.Filter) -> exp.Expr:
    """FILTER belongs to the aggregate that the rendering has wrapped up."""
    outer = node.this
    aggregate = outer.meta["aggregate"]
    aggregate.replace(exp.Filter(this=aggregate.copy(), expression=node.expression))
    return outer


def _unnest(node: exp.Unnest) -> exp.Expr:
    """UNNEST of a map gives two columns; DuckDB unnests its keys and its values side by side."""
    alias = node.args.get("alias")
    columns = list(alias.columns) if alias else []
    if len(node.expressions) != 1:
        raise UnsupportedError("UNNEST of several arrays")
    if node.args.get("offset") or len(columns) < 2:
        return node
    source = node.expressions[0]
    sides = [casts.call("unnest", casts.call(name, source.copy())) for name in ("map_keys", "map_values")]
    return exp.Lateral(this=exp.Subquery(this=exp.select(*sides)), alias=alias)
