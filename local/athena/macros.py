"""Trino's meaning of what DuckDB means differently, as DuckDB macros. Each is used by an entry of `functions` and tested with it.

Many look at `typeof`, which DuckDB folds when it plans, so the branches of other types cost nothing. `error` ends the query.
JSON functions read `trino_json(x)`, because DuckDB folds the branches of a CASE over a constant that the branches are not for.

Sources: https://trino.io/docs/422/functions.html and, where that page is silent, Trino's code (named beside the macro).
"""

import re
from collections.abc import Container, Mapping

SETTINGS = """
SET TimeZone = 'UTC';
SET integer_division = true;
SET preserve_insertion_order = false;
SET enable_progress_bar = false;
"""
"""Athena's session zone is UTC; 7 / 2 is 3 in Trino (`integer_division`); Trino promises no order without ORDER BY; and
standard output is not DuckDB's, whose bar comes after two seconds."""

_NUMBER = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"
_DOUBLE = "-?[0-9]+(?:[.][0-9]+(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)"
"""As JSON spells one."""
_DAY = "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_MOMENT = _DAY + "( [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}([.][0-9]+)?)?)?"
_BLANKS = " || ".join(f"chr({code})" for code in (*range(9, 14), *range(28, 33), 0x1680, *range(0x2000, 0x2007), 0x2028, 0x2029, 0x3000))


def _casts(duck_type: str, attempt: str) -> str:
    """`trino_try_<type>` is TRY_CAST, `trino_<type>` is CAST: the same, but a value that does not convert ends the query."""
    name = duck_type.lower()
    return f"""
CREATE MACRO trino_try_{name}(x) AS {attempt};
CREATE MACRO trino_{name}(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(trino_try_{name}(x),
  error('INVALID_CAST_ARGUMENT: Cannot cast ''' || CAST(x AS VARCHAR) || ''' to {duck_type}')) END;
"""


def _whole(duck_type: str) -> str:
    """Text must be digits; a double is rounded half away from zero (DoubleOperators.castToLong: HALF_UP)."""
    return f"""CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN TRY_CAST(round(TRY_CAST(x AS DOUBLE)) AS {duck_type})
  WHEN typeof(x) IN ('VARCHAR', 'JSON') THEN CASE WHEN regexp_full_match(trino_text(x), '[+-]?[0-9]+') THEN TRY_CAST(trino_text(x) AS {duck_type}) END
  ELSE TRY_CAST(x AS {duck_type}) END"""


def _real(duck_type: str) -> str:
    """Text is what Java's Double.parseDouble takes (VarcharOperators.castToDouble), hexadecimal forms apart: 1_000 and inf are not numbers."""
    return f"""CASE WHEN typeof(x) IN ('VARCHAR', 'JSON') THEN
    CASE WHEN regexp_full_match(trim(trino_text(x)), '{_NUMBER}[fFdD]?|[+-]?(NaN|Infinity)')
    THEN TRY_CAST(rtrim(trim(trino_text(x)), 'fFdD') AS {duck_type}) END
  ELSE TRY_CAST(x AS {duck_type}) END"""


_DEFINITIONS = f"""
CREATE MACRO trino_json(j) AS CASE WHEN json_valid(j) THEN j END;
CREATE MACRO trino_json_text(j) AS CASE WHEN json_type(trino_json(j)) NOT IN ('OBJECT', 'ARRAY') THEN json_extract_string(j, '$') END;
CREATE MACRO trino_text(x) AS CASE WHEN typeof(x) = 'JSON' THEN trino_json_text(CAST(x AS VARCHAR)) ELSE CAST(x AS VARCHAR) END;

-- VarcharOperators.castToBoolean
CREATE MACRO trino_try_boolean(x) AS CASE WHEN typeof(x) NOT IN ('VARCHAR', 'JSON') THEN TRY_CAST(x AS BOOLEAN)
  WHEN lower(trino_text(x)) IN ('t', 'true', '1') THEN true WHEN lower(trino_text(x)) IN ('f', 'false', '0') THEN false END;
CREATE MACRO trino_boolean(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(trino_try_boolean(x),
  error('INVALID_CAST_ARGUMENT: Cannot cast ''' || CAST(x AS VARCHAR) || ''' to BOOLEAN')) END;
{_casts("TINYINT", _whole("TINYINT"))}{_casts("SMALLINT", _whole("SMALLINT"))}{_casts("INTEGER", _whole("INTEGER"))}
{_casts("BIGINT", _whole("BIGINT"))}{_casts("DOUBLE", _real("DOUBLE"))}{_casts("FLOAT", _real("FLOAT"))}

-- The same attempts for what is known to be a text by its form (`casts`): each names its argument once, because DuckDB plans every copy of it anew.
CREATE MACRO trino_text_bigint(t) AS TRY_CAST(regexp_extract_all(t, '\\A[+-]?[0-9]+\\z')[1] AS BIGINT);
CREATE MACRO trino_text_double(t) AS
  TRY_CAST(rtrim(regexp_extract_all(trim(t), '\\A(?:{_NUMBER}[fFdD]?|[+-]?(?:NaN|Infinity))\\z')[1], 'fFdD') AS DOUBLE);
CREATE MACRO trino_text_timestamp(t) AS TRY_CAST(regexp_extract_all(trim(t), '\\A{_MOMENT}\\z')[1] AS TIMESTAMP);
CREATE MACRO trino_text_date(t) AS TRY_CAST(regexp_extract_all(trim(t), '\\A{_DAY}\\z')[1] AS DATE);

-- The text of a DOUBLE (1.5E0) and of a TIMESTAMP (as many digits as its precision) is not DuckDB's.
CREATE MACRO trino_varchar(x) AS CASE
  WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN error('EMULATOR_UNSUPPORTED: CAST of a DOUBLE to VARCHAR')
  WHEN typeof(x) LIKE 'TIMESTAMP%' THEN error('EMULATOR_UNSUPPORTED: CAST to VARCHAR of a TIMESTAMP of unknown precision, use date_format')
  WHEN typeof(x) = 'BLOB' OR typeof(x) LIKE '%]' OR typeof(x) LIKE 'MAP%' OR typeof(x) LIKE 'STRUCT%'
    THEN error('TYPE_MISMATCH: Cannot cast ' || typeof(x) || ' to varchar')
  WHEN typeof(x) = 'JSON' THEN CASE WHEN json_type(trino_json(CAST(x AS VARCHAR))) IN ('OBJECT', 'ARRAY')
    THEN error('INVALID_CAST_ARGUMENT: Cannot cast ''' || CAST(x AS VARCHAR) || ''' to varchar') ELSE trino_text(x) END
  ELSE CAST(x AS VARCHAR) END;

-- DateTimes.parseTimestamp: a blank, never a T; no zone.
CREATE MACRO trino_try_timestamp(x) AS CASE WHEN typeof(x) IN ('VARCHAR', 'JSON')
  THEN CASE WHEN regexp_full_match(trim(trino_text(x)), '{_MOMENT}') THEN TRY_CAST(trim(trino_text(x)) AS TIMESTAMP) END
  ELSE TRY_CAST(x AS TIMESTAMP) END;
CREATE MACRO trino_timestamp(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(trino_try_timestamp(x),
  error('INVALID_CAST_ARGUMENT: Value cannot be cast to timestamp: ' || CAST(x AS VARCHAR))) END;
CREATE MACRO trino_rounded(t, step) AS make_timestamp(epoch_us(t) + step // 2 - (((epoch_us(t) + step // 2) % step) + step) % step);
CREATE MACRO trino_try_date(x) AS CASE WHEN typeof(x) IN ('VARCHAR', 'JSON')
  THEN CASE WHEN regexp_full_match(trim(trino_text(x)), '{_DAY}') THEN TRY_CAST(trim(trino_text(x)) AS DATE) END
  ELSE TRY_CAST(x AS DATE) END;
CREATE MACRO trino_date(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(trino_try_date(x),
  error('INVALID_CAST_ARGUMENT: Value cannot be cast to date: ' || CAST(x AS VARCHAR))) END;
CREATE MACRO trino_moment(x) AS CASE WHEN typeof(x) = 'DATE'
  THEN error('EMULATOR_UNSUPPORTED: arithmetic on a DATE of unknown origin: Trino answers a DATE, DuckDB a TIMESTAMP; cast it first') ELSE x END;

-- JsonExtract: the text of a scalar as it is spelled in the document; NULL for objects, arrays, null and what is no JSON.
CREATE MACRO trino_json_value(j, p) AS CASE WHEN json_type(trino_json(j), p) NOT IN ('OBJECT', 'ARRAY') THEN json_extract_string(j, p) END;
-- DuckDB re-spells doubles (1.50 is '1.5', 1e3 is '1000.0'): find the spelling again, behind the name that the path ends with where that is there
-- once, else among all of the document, and refuse where the number is there in two. What follows `":`, `[` or `,` is a value, no part of a text.
CREATE MACRO trino_json_spellings(j, v) AS list_distinct(list_filter(
  regexp_extract_all(j, '(":|[,\\[])\\s*({_DOUBLE})', 2), lambda s: TRY_CAST(s AS DOUBLE) = TRY_CAST(v AS DOUBLE)));
CREATE MACRO trino_json_named(j, p, v) AS list_filter(
  regexp_extract_all(j, '"' || nullif(regexp_extract(p, '"(\\w+)"$', 1), '') || '"\\s*:\\s*({_DOUBLE})', 1),
  lambda s: TRY_CAST(s AS DOUBLE) = TRY_CAST(v AS DOUBLE));
-- The refusal is a cast that fails, not `error`: DuckDB works out each copy of a volatile function anew, and a query names such a value often.
CREATE MACRO trino_json_one_spelling(spellings, v) AS list_transform([spellings], lambda each: CASE WHEN len(each) = 1 THEN each[1]
  ELSE CAST(CAST('EMULATOR_UNSUPPORTED: json_extract_scalar of a number with two spellings in one document: ' || v AS BIGINT) AS VARCHAR) END)[1];
CREATE MACRO trino_json_spelled(j, p, v) AS CASE WHEN NOT regexp_matches(v, '[.eE]') THEN v
  WHEN json_type(trino_json(j)) = 'DOUBLE' THEN trim(CAST(j AS VARCHAR))
  WHEN NOT contains(j, '\\u') AND len(trino_json_named(j, p, v)) = 1 THEN trino_json_named(j, p, v)[1]
  ELSE trino_json_one_spelling(trino_json_spellings(j, v), v) END;
CREATE MACRO trino_json_extract_scalar(j, p) AS CASE WHEN json_type(trino_json(j), p) IN ('OBJECT', 'ARRAY') THEN NULL
  WHEN json_type(trino_json(j), p) = 'DOUBLE' THEN trino_json_spelled(j, p, json_extract_string(trino_json(j), p))
  ELSE json_extract_string(trino_json(j), p) END;
CREATE MACRO trino_try_json_array(j) AS CASE WHEN json_type(trino_json(CAST(j AS VARCHAR))) = 'ARRAY' THEN CAST(j AS JSON[]) END;
CREATE MACRO trino_json_array_length(j) AS CASE WHEN json_type(trino_json(CAST(j AS VARCHAR))) = 'ARRAY'
  THEN CAST(json_array_length(CAST(j AS VARCHAR)) AS BIGINT) END;
-- A JSON null inside a map is the JSON value null, not NULL (JsonUtil.createBlockBuilderAppender).
CREATE MACRO trino_json_map(j) AS map_from_entries(list_transform(map_entries(CAST(json(CAST(j AS VARCHAR)) AS MAP(VARCHAR, JSON))),
  lambda e: {{'key': e.key, 'value': coalesce(e.value, 'null'::JSON)}}));
-- json_parse and CAST(map AS JSON) sort the keys (JsonFunctions SORTED_MAPPER, JsonUtil.MapJsonGeneratorWriter).
-- Only the outermost ones are sorted here.
CREATE MACRO trino_json_sorted(j) AS CASE WHEN json_type(trino_json(j)) = 'OBJECT'
  THEN to_json(map_from_entries(list_sort(map_entries(trino_json_map(j))))) ELSE j END;
CREATE MACRO trino_json_extract(j, p) AS CASE WHEN json_valid(j) THEN json_extract(j, p) END;
CREATE MACRO trino_json_format(j) AS CASE WHEN typeof(j) IN ('JSON', '"NULL"') THEN CAST(j AS VARCHAR)
  ELSE error('FUNCTION_NOT_FOUND: Unexpected parameters (' || typeof(j) || ') for function json_format. Expected: json_format(json)') END;
CREATE MACRO trino_json_parse(t) AS trino_json_sorted(json(t));
CREATE MACRO trino_to_json(x) AS CASE WHEN typeof(x) LIKE 'STRUCT%' OR typeof(x) LIKE 'TIMESTAMP%'
  THEN error('EMULATOR_UNSUPPORTED: CAST of ' || typeof(x) || ' to JSON')
  WHEN typeof(x) LIKE 'MAP%' THEN trino_json_sorted(to_json(x)) ELSE to_json(x) END;

CREATE MACRO trino_substr(s, start) AS CASE WHEN start = 0 OR abs(start) > length(s)
  THEN CASE WHEN s IS NULL OR start IS NULL THEN NULL ELSE '' END ELSE substring(s, start) END;
CREATE MACRO trino_substr_length(s, start, n) AS CASE WHEN start = 0 OR abs(start) > length(s) OR n <= 0
  THEN CASE WHEN s IS NULL OR start IS NULL OR n IS NULL THEN NULL ELSE '' END ELSE substring(s, start, n) END;
CREATE MACRO trino_trim(s) AS trim(s, {_BLANKS});
CREATE MACRO trino_split_part(s, d, n) AS CASE WHEN n < 1 THEN error('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero')
  WHEN n > len(string_split(s, d)) THEN NULL ELSE string_split(s, d)[n] END;
CREATE MACRO trino_regexp_extract(s, p, g) AS regexp_extract_all(s, p, g)[1];
CREATE MACRO trino_from_base(s, radix) AS CASE radix WHEN 16 THEN CAST('0x' || s AS BIGINT) WHEN 10 THEN CAST(s AS BIGINT)
  ELSE error('EMULATOR_UNSUPPORTED: from_base with radix ' || CAST(radix AS VARCHAR)) END;

CREATE MACRO trino_iso_timestamp(t) AS CASE WHEN t IS NULL THEN NULL
  WHEN regexp_full_match(t, '{_DAY}(T[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]+)?)?(Z|[+]00:00)?)?') THEN CAST(t AS TIMESTAMPTZ)
  ELSE error('EMULATOR_UNSUPPORTED: from_iso8601_timestamp of ' || t || ': only UTC') END;

-- A NULL key is no key, and no key at all is NULL (MapAggregation). Trino keeps one of several values of a key, DuckDB fails: loud enough.
CREATE MACRO trino_map_agg(entries) AS CASE WHEN len(list_filter(entries, lambda e: e IS NOT NULL)) > 0
  THEN map_from_entries(list_filter(entries, lambda e: e IS NOT NULL)) END;

-- The n most frequent with their counts, which are exact: Trino's are while there are no more values than the capacity, and estimates beyond
-- (ApproximateMostFrequentHistogram). NULL where there is no value.
CREATE MACRO trino_most_frequent(n, counts) AS map_from_entries(list_transform(
  list_reverse_sort(list_transform(map_entries(counts), lambda e: {{'n': e.value, 'x': e.key}}))[1:n],
  lambda e: {{'key': e.x, 'value': CAST(e.n AS BIGINT)}}));

-- Three-valued, as in Trino: NULL when a NULL could change the answer. `b` is the list of answers of the lambda.
CREATE MACRO trino_any(b) AS CASE WHEN b IS NULL THEN NULL
  WHEN list_contains(b, true) THEN true WHEN list_count(b) < len(b) THEN NULL ELSE false END;
CREATE MACRO trino_all(b) AS CASE WHEN b IS NULL THEN NULL
  WHEN list_contains(b, false) THEN false WHEN list_count(b) < len(b) THEN NULL ELSE true END;
CREATE MACRO trino_contains(a, x) AS CASE WHEN a IS NULL OR x IS NULL THEN NULL
  WHEN list_contains(a, x) THEN true WHEN list_count(a) < len(a) THEN NULL ELSE false END;
"""

_BY_NAME = {name: text for text in _DEFINITIONS.split("CREATE MACRO ") for name in re.findall(r"^trino_\w+", text)}


def definitions(sql: str) -> str:
    """The macros that this DuckDB statement needs, those that they need before them, as statements to run first."""
    return "".join(missing(sql, ()).values())


def missing(sql: str, there: Container[str]) -> Mapping[str, str]:
    """The statement that makes each macro that this one needs and that is not there, by its name; those that others need come before them."""
    found: dict[str, str] = {}

    def add(text: str) -> None:
        for name in re.findall(r"\btrino_\w+", text):
            if name not in found and name not in there and name in _BY_NAME:
                definition = _BY_NAME[name]
                add(definition.removeprefix(name))
                found[name] = f"CREATE OR REPLACE TEMP MACRO {definition}"

    add(sql)
    return found
