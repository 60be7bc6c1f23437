"""A query that somebody wrote: started, looked at, stopped, and its result in pages or as CSV. Nothing waits, and nothing is kept of it but what
Athena keeps: who asked is in what it was sent (`analysis.statement.signed`)."""

from regulars.domain.analysis.answers import LONGEST_VALUE, PAGE_ROWS, QueryColumn, QueryExport, QueryLook, QueryRows
from regulars.domain.analysis.statement import is_free, is_of, read_statement, signed
from regulars.domain.errors import InvalidRequestError, NotFoundError, QueryFailedError
from regulars.domain.queries import Query
from regulars.domain.spreadsheets import guarded_rows, whole_rows
from regulars.domain.tickets import QueryTicket, sealed, unsealed
from regulars.ports import ObjectStore, QueryEngine

_GONE = "its result is not there any more: results are kept for 7 days, so run it again"


def start_query(sql: str, by: str, *, queries: QueryEngine) -> QueryLook:
    """Raises InvalidRequestError for what may not be run, and for what Athena does not take, in its words; QueryFailedError."""
    statement = read_statement(sql)
    try:
        query_id = queries.start(signed(statement, by))
    except QueryFailedError as error:
        if not error.refused:
            raise
        raise InvalidRequestError(str(error), field="sql") from error
    return QueryLook(sealed(QueryTicket(query_id)), "queued")


def look_at_query(ticket: str, by: str, *, queries: QueryEngine) -> QueryLook:
    """Raises InvalidRequestError for a ticket of another kind, NotFoundError for a query of somebody else, or none; QueryFailedError."""
    query = _own(ticket, by, queries)
    cost = 0.0 if is_free(query.text) else query.cost_usd
    return QueryLook(ticket, query.state, query.reason, query.bytes_scanned, cost)


def stop_query(ticket: str, by: str, *, queries: QueryEngine) -> QueryLook:
    """What it has read until then is paid. One that is over stays as it ended. Raises as `look_at_query`."""
    queries.stop(_own(ticket, by, queries).query_id)
    return look_at_query(ticket, by, queries=queries)


def query_rows(ticket: str, by: str, page: str = "", *, queries: QueryEngine) -> QueryRows:
    """Raises as `look_at_query`, and InvalidRequestError for a query that has no rows yet and for what is no page."""
    query = _succeeded(ticket, by, queries)
    try:
        found = queries.table(query.query_id, page=page, size=PAGE_ROWS)
    except NotFoundError as error:
        raise NotFoundError(_GONE) from error
    rows = [[_cut(value) for value in row] for row in found.rows]
    cut = sum(value is not None and len(value) > LONGEST_VALUE for row in found.rows for value in row)
    return QueryRows([QueryColumn(name, kind) for name, kind in found.columns], rows, found.next, cut)


def query_export(ticket: str, by: str, page: str = "", *, queries: QueryEngine, lake: ObjectStore) -> QueryExport:
    """Raises as `query_rows`, and StoreUnavailableError."""
    query = _succeeded(ticket, by, queries)
    if not query.result.endswith(".csv"):
        raise InvalidRequestError("only the rows of a SELECT are to be had as CSV", field="ticket")
    if page and not page.isdecimal():
        raise InvalidRequestError("is not the name of a part of this result: bring what `next` said", field="page")
    start = int(page or 0)
    try:
        pieces = lake.chunks(query.result.split("/", 3)[3], start=start)
        part, more = next(pieces, b""), next(pieces, b"")
        while more and not whole_rows(part):  # a row longer than a piece
            part, more = part + more, next(pieces, b"")
    except NotFoundError as error:
        raise NotFoundError(_GONE) from error
    whole = part[: whole_rows(part)] if more else part  # the byte of a line feed is no part of another letter
    return QueryExport(guarded_rows(whole.decode()), str(start + len(whole)) if more else "")


def _own(ticket: str, by: str, queries: QueryEngine) -> Query:
    query = queries.look(unsealed(ticket, QueryTicket).query_id)
    if not is_of(query.text, by):
        raise NotFoundError("there is no such query of yours")
    return query


def _succeeded(ticket: str, by: str, queries: QueryEngine) -> Query:
    query = _own(ticket, by, queries)
    if query.state != "succeeded":
        raise InvalidRequestError(f"the query is {query.state}, and only one that succeeded has rows", field="ticket")
    return query


def _cut(value: str | None) -> str | None:
    return value if value is None or len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"
