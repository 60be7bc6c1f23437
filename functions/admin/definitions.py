"""What segments, campaigns, journeys, tracking plans, lists of places and the settings have in common: they are definitions, put as documents, kept
in versions, archived."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Query
from pydantic import Field

from regulars import wiring
from regulars.domain.definitions import Definition, DefinitionKind
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError

from .answers import Saved
from .requests import Request

PutBody = Annotated[
    dict[str, Any],
    Body(description="The definition, as docs/segments.md, docs/campaigns.md, docs/journeys.md, docs/tracking-plans.md and docs/places.md have it."),
]
Draft = Annotated[
    dict[str, Any] | None,
    Field(description="A campaign or a journey as it would be put: looked at in place of what is saved, and not saved. Its version is 0."),
]
WithArchived = Annotated[bool, Query(alias="archived", description="Whether to list the archived ones too.")]
FromVersion = Annotated[int | None, Query(alias="from", ge=1, description="The older version; the one before the newer, where it is absent.")]
ToVersion = Annotated[int | None, Query(alias="to", ge=1, description="The newer version; the newest, where it is absent.")]
VersionNumber = Annotated[int | None, Query(alias="version", ge=1, description="An older version; the newest, where it is absent.")]


IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="The ETag of what is to be replaced: 412 with the newest `version` where that is another. 0: nothing is."),
]


class Restoring(Request):
    """Which version is to be the newest again."""

    version: int = Field(ge=1)


def restored(kind: DefinitionKind, identity: str, wanted: Restoring, *, by: str) -> Saved:
    """An old version is put again, by whoever's name is `by`. Raises what a put of its kind does."""
    from regulars.usecases.restore_definition import restore_definition

    return restore_definition(
        kind,
        identity,
        wanted.version,
        by=by,
        definitions=wiring.definitions(),
        sources=wiring.sources(),
        scheduler=wiring.campaign_scheduler(),
        lake=wiring.lake(),
        queries=wiring.queries(),
        clock=wiring.clock(),
    )


def listing(definitions: Iterable[Definition], *, with_archived: bool) -> Sequence[JsonObject]:
    return [each.shown for each in definitions if with_archived or not each.archived]


def with_tag(shown: JsonObject) -> Response[JsonObject]:
    """Its ETag is its version, so that a put can say which one it replaces."""
    return Response(200, "application/json", shown, {"ETag": f'"{shown["version"]}"'})


def expected_version(if_match: str | None) -> int | None:
    """Raises InvalidRequestError for what no ETag of ours can be."""
    if if_match is None:
        return None
    version = if_match.strip().removeprefix("W/").strip('"')  # a proxy that compresses may have made it weak
    if not version.isdecimal():
        raise InvalidRequestError(f'{if_match} is no ETag that was answered here, which is a version, as in "7"', field="If-Match")
    return int(version)


def named(document: JsonObject, identity: str) -> JsonObject:
    """The document with the id that its address gives it, and without what an answer of ours adds to it: what was got can be put.

    Raises InvalidRequestError if it says another id.
    """
    if document.get("id", identity) != identity:
        raise InvalidRequestError(f"is not the {identity!r} of the address", field="id")
    return {**{name: value for name, value in document.items() if name not in ("version", "archived", "next")}, "id": identity}


def draft_of(document: JsonObject | None, identity: str) -> JsonObject | None:
    """Raises what `named` does."""
    return None if document is None else named(document, identity)
