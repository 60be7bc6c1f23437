"""infra/migrations/NNNN_what.sql as the rules read them: numbered from 0001 without gaps, each a few statements, parted by semicolons.

A migration only does what may be done again, or what can be seen to be done; so whoever finds one half applied can always go on:

    CREATE TABLE IF NOT EXISTS, CREATE OR REPLACE VIEW,
    ALTER TABLE .. SET TBLPROPERTIES                        may be done again
    ALTER TABLE .. ADD COLUMNS                              fails the second time, but the table has the columns

Anything else is refused when it is read. Nothing is dropped either: the version before may be running, or come back. And moving data
(a backfill, a table anew under another partitioning) takes longer than a deploy should wait: that is work for a job.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import sqlglot
from sqlglot import Token, TokenType, exp
from sqlglot.errors import SqlglotError

from regulars.domain.errors import InvalidMigrationError
from regulars.domain.lake.sql import DIALECT

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_ALLOWED = "CREATE TABLE IF NOT EXISTS, CREATE OR REPLACE VIEW, ALTER TABLE .. SET TBLPROPERTIES and ALTER TABLE .. ADD COLUMNS"


@dataclass(frozen=True)
class AddedColumns:
    """What an ALTER TABLE .. ADD COLUMNS leaves behind in the catalogue: name to Hive type, both in lower case without blanks."""

    table: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Statement:
    """`text` is sent, without comments; `digest` is of its words alone: comments and layout may change, what it does may not."""

    text: str
    digest: str
    adds: AddedColumns | None = None


@dataclass(frozen=True)
class Migration:
    """`number` from 1; `name` is the file's."""

    number: int
    name: str
    statements: tuple[Statement, ...]


def migrations(files: Mapping[str, str]) -> tuple[Migration, ...]:
    """The files (name to text) in their order. Raises InvalidMigrationError, naming the file."""
    found = tuple(_migration(name, files[name]) for name in sorted(files))
    for expected, migration in enumerate(found, 1):
        if migration.number != expected:
            wrong = "the number is taken" if migration.number < expected else f"{expected:04d} is missing"
            raise InvalidMigrationError(f"{wrong}: migrations are numbered from 0001, each number once and none left out", field=migration.name)
    return found


def _migration(name: str, text: str) -> Migration:
    named = _NAME.fullmatch(name)
    if named is None:
        raise InvalidMigrationError("a migration's file is named NNNN_what.sql, as in 0008_channel_of_deliveries.sql", field=name)
    try:
        tokens = sqlglot.tokenize(text, read="trino")  # that of Athena reads all as Hive's or all as Trino's, by the first statement
    except SqlglotError as error:
        raise InvalidMigrationError(f"cannot be read: {error}", field=name) from error
    parts = [list(part) for ends, part in groupby(tokens, lambda token: token.token_type is TokenType.SEMICOLON) if not ends]
    if not parts:
        raise InvalidMigrationError("there is no statement in it", field=name)
    return Migration(int(named[1]), name, tuple(_statement(text, part, f"{name}, statement {place}") for place, part in enumerate(parts, 1)))


def _statement(text: str, tokens: Sequence[Token], where: str) -> Statement:
    words = [text[token.start : token.end + 1] for token in tokens]
    gaps = [text[before.end + 1 : after.start] for before, after in pairwise(tokens)]
    # What stands between two words and is not blank is a comment.
    kept = "".join(word + (gap if gap.isspace() or not gap else "\n") for word, gap in zip(words, [*gaps, ""], strict=True))
    return Statement(kept, hashlib.sha256("\n".join(words).encode()).hexdigest(), _seen_by(kept, where))


def _seen_by(text: str, where: str) -> AddedColumns | None:
    """None for a statement that may be done again. Raises InvalidMigrationError for one that may not, unless its effect can be seen."""
    try:
        tree = sqlglot.parse_one(text, read=DIALECT)
    except SqlglotError as error:
        raise InvalidMigrationError(f"cannot be read: {error}", field=where) from error
    match tree:
        case exp.Create(kind="TABLE", expression=None) if tree.args.get("exists"):
            return None
        case exp.Create(kind="VIEW") if tree.args.get("replace"):
            return None
        case exp.Alter(kind="TABLE") if all(_sets_properties(action) for action in tree.args["actions"]):
            return None
        case exp.Alter(kind="TABLE") if all(isinstance(action, exp.Schema) for action in tree.args["actions"]):
            columns = [column for action in tree.args["actions"] for column in action.expressions]
            return AddedColumns(tree.this.name.lower(), {column.name.lower(): _hive_type(column) for column in columns})
    raise InvalidMigrationError(f"a migration may {_ALLOWED}: what may be done again, or be seen to be done", field=where)


def _sets_properties(action: exp.Expr) -> bool:
    """SET TBLPROPERTIES, and not SET LOCATION or another SET."""
    return isinstance(action, exp.AlterSet) and bool(action.expressions) and all(isinstance(said, exp.Properties) for said in action.expressions)


def _hive_type(column: exp.ColumnDef) -> str:
    kind: exp.DataType = column.args["kind"]
    return kind.sql("hive").lower().replace(" ", "").replace("integer", "int")
