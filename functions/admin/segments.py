"""Segments: put, got, listed, and their SQL."""

from dataclasses import dataclass
from datetime import datetime

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring
from regulars.ports import Document

from .access import READ, WRITE, caller
from .definitions import Definition, Saved, named, versioned
from .requests import AsOf

router = APIGatewayHttpRouter()


@dataclass(frozen=True)
class Segments:
    segments: list[Document]


@dataclass(frozen=True)
class SegmentSql:
    sql: str
    as_of: datetime


@router.put("/admin/segments/<segment_id>", summary="Save a segment as a new version", security=WRITE)
def put(segment_id: str, definition: Definition) -> Saved:
    from regulars.usecases.put_segment import put_segment

    document = named(definition, segment_id)
    return Saved(segment_id, put_segment(document, by=caller(router), definitions=wiring.definitions(), clock=wiring.clock()))


@router.get("/admin/segments", summary="Every segment, its newest version", security=READ)
def list_all() -> Segments:
    return Segments([versioned(each) for each in wiring.definitions().all("segment")])


@router.get("/admin/segments/<segment_id>", summary="A segment's newest version", security=READ)
def get(segment_id: str) -> Document:
    return versioned(wiring.definitions().get("segment", segment_id))


@router.post("/admin/segments/<segment_id>/sql", summary="The SQL that finds a segment's people", security=READ)
def sql(segment_id: str, request: AsOf) -> SegmentSql:
    from regulars.usecases.evaluate_segment import members_sql

    as_of = request.as_of or wiring.clock().now()
    return SegmentSql(members_sql(segment_id, as_of=as_of, definitions=wiring.definitions()), as_of)
