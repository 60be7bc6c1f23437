"""Iceberg tables as DuckDB relations: pyiceberg plans which files a query needs, DuckDB reads them by field id."""

import re
from datetime import UTC, date, datetime, time
from functools import cache, reduce
from typing import Any

from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.expressions import AlwaysTrue, And, BooleanExpression, GreaterThan, GreaterThanOrEqual, In, LessThan, LessThanOrEqual
from pyiceberg.schema import Schema
from pyiceberg.serializers import FromInputFile
from pyiceberg.table import FileScanTask, Table
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IcebergType,
    IntegerType,
    LongType,
    StringType,
    TimestampType,
    TimestamptzType,
)
from sqlglot import exp

from local.athena import predicates
from local.athena.catalog import GlueTable, quoted, text
from local.athena.errors import StatementFailedError, UnsupportedError, table_not_found
from local.athena.objects import ACCOUNT_PROPERTY, PARTITION_PROPERTY, LakeFileIO, for_duckdb
from local.athena.predicates import Comparison, Value
from local.athena.session import Session

_DUCKDB: dict[type[IcebergType], str] = {
    StringType: "VARCHAR", BooleanType: "BOOLEAN", IntegerType: "INTEGER", LongType: "BIGINT", FloatType: "FLOAT", DoubleType: "DOUBLE",
    DateType: "DATE", TimestampType: "TIMESTAMP", TimestamptzType: "TIMESTAMPTZ", BinaryType: "BLOB",
}  # fmt: skip
_ICEBERG: dict[str, IcebergType] = {
    "string": StringType(), "varchar": StringType(), "int": IntegerType(), "bigint": LongType(), "float": FloatType(), "double": DoubleType(),
    "boolean": BooleanType(), "date": DateType(), "timestamp": TimestampType(), "binary": BinaryType(),
}  # fmt: skip
_NUMBERS = (IntegerType, LongType)
_in: Any = In  # pyiceberg names its fields for pydantic, and takes them by position all the same
_OPERATORS: dict[str, Any] = {"<": LessThan, "<=": LessThanOrEqual, ">": GreaterThan, ">=": GreaterThanOrEqual}


@cache
def catalog(account_id: str, partition: str, region: str) -> GlueCatalog:
    """pyiceberg's Glue catalogue against moto: boto3 clients are slow to make and safe to share."""
    return GlueCatalog(
        "athena",
        **{
            "py-io-impl": f"{LakeFileIO.__module__}.{LakeFileIO.__qualname__}",
            "glue.region": region,
            "glue.access-key-id": "local",
            "glue.secret-access-key": "local",
            ACCOUNT_PROPERTY: account_id,
            PARTITION_PROPERTY: partition,
        },
    )


def own_catalog(session: Session) -> GlueCatalog:
    return catalog(session.objects.account_id, session.objects.partition, session.region)


def load(session: Session, database: str, name: str) -> Table:
    """The table as it is now, to be committed to. Raises StatementFailedError (TABLE_NOT_FOUND)."""
    try:
        table = own_catalog(session).load_table((database, name))
    except NoSuchTableError as error:
        raise table_not_found(database, name) from error
    return Table(table.name(), table.metadata, table.metadata_location, LakeFileIO(objects=session.objects), table.catalog)


def current(session: Session, found: GlueTable) -> Table:
    """The table as Glue points to it now, to be read."""
    location, files = found["Parameters"]["metadata_location"], LakeFileIO(objects=session.objects)
    metadata = FromInputFile.table_metadata(files.new_input(location))
    return Table((found["DatabaseName"], found["Name"]), metadata, location, files, own_catalog(session))


def relation(session: Session, found: GlueTable, node: exp.Table, parts: list[exp.Expr]) -> str:
    """The table as `(SELECT ...)`, of the snapshot that the statement names, else the newest."""
    table = current(session, found)
    snapshot_id = _as_of(table, node)
    schema = table.scan(snapshot_id=snapshot_id).projection() if snapshot_id else table.schema()
    row_filter = pushed(schema, list(predicates.comparisons(parts)))
    tasks = planned(table, row_filter, snapshot_id)
    return reader(schema, [task.file.file_path for task in tasks])


def planned(table: Table, row_filter: BooleanExpression | None = None, snapshot_id: int | None = None) -> list[FileScanTask]:
    """The data files that may hold rows that meet the filter. Raises UnsupportedError if rows were deleted by position or equality."""
    tasks = list(table.scan(row_filter=row_filter or AlwaysTrue(), snapshot_id=snapshot_id).plan_files())
    if any(task.delete_files for task in tasks):
        raise UnsupportedError("an Iceberg table with delete files")
    return tasks


def reader(schema: Schema, paths: list[str], *, filename: bool = False) -> str:
    """A relation of the columns of `schema` (and of `filename`) over data files, found by field id as Iceberg wants it."""
    names = ", ".join(quoted(field.name) for field in schema.fields) + (", filename" if filename else "")
    if not paths:
        empty = [f"CAST(NULL AS {duckdb_type(field.field_type)}) AS {quoted(field.name)}" for field in schema.fields]
        return f"(SELECT {', '.join(empty)}{', CAST(NULL AS VARCHAR) AS filename' if filename else ''} WHERE false)"
    files = ", ".join(text(for_duckdb(path)) for path in paths)
    fields = ", ".join(
        f"{field.field_id}: {{name: {text(field.name)}, type: {text(duckdb_type(field.field_type))}, default_value: NULL}}" for field in schema.fields
    )
    # Without hive_partitioning=false DuckDB takes `event_name=Order+Completed` of the path for the column.
    options = "hive_partitioning=false" + (", filename=true" if filename else "")
    return f"(SELECT {names} FROM read_parquet([{files}], schema=MAP {{{fields}}}, {options}))"


def duckdb_type(kind: IcebergType) -> str:
    if isinstance(kind, DecimalType):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    try:
        return _DUCKDB[type(kind)]
    except KeyError:
        raise UnsupportedError(f"the Iceberg type {kind}") from None


def type_of(hive: str) -> IcebergType:
    """The Iceberg type of a Hive type, as DDL writes it. Raises UnsupportedError."""
    if decimal := re.fullmatch(r"decimal\((\d+), ?(\d+)\)", hive):
        return DecimalType(int(decimal[1]), int(decimal[2]))
    try:
        return _ICEBERG[hive]
    except KeyError:
        raise UnsupportedError(f"the Iceberg column type {hive}") from None


def pushed(schema: Schema, comparisons: list[Comparison]) -> BooleanExpression:
    """The comparisons that pyiceberg can prune files by, of columns whose type is that of the constant."""
    terms = [term for comparison in comparisons if (term := _term(schema, comparison)) is not None]
    return reduce(And, terms) if terms else AlwaysTrue()


def _term(schema: Schema, comparison: Comparison) -> BooleanExpression | None:
    field = next((f for f in schema.fields if f.name.lower() == comparison.column), None)
    literals = [_literal(field.field_type, value) for value in comparison.values] if field else []
    if field is None or any(literal is None for literal in literals):
        return None
    if comparison.operator == "=":
        return _in(field.name, literals)
    return _OPERATORS[comparison.operator](field.name, literals[0])


def _literal(kind: IcebergType, value: Value) -> str | int | None:
    if isinstance(kind, StringType) and isinstance(value, str):
        return value
    if isinstance(kind, _NUMBERS) and isinstance(value, int):
        return value
    if isinstance(kind, TimestampType) and isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        return moment.isoformat()  # pyiceberg wants the T
    if isinstance(kind, DateType) and isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return None


def _as_of(table: Table, node: exp.Table) -> int | None:
    """https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-time-travel-and-version-travel-queries.html"""
    version = node.args.get("version")
    if version is None:
        return None
    if version.name.upper() in ("VERSION", "SYSTEM_VERSION"):
        snapshot = table.snapshot_by_id(int(version.expression.name))
        if snapshot is None:  # expired, most likely
            raise StatementFailedError(f"INVALID_ARGUMENTS: Iceberg snapshot ID does not exists: {version.expression.name}")
    else:
        moment = _moment(version.expression)
        snapshot = table.snapshot_as_of_timestamp(int(moment.timestamp() * 1000))
    if snapshot is None:
        raise StatementFailedError(f"INVALID_ARGUMENTS: No version history table {table.name()[-1]} at or before {version.expression.sql('trino')}")
    return snapshot.snapshot_id


def _moment(node: exp.Expr) -> datetime:
    literal = node.find(exp.Literal)
    written = literal.name.removesuffix(" UTC") if literal else ""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise UnsupportedError(f"FOR TIMESTAMP AS OF {node.sql('trino')}: only a literal in UTC") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
