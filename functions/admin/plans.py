"""Tracking plans: put, got, listed, archived."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring
from regulars.domain.documents import JsonObject

from .access import READ, WRITE, author
from .answers import Archived, Difference, Saved, Versions
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
from .requests import Request

router = APIGatewayHttpRouter()


@dataclass(frozen=True)
class Plans:
    plans: Sequence[JsonObject]


@router.put("/admin/plans/<plan_id>", summary="Save a tracking plan as a new version, unless it says the same already", security=WRITE)
def put(plan_id: str, document: PutBody, if_match: IfMatch = None) -> Saved:
    from regulars.usecases.put_plan import put_plan

    return put_plan(
        named(document, plan_id),
        by=author(router),
        expected=expected_version(if_match),
        definitions=wiring.definitions(),
        sources=wiring.sources(),
        clock=wiring.clock(),
    )


@router.get("/admin/plans", summary="Every tracking plan, its newest version", security=READ)
def list_plans(with_archived: WithArchived = False) -> Plans:
    return Plans(listing(wiring.definitions().all("plan"), with_archived=with_archived))


@router.get("/admin/plans/<plan_id>", summary="A tracking plan, its newest version or another", security=READ)
def get(plan_id: str, version: VersionNumber = None) -> Response[JsonObject]:
    return with_tag(wiring.definitions().get("plan", plan_id, version).shown)


@router.get("/admin/plans/<plan_id>/versions", summary="A tracking plan's versions, the newest first", security=READ)
def versions(plan_id: str) -> Versions:
    from regulars.usecases.compare_versions import list_versions

    return list_versions("plan", plan_id, definitions=wiring.definitions())


@router.get("/admin/plans/<plan_id>/diff", summary="What changed between two versions of a tracking plan", security=READ)
def diff(plan_id: str, from_version: FromVersion = None, to_version: ToVersion = None) -> Difference:
    from regulars.usecases.compare_versions import compare_versions

    return compare_versions("plan", plan_id, from_version=from_version, to_version=to_version, definitions=wiring.definitions())


@router.post("/admin/plans/<plan_id>/restore", summary="Make an old version of a tracking plan the newest again", security=WRITE)
def restore(plan_id: str, request: Restoring) -> Saved:
    return restored("plan", plan_id, request, by=author(router))


@router.post("/admin/plans/<plan_id>/archive", summary="Hold events against a tracking plan no longer", security=WRITE)
def archive(plan_id: str, request: Request) -> Archived:
    from regulars.usecases.archive_definition import archive_definition

    return archive_definition("plan", plan_id, definitions=wiring.definitions())
