"""The function query, asked and waited for: the port `LakeAnalyst`."""

from typing import Any, TypeVar

from pydantic import TypeAdapter

from regulars.adapters.lambda_asking import LambdaAsking
from regulars.domain.analysis.answers import LakeShown, QueryExport, QueryLook, QueryRows
from regulars.domain.analysis.bound import QueryPlan

_Answer = TypeVar("_Answer")


class LambdaLakeAnalyst(LambdaAsking):
    stem = "query"

    def plan(self, sql: str) -> QueryPlan:
        return self._told("plan", QueryPlan, sql=sql)

    def start(self, sql: str, by: str) -> QueryLook:
        return self._told("start", QueryLook, sql=sql, by=by)

    def look(self, ticket: str, by: str) -> QueryLook:
        return self._told("look", QueryLook, ticket=ticket, by=by)

    def stop(self, ticket: str, by: str) -> QueryLook:
        return self._told("stop", QueryLook, ticket=ticket, by=by)

    def rows(self, ticket: str, by: str, page: str = "") -> QueryRows:
        return self._told("rows", QueryRows, ticket=ticket, by=by, page=page)

    def export(self, ticket: str, by: str, page: str = "") -> QueryExport:
        return self._told("export", QueryExport, ticket=ticket, by=by, page=page)

    def tables(self) -> LakeShown:
        return self._told("tables", LakeShown)

    def _told(self, call: str, answer: type[_Answer], **arguments: Any) -> _Answer:
        return TypeAdapter(answer).validate_python(self.asked({"call": call, **arguments}))
