"""Campaigns: put, got, listed, archived, launched."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, cast

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring
from regulars.domain.campaigns.run import RunSummary
from regulars.domain.definitions import Definition
from regulars.domain.documents import JsonObject

from .access import READ, SEND, WRITE, author, require_fresh_sign_in
from .answers import ArchivedCampaign, Difference, SavedCampaign, Verdict, Versions
from .definitions import FromVersion, IfMatch, PutBody, Restoring, ToVersion, VersionNumber, WithArchived, expected_version, named, restored, with_tag
from .requests import AsOf, Request

router = APIGatewayHttpRouter()


@dataclass(frozen=True)
class Campaigns:
    campaigns: Sequence[JsonObject]


IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=255, description="Names one launch: for a day the same key answers its run."),
]


class Launch(AsOf):
    """As of a past moment it is a rehearsal, which sends nothing, unless it says `send`. `last`: the campaign's newest run, as far as whoever
    launches knows, "" for none; where one that sends was launched after it, nothing is (409 `launched_meanwhile`)."""

    send: bool | None = None
    last: str | None = None


@router.put("/admin/campaigns/<campaign_id>", summary="Save a campaign as a new version, unless it says the same already", security=WRITE)
def put(campaign_id: str, document: PutBody, if_match: IfMatch = None) -> SavedCampaign:
    from regulars.usecases.put_campaign import put_campaign

    return put_campaign(
        named(document, campaign_id),
        by=author(router),
        expected=expected_version(if_match),
        definitions=wiring.definitions(),
        scheduler=wiring.campaign_scheduler(),
        lake=wiring.lake(),
        clock=wiring.clock(),
    )


@router.post("/admin/campaigns/<campaign_id>/drafts", summary="What saving a campaign would say; nothing is saved", security=READ)
def judge(campaign_id: str, document: PutBody) -> Verdict:
    from regulars.usecases.put_campaign import judge_campaign

    return judge_campaign(named(document, campaign_id), definitions=wiring.definitions(), lake=wiring.lake(), clock=wiring.clock())


@router.get("/admin/campaigns", summary="Every campaign, its newest version", security=READ)
def list_campaigns(with_archived: WithArchived = False) -> Campaigns:
    found = [each for each in wiring.definitions().all("campaign") if with_archived or not each.archived]
    return Campaigns([_with_next(each) for each in found])


@router.get("/admin/campaigns/<campaign_id>", summary="A campaign, its newest version or another", security=READ)
def get(campaign_id: str, version: VersionNumber = None) -> Response[JsonObject]:
    found = wiring.definitions().get("campaign", campaign_id, version)
    return with_tag(found.shown if version else _with_next(found))


def _with_next(newest: Definition) -> JsonObject:
    """With the next occurrences of its schedule, if there are any."""
    from regulars.domain.campaigns.occurrences import upcoming

    moments = upcoming(newest, wiring.clock().now())
    return {**newest.shown, **({"next": moments} if moments else {})}


@router.get("/admin/campaigns/<campaign_id>/versions", summary="A campaign's versions, the newest first", security=READ)
def versions(campaign_id: str) -> Versions:
    from regulars.usecases.compare_versions import list_versions

    return list_versions("campaign", campaign_id, definitions=wiring.definitions())


@router.get("/admin/campaigns/<campaign_id>/diff", summary="What changed between two versions of a campaign", security=READ)
def diff(campaign_id: str, from_version: FromVersion = None, to_version: ToVersion = None) -> Difference:
    from regulars.usecases.compare_versions import compare_versions

    return compare_versions("campaign", campaign_id, from_version=from_version, to_version=to_version, definitions=wiring.definitions())


@router.post("/admin/campaigns/<campaign_id>/restore", summary="Make an old version of a campaign the newest again", security=WRITE)
def restore(campaign_id: str, request: Restoring) -> SavedCampaign:
    return cast(SavedCampaign, restored("campaign", campaign_id, request, by=author(router)))  # a campaign that is restored is put


@router.post("/admin/campaigns/<campaign_id>/archive", summary="Take a campaign out of use", security=WRITE)
def archive(campaign_id: str, request: Request) -> ArchivedCampaign:
    from regulars.usecases.archive_campaign import archive_campaign

    return archive_campaign(
        campaign_id,
        definitions=wiring.definitions(),
        runs=wiring.runs(),
        scheduler=wiring.campaign_scheduler(),
        clock=wiring.clock(),
    )


@router.post("/admin/campaigns/<campaign_id>/runs", summary="Launch a campaign", status_code=202, security=SEND)
def launch(campaign_id: str, request: Launch, idempotency_key: IdempotencyKey = None) -> RunSummary:
    from regulars.usecases.launch_campaign import launch_campaign

    if request.as_of is None or request.send:  # a rehearsal sends nothing
        require_fresh_sign_in(router)
    return launch_campaign(
        campaign_id,
        as_of=request.as_of,
        send=request.send,
        last=request.last,
        request=idempotency_key or router.current_event.request_context.request_id,
        by=author(router),
        definitions=wiring.definitions(),
        runs=wiring.runs(),
        campaign_runner=wiring.campaign_runner(),
        clock=wiring.clock(),
    )
