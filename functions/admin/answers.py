"""Answers whose classes lie beside the SQL compiler: named here, and imported by pydantic when their route is first called or described.

A route's annotation would otherwise import the compiler at every cold start (`make bench`, row `import admin`).
"""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema


@dataclass(frozen=True)
class _Later:
    """Stands for a class (https://docs.pydantic.dev/latest/concepts/types/#customizing-validation-with-__get_pydantic_core_schema__)."""

    module: str
    name: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler(getattr(import_module(self.module), self.name))


if TYPE_CHECKING:
    from regulars.usecases.archive_definition import Archived
    from regulars.usecases.evaluate_segment import Evaluation, Members, SegmentSql
    from regulars.usecases.report_run import ReportLook
else:
    Archived = Annotated[Any, _Later("regulars.usecases.archive_definition", "Archived")]
    Evaluation = Annotated[Any, _Later("regulars.usecases.evaluate_segment", "Evaluation")]
    Members = Annotated[Any, _Later("regulars.usecases.evaluate_segment", "Members")]
    SegmentSql = Annotated[Any, _Later("regulars.usecases.evaluate_segment", "SegmentSql")]
    ReportLook = Annotated[Any, _Later("regulars.usecases.report_run", "ReportLook")]

__all__ = ["Archived", "Evaluation", "Members", "ReportLook", "SegmentSql"]
