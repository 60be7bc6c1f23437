"""The closed table: each function's documented value from the local engine and, where it knows it, from Velox; and nothing outside the table."""

from itertools import pairwise
from typing import Any

import pytest
import sqlglot
from sqlglot.tokens import TokenType

from regulars.domain.segments.functions import FUNCTIONS, call
from tests.domain.segments.judges import known_names
from tests.domain.segments.lake import Lake
from tests.domain.segments.test_golden import CASES, compiled

DOCUMENT = """'{"a b": "wine", "n": 7, "t": true, "o": {"k": null}, "l": [1]}'"""
ROWS = "(VALUES (1, 'x', 2e0), (2, 'y', 4e0), (2, 'z', CAST(NULL AS DOUBLE))) AS t (k, m, v)"

SCALARS: list[tuple[str, str, Any]] = [
    ("json_extract_scalar", f"""json_extract_scalar({DOCUMENT}, '$["a b"]')""", "wine"),
    ("json_extract_scalar", f"""json_extract_scalar({DOCUMENT}, '$["n"]')""", "7"),
    ("json_extract_scalar", f"""json_extract_scalar({DOCUMENT}, '$["t"]')""", "true"),
    ("json_extract_scalar", f"""json_extract_scalar({DOCUMENT}, '$["o"]')""", None),
    ("json_extract_scalar", f"""json_extract_scalar({DOCUMENT}, '$["l"]')""", None),
    ("json_extract_scalar", f"""json_extract_scalar({DOCUMENT}, '$["o"]["k"]')""", None),
    ("json_extract_scalar", f"""json_extract_scalar({DOCUMENT}, '$["gone"]')""", None),
    ("json_extract", f"""json_extract({DOCUMENT}, '$["gone"]') IS NULL""", True),
    ("json_extract", f"""json_extract({DOCUMENT}, '$["o"]["k"]') IS NULL""", False),
    ("json_format", f"""json_format(json_extract({DOCUMENT}, '$["o"]["k"]'))""", "null"),
    ("json_format", f"""json_format(json_extract({DOCUMENT}, '$["l"]'))""", "[1]"),
    ("strpos", "strpos('Zoë''s', '''s')", 4),
    ("strpos", "strpos('Zoë', 'x')", 0),
    ("starts_with", "starts_with('Zoë', 'Zo')", True),
    ("starts_with", "starts_with('Zoë', 'zo')", False),
    ("substr", "substr('Zoë', -2)", "oë"),
    ("substr", "substr('ë', -2) = 'xë'", False),
    ("replace", "replace('2017-10-01T08:30', 'T', ' ')", "2017-10-01 08:30"),
    ("date_add", "date_add('minute', -90, TIMESTAMP '2017-10-01 01:00:00.123456') = TIMESTAMP '2017-09-30 23:30:00.123456'", True),
    ("with_timezone", "with_timezone(TIMESTAMP '2017-07-01 12:00:00', 'Europe/Paris') = TIMESTAMP '2017-07-01 10:00:00'", True),
    ("at_timezone", "CAST(at_timezone(with_timezone(TIMESTAMP '2017-07-01 23:00:00', 'UTC'), 'Europe/Paris') AS date) = DATE '2017-07-02'", True),
    # complete units, between moments of which the first is whole milliseconds
    ("date_diff", "date_diff('minute', TIMESTAMP '2017-10-01 00:00:00', TIMESTAMP '2017-10-01 00:01:59.999999')", 1),
    ("date_diff", "date_diff('minute', TIMESTAMP '2017-10-01 00:00:00.001', TIMESTAMP '2017-10-01 00:02:00.000999')", 1),
    ("date_diff", "date_diff('minute', TIMESTAMP '2017-10-01 00:00:00', TIMESTAMP '2017-10-02 00:00:00')", 1440),
    ("greatest", "greatest(1, 3, 2)", 3),
    ("greatest", "greatest(1, CAST(NULL AS BIGINT))", None),
    ("least", "least(1, 3, 2)", 1),
    ("least", "least(1, CAST(NULL AS BIGINT))", None),
    ("regexp_extract", r"regexp_extract('2017-10-01Z', '\A([0-9-]+)Z\z', 1)", "2017-10-01"),
    ("regexp_extract", r"regexp_extract('2017', '\A([0-9-]+)Z\z', 1)", None),
    ("regexp_like", r"regexp_like('Zoë', '\AZo[^\x0a]\z')", True),
    ("regexp_like", r"regexp_like('Zoë', '\Ao')", False),
    ("split", "array_join(split('a.b', '.'), ' ')", "a b"),
    ("transform", "array_join(transform(split('a.b', '.'), part -> concat(part, 'c')), ' ')", "ac bc"),
    ("array_join", "array_join(split('a..b', '.'), '-')", "a--b"),
    ("lpad", "lpad('7', 3, '0')", "007"),
    ("lpad", "lpad('1234', 3, '0')", "123"),
    ("rpad", "rpad('7', 3, '0')", "700"),
    ("sin", "sin(1.5707963267948966e0)", 1.0),
    ("cos", "cos(0e0)", 1.0),
    ("power", "power(3e0, 2e0)", 9.0),
    ("any_match", "any_match(split('a.b', '.'), e -> e = 'b')", True),
    ("all_match", "all_match(split('a.b', '.'), e -> e = 'b')", False),
    ("coalesce", "coalesce(CAST(NULL AS BOOLEAN), false)", False),
    ("concat", "concat('s:', 'ann')", "s:ann"),
    ("to_utf8", "to_hex(to_utf8('ë'))", "C3AB"),
    ("sha256", "substr(to_hex(sha256(to_utf8('s:ann'))), 1, 8)", "877C9132"),
    ("to_hex", "to_hex(to_utf8('a'))", "61"),
    ("from_base", "from_base('877C9132', 16) % 10000", 0x877C9132 % 10_000),
]
"""Name, expression, value: https://trino.io/docs/current/functions.html"""

WINDOWS: list[tuple[str, str, list[Any]]] = [
    ("lag", "lag(v) OVER (PARTITION BY k ORDER BY m)", [None, None, 4.0]),
    ("lag", "lag(k, 1, 0) OVER (ORDER BY m)", [0, 1, 2]),
    ("lead", "lead(m, 1, 'none') OVER (PARTITION BY k ORDER BY m)", ["none", "z", "none"]),
]
"""Over ROWS in the order of m."""

AGGREGATES: list[tuple[str, str, Any]] = [
    ("count", "count(*)", 3),
    ("count", "count(DISTINCT k)", 2),
    ("count", "count(*) FILTER (WHERE k = 9)", 0),
    ("sum", "sum(v)", 6.0),
    ("sum", "sum(v) FILTER (WHERE k = 9)", None),
    ("avg", "avg(v)", 3.0),
    ("min", "min(v)", 2.0),
    ("max", "max(v)", 4.0),
    ("max_by", "max_by(m, ROW(k, m))", "z"),
    ("max_by", "max_by(v, ROW(k, m))", None),
    ("date_format", "max(date_format(TIMESTAMP '2017-10-01 08:30:00.123456', '%Y-%m-%d %H:%i:%s.%f'))", "2017-10-01 08:30:00.123000"),
    ("greatest", "greatest(max(k), 9)", 9),
    ("greatest", "greatest(max(k), CAST(NULL AS BIGINT))", None),
    ("least", "least(max(k), 9)", 2),
    ("date_diff", "max(date_diff('day', DATE '2017-02-27', DATE '2017-03-01'))", 2),
    ("lag", "max((SELECT max(b) FROM (SELECT lag(s) OVER (ORDER BY s) AS b FROM (VALUES ('x'), ('y')) AS w (s)) AS rows_before))", "x"),
    ("lead", "max((SELECT min(b) FROM (SELECT lead(s) OVER (ORDER BY s) AS b FROM (VALUES ('x'), ('y')) AS w (s)) AS rows_after))", "y"),
    ("row_number", "max((SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY s DESC) AS n FROM (VALUES ('x'), ('y')) AS w (s)) AS numbered))", 2),
    ("row", "max_by(m, ROW(k, m)) FILTER (WHERE m <> 'z')", "y"),
]


@pytest.mark.parametrize(("name", "expression", "value"), SCALARS)
def test_the_local_engine_gives_the_documented_value(name: str, expression: str, value: Any) -> None:
    assert Lake().column(f"SELECT {expression} AS v") == [value]


@pytest.mark.parametrize(("name", "expression", "value"), AGGREGATES)
def test_aggregates_give_the_documented_value(name: str, expression: str, value: Any) -> None:
    assert Lake().column(f"SELECT {expression} AS v FROM {ROWS}") == [value]


@pytest.mark.parametrize(("name", "expression", "values"), WINDOWS)
def test_windows_give_the_documented_values(name: str, expression: str, values: list[Any]) -> None:
    assert Lake().column(f"SELECT {expression} AS v FROM {ROWS} ORDER BY m") == values


@pytest.mark.parametrize(
    ("name", "expression", "value"),
    [case for case in SCALARS if case[0] not in ("json_extract", "json_format", "date_add", "with_timezone", "at_timezone")],
)
def test_velox_gives_the_same_value(name: str, expression: str, value: Any) -> None:
    velox = pytest.importorskip("pyvelox.legacy", reason="pyvelox has wheels for Python 3.11 only")
    assert velox.Expression.from_string(expression).evaluate(["unused"], [velox.from_list([1])])[0] == value


def test_every_function_of_the_table_has_its_value() -> None:
    assert {name for name, _, _ in (*SCALARS, *AGGREGATES, *WINDOWS)} == set(FUNCTIONS)


def test_a_function_outside_the_table_cannot_be_called() -> None:
    with pytest.raises(KeyError, match="approx_distinct"):
        call("approx_distinct")


@pytest.mark.parametrize("name", CASES)
def test_compiled_sql_calls_nothing_outside_the_table(name: str) -> None:
    sql = compiled(name)
    tokens = sqlglot.tokenize(sql, read="athena")
    called = {
        token.text.lower()
        for token, following in pairwise(tokens)
        if following.token_type == TokenType.L_PAREN and token.text[:1].isalpha() and token.token_type != TokenType.STRING
    }
    syntax = {
        "and",
        "array",
        "or",
        "not",
        "in",
        "as",
        "filter",
        "cast",
        "try_cast",
        "timestamp",
        "where",
        "having",
        "coalesce",
        "from",
        "join",
        "over",
        "then",
    }
    assert called <= {*FUNCTIONS, *syntax}
    known_names(sql)
