"""Lists of places: put, got, listed, archived."""

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
class Places:
    places: Sequence[JsonObject]


@router.put("/admin/places/<list_id>", summary="Save a list of places as a new version, unless it says the same already", security=WRITE)
def put(list_id: str, document: PutBody, if_match: IfMatch = None) -> Saved:
    from regulars.usecases.put_places import put_places

    return put_places(
        named(document, list_id),
        by=author(router),
        expected=expected_version(if_match),
        definitions=wiring.definitions(),
        clock=wiring.clock(),
    )


@router.get("/admin/places", summary="Every list of places, its newest version", security=READ)
def list_all(with_archived: WithArchived = False) -> Places:
    return Places(listing(wiring.definitions().all("places"), with_archived=with_archived))


@router.get("/admin/places/<list_id>", summary="A list of places, its newest version or another", security=READ)
def get(list_id: str, version: VersionNumber = None) -> Response[JsonObject]:
    return with_tag(wiring.definitions().get("places", list_id, version).shown)


@router.get("/admin/places/<list_id>/versions", summary="A list of places's versions, the newest first", security=READ)
def versions(list_id: str) -> Versions:
    from regulars.usecases.compare_versions import list_versions

    return list_versions("places", list_id, definitions=wiring.definitions())


@router.get("/admin/places/<list_id>/diff", summary="What changed between two versions of a list of places", security=READ)
def diff(list_id: str, from_version: FromVersion = None, to_version: ToVersion = None) -> Difference:
    from regulars.usecases.compare_versions import compare_versions

    return compare_versions("places", list_id, from_version=from_version, to_version=to_version, definitions=wiring.definitions())


@router.post("/admin/places/<list_id>/restore", summary="Make an old version of a list of places the newest again", security=WRITE)
def restore(list_id: str, request: Restoring) -> Saved:
    return restored("places", list_id, request, by=author(router))


@router.post("/admin/places/<list_id>/archive", summary="Tell telephones of a list of places no longer", security=WRITE)
def archive(list_id: str, request: Request) -> Archived:
    from regulars.usecases.archive_definition import archive_definition

    return archive_definition("places", list_id, definitions=wiring.definitions())
