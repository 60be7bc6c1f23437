"""The Trino functions that this engine knows, and what each is in DuckDB. A function that is not in the table fails the query.

`translate` puts the arguments into DuckDB's words before it asks for the rendering of a call. Every entry has documented values, and where
pyvelox knows the function a second engine, to agree with in tests/local/athena/test_functions.py.
"""

from dataclasses import dataclass

from sqlglot import exp

from local.athena import renderings as to
from local.athena.casts import call


@dataclass(frozen=True)
class Function:
    """`node` is the class that sqlglot parses the call to, or the name of a call that sqlglot has no class for."""

    name: str
    node: type[exp.Expr] | str
    render: to.Rendering


TABLE: tuple[Function, ...] = (
    Function("coalesce", exp.Coalesce, to.same),
    Function("nullif", exp.Nullif, to.same),
    Function("if", exp.If, to.same),
    Function("greatest", exp.Greatest, to.null_if_any),
    Function("least", exp.Least, to.null_if_any),
    # text
    Function("concat", exp.Concat, to.concat),
    Function("length", exp.Length, to.renamed("length", "this")),
    Function("lower", exp.Lower, to.same),
    Function("upper", exp.Upper, to.same),
    Function("trim", exp.Trim, to.trim),
    Function("replace", exp.Replace, to.same),
    Function("split", exp.Split, to.renamed("string_split", "this", "expression")),
    Function("split_part", exp.SplitPart, to.renamed("trino_split_part", "this", "delimiter", "part_index")),
    Function("starts_with", exp.StartsWith, to.same),
    Function("strpos", exp.StrPosition, to.renamed("strpos", "this", "substr")),
    Function("substr", exp.Substring, to.substr),
    Function("lpad", exp.Pad, to.pad),
    Function("rpad", exp.Pad, to.pad),
    Function("regexp_like", exp.RegexpLike, to.renamed("regexp_matches", "this", "expression")),
    Function("regexp_extract", exp.RegexpExtract, to.regexp_extract),
    Function("regexp_replace", exp.RegexpReplace, to.regexp_replace),
    # binary
    Function("to_utf8", exp.Encode, lambda node: call("encode", node.this)),
    Function("from_utf8", exp.Decode, lambda node: call("decode", node.this)),
    Function("to_hex", exp.Hex, to.same),
    Function("from_hex", exp.Unhex, to.same),
    Function("sha256", exp.SHA2Digest, to.sha256),
    Function("md5", exp.MD5Digest, to.same),
    Function("from_base", exp.FromBase, to.renamed("trino_from_base", "this", "expression")),
    # numbers
    Function("abs", exp.Abs, to.same),
    Function("ceil", exp.Ceil, to.renamed("ceil", "this")),
    Function("cos", exp.Cos, to.same),
    Function("exp", exp.Exp, to.same),
    Function("floor", exp.Floor, to.renamed("floor", "this")),
    Function("ln", exp.Ln, to.same),
    Function("power", exp.Pow, to.same),
    Function("round", exp.Round, to.renamed("round", "this", "decimals")),
    Function("sign", exp.Sign, to.same),
    Function("sin", exp.Sin, to.same),
    Function("sqrt", exp.Sqrt, to.same),
    # time
    Function("current_date", exp.CurrentDate, to.same),
    Function("current_timestamp", exp.CurrentTimestamp, to.same),
    Function("date", exp.Date, to.renamed("trino_date", "this")),
    Function("date_add", exp.DateAdd, to.date_kept),
    Function("date_diff", exp.DateDiff, to.date_diff),
    Function("date_trunc", exp.TimestampTrunc, to.date_kept),
    Function("date_trunc", exp.DateTrunc, to.date_kept),
    Function("date_format", exp.TimeToStr, to.date_format),
    Function("date_parse", exp.StrToTime, to.date_parse),
    Function("extract", exp.Extract, to.extract),
    Function("year", exp.Year, to.same),
    Function("quarter", exp.Quarter, to.same),
    Function("month", exp.Month, to.same),
    Function("week", exp.WeekOfYear, to.same),
    Function("day", exp.Day, to.same),
    Function("day_of_week", exp.DayOfWeekIso, to.same),
    Function("day_of_year", exp.DayOfYear, to.same),
    Function("hour", exp.Hour, to.same),
    Function("minute", exp.Minute, to.same),
    Function("second", exp.Second, to.same),
    Function("from_unixtime", exp.UnixToTime, to.renamed("to_timestamp", "this")),
    Function("to_unixtime", exp.TimeToUnix, to.same),
    Function("from_iso8601_timestamp", exp.FromISO8601Timestamp, to.renamed("trino_iso_timestamp", "this")),
    Function("at_timezone", "AT_TIMEZONE", to.at_timezone),
    Function("AT TIME ZONE", exp.AtTimeZone, to.at_timezone),
    Function("with_timezone", "WITH_TIMEZONE", to.with_timezone),
    # JSON
    Function("json_extract_scalar", exp.JSONExtractScalar, to.json_extract_scalar),
    Function("json_extract", exp.JSONExtract, to.json_extract),
    Function("json_parse", exp.ParseJSON, to.renamed("trino_json_parse", "this")),
    Function("json_format", exp.JSONFormat, to.renamed("trino_json_format", "this")),
    Function("json_array_length", "JSON_ARRAY_LENGTH", to.renamed_call("trino_json_array_length")),
    # arrays, maps and rows
    Function("array", exp.Array, to.same),
    Function("row", exp.Struct, to.row),
    Function("map", exp.Map, to.same),
    Function("cardinality", exp.ArraySize, to.cardinality),
    Function("contains", exp.ArrayContains, to.renamed("trino_contains", "this", "expression")),
    Function("element_at", exp.Bracket, to.element_at),
    Function("array_join", exp.ArrayToString, to.renamed("array_to_string", "this", "expression")),
    Function("transform", exp.Transform, to.renamed("list_transform", "this", "expression")),
    Function("filter", exp.ArrayFilter, to.renamed("list_filter", "this", "expression")),
    Function("any_match", "ANY_MATCH", to.match("trino_any")),
    Function("all_match", "ALL_MATCH", to.match("trino_all")),
    Function("none_match", "NONE_MATCH", to.match("trino_any", negated=True)),
    Function("map_keys", exp.MapKeys, to.same),
    Function("map_values", "MAP_VALUES", to.renamed_call("map_values")),
    Function("map_concat", "MAP_CONCAT", to.renamed_call("map_concat")),
    # aggregates
    Function("count", exp.Count, to.same),
    Function("count_if", exp.CountIf, to.count_if),
    Function("sum", exp.Sum, to.same),
    Function("avg", exp.Avg, to.same),
    Function("min", exp.Min, to.renamed("min", "this")),
    Function("max", exp.Max, to.renamed("max", "this")),
    Function("max_by", exp.ArgMax, to.max_by),
    Function("min_by", exp.ArgMin, to.renamed("arg_min_null", "this", "expression")),
    Function("array_agg", exp.ArrayAgg, to.same),
    Function("approx_most_frequent", "APPROX_MOST_FREQUENT", to.approx_most_frequent),
    Function("map_agg", "MAP_AGG", to.map_agg),
    Function("bool_or", exp.LogicalOr, to.same),
    Function("bool_and", exp.LogicalAnd, to.same),
    Function("arbitrary", exp.AnyValue, to.same),
    Function("stddev", exp.Stddev, to.same),
    Function("stddev_samp", exp.StddevSamp, to.same),
    Function("stddev_pop", exp.StddevPop, to.same),
    Function("var_samp", exp.Variance, to.same),
    Function("var_pop", exp.VariancePop, to.same),
    # windows
    Function("row_number", exp.RowNumber, to.same),
    Function("rank", exp.Rank, to.same),
    Function("dense_rank", exp.DenseRank, to.same),
    Function("ntile", exp.Ntile, to.same),
    Function("lag", exp.Lag, to.same),
    Function("lead", exp.Lead, to.same),
    Function("first_value", exp.FirstValue, to.same),
    Function("last_value", exp.LastValue, to.same),
)

BY_NODE: dict[type[exp.Expr] | str, Function] = {function.node: function for function in TABLE}


def find(node: exp.Expr) -> Function | None:
    """The entry of a call, whose class must be exactly the entry's."""
    return BY_NODE.get(node.name.upper() if type(node) is exp.Anonymous else type(node))
