"""What a query would read at most, before it is run: by the metadata of the tables that it reads. It costs no query."""

from functools import cache

from regulars.domain.analysis.bound import LakeFile, QueryPlan, bound, bounded, free
from regulars.domain.analysis.scans import scans
from regulars.domain.analysis.statement import read_statement
from regulars.ports import Clock, TableCatalog


def plan_query(sql: str, *, limit: int, catalog: TableCatalog, clock: Clock) -> QueryPlan:
    """`limit`: the bytes at which Athena stops a query. Raises InvalidRequestError, StoreUnavailableError."""
    statement = read_statement(sql)
    if statement.kind != "query" or statement.tree is None:
        return free(limit)

    @cache
    def files(table: str) -> list[LakeFile]:
        return list(catalog.files(table))

    now = clock.now().replace(tzinfo=None)
    found = [(scan, None if scan.obstacle else bound(scan, files(scan.table))) for scan in scans(statement.tree, catalog.view, now)]
    return bounded(found, limit)
