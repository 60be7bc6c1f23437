"""Tracking plans: put, got, listed, archived."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring
from regulars.domain.documents import JsonObject

from .access import READ, WRITE, caller
from .answers import Archived, Saved
from .definitions import PutBody, VersionNumber, Versions, WithArchived, listing, named, versions_of
from .requests import Request

router = APIGatewayHttpRouter()


@dataclass(frozen=True)
class Plans:
    plans: Sequence[JsonObject]


@router.put("/admin/plans/<plan_id>", summary="Save a tracking plan as a new version, unless it says the same already", security=WRITE)
def put(plan_id: str, document: PutBody) -> Saved:
    from regulars.usecases.put_plan import put_plan

    return put_plan(named(document, plan_id), by=caller(router), definitions=wiring.definitions(), sources=wiring.sources(), clock=wiring.clock())


@router.get("/admin/plans", summary="Every tracking plan, its newest version", security=READ)
def list_plans(with_archived: WithArchived = False) -> Plans:
    return Plans(listing(wiring.definitions().all("plan"), with_archived=with_archived))


@router.get("/admin/plans/<plan_id>", summary="A tracking plan, its newest version or another", security=READ)
def get(plan_id: str, version: VersionNumber = None) -> JsonObject:
    return wiring.definitions().get("plan", plan_id, version).shown


@router.get("/admin/plans/<plan_id>/versions", summary="A tracking plan's versions, the newest first", security=READ)
def versions(plan_id: str) -> Versions:
    return versions_of(wiring.definitions().versions("plan", plan_id))


@router.post("/admin/plans/<plan_id>/archive", summary="Hold events against a tracking plan no longer", security=WRITE)
def archive(plan_id: str, request: Request) -> Archived:
    from regulars.usecases.archive_definition import archive_definition

    return archive_definition("plan", plan_id, definitions=wiring.definitions())
