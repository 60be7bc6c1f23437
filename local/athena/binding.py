"""Puts a DuckDB view in the place of every table of a statement, each reading only what its place in the statement can need."""

from sqlglot import exp

from local.athena import catalog, iceberg, information_schema, metadata_tables, predicates, sources, tables, translate, views
from local.athena.errors import StatementFailedError, UnsupportedError
from local.athena.session import Session

Places = frozenset[tuple[str, str]]


def select(session: Session, tree: exp.Expr, *, inside: Places = frozenset()) -> str:
    """A SELECT of Athena in DuckDB's words, its tables bound. Raises StatementFailedError.

    `inside` says which views' queries it stands in.
    """
    return described(session, tree, inside=inside)[0]


def described(session: Session, tree: exp.Expr, *, inside: Places = frozenset()) -> tuple[str, views.Described]:
    """The same, and its columns: those of its probe, which compares in another way and gives the same, as long as each has a name of its own."""
    translated = translate.translated(bind(session, tree, inside=inside))
    columns = session.described(translate.probe(translated))
    return translate.text(translated), columns


def bind(session: Session, tree: exp.Expr, *, keep: frozenset[str] = frozenset(), inside: Places = frozenset()) -> exp.Expr:
    """Every table but common table expressions, and those named in `keep`, becomes a view. Raises StatementFailedError (TABLE_NOT_FOUND)."""
    found = [node for node in tree.find_all(exp.Table) if node.name not in keep and sources.common(node) is None]
    known = {id(node): _stored(session, node) for node in found}
    columns = sources.Columns(lambda node: _columns(node, known[id(node)]) if id(node) in known else None)
    sources.refuse_aliases(tree, columns)
    names = [_bound(session, node, known[id(node)], predicates.conjuncts(node, columns.has), inside) for node in found]
    for node, name in zip(found, names, strict=True):
        _replace(node, name)
    return tree


def _stored(session: Session, node: exp.Table) -> catalog.GlueTable | None:
    """The table in Glue that is read, or that a metadata table is about; None for one of `information_schema`."""
    database, name = catalog.located(session, node)
    if database == sources.INFORMATION_SCHEMA:
        return None
    return catalog.table(session, database, metadata_tables.split(name)[0])


def _columns(node: exp.Table, found: catalog.GlueTable | None) -> set[str]:
    if found is None:
        return information_schema.columns(node.name.lower())
    about = metadata_tables.split(node.name.lower())[1]
    return set(metadata_tables.NAMES.get(about, ()) if about else catalog.columns(found))


def _bound(session: Session, node: exp.Table, found: catalog.GlueTable | None, parts: list[exp.Expr], inside: Places) -> str:
    """The name of what DuckDB reads there."""
    if found is not None and views.is_view(found) and not metadata_tables.split(node.name)[1]:
        return _view(session, node, found, inside)
    return session.view(_relation(session, node, found, parts))


def _relation(session: Session, node: exp.Table, found: catalog.GlueTable | None, parts: list[exp.Expr]) -> str:
    if found is None:
        return information_schema.relation(session, node, parts)
    if metadata_tables.split(node.name)[1]:
        return metadata_tables.relation(session, found, node)
    if catalog.is_iceberg(found):
        return iceberg.relation(session, found, node, parts)
    return tables.relation(session, found, parts)


def _view(session: Session, node: exp.Table, found: catalog.GlueTable, inside: Places) -> str:
    """Bound by itself, so that nothing of the statement around it gets in: conditions from there are applied to its rows, not pushed down. So it is
    bound once, however often the statement names it."""
    place = (found["DatabaseName"], found["Name"])
    if place in inside:
        raise StatementFailedError(f"VIEW_IS_RECURSIVE: line 1:1: View '{views.full_name(found)}' is recursive")
    if node.args.get("version"):
        raise UnsupportedError("time travel in a view")
    if place in session.bound_views:
        return session.bound_views[place]
    try:
        text, columns = described(session, views.query(found), inside=inside | {place})
        session.bound_views[place] = session.view(views.relation(found, text, columns))
        return session.bound_views[place]
    except StatementFailedError as error:
        if error.reason.startswith(("EMULATOR_UNSUPPORTED", "VIEW_IS_", "INVALID_VIEW")):
            raise
        raise StatementFailedError(f"INVALID_VIEW: line 1:1: Failed analyzing stored view '{views.full_name(found)}': {error.reason}") from error


def _replace(node: exp.Table, view: str) -> None:
    alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(node.name))
    node.replace(exp.Table(this=exp.to_identifier(view), alias=alias))
