"""CAST and TRY_CAST from Trino's meaning to DuckDB's. Types that are not named here are refused."""

import re
from datetime import datetime

from sqlglot import exp

from local.athena.errors import UnsupportedError

T = exp.DataType.Type

_SCALARS = {
    T.TINYINT: "tinyint",
    T.SMALLINT: "smallint",
    T.INT: "integer",
    T.BIGINT: "bigint",
    T.DOUBLE: "double",
    T.FLOAT: "float",
    T.BOOLEAN: "boolean",
    T.DATE: "date",
}
NUMBERS = frozenset({T.TINYINT, T.SMALLINT, T.INT, T.BIGINT, T.DOUBLE, T.FLOAT})
_OF_TEXTS = {T.BIGINT: "trino_text_bigint", T.DOUBLE: "trino_text_double", T.TIMESTAMP: "trino_text_timestamp", T.DATE: "trino_text_date"}
"""What TRY_CAST of a text is, by what it is cast to."""
_TEXTS = frozenset({"trino_regexp_extract", "trino_substr_length", "trino_substr", "substring"})
_DEFAULT_PRECISION = 3
"""https://trino.io/docs/422/language/types.html#timestamp"""
_FINEST_PRECISION = 6
"""DuckDB keeps microseconds, and so does Iceberg."""


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def cast(node: exp.Cast) -> exp.Expr:
    """What a Cast or TryCast, its operand translated already, is in DuckDB."""
    kind, operand, attempt = node.to.this, node.this, isinstance(node, exp.TryCast)
    if kind in _SCALARS:
        if kind == T.DATE and _plain_date(operand):
            return node
        if attempt and kind in _OF_TEXTS and _is_text(operand):
            return call(_OF_TEXTS[kind], operand)
        return call(f"trino_{'try_' if attempt else ''}{_SCALARS[kind]}", operand)
    if kind in (T.VARCHAR, T.TEXT):
        return _varchar(node)
    if kind == T.TIMESTAMP:
        return _timestamp(node)
    if kind == T.TIMESTAMPTZ:
        return _zoned(node)
    if kind == T.ARRAY and node.to.expressions[0].this == T.JSON and attempt:
        return call("trino_try_json_array", operand)
    if attempt:
        raise UnsupportedError(f"TRY_CAST to {node.to.sql('trino')}")
    if kind == T.JSON:
        return call("trino_to_json", operand)
    return _nested(node)


def precision(kind: exp.DataType) -> int:
    """Digits of the second of a TIMESTAMP type."""
    given = kind.expressions
    return int(given[0].name) if given else _DEFAULT_PRECISION


def _is_text(operand: exp.Expr) -> bool:
    """Known from its form alone, translated already."""
    return isinstance(operand, exp.Replace) or (isinstance(operand, exp.Anonymous) and operand.name in _TEXTS)


def _plain_date(operand: exp.Expr) -> bool:
    return isinstance(operand, exp.Literal) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", operand.name)) and _exists(operand.name)


def _exists(written: str) -> bool:
    try:
        datetime.fromisoformat(written)
    except ValueError:
        return False
    return True


def _varchar(node: exp.Cast) -> exp.Expr:
    operand, length = node.this, node.to.expressions
    if isinstance(operand, exp.Literal) and operand.is_string:
        text: exp.Expr = exp.cast(operand, "text")
    elif node.meta.get("precision") is not None:
        text = _moment_text(operand, node.meta["precision"])
    elif isinstance(operand, exp.Anonymous) and operand.name == _OF_TEXTS[T.DATE]:
        text = exp.cast(operand, "text")
    else:
        text = call("trino_varchar", operand)
    return call("substring", text, exp.Literal.number(1), length[0].this) if length else text


def _moment_text(operand: exp.Expr, digits: int) -> exp.Expr:
    shown = call("strftime", operand, exp.Literal.string("%Y-%m-%d %H:%M:%S.%f"))
    dropped = _FINEST_PRECISION - digits if digits else _FINEST_PRECISION + 1
    return call("left", shown, exp.Literal.number(26 - dropped))


def _timestamp(node: exp.Cast) -> exp.Expr:
    digits, operand = precision(node.to), node.this
    if digits > _FINEST_PRECISION:
        raise UnsupportedError(f"TIMESTAMP({digits}): nothing here is finer than a microsecond")
    if isinstance(operand, exp.Literal):
        written = re.fullmatch(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d(?:\.(\d+))?)?)?", operand.name)
        if written and len(written[1] or "") <= digits and _exists(operand.name.split(".")[0]):
            # A constant that DuckDB can compare with the statistics of a Parquet file.
            return exp.cast(operand, "timestamp")
    attempt = _OF_TEXTS[T.TIMESTAMP] if _is_text(operand) else "trino_try_timestamp"
    value = call(attempt if isinstance(node, exp.TryCast) else "trino_timestamp", operand)
    if digits == _FINEST_PRECISION:
        return value
    return call("trino_rounded", value, exp.Literal.number(10 ** (_FINEST_PRECISION - digits)))


def _zoned(node: exp.Cast) -> exp.Expr:
    """`TIMESTAMP '2024-01-01 00:00:00 UTC'`, and a TIMESTAMP taken as UTC; other zones would be lost."""
    operand = node.this
    if not isinstance(operand, exp.Literal):
        return exp.Cast(this=call("trino_timestamp", operand), to=exp.DataType.build("timestamptz"))
    written = re.fullmatch(r"(\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?) (?:UTC|Z|\+00:00)", operand.name)
    if not written:
        raise UnsupportedError(f"the moment {operand.name!r}: only UTC")
    return exp.Cast(this=exp.Literal.string(f"{written[1]}+00"), to=exp.DataType.build("timestamptz"))


def _nested(node: exp.Cast) -> exp.Expr:
    kind, inner = node.to, node.to.expressions
    if kind.this == T.MAP and [t.this for t in inner] in ([T.VARCHAR, T.JSON], [T.TEXT, T.JSON]):
        text = node.this.expressions[0] if node.this.name == "trino_json_parse" else node.this  # json_parse only sorts it first
        return call("trino_json_map", text)
    if kind.this == T.ARRAY and inner[0].this == T.JSON:
        return exp.Cast(this=node.this, to=exp.DataType.build("JSON[]", dialect="duckdb"))
    if kind.this == T.ARRAY and inner[0].this in (*_SCALARS, T.VARCHAR, T.TEXT):
        element = exp.Cast(this=exp.column("element"), to=inner[0])
        values = exp.Cast(this=node.this, to=exp.DataType.build("JSON[]", dialect="duckdb"))
        return call("list_transform", values, exp.Lambda(this=cast(element), expressions=[exp.to_identifier("element")]))
    raise UnsupportedError(f"CAST to {kind.sql('trino')}")
