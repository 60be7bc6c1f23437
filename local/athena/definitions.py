"""DDL: databases and tables in moto's Glue, Iceberg tables through pyiceberg."""

import re
from typing import Any

from moto.core.exceptions import JsonRESTError
from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC, PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import DayTransform, HourTransform, IdentityTransform, MonthTransform, Transform, YearTransform
from pyiceberg.types import NestedField
from sqlglot import exp

from local.athena import binding, catalog, iceberg, views
from local.athena import properties as table_properties
from local.athena.alterations import add_columns, set_properties
from local.athena.errors import StatementFailedError, UnsupportedError, table_not_found
from local.athena.iceberg_write import COMMIT, append
from local.athena.session import Session
from local.athena.sources import INFORMATION_SCHEMA
from local.athena.statements import Kind, Statement

_TRANSFORMS: dict[str, Transform[Any, Any]] = {"year": YearTransform(), "month": MonthTransform(), "day": DayTransform(), "hour": HourTransform()}
_FIRST_PARTITION_FIELD = 1000
_ROW_GROUP_ROWS = "20000"
"""Small enough that DuckDB can skip most of a file by its statistics: 3.5 times fewer bytes than one group a file for a sorted column."""

Properties = dict[str, str]


def define(session: Session, statement: Statement) -> None:
    """Runs a statement of DDL; Athena prints nothing for it."""
    tree = statement.tree
    match statement.kind:
        case Kind.CREATE_DATABASE:
            _create_database(session, tree)
        case Kind.DROP_DATABASE:
            _drop(session, tree, lambda name: session.glue.delete_database(name.name.lower()))
        case Kind.CREATE_TABLE:
            _create_table(session, tree)
        case Kind.CREATE_VIEW:
            _create_view(session, tree)
        case Kind.DROP_TABLE | Kind.DROP_VIEW:
            _drop(session, tree, lambda name: _drop_table(session, name, view=statement.kind is Kind.DROP_VIEW))
        case Kind.ADD_COLUMNS:
            add_columns(session, tree)
        case Kind.SET_PROPERTIES:
            set_properties(session, tree)


def _create_database(session: Session, tree: exp.Expr) -> None:
    name = tree.this.name.lower()
    try:
        session.glue.create_database(name, {"Name": name})
    except JsonRESTError as error:
        if not tree.args.get("exists"):
            raise StatementFailedError(f"FAILED: SemanticException: Database {name} already exists") from error


def _drop(session: Session, tree: exp.Expr, drop: Any) -> None:
    for name in tree.args["tables"]:
        try:
            with COMMIT:
                drop(name)
        except JsonRESTError as error:
            if not tree.args.get("exists"):
                raise table_not_found(session.database, name.name) from error


def _drop_table(session: Session, name: exp.Table, *, view: bool) -> None:
    place = catalog.located(session, name)
    if views.is_view(session.glue.get_table(*place).as_dict()) is not view:
        if view:
            raise StatementFailedError(f"TABLE_NOT_FOUND: line 1:1: View '{place[1]}' does not exist, but a table with that name exists")
        raise StatementFailedError(f"FAILED: SemanticException [Error 10127]: Cannot drop a view with DROP TABLE: {place[1]}")
    session.glue.delete_table(*place)


def _create_view(session: Session, tree: exp.Expr) -> None:
    place, query = catalog.located(session, tree.this), tree.expression
    views.require_names(query)
    if any(table.db.lower() == INFORMATION_SCHEMA for table in query.find_all(exp.Table)):
        # https://docs.aws.amazon.com/athena/latest/ug/querying-glue-catalog.html#querying-glue-catalog-considerations-limitations
        raise StatementFailedError(f"NOT_SUPPORTED: line 1:1: A view cannot be created on the {INFORMATION_SCHEMA} database")
    _, columns = binding.described(session, query.copy(), inside=frozenset({place}))
    record = views.record(place, query, columns)
    with COMMIT:
        if not _exists(session, *place):
            session.glue.create_table(*place, record)
        elif not views.is_view(catalog.table(session, *place)):
            raise StatementFailedError(f"TABLE_ALREADY_EXISTS: line 1:1: Table already exists: '{place[1]}'")
        elif tree.args.get("replace"):
            session.glue.update_table(*place, record)
        else:
            raise StatementFailedError(f"ALREADY_EXISTS: line 1:1: View already exists: '{place[1]}'")


def _create_table(session: Session, tree: exp.Expr) -> None:
    place = catalog.located(session, tree.this.this)
    columns = {column.name.lower(): catalog.hive_type(column.args["kind"]) for column in tree.this.expressions}
    properties = _properties(tree)
    with COMMIT:
        if _exists(session, *place):
            if not tree.args.get("exists"):
                raise StatementFailedError(f"FAILED: SemanticException: Table {place[1]} already exists")
        elif properties.get("table_type", "").upper() == "ICEBERG":
            table_properties.require_known(properties)
            create_iceberg(session, place, columns, _location(tree), _transforms(tree), properties)
        elif tree.find(exp.ExternalProperty):
            _create_external(session, place, columns, tree, properties)
        else:
            raise StatementFailedError("FAILED: SemanticException: a managed table needs TBLPROPERTIES ('table_type' = 'ICEBERG')")


def _exists(session: Session, database: str, name: str) -> bool:
    try:
        return name in session.glue.get_database(database).tables
    except JsonRESTError as error:
        raise StatementFailedError(f"SCHEMA_NOT_FOUND: line 1:1: Schema '{database}' does not exist") from error


def _properties(tree: exp.Expr) -> Properties:
    holder = tree.args.get("properties")
    pairs = [item for item in (holder.expressions if holder else []) if type(item) is exp.Property]
    return {item.this.name.lower(): item.args["value"].name for item in pairs}


def _location(tree: exp.Expr) -> str:
    found = tree.find(exp.LocationProperty)
    if found is None or not re.match(r"s3://[^/]+/", found.this.name):
        raise StatementFailedError("FAILED: SemanticException: the table needs a LOCATION 's3://bucket/folder/'")
    return str(found.this.name)


def _transforms(tree: exp.Expr) -> list[tuple[str, str]]:
    """`PARTITIONED BY (month(event_ts), event_name)` as [("month", "event_ts"), ("identity", "event_name")]."""
    found = tree.find(exp.PartitionedByProperty)
    items = found.this.expressions if found else []
    return [_transform(item) for item in items]


def _transform(item: exp.Expr) -> tuple[str, str]:
    name, column = type(item).__name__.lower(), item.find(exp.Column)
    if name in _TRANSFORMS and column is not None:
        return name, column.name.lower()
    if isinstance(item, exp.Identifier | exp.Column):
        return "identity", item.name.lower()
    raise UnsupportedError(f"the partition transform {item.sql('athena')}")


def create_iceberg(
    session: Session, place: tuple[str, str], columns: dict[str, str], location: str, transforms: list[tuple[str, str]], properties: Properties
) -> None:
    """Glue's record and the first metadata file. The caller holds COMMIT."""
    schema = Schema(*[NestedField(i, name, iceberg.type_of(kind), required=False) for i, (name, kind) in enumerate(columns.items(), 1)])
    fields = [
        PartitionField(
            schema.find_field(column).field_id,
            _FIRST_PARTITION_FIELD + i,
            _TRANSFORMS.get(name, IdentityTransform()),
            column if name == "identity" else f"{column}_{name}",
        )
        for i, (name, column) in enumerate(transforms)
    ]
    compression = properties.get("write_compression", "zstd").lower()
    written = {"write.parquet.compression-codec": compression, "write.parquet.row-group-limit": _ROW_GROUP_ROWS, **table_properties.kept(properties)}
    spec = PartitionSpec(*fields) if fields else UNPARTITIONED_PARTITION_SPEC
    iceberg.own_catalog(session).create_table(place, schema, location.rstrip("/"), partition_spec=spec, properties=written)


def _create_external(session: Session, place: tuple[str, str], columns: dict[str, str], tree: exp.Expr, properties: Properties) -> None:
    keys = tree.find(exp.PartitionedByProperty)
    serde = tree.find(exp.RowFormatSerdeProperty) or tree.find(exp.FileFormatProperty)
    if serde is None:
        raise UnsupportedError("a table without ROW FORMAT SERDE or STORED AS")
    record = {
        "Name": place[1],
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", **properties},
        "PartitionKeys": [{"Name": key.name.lower(), "Type": catalog.hive_type(key.args["kind"])} for key in (keys.this.expressions if keys else [])],
        "StorageDescriptor": {
            "Columns": [{"Name": name, "Type": kind} for name, kind in columns.items()],
            "Location": _location(tree),
            "SerdeInfo": {"SerializationLibrary": serde.this.name},
        },
    }
    session.glue.create_table(*place, record)


def create_table_as(session: Session, tree: exp.Expr, select: str) -> int:
    """CTAS of an Iceberg table (`table_type = 'ICEBERG'`, `location`, `partitioning`), from the SELECT in DuckDB's words."""
    place, properties = catalog.located(session, tree.this), _properties(tree)
    if properties.get("table_type", "").upper() != "ICEBERG":
        raise UnsupportedError("CREATE TABLE AS without table_type = 'ICEBERG'")
    if _exists(session, *place):
        if tree.args.get("exists"):
            return 0
        raise StatementFailedError(f"TABLE_ALREADY_EXISTS: line 1:1: Destination table '{place[1]}' already exists")
    columns = {name.lower(): catalog.from_duckdb(kind) for name, kind in session.described(select)}
    casts = ", ".join(f"CAST({catalog.quoted(name)} AS {catalog.duckdb_type(kind)}) AS {catalog.quoted(name)}" for name, kind in columns.items())
    rows, _ = session.arrow(f"SELECT {casts} FROM ({select})")
    with COMMIT:
        session.check()
        create_iceberg(session, place, columns, _location(tree), _partitioning(tree), properties)
        if rows.num_rows:
            append(iceberg.load(session, *place), rows)
    return int(rows.num_rows)


def _partitioning(tree: exp.Expr) -> list[tuple[str, str]]:
    """`partitioning = ARRAY['month(event_ts)', 'event_name']`."""
    for item in tree.args["properties"].expressions:
        if type(item) is exp.Property and item.this.name.lower() == "partitioning":
            written = [re.fullmatch(r"(?:(\w+)\()?(\w+)\)?", part.name) for part in item.args["value"].expressions]
            return [((found[1] or "identity").lower(), found[2].lower()) for found in written if found]
    return []
