"""Segments: put, got, listed, archived; their SQL; and the start of an evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring
from regulars.domain.documents import JsonObject
from regulars.domain.tickets import EvaluationKind

from .access import READ, WRITE, caller
from .answers import Archived, Evaluation, PersonExplained, Saved, SegmentSql
from .definitions import PutBody, VersionNumber, Versions, WithArchived, listing, named, versions_of
from .requests import AsOf, Request

router = APIGatewayHttpRouter()


@dataclass(frozen=True)
class Segments:
    segments: Sequence[JsonObject]


class EvaluationRequest(AsOf):
    kind: EvaluationKind = "count"


class PersonExplanationRequest(AsOf):
    """Whose membership is explained."""

    user_id: Annotated[str, Field(min_length=1)]


@router.put("/admin/segments/<segment_id>", summary="Save a segment as a new version, unless it says the same already", security=WRITE)
def put(segment_id: str, document: PutBody) -> Saved:
    from regulars.usecases.put_segment import put_segment

    return put_segment(named(document, segment_id), by=caller(router), definitions=wiring.definitions(), lake=wiring.lake(), clock=wiring.clock())


@router.get("/admin/segments", summary="Every segment, its newest version", security=READ)
def list_segments(with_archived: WithArchived = False) -> Segments:
    return Segments(listing(wiring.definitions().all("segment"), with_archived=with_archived))


@router.get("/admin/segments/<segment_id>", summary="A segment, its newest version or another", security=READ)
def get(segment_id: str, version: VersionNumber = None) -> JsonObject:
    return wiring.definitions().get("segment", segment_id, version).shown


@router.get("/admin/segments/<segment_id>/versions", summary="A segment's versions, the newest first", security=READ)
def versions(segment_id: str) -> Versions:
    return versions_of(wiring.definitions().versions("segment", segment_id))


@router.post("/admin/segments/<segment_id>/archive", summary="Take a segment out of use, unless others use it", security=WRITE)
def archive(segment_id: str, request: Request) -> Archived:
    from regulars.usecases.archive_definition import archive_definition

    return archive_definition("segment", segment_id, definitions=wiring.definitions())


@router.post("/admin/segments/<segment_id>/sql", summary="The SQL that finds a segment's people", security=READ)
def sql(segment_id: str, request: AsOf) -> SegmentSql:
    from regulars.usecases.evaluate_segment import members_sql

    return members_sql(segment_id, as_of=request.as_of, definitions=wiring.definitions(), clock=wiring.clock())


@router.post("/admin/segments/<segment_id>/evaluations", summary="Start counting or listing a segment's people", status_code=202, security=READ)
def evaluate(segment_id: str, request: EvaluationRequest) -> Evaluation:
    from regulars.usecases.evaluate_segment import start_evaluation

    return start_evaluation(
        segment_id,
        kind=request.kind,
        as_of=request.as_of,
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        clock=wiring.clock(),
    )


# In a body, not in a path: a user id may have a "/" or a "?", and is in no access log then.
@router.post(
    "/admin/segments/<segment_id>/person-explanations", summary="Start asking why a person is in a segment or not", status_code=202, security=READ
)
def explain_person(segment_id: str, request: PersonExplanationRequest) -> PersonExplained:
    from regulars.usecases.explain_person import start_explaining_person

    return start_explaining_person(
        segment_id,
        request.user_id,
        as_of=request.as_of,
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        clock=wiring.clock(),
    )


@router.get("/admin/person-explanations/<ticket>", summary="How that stands, and the answer clause by clause once it is there", security=READ)
def person_explained(ticket: str) -> PersonExplained:
    from regulars.usecases.explain_person import look_at_person_explained

    return look_at_person_explained(ticket, definitions=wiring.definitions(), queries=wiring.queries())
