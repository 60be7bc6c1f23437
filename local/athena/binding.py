"""Puts a DuckDB view in the place of every table of a statement, each reading only what its place in the statement can need."""

from sqlglot import exp

from local.athena import catalog, iceberg, predicates, sources, tables
from local.athena.session import Session


def bind(session: Session, tree: exp.Expr, *, keep: frozenset[str] = frozenset()) -> exp.Expr:
    """Every table but common table expressions, and those named in `keep`, becomes a view. Raises StatementFailedError (TABLE_NOT_FOUND)."""
    found = [node for node in tree.find_all(exp.Table) if node.name not in keep and sources.common(node) is None]
    known = {id(node): catalog.table(session, *catalog.located(session, node)) for node in found}
    columns = sources.Columns(lambda node: set(catalog.columns(known[id(node)])) if id(node) in known else None)
    sources.refuse_aliases(tree, columns)
    relations = [_relation(session, node, known[id(node)], predicates.conjuncts(node, columns.has)) for node in found]
    for node, relation in zip(found, relations, strict=True):
        _replace(node, session.view(relation))
    return tree


def _relation(session: Session, node: exp.Table, found: catalog.GlueTable, parts: list[exp.Expr]) -> str:
    if catalog.is_iceberg(found):
        return iceberg.relation(session, found, node, parts)
    return tables.relation(session, found, parts)


def _replace(node: exp.Table, view: str) -> None:
    alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(node.name))
    node.replace(exp.Table(this=exp.to_identifier(view), alias=alias))
