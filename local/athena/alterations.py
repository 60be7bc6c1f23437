"""ALTER TABLE .. ADD COLUMNS and .. SET TBLPROPERTIES: the changes of a table that are done as Athena does them."""

from typing import Any

from sqlglot import exp

from local.athena import catalog, iceberg, properties, views
from local.athena.errors import StatementFailedError, UnsupportedError
from local.athena.iceberg_write import COMMIT
from local.athena.session import Session


def add_columns(session: Session, tree: exp.Expr) -> None:
    """After the columns that are there, before partition keys; rows written before have NULL in them.

    https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-alter-table-add-columns.html and, for external tables,
    https://docs.aws.amazon.com/athena/latest/ug/alter-table-add-columns.html
    """
    place, added = catalog.located(session, tree.this), _added(tree)
    with COMMIT:
        found = catalog.table(session, *place)
        if views.is_view(found):
            raise StatementFailedError("FAILED: SemanticException [Error 10131]: To alter a view you need to use the ALTER VIEW command.")
        if taken := sorted(set(added) & set(catalog.columns(found))):
            raise StatementFailedError(f"FAILED: SemanticException [Error 10036]: Duplicate column name: {taken[0]}")
        if catalog.is_iceberg(found):
            with iceberg.load(session, *place).update_schema() as update:
                for name, kind in added.items():
                    update.add_column(name, iceberg.type_of(kind))
            return
        stored: dict[str, Any] = found["StorageDescriptor"]
        descriptor = {**stored, "Columns": [*stored["Columns"], *({"Name": n, "Type": k} for n, k in added.items())]}
        kept: dict[str, Any] = {key: found[key] for key in ("Name", "TableType", "Parameters", "PartitionKeys") if key in found}
        session.glue.update_table(*place, {**kept, "StorageDescriptor": descriptor})


def set_properties(session: Session, tree: exp.Expr) -> None:
    """Of an Iceberg table, those that say how OPTIMIZE and VACUUM keep it.

    https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-alter-table-set-properties.html
    """
    place = catalog.located(session, tree.this)
    said = {item.this.name.lower(): item.args["value"].name for item in tree.find_all(exp.Property)}
    if not catalog.is_iceberg(catalog.table(session, *place)):
        raise UnsupportedError("SET TBLPROPERTIES of a table that is not Iceberg")
    properties.require_known(said)
    kept = properties.kept(said)
    if others := sorted(set(said) - set(kept)):
        raise UnsupportedError(f"SET TBLPROPERTIES of {', '.join(others)}")
    with COMMIT, iceberg.load(session, *place).transaction() as transaction:
        transaction.set_properties(kept)


def _added(tree: exp.Expr) -> dict[str, str]:
    """Name to Hive type. Raises StatementFailedError for what the engine could not read afterwards."""
    if tree.this.args.get("partition"):
        raise UnsupportedError("ALTER TABLE .. PARTITION")
    columns = [column for schema in tree.args["actions"] for column in schema.expressions]
    if any(column.args.get("constraints") for column in columns):
        raise UnsupportedError("ADD COLUMNS with COMMENT")
    added = {column.name.lower(): catalog.hive_type(column.args["kind"]) for column in columns}
    if len(added) < len(columns):
        raise StatementFailedError("FAILED: SemanticException [Error 10036]: Duplicate column name in ADD COLUMNS")
    for kind in added.values():
        catalog.duckdb_type(kind)
    return added
