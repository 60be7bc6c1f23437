"""The closed table of Trino functions that a segment's SQL may call. `call` is the only way to one.

A function is here when Trino, and DuckDB through the local engine's corrections, give the same answer for everything the compiler
passes to it; `tests/domain/segments/test_functions.py` runs each one on both a Presto engine (Velox) and DuckDB, or against the
documented value. CAST, TRY_CAST, operators and FILTER are syntax and not listed.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlglot import exp

_TRINO = "https://trino.io/docs/current/functions"

FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        # aggregates, over the events of one person
        "count": f"{_TRINO}/aggregate.html#count",
        "sum": f"{_TRINO}/aggregate.html#sum",
        "avg": f"{_TRINO}/aggregate.html#avg",
        "min": f"{_TRINO}/aggregate.html#min",
        "max": f"{_TRINO}/aggregate.html#max",
        "max_by": f"{_TRINO}/aggregate.html#max_by",
        # JSON texts
        "json_extract": f"{_TRINO}/json.html#json_extract",
        "json_extract_scalar": f"{_TRINO}/json.html#json_extract_scalar",
        "json_format": f"{_TRINO}/json.html#json_format",
        # texts
        "strpos": f"{_TRINO}/string.html#strpos",
        "starts_with": f"{_TRINO}/string.html#starts_with",
        "substr": f"{_TRINO}/string.html#substr",
        "replace": f"{_TRINO}/string.html#replace",
        "regexp_extract": f"{_TRINO}/regexp.html#regexp_extract",
        "regexp_like": f"{_TRINO}/regexp.html#regexp_like",
        # versions, number by number
        "split": f"{_TRINO}/string.html#split",
        "transform": f"{_TRINO}/array.html#transform",
        "array_join": f"{_TRINO}/array.html#array_join",
        "lpad": f"{_TRINO}/string.html#lpad",
        "rpad": f"{_TRINO}/string.html#rpad",
        # moments
        "date_add": f"{_TRINO}/datetime.html#date_add",
        "with_timezone": f"{_TRINO}/datetime.html#with_timezone",
        "at_timezone": f"{_TRINO}/datetime.html#at_timezone",
        # the elements of a list
        "any_match": f"{_TRINO}/array.html#any_match",
        "all_match": f"{_TRINO}/array.html#all_match",
        "date_diff": f"{_TRINO}/datetime.html#date_diff",
        # the slots of a backtest
        "greatest": f"{_TRINO}/comparison.html#greatest",
        "least": f"{_TRINO}/comparison.html#least",
        "lag": f"{_TRINO}/window.html#lag",
        "lead": f"{_TRINO}/window.html#lead",
        # the order of events as a text
        "date_format": f"{_TRINO}/datetime.html#date_format",
        # the newest of several rows, and places among all people
        "row_number": f"{_TRINO}/window.html#row_number",
        # distances
        "sin": f"{_TRINO}/math.html#sin",
        "cos": f"{_TRINO}/math.html#cos",
        "power": f"{_TRINO}/math.html#power",
        # absence, and order by two columns
        "coalesce": f"{_TRINO}/conditional.html#coalesce",
        "row": "https://trino.io/docs/current/language/types.html#row",
        # the bucket of a person (regulars.domain.lake.sql.bucket)
        "concat": f"{_TRINO}/string.html#concat",
        "to_utf8": f"{_TRINO}/string.html#to_utf8",
        "sha256": f"{_TRINO}/binary.html#sha256",
        "to_hex": f"{_TRINO}/binary.html#to_hex",
        "from_base": f"{_TRINO}/conversion.html#from_base",
    }
)
"""Name to its documentation."""


def call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    """A call of a function in the table, printed as written (sqlglot's own nodes would rewrite JSON paths). KeyError for any other."""
    if name not in FUNCTIONS:
        raise KeyError(f"{name} is not in the table of functions that segments may call")
    return exp.Anonymous(this=name.upper(), expressions=list(arguments))
