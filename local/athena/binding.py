"""Puts a DuckDB view in the place of every table of a statement, each reading only what its place in the statement can need."""

from sqlglot import exp

from local.athena import catalog, iceberg, predicates, tables
from local.athena.session import Session


def bind(session: Session, tree: exp.Expr, *, keep: frozenset[str] = frozenset()) -> exp.Expr:
    """Every table but common table expressions, and those named in `keep`, becomes a view. Raises StatementFailedError (TABLE_NOT_FOUND)."""
    found = [node for node in tree.find_all(exp.Table) if node.name not in keep and not is_common(node)]
    known = {id(node): catalog.table(session, *catalog.located(session, node)) for node in found}

    def has_column(source: exp.Expr, name: str) -> bool:
        if id(source) in known:
            return name in catalog.columns(known[id(source)])
        if isinstance(source, exp.Unnest):
            return name in [column.name.lower() for column in (source.args["alias"].columns if source.args.get("alias") else [])]
        names = [n.lower() for n in source.this.named_selects] if isinstance(source, exp.Subquery) else ["*"]
        return name in names or "*" in names

    relations = [_relation(session, node, known[id(node)], predicates.conjuncts(node, has_column)) for node in found]
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


def is_common(node: exp.Table) -> bool:
    """Whether the name is that of a WITH query that is visible here: one of an outer statement, or an earlier one of the same WITH."""
    if node.db:
        return False
    child: exp.Expr = node
    while child.parent is not None:
        parent = child.parent
        if isinstance(parent, exp.With):
            visible = parent.expressions[: parent.expressions.index(child)]
            child = parent.parent or parent  # its own statement's WITH is this one: go on above it
        else:
            having = parent.args.get("with_")
            visible = having.expressions if having else []
            child = parent
        if any(query.alias.lower() == node.name.lower() for query in visible):
            return True
    return False
