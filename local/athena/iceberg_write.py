"""Commits to Iceberg tables: INSERT appends, DELETE, UPDATE and MERGE rewrite only the files that they touch, each in one snapshot.

Athena writes position deletes instead (merge on read): the rows are the same afterwards, the number of files is not.

moto's Glue compares versions without a lock, so of two commits at a time one is lost although both are acknowledged. `COMMIT` is held from
loading a table to its commit: tests/local/athena/test_iceberg_race.py fails without it.
"""

import itertools
import threading
from collections.abc import Sequence
from typing import Any

from pyiceberg.io.pyarrow import _dataframe_to_data_files, _determine_partitions, schema_to_pyarrow
from pyiceberg.manifest import DataFile
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from sqlglot import exp

from local.athena import binding, iceberg
from local.athena.catalog import quoted
from local.athena.errors import StatementFailedError, UnsupportedError
from local.athena.objects import for_athena
from local.athena.session import Session
from local.athena.translate import to_duckdb

COMMIT = threading.RLock()
MAX_PARTITIONS = 100
"""https://docs.aws.amazon.com/athena/latest/ug/ctas-insert-into.html"""

_TARGET = "athena_target"
_WIDER = {
    "TINYINT": {"SMALLINT", "INTEGER", "BIGINT", "DOUBLE"},
    "SMALLINT": {"INTEGER", "BIGINT", "DOUBLE"},
    "INTEGER": {"BIGINT", "DOUBLE"},
    "BIGINT": {"DOUBLE"},
    "HUGEINT": {"BIGINT"},  # DuckDB's type of sum(BIGINT), which is BIGINT in Trino
    "FLOAT": {"DOUBLE"},
    "DATE": {"TIMESTAMP"},
}


def insert(session: Session, table_name: tuple[str, str], columns: Sequence[str], select: str) -> int:
    """Appends what the DuckDB SELECT gives, its columns to those named, and returns the rows. Nothing to insert: no snapshot."""
    schema = iceberg.load(session, *table_name).schema()
    rows, _ = session.arrow(_fitted(session, schema, columns or [field.name for field in schema.fields], select))
    if rows.num_rows:
        with COMMIT:
            session.check()
            append(iceberg.load(session, *table_name), rows)
    return int(rows.num_rows)


def append(table: Table, rows: Any) -> None:
    """One snapshot. Raises StatementFailedError where it would open more than 100 partitions, before anything is committed."""
    with table.transaction() as transaction, transaction.update_snapshot().fast_append() as snapshot:
        for data_file in written(table, rows, snapshot.commit_uuid):
            snapshot.append_data_file(data_file)


def written(table: Table, rows: Any, identity: Any) -> list[DataFile]:
    """The data files of the rows, one partition after the other: pyiceberg would hold a copy of all of them at once."""
    whole = rows.cast(schema_to_pyarrow(table.schema(), include_field_ids=False))
    partitioned = not table.spec().is_unpartitioned()
    parts = (part.arrow_table_partition for part in _determine_partitions(table.spec(), table.schema(), whole)) if partitioned else iter([whole])
    counter = itertools.count(0)
    files: list[DataFile] = []
    for number, part in enumerate(parts, 1):
        if number > MAX_PARTITIONS:
            for data_file in files:
                table.io.delete(data_file.file_path)
            raise StatementFailedError("ICEBERG_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers for partitions", error_type=1100)
        files += _dataframe_to_data_files(table.metadata, part, table.io, identity, counter)
    return files


def _fitted(session: Session, schema: Schema, columns: Sequence[str], select: str) -> str:
    """The SELECT with every column of the table, cast where Trino coerces. Raises StatementFailedError (TYPE_MISMATCH)."""
    kinds = {field.name.lower(): iceberg.duckdb_type(field.field_type) for field in schema.fields}
    described = session.rows(f"DESCRIBE {select}")
    for name in columns:
        if name.lower() not in kinds:
            raise StatementFailedError(f"COLUMN_NOT_FOUND: line 1:1: Insert column name does not exist in target table: {name}")
    if len(described) != len(columns):
        counts = f"Insert query has {len(described)} expression(s) but expected {len(columns)} target column(s)"
        raise StatementFailedError(f"TYPE_MISMATCH: line 1:1: {counts}")
    given = dict(zip((name.lower() for name in columns), (row[1] for row in described), strict=True))
    for name, kind in given.items():
        if kind not in (kinds[name], '"NULL"', "NULL") and kinds[name] not in _WIDER.get(kind, set()):
            mismatch = f"Insert query has mismatched column types: column {name} is {kinds[name]}, the query gives {kind}"
            raise StatementFailedError(f"TYPE_MISMATCH: line 1:1: {mismatch}")
    values = [f"CAST({quoted(name) if name in given else 'NULL'} AS {kind}) AS {quoted(name)}" for name, kind in kinds.items()]
    return f"SELECT {', '.join(values)} FROM ({select}) AS given({', '.join(quoted(name) for name in given)})"


def delete(session: Session, table_name: tuple[str, str], tree: exp.Delete) -> int:
    """Deletes the rows that meet the WHERE, and returns how many."""
    return _rewrite(session, table_name, tree.this, tree.args.get("where"), None)


def update(session: Session, table_name: tuple[str, str], tree: exp.Update) -> int:
    """Sets columns of the rows that meet the WHERE, and returns how many."""
    if tree.args.get("from_"):
        raise UnsupportedError("UPDATE with FROM")
    changes = {change.this.name.lower(): change.expression for change in tree.expressions}
    return _rewrite(session, table_name, tree.this, tree.args.get("where"), changes)


def _rewrite(session: Session, table_name: tuple[str, str], target: exp.Table, where: exp.Where | None, changes: dict[str, exp.Expr] | None) -> int:
    """Phase one finds the files that hold such a row, reading only the columns of the condition; phase two writes those files anew."""
    with COMMIT:
        table = iceberg.load(session, *table_name)
        files = {task.file.file_path: task.file for task in iceberg.planned(table)}
        condition, values = _conditions(session, target, where, changes)
        alias = quoted(target.alias_or_name)
        everything = iceberg.reader(table.schema(), list(files), filename=True)
        hits = session.rows(f"SELECT filename, count(*) FROM {everything} AS {alias} WHERE {condition} GROUP BY 1")
        if not hits:
            return 0
        touched = [for_athena(hit[0]) for hit in hits]
        source = f"FROM {iceberg.reader(table.schema(), touched)} AS {alias}"
        names = [field.name for field in table.schema().fields]
        if changes is None:
            select = f"SELECT {', '.join(map(quoted, names))} {source} WHERE NOT coalesce({condition}, false)"
        else:
            changed = [f"CASE WHEN {condition} THEN {values[n.lower()]} ELSE {quoted(n)} END" if n.lower() in values else quoted(n) for n in names]
            select = f"SELECT {', '.join(changed)} {source}"
        rows, _ = session.arrow(_fitted(session, table.schema(), names, select))
        _replace(session, table, [files[path] for path in touched], rows)
        return sum(hit[1] for hit in hits)


def _conditions(session: Session, target: exp.Table, where: exp.Where | None, changes: dict[str, exp.Expr] | None) -> tuple[str, dict[str, str]]:
    """The condition and the new values in DuckDB's words; subqueries in them read views."""
    items: list[exp.Expr] = [exp.alias_(value, name, quoted=True) for name, value in (changes or {}).items()]
    probe = (
        exp.select(*(items or [exp.Literal.number(1)]))
        .from_(exp.to_table(_TARGET).as_(target.alias_or_name))
        .where(where.this if where else exp.true())
    )
    binding.bind(session, probe, keep=frozenset({_TARGET}))
    to_duckdb(probe)
    condition, changed = probe.args["where"].this, [item for item in probe.expressions if isinstance(item, exp.Alias)]
    return f"({_text(condition)})", {item.alias: _text(item.this) for item in changed}


def _text(translated: exp.Expr) -> str:
    return translated.sql("duckdb", normalize_functions=False)


def merge(session: Session, table_name: tuple[str, str], tree: exp.Merge) -> int:
    """MERGE INTO: DuckDB merges into a copy that remembers the file of each row; files with a row that changed are written anew."""
    with COMMIT:
        table = iceberg.load(session, *table_name)
        files = {task.file.file_path: task.file for task in iceberg.planned(table)}
        names = [field.name for field in table.schema().fields]
        session.execute(f"CREATE OR REPLACE TEMP TABLE {_TARGET} AS SELECT * FROM {iceberg.reader(table.schema(), list(files), filename=True)}")
        alias = tree.this.args.get("alias") or exp.TableAlias(this=exp.to_identifier(tree.this.name))
        tree.this.replace(exp.Table(this=exp.to_identifier(_TARGET), alias=alias))
        _name_inserted_columns(tree, names)
        binding.bind(session, tree, keep=frozenset({_TARGET}))
        changed = session.rows(f"{to_duckdb(tree)} RETURNING merge_action, filename")
        if not changed:
            return 0
        touched = sorted({row[1] for row in changed if row[1]})
        listed = ", ".join(exp.Literal.string(name).sql("duckdb") for name in touched)
        kept = f"filename IS NULL OR filename IN ({listed})" if touched else "filename IS NULL"
        rows, _ = session.arrow(f"SELECT {', '.join(map(quoted, names))} FROM {_TARGET} WHERE {kept}")
        _replace(session, table, [files[for_athena(name)] for name in touched], rows)
        return len(changed)


def _name_inserted_columns(tree: exp.Merge, names: list[str]) -> None:
    """`INSERT VALUES (...)` means all columns, and the copy has one more."""
    for when in tree.args["whens"].expressions:
        then = when.args["then"]
        if isinstance(then, exp.Insert) and then.this is None:
            then.set("this", exp.Tuple(expressions=[exp.to_identifier(name) for name in names]))


def _replace(session: Session, table: Table, old: list[DataFile], rows: Any) -> None:
    """One OVERWRITE snapshot: these files go, these rows come."""
    session.check()
    with table.transaction() as transaction, transaction.update_snapshot().overwrite() as snapshot:
        for data_file in old:
            snapshot.delete_data_file(data_file)
        if rows.num_rows:
            for data_file in written(table, rows, snapshot.commit_uuid):
                snapshot.append_data_file(data_file)
