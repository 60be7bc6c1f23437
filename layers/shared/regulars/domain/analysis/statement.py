"""One statement that somebody wrote: what it is, and whether it only reads.

It is judged before it is sent, by a parse; that it cannot write is held by IAM as well (`LakeReaderPolicy`). It is sent as it was written, so that
Athena's errors name the lines and columns of the writer. What the parser does not know is refused, though Athena might take it: what cannot be
judged is not sent.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NoReturn

import sqlglot
from sqlglot import Token, TokenType, exp
from sqlglot.errors import OptimizeError, ParseError, TokenError
from sqlglot.optimizer.scope import traverse_scope

from regulars.domain.analysis.readable import NAMES
from regulars.domain.errors import InvalidRequestError
from regulars.domain.lake.sql import MAX_STATEMENT_BYTES

Kind = Literal["query", "plan", "metadata"]
"""A SELECT, also one that EXPLAIN ANALYZE runs; an EXPLAIN, which reads nothing; SHOW and DESCRIBE."""

_ALLOWED: Final = "one statement that reads: SELECT, WITH, SHOW, DESCRIBE or EXPLAIN"
_METADATA: Final = ("SHOW", "DESCRIBE", "DESC")
_QUERY: Final = ("SELECT", "WITH", "(")
_DIALECT: Final = "trino"
_BLANK: Final = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)"
_BEGINNING: Final = re.compile(
    rf"{_BLANK}*((?:SHOW|DESCRIBE|DESC)(?!\w)|EXPLAIN(?!\w)(?:{_BLANK}+ANALYZE(?!\w))?)(?:{_BLANK}*\(\s*(?:TYPE|FORMAT)\b[^)]*\))?",
    re.IGNORECASE | re.DOTALL,
)
"""What comes before the rest of a statement that is no SELECT itself."""

INFORMATION_SCHEMA: Final = "information_schema"
"""The database that is about databases."""

_CATALOG: Final = "awsdatacatalog"
_ROOM: Final = 100
"""Bytes for what is put after a statement (`signed`)."""


@dataclass(frozen=True)
class Statement:
    """`text` is what was written, without a semicolon at its end. `tree` is the SELECT of a query or of what is explained."""

    kind: Kind
    text: str
    tree: exp.Query | None = field(default=None, repr=False)


def read_statement(sql: str) -> Statement:
    """Raises InvalidRequestError that says what is wrong, at which line and column, and what is allowed."""
    if len(sql.encode()) > MAX_STATEMENT_BYTES - _ROOM:
        _refuse(f"longer than the {MAX_STATEMENT_BYTES - _ROOM:,} bytes that a statement may have")
    begun = _BEGINNING.match(sql)
    words = _words(sql)
    # Blanks in place of the words before a SELECT keep lines and columns where they are. The tokenizer would take all that follows them for one word.
    said = sql if begun is None else re.sub(r"[^\n]", " ", begun[0]) + sql[begun.end() :]
    tokens = _tokens(said)
    while tokens and tokens[-1].token_type is TokenType.SEMICOLON:
        tokens.pop()
    if not tokens:
        _refuse(f"says nothing: write {_ALLOWED}" if begun is None else f"{words[0]} of what? More words come after it")
    for number, token in enumerate(tokens):
        if token.token_type is TokenType.SEMICOLON:
            _refuse(f"a second statement begins here, and only one is run: {_ALLOWED}", _place(sql, tokens[number + 1].start))
    end = tokens[-1].end + 1
    if _is_metadata(words):
        return Statement("metadata", sql[:end])
    if (word := tokens[0].text.upper()) not in _QUERY:
        _refuse(f"{word[:40]} may not be run here, only {_ALLOWED}", _place(sql, tokens[0].start))
    tree = _query(said[:end])
    return Statement("plan" if words and words[-1] != "ANALYZE" else "query", sql[:end], tree)


def _tokens(sql: str) -> list[Token]:
    try:
        return [*sqlglot.tokenize(sql, read=_DIALECT)]
    except TokenError:
        _refuse("a text, a name in quotes or a comment is not closed")


def _query(text: str) -> exp.Query:
    try:
        tree = sqlglot.parse_one(text, read=_DIALECT)
    except ParseError as error:
        first = error.errors[0]
        near = str(first.get("highlight") or "")
        _refuse(f"cannot be read near {near!r}", (first.get("line") or 1, max(1, (first.get("col") or 1) - len(near) + 1)))
    except RecursionError:
        _refuse("it is nested too deeply to be read here")
    if not isinstance(tree, exp.Query) or tree.find(exp.DML, exp.DDL, exp.Command, exp.Into):
        _refuse(f"this does not only read: {_ALLOWED}")
    try:
        scopes = traverse_scope(tree)
    except OptimizeError as error:
        _refuse(f"cannot be read: {error}")
    for source in (source for scope in scopes for source in scope.sources.values() if isinstance(source, exp.Table)):
        if why := _against(source):
            _refuse(why, _place(text, source.this.meta["start"]) if "start" in source.this.meta else None)
    return tree


def _against(table: exp.Table) -> str:
    """Why it may not be read, in fewer words than Athena's; empty where it may."""
    if table.catalog.lower() not in ("", _CATALOG):
        return f"the catalogue {table.catalog} may not be read here: leave it out"
    name = table.name.lower().partition("$")[0]
    if isinstance(table.this, exp.Identifier) and table.db.lower() != INFORMATION_SCHEMA and name not in NAMES:
        return f"{table.name} is no table or view that may be read here; there are {', '.join(sorted(NAMES))}"
    return ""


def _place(text: str, start: int) -> tuple[int, int]:
    """Line and column, both from 1."""
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def _refuse(why: str, place: tuple[int, int] | None = None) -> NoReturn:
    raise InvalidRequestError(f"line {place[0]}:{place[1]}: {why}" if place else why, field="sql")


def signed(statement: Statement, by: str) -> str:
    """What is sent: who asked is in a comment after it, so that its result is shown to nobody else, and nothing has to be kept for that. SHOW and
    DESCRIBE say the same to everybody, and go to another parser of Athena's, so they carry none."""
    return statement.text if statement.kind == "metadata" else f"{statement.text}\n{_signature(by)}"


def is_of(sent: str, by: str) -> bool:
    """Whether they asked it, or anybody may see it."""
    return _is_metadata(_words(sent)) or sent.endswith(f"\n{_signature(by)}")


def _signature(by: str) -> str:
    """A digest: whoever asks is an id of the user pool, which has no place in Athena's history."""
    return f"-- regulars: asked by {hashlib.sha256(by.encode()).hexdigest()[:32]}"


def is_free(sent: str) -> bool:
    """SHOW, DESCRIBE and a plain EXPLAIN read no data: https://docs.aws.amazon.com/athena/latest/ug/athena-explain-statement.html"""
    words = _words(sent)
    return _is_metadata(words) or (bool(words) and words[-1] != "ANALYZE")


def _words(sql: str) -> Sequence[str]:
    """Those that come before a SELECT, or in its place."""
    begun = _BEGINNING.match(sql)
    return begun[1].upper().split() if begun else ()


def _is_metadata(words: Sequence[str]) -> bool:
    return bool(words) and words[0] in _METADATA
