"""SQL as trees. Every statement that Regulars sends is built or parsed here and printed by `printed`; values enter only as literal nodes.

The dialect is Athena engine version 3 (Trino). `DECIMAL` never appears: a number is printed as `7` or `7e0`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import cast

import sqlglot
from sqlglot import exp

from regulars.domain.lake.buckets import BUCKETS

DIALECT = "athena"
MAX_STATEMENT_BYTES = 262_144
"""Athena's limit for one query string (Service Quotas, "Query string length")."""

_BUCKET = "from_base(substr(to_hex(sha256(to_utf8(concat(:salt, :person)))), 1, 8), 16) % :buckets"


def statement(text: str, values: Mapping[str, exp.Expr] | None = None) -> exp.Expression:
    """Parses a fixed statement and puts `values` in the place of its `:name` placeholders.

    >>> printed(statement("SELECT :n AS n", {"n": exp.Literal.number(1)}))
    'SELECT 1 AS n'
    """
    parsed, wanted = _parsed(text)
    given = dict(values or {})
    if wanted != set(given):
        raise ValueError(f"placeholders {sorted(wanted)} do not match values {sorted(given)}")
    return cast(exp.Expression, exp.replace_placeholders(parsed, **given) if given else parsed.copy())  # which copies it as well


@lru_cache(maxsize=512)
def _parsed(text: str) -> tuple[exp.Expr, frozenset[str]]:
    """The tree, to be copied, and the names of its placeholders. Kept, because a rule asks for the same few again and again, and to copy a tree takes
    a seventh of the time."""
    tree = sqlglot.parse_one(text, read=DIALECT)
    return tree, frozenset(node.name for node in tree.find_all(exp.Placeholder))


def printed(tree: exp.Expression, *, pretty: bool = False) -> str:
    """The text that goes to Athena. The tree is as before: what sqlglot would rewrite for Trino while it prints (`QUALIFY`, `DISTINCT ON`, semi
    joins, named windows, `explode`) is in no statement of ours, so it is not copied first, which would take half as long again."""
    return tree.sql(dialect=DIALECT, pretty=pretty, copy=False)


def kept(printed_before: str) -> exp.Expression:
    """A statement that was printed here once and kept, letter for letter: parsed, it would be printed another way (`IS NOT NULL`, JSON paths)."""
    return exp.Var(this=printed_before)


def text(value: str) -> exp.Expression:
    """A string literal, quoted by sqlglot."""
    return exp.Literal.string(value)


def timestamp(moment: datetime) -> exp.Expression:
    """A moment in UTC. TIMESTAMP(6), because a plain cast would round to milliseconds in Trino.

    A moment without a zone is refused: nobody knows when it is.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    shown = moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return exp.Cast(this=exp.Literal.string(shown), to=_timestamp().copy())


@cache
def _timestamp() -> exp.DataType:
    return exp.DataType.build("timestamp(6)", dialect=DIALECT)


def table(alias: str, columns: Sequence[str], rows: Iterable[Sequence[int | str]]) -> exp.Expr:
    """`(VALUES (0, 'c1', -1), ...) AS alias (columns)`."""
    values = [exp.Tuple(expressions=[text(value) if isinstance(value, str) else whole(value) for value in row]) for row in rows]
    return exp.Values(expressions=values, alias=exp.TableAlias(this=exp.to_identifier(alias), columns=[exp.to_identifier(name) for name in columns]))


def whole(number: int) -> exp.Expr:
    """A whole number, which sqlglot has without its sign."""
    return exp.Neg(this=exp.Literal.number(-number)) if number < 0 else exp.Literal.number(number)


def bucket(person: exp.Expression, salt: str | exp.Expression) -> exp.Expression:
    """The stable bucket of a person, as `buckets.bucket_of` gives it, in SQL. A salt that is an expression ends in its colon."""
    return statement(_BUCKET, {"salt": text(f"{salt}:") if isinstance(salt, str) else salt, "person": person, "buckets": exp.Literal.number(BUCKETS)})


def unload(select: exp.Expression, location: str, *, partitioned_by: str = "") -> str:
    """`UNLOAD (select) TO 's3://…/' WITH (format = 'JSON', compression = 'GZIP', partitioned_by = ARRAY['column'])`.

    The partition's column must be the last of the SELECT, and may have 100 values: https://docs.aws.amazon.com/athena/latest/ug/unload.html.

    sqlglot has no tree for UNLOAD, so its frame is text; what varies in it is still printed from nodes.
    The location must be empty: Athena fails with HIVE_PATH_ALREADY_EXISTS otherwise.
    """
    parts = f", partitioned_by = ARRAY[{printed(text(partitioned_by))}]" if partitioned_by else ""
    options = f"format = 'JSON', compression = 'GZIP'{parts}"
    return f"UNLOAD ({printed(select)}) TO {printed(text(location))} WITH ({options})"
