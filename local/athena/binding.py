"""Puts a DuckDB view in the place of every table of a statement, each reading only what its place in the statement can need."""

from sqlglot import exp

from local.athena import catalog, iceberg, metadata_tables, predicates, sources, tables
from local.athena.session import Session


def bind(session: Session, tree: exp.Expr, *, keep: frozenset[str] = frozenset()) -> exp.Expr:
    """Every table but common table expressions, and those named in `keep`, becomes a view. Raises StatementFailedError (TABLE_NOT_FOUND)."""
    found = [node for node in tree.find_all(exp.Table) if node.name not in keep and sources.common(node) is None]
    known = {id(node): _stored(session, node) for node in found}
    columns = sources.Columns(lambda node: _columns(node, known[id(node)]) if id(node) in known else None)
    sources.refuse_aliases(tree, columns)
    relations = [_relation(session, node, known[id(node)], predicates.conjuncts(node, columns.has)) for node in found]
    for node, relation in zip(found, relations, strict=True):
        _replace(node, session.view(relation))
    return tree


def _stored(session: Session, node: exp.Table) -> catalog.GlueTable:
    """The table in Glue that is read, or that a metadata table is about."""
    database, name = catalog.located(session, node)
    return catalog.table(session, database, metadata_tables.split(name)[0])


def _columns(node: exp.Table, found: catalog.GlueTable) -> set[str]:
    return set(metadata_tables.SNAPSHOTS if metadata_tables.split(node.name)[1] else catalog.columns(found))


def _relation(session: Session, node: exp.Table, found: catalog.GlueTable, parts: list[exp.Expr]) -> str:
    if metadata_tables.split(node.name)[1]:
        return metadata_tables.relation(session, found, node)
    if catalog.is_iceberg(found):
        return iceberg.relation(session, found, node, parts)
    return tables.relation(session, found, parts)


def _replace(node: exp.Table, view: str) -> None:
    alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(node.name))
    node.replace(exp.Table(this=exp.to_identifier(view), alias=alias))
