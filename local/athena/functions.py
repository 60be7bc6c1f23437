"""The Trino functions that this engine knows, and what each is in DuckDB. A function that is not in the table fails the query.

`translate` puts the arguments into DuckDB's words before it asks for the rendering of a call. Every entry has documented values, and where
pyvelox knows the function a second engine, to agree with in tests/local/athena/test_functions.py.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from local.athena.casts import call
from local.athena.errors import UnsupportedError

Rendering = Callable[[exp.Expression], exp.Expression]


@dataclass(frozen=True)
class Function:
    """`node` is the class that sqlglot parses the call to, or the name of a call that sqlglot has no class for."""

    name: str
    node: type[exp.Expression] | str
    render: Rendering


def _same(node: exp.Expression) -> exp.Expression:
    return node


def _as(name: str, *arguments: str) -> Rendering:
    """A call of a DuckDB function or macro with the named arguments of the node, those that are there."""

    def render(node: exp.Expression) -> exp.Expression:
        unknown = [key for key, value in node.args.items() if key not in arguments and isinstance(value, exp.Expression)]
        if unknown:
            raise UnsupportedError(f"{node.sql('trino')} with {', '.join(unknown)}")
        return call(name, *(node.args[key] for key in arguments if node.args.get(key) is not None))

    return render


def _named(name: str) -> Rendering:
    """The call of an unclassed function, under another name."""
    return lambda node: call(name, *node.expressions)


def _literal(node: exp.Expression | None, what: str) -> str:
    if not isinstance(node, exp.Literal) or not node.is_string:
        raise UnsupportedError(f"{what} that is not a literal")
    return node.name


def _null_if_any(node: exp.Expression) -> exp.Expression:
    """greatest and least are NULL when any argument is; DuckDB's skip NULLs."""
    values = [node.this, *node.expressions]
    absent = exp.or_(*(exp.Is(this=value.copy(), expression=exp.Null()) for value in values))
    name = "greatest" if isinstance(node, exp.Greatest) else "least"
    return exp.Case(ifs=[exp.If(this=absent, true=exp.Null())], default=call(name, *values))


def _concat(node: exp.Expression) -> exp.Expression:
    """NULL when any part is; DuckDB's concat skips NULLs, its `||` does not."""
    first, *rest = node.expressions
    joined = exp.paren(first)
    for part in rest:
        joined = exp.DPipe(this=joined, expression=exp.paren(part))
    return exp.paren(joined)


def _date_diff(node: exp.Expression) -> exp.Expression:
    """Complete units, which is DuckDB's date_sub; its date_diff counts boundaries."""
    return call("date_sub", exp.Literal.string(node.text("unit").lower()), node.expression, node.this)


def date_kept(node: exp.Expression) -> exp.Expression:
    """date_add and date_trunc of a DATE are a DATE; DuckDB makes a TIMESTAMP of it."""
    if node.meta.get("is_date"):
        return exp.cast(node, "date")
    if not node.meta.get("is_timestamp"):
        node.set("this", call("trino_moment", node.this))
    return node


_FORMAT_PARTS = frozenset("YmdHMSjyIpbBaA%") | {"-d", "-m", "-H", "-I"}


def _format(node: exp.Expression, extra: str = "") -> str:
    """sqlglot has turned MySQL's letters into strftime's; those that DuckDB writes otherwise are refused."""
    text = _literal(node.args.get("format"), "a date format")
    for part in re.findall(r"%(-?.)", text):
        if part not in _FORMAT_PARTS and part not in extra:
            raise UnsupportedError(f"%{part} in a date format")
    return text


def _date_format(node: exp.Expression) -> exp.Expression:
    # Trino prints six digits of which the last three are zero (DateTimeFunctions.dateFormat works in milliseconds).
    return call("strftime", node.this, exp.Literal.string(_format(node, "f").replace("%f", "%g000")))


def _date_parse(node: exp.Expression) -> exp.Expression:
    return call("strptime", node.this, exp.Literal.string(_format(node)))


_EXTRACTABLE = frozenset({"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"})


def _extract(node: exp.Expression) -> exp.Expression:
    if node.name.upper() not in _EXTRACTABLE:
        raise UnsupportedError(f"EXTRACT({node.name})")
    return node


def _at_timezone(node: exp.Expression) -> exp.Expression:
    """The wall clock there. `translate` allows it only where a wall clock is what Trino takes from it."""
    moment, zone = (node.this, node.args["zone"]) if isinstance(node, exp.AtTimeZone) else node.expressions
    return call("timezone", zone, exp.cast(moment, "timestamptz"))


def _with_timezone(node: exp.Expression) -> exp.Expression:
    moment, zone = node.expressions
    return call("timezone", zone, exp.cast(moment, "timestamp"))


def json_path(node: exp.Expression | None) -> exp.Expression:
    """`$["a b"][0].c` as DuckDB's path `$."a b"[0]."c"`, or as a JSON pointer where a key holds what DuckDB can't quote."""
    if not isinstance(node, exp.JSONPath):
        raise UnsupportedError("a JSON path that is not a literal")
    steps: list[str | int] = []
    for part in node.expressions:
        if isinstance(part, exp.JSONPathRoot):
            continue
        step = part.this if isinstance(part, exp.JSONPathKey | exp.JSONPathSubscript) else None
        if not isinstance(step, str | int):
            raise UnsupportedError(f"the JSON path {node.sql('trino')}: only keys and indexes")
        steps.append(step)
    if any(isinstance(step, str) and re.search(r'["\\*]', step) for step in steps):
        return exp.Literal.string("".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps))
    return exp.Literal.string("$" + "".join(f"[{step}]" if isinstance(step, int) else f'."{step}"' for step in steps))


def _json_extract_scalar(node: exp.Expression) -> exp.Expression:
    # What is cast to a number at once needs no care for how it was spelled.
    name = "trino_json_value" if node.meta.get("as_number") else "trino_json_extract_scalar"
    return call(name, node.this, json_path(node.expression))


def _json_extract(node: exp.Expression) -> exp.Expression:
    return call("trino_json_extract", node.this, json_path(node.expression))


def _regexp_replace(node: exp.Expression) -> exp.Expression:
    replacement = _literal(node.args.get("replacement") or exp.Literal.string(""), "a replacement")
    if re.search(r"[$\\]", replacement):
        raise UnsupportedError("groups in the replacement of regexp_replace")
    return call("regexp_replace", node.this, node.expression, exp.Literal.string(replacement), exp.Literal.string("g"))


def _regexp_extract(node: exp.Expression) -> exp.Expression:
    return call("trino_regexp_extract", node.this, node.expression, node.args.get("group") or exp.Literal.number(0))


def _substr(node: exp.Expression) -> exp.Expression:
    length = node.args.get("length")
    if length is None:
        return call("trino_substr", node.this, node.args["start"])
    return call("trino_substr_length", node.this, node.args["start"], length)


def _count_if(node: exp.Expression) -> exp.Expression:
    """0 over no rows, where DuckDB's count_if is NULL."""
    return exp.Count(this=exp.Case(ifs=[exp.If(this=node.this, true=exp.Literal.number(1))]))


def _map_agg(node: exp.Expression) -> exp.Expression:
    key, value = node.expressions
    entry = exp.Struct(expressions=[exp.PropertyEQ(this=exp.to_identifier(n), expression=e) for n, e in (("k", key), ("v", value))])
    known = exp.Not(this=exp.Is(this=key.copy(), expression=exp.Null()))
    entries = call("list", exp.Case(ifs=[exp.If(this=known, true=entry)]))
    rendered = call("trino_map_agg", entries)
    rendered.meta["aggregate"] = entries
    return rendered


def _match(macro: str, *, negated: bool = False) -> Rendering:
    def render(node: exp.Expression) -> exp.Expression:
        answers = call(macro, call("list_transform", *node.expressions))
        return exp.Not(this=answers) if negated else answers

    return render


def _element_at(node: exp.Expression) -> exp.Expression:
    if not node.args.get("safe"):
        raise UnsupportedError("a subscript: Trino fails where there is no such element, use element_at")
    return node


def _row(node: exp.Expression) -> exp.Expression:
    return call("row", *(item.expression if isinstance(item, exp.PropertyEQ) else item for item in node.expressions))


def _hash(node: exp.Expression) -> exp.Expression:
    if node.args.get("length") is not None and node.args["length"].name != "256":
        raise UnsupportedError(node.sql("trino"))
    return node


def _plain_trim(node: exp.Expression) -> exp.Expression:
    if node.expression or node.args.get("position"):
        raise UnsupportedError("trim with a side or characters")
    return call("trino_trim", node.this)


TABLE: tuple[Function, ...] = (
    Function("coalesce", exp.Coalesce, _same),
    Function("nullif", exp.Nullif, _same),
    Function("if", exp.If, _same),
    Function("greatest", exp.Greatest, _null_if_any),
    Function("least", exp.Least, _null_if_any),
    # text
    Function("concat", exp.Concat, _concat),
    Function("length", exp.Length, _as("length", "this")),
    Function("lower", exp.Lower, _same),
    Function("upper", exp.Upper, _same),
    Function("trim", exp.Trim, _plain_trim),
    Function("replace", exp.Replace, _same),
    Function("split", exp.Split, _as("string_split", "this", "expression")),
    Function("split_part", exp.SplitPart, _as("trino_split_part", "this", "delimiter", "part_index")),
    Function("starts_with", exp.StartsWith, _same),
    Function("strpos", exp.StrPosition, _as("strpos", "this", "substr")),
    Function("substr", exp.Substring, _substr),
    Function("regexp_like", exp.RegexpLike, _as("regexp_matches", "this", "expression")),
    Function("regexp_extract", exp.RegexpExtract, _regexp_extract),
    Function("regexp_replace", exp.RegexpReplace, _regexp_replace),
    # binary
    Function("to_utf8", exp.Encode, _as("encode", "this")),
    Function("from_utf8", exp.Decode, _as("decode", "this")),
    Function("to_hex", exp.Hex, _same),
    Function("from_hex", exp.Unhex, _same),
    Function("sha256", exp.SHA2Digest, _hash),
    Function("md5", exp.MD5Digest, _same),
    Function("from_base", exp.FromBase, _as("trino_from_base", "this", "expression")),
    # numbers
    Function("abs", exp.Abs, _same),
    Function("ceil", exp.Ceil, _as("ceil", "this")),
    Function("exp", exp.Exp, _same),
    Function("floor", exp.Floor, _as("floor", "this")),
    Function("ln", exp.Ln, _same),
    Function("power", exp.Pow, _same),
    Function("round", exp.Round, _as("round", "this", "decimals")),
    Function("sign", exp.Sign, _same),
    Function("sqrt", exp.Sqrt, _same),
    # time
    Function("current_date", exp.CurrentDate, _same),
    Function("current_timestamp", exp.CurrentTimestamp, _same),
    Function("date", exp.Date, _as("trino_date", "this")),
    Function("date_add", exp.DateAdd, date_kept),
    Function("date_diff", exp.DateDiff, _date_diff),
    Function("date_trunc", exp.TimestampTrunc, date_kept),
    Function("date_format", exp.TimeToStr, _date_format),
    Function("date_parse", exp.StrToTime, _date_parse),
    Function("extract", exp.Extract, _extract),
    Function("year", exp.Year, _same),
    Function("quarter", exp.Quarter, _same),
    Function("month", exp.Month, _same),
    Function("week", exp.WeekOfYear, _same),
    Function("day", exp.Day, _same),
    Function("day_of_week", exp.DayOfWeekIso, _same),
    Function("day_of_year", exp.DayOfYear, _same),
    Function("hour", exp.Hour, _same),
    Function("minute", exp.Minute, _same),
    Function("second", exp.Second, _same),
    Function("from_unixtime", exp.UnixToTime, _as("to_timestamp", "this")),
    Function("to_unixtime", exp.TimeToUnix, _same),
    Function("from_iso8601_timestamp", exp.FromISO8601Timestamp, _as("trino_iso_timestamp", "this")),
    Function("at_timezone", "AT_TIMEZONE", _at_timezone),
    Function("AT TIME ZONE", exp.AtTimeZone, _at_timezone),
    Function("with_timezone", "WITH_TIMEZONE", _with_timezone),
    # JSON
    Function("json_extract_scalar", exp.JSONExtractScalar, _json_extract_scalar),
    Function("json_extract", exp.JSONExtract, _json_extract),
    Function("json_parse", exp.ParseJSON, _as("trino_json_parse", "this")),
    Function("json_format", exp.JSONFormat, _as("trino_json_format", "this")),
    Function("json_array_length", "JSON_ARRAY_LENGTH", _named("trino_json_array_length")),
    # arrays, maps and rows
    Function("array", exp.Array, _same),
    Function("row", exp.Struct, _row),
    Function("map", exp.Map, _same),
    Function("cardinality", exp.ArraySize, _as("len", "this")),
    Function("contains", exp.ArrayContains, _as("trino_contains", "this", "expression")),
    Function("element_at", exp.Bracket, _element_at),
    Function("transform", exp.Transform, _as("list_transform", "this", "expression")),
    Function("filter", exp.ArrayFilter, _as("list_filter", "this", "expression")),
    Function("any_match", "ANY_MATCH", _match("trino_any")),
    Function("all_match", "ALL_MATCH", _match("trino_all")),
    Function("none_match", "NONE_MATCH", _match("trino_any", negated=True)),
    Function("map_keys", exp.MapKeys, _same),
    Function("map_values", "MAP_VALUES", _named("map_values")),
    Function("map_concat", "MAP_CONCAT", _named("map_concat")),
    # aggregates
    Function("count", exp.Count, _same),
    Function("count_if", exp.CountIf, _count_if),
    Function("sum", exp.Sum, _same),
    Function("avg", exp.Avg, _same),
    Function("min", exp.Min, _as("min", "this")),
    Function("max", exp.Max, _as("max", "this")),
    Function("max_by", exp.ArgMax, _as("arg_max_null", "this", "expression")),
    Function("min_by", exp.ArgMin, _as("arg_min_null", "this", "expression")),
    Function("array_agg", exp.ArrayAgg, _same),
    Function("map_agg", "MAP_AGG", _map_agg),
    Function("bool_or", exp.LogicalOr, _same),
    Function("bool_and", exp.LogicalAnd, _same),
    Function("arbitrary", exp.AnyValue, _same),
    Function("stddev", exp.Stddev, _same),
    Function("stddev_samp", exp.StddevSamp, _same),
    Function("stddev_pop", exp.StddevPop, _same),
    Function("var_samp", exp.Variance, _same),
    Function("var_pop", exp.VariancePop, _same),
    # windows
    Function("row_number", exp.RowNumber, _same),
    Function("rank", exp.Rank, _same),
    Function("dense_rank", exp.DenseRank, _same),
    Function("ntile", exp.Ntile, _same),
    Function("lag", exp.Lag, _same),
    Function("lead", exp.Lead, _same),
    Function("first_value", exp.FirstValue, _same),
    Function("last_value", exp.LastValue, _same),
)

BY_NODE: dict[type[exp.Expression] | str, Function] = {function.node: function for function in TABLE}


def find(node: exp.Expression) -> Function | None:
    """The entry of a call, whose class must be exactly the entry's."""
    return BY_NODE.get(node.name.upper() if type(node) is exp.Anonymous else type(node))
