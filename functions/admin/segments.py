"""Segments: put, got, listed, archived; their SQL; and the start of an evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring
from regulars.domain.documents import JsonObject
from regulars.domain.tickets import AskedKind

from .access import READ, WRITE, author
from .answers import (
    Archived,
    Difference,
    Evaluation,
    EvaluationLook,
    Evaluations,
    JudgedSegment,
    RefreshShown,
    Saved,
    SavedSegment,
    SegmentSql,
    Sizes,
    Versions,
)
from .definitions import (
    FromVersion,
    IfMatch,
    PutBody,
    Restoring,
    ToVersion,
    VersionNumber,
    WithArchived,
    expected_version,
    listing,
    named,
    restored,
    with_tag,
)
from .requests import AsOf, Request

router = APIGatewayHttpRouter()


@dataclass(frozen=True)
class Segments:
    segments: Sequence[JsonObject]


Limit = Annotated[int, Query(ge=1, le=200, description="How many, at most.")]


class EvaluationRequest(AsOf):
    kind: AskedKind = "count"


class ExportRequest(AsOf):
    """`traits` as a rule names them; `to`: an S3 address below which Athena writes gzipped JSON lines, or nothing for pages of CSV or NDJSON."""

    traits: list[str | list[str]] = Field(default_factory=list)
    to: str = ""


@router.put("/admin/segments/<segment_id>", summary="Save a segment as a new version, unless it says the same already", security=WRITE)
def put(segment_id: str, document: PutBody, if_match: IfMatch = None) -> SavedSegment:
    from regulars.usecases.put_segment import put_segment

    return put_segment(
        named(document, segment_id),
        by=author(router),
        expected=expected_version(if_match),
        definitions=wiring.definitions(),
        lake=wiring.lake(),
        clock=wiring.clock(),
    )


@router.post("/admin/segments/<segment_id>/drafts", summary="What saving a segment would say, and its SQL; nothing is saved", security=READ)
def judge(segment_id: str, document: PutBody) -> JudgedSegment:
    from regulars.usecases.put_segment import judge_segment

    return judge_segment(named(document, segment_id), definitions=wiring.definitions(), lake=wiring.lake(), clock=wiring.clock())


@router.get("/admin/segments", summary="Every segment, its newest version", security=READ)
def list_segments(with_archived: WithArchived = False) -> Segments:
    return Segments(listing(wiring.definitions().all("segment"), with_archived=with_archived))


@router.get("/admin/segment-sizes", summary="How many people each segment had when they were last counted", security=READ)
def sizes() -> Sizes:
    from regulars.usecases.last_sizes import last_sizes

    return last_sizes(definitions=wiring.definitions(), evaluations=wiring.evaluations())


@router.get("/admin/segments/<segment_id>", summary="A segment, its newest version or another", security=READ)
def get(segment_id: str, version: VersionNumber = None) -> Response[JsonObject]:
    return with_tag(wiring.definitions().get("segment", segment_id, version).shown)


@router.get("/admin/segments/<segment_id>/versions", summary="A segment's versions, the newest first", security=READ)
def versions(segment_id: str) -> Versions:
    from regulars.usecases.compare_versions import list_versions

    return list_versions("segment", segment_id, definitions=wiring.definitions())


@router.get("/admin/segments/<segment_id>/diff", summary="What changed between two versions of a segment", security=READ)
def diff(segment_id: str, from_version: FromVersion = None, to_version: ToVersion = None) -> Difference:
    from regulars.usecases.compare_versions import compare_versions

    return compare_versions("segment", segment_id, from_version=from_version, to_version=to_version, definitions=wiring.definitions())


@router.post("/admin/segments/<segment_id>/restore", summary="Make an old version of a segment the newest again", security=WRITE)
def restore(segment_id: str, request: Restoring) -> Saved:
    return restored("segment", segment_id, request, by=author(router))


@router.post("/admin/segments/<segment_id>/archive", summary="Take a segment out of use, unless others use it", security=WRITE)
def archive(segment_id: str, request: Request) -> Archived:
    from regulars.usecases.archive_definition import archive_definition

    return archive_definition("segment", segment_id, definitions=wiring.definitions())


@router.post("/admin/segments/<segment_id>/sql", summary="The SQL that finds a segment's people", security=READ)
def sql(segment_id: str, request: AsOf) -> SegmentSql:
    from regulars.usecases.evaluate_segment import members_sql

    return members_sql(segment_id, as_of=request.as_of, definitions=wiring.definitions(), clock=wiring.clock())


@router.post("/admin/segments/<segment_id>/evaluations", summary="Start counting or listing a segment's people", status_code=202, security=READ)
def evaluate(segment_id: str, request: EvaluationRequest) -> EvaluationLook:
    from regulars.usecases.evaluate_segment import start_evaluation

    return start_evaluation(
        segment_id,
        kind=request.kind,
        as_of=request.as_of,
        request=router.current_event.request_context.request_id,
        by=author(router),
        definitions=wiring.definitions(),
        evaluations=wiring.evaluations(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        clock=wiring.clock(),
    )


@router.post("/admin/segments/<segment_id>/exports", summary="Start an export of a segment's people", status_code=202, security=READ)
def export(segment_id: str, request: ExportRequest) -> EvaluationLook:
    from regulars.usecases.export_segment import ExportTargets, start_export

    config = wiring.config()
    return start_export(
        segment_id,
        traits=request.traits,
        to=request.to,
        as_of=request.as_of,
        request=router.current_event.request_context.request_id,
        by=author(router),
        targets=ExportTargets(config.lake_bucket, config.export_bucket),
        definitions=wiring.definitions(),
        evaluations=wiring.evaluations(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        clock=wiring.clock(),
    )


@router.get("/admin/segments/<segment_id>/refresh", summary="How a segment's refreshing stands: who came and went at the last look", security=READ)
def show_refresh_(segment_id: str) -> RefreshShown:
    from regulars.usecases.show_refresh import show_refresh

    return show_refresh(segment_id, definitions=wiring.definitions(), refreshes=wiring.refreshes())


@router.post("/admin/segments/<segment_id>/refresh", summary="Look at a segment now, before its time", status_code=202, security=WRITE)
def refresh_now_(segment_id: str, request: Request) -> RefreshShown:
    from regulars.usecases.show_refresh import refresh_now

    return refresh_now(segment_id, definitions=wiring.definitions(), refreshes=wiring.refreshes(), trigger=wiring.refresh_trigger())


@router.get("/admin/segments/<segment_id>/evaluations", summary="A segment's evaluations of 90 days, the newest first", security=READ)
def list_past(segment_id: str, limit: Limit = 50) -> Evaluations:
    from regulars.usecases.show_evaluations import list_evaluations

    return list_evaluations(
        segment_id,
        limit=limit,
        definitions=wiring.definitions(),
        evaluations=wiring.evaluations(),
        runs=wiring.runs(),
        queries=wiring.queries(),
        lake=wiring.lake(),
    )


@router.get("/admin/segments/<segment_id>/evaluations/<evaluation_id>", summary="An evaluation with its SQL and its versions", security=READ)
def get_past(segment_id: str, evaluation_id: str) -> Evaluation:
    from regulars.usecases.show_evaluations import get_evaluation

    return get_evaluation(segment_id, evaluation_id, evaluations=wiring.evaluations(), runs=wiring.runs())


@router.post(
    "/admin/segments/<segment_id>/evaluations/<evaluation_id>/members",
    summary="Show whom an evaluation found, again",
    status_code=202,
    security=READ,
)
def evaluate_again(segment_id: str, evaluation_id: str, request: Request) -> EvaluationLook:
    from regulars.usecases.show_evaluations import show_again

    return show_again(
        segment_id,
        evaluation_id,
        request=router.current_event.request_context.request_id,
        by=author(router),
        evaluations=wiring.evaluations(),
        runs=wiring.runs(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        clock=wiring.clock(),
    )
