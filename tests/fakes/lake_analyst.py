"""Somebody who asks the lake, scripted: passes the same contract suite as the adapter (tests/contracts)."""

from regulars.domain.analysis.answers import LakeShown, LakeTable, QueryColumn, QueryExport, QueryLook, QueryRows
from regulars.domain.analysis.bound import QueryPlan, TableBound
from regulars.domain.errors import InvalidRequestError, NotFoundError


class MemoryLakeAnalyst:
    """Every statement finds one row at once. `asked` has each with who asked, by its ticket."""

    def __init__(self) -> None:
        self.asked: dict[str, tuple[str, str]] = {}

    def plan(self, sql: str) -> QueryPlan:
        return QueryPlan(True, 7, 0.00005, 5, 0.00005, 100, [TableBound("people", 7, 5, 1, 2)])

    def start(self, sql: str, by: str) -> QueryLook:
        if not sql:
            raise InvalidRequestError("says nothing", field="sql")
        ticket = f"ticket{len(self.asked)}"
        self.asked[ticket] = (sql, by)
        return QueryLook(ticket, "queued")

    def look(self, ticket: str, by: str) -> QueryLook:
        if self.asked.get(ticket, ("", ""))[1] != by:
            raise NotFoundError("there is no such query of yours")
        return QueryLook(ticket, "succeeded", bytes_scanned=7, cost_usd=0.00005)

    def stop(self, ticket: str, by: str) -> QueryLook:
        return self.look(ticket, by)

    def rows(self, ticket: str, by: str, page: str = "") -> QueryRows:
        self.look(ticket, by)
        return QueryRows([QueryColumn("one", "integer")], [["1"]], "")

    def export(self, ticket: str, by: str, page: str = "") -> QueryExport:
        self.look(ticket, by)
        return QueryExport('"one"\n"1"\n', "")

    def tables(self) -> LakeShown:
        return LakeShown([LakeTable("people", "table", "whoever was heard of", [QueryColumn("user_id", "string", "the person")])])
