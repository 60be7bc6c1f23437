"""The settings of the whole installation: put and got."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring
from regulars.domain.documents import JsonObject

from .access import READ, WRITE, author
from .answers import Saved, Versions
from .definitions import IfMatch, Restoring, expected_version, named, restored, with_tag

router = APIGatewayHttpRouter()

ID = "settings"


@router.get("/admin/settings", summary="The settings as they hold now", security=READ)
def get() -> Response[JsonObject]:
    from regulars.usecases.show_settings import show_settings

    return with_tag(show_settings(definitions=wiring.definitions()))


@router.put("/admin/settings", summary="Save the settings as a new version, unless they say the same already", security=WRITE)
def put(
    document: Annotated[dict[str, Any], Body(description='All of the settings: docs/campaigns.md, "Who wants it".')], if_match: IfMatch = None
) -> Saved:
    from regulars.usecases.put_settings import put_settings

    return put_settings(
        named(document, ID),
        by=author(router),
        expected=expected_version(if_match),
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        clock=wiring.clock(),
    )


@router.get("/admin/settings/versions", summary="The settings' versions, the newest first", security=READ)
def versions() -> Versions:
    from regulars.usecases.compare_versions import list_versions

    return list_versions("settings", ID, definitions=wiring.definitions())


@router.post("/admin/settings/restore", summary="Make an old version of the settings the newest again", security=WRITE)
def restore(request: Restoring) -> Saved:
    return restored("settings", ID, request, by=author(router))
