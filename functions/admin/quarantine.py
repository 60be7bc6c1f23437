"""The quarantine: searched by ticket, and events of a search sent again."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring
from regulars.domain.tickets import SearchKind

from .access import READ, WRITE, author
from .answers import QuarantinedEvents, ReplayPage, Search
from .requests import Moment, Request

router = APIGatewayHttpRouter()


class SearchRequest(Request):
    """Which events: those that meet all that is said. `limit` is for kind events."""

    kind: SearchKind = "groups"
    reason: str | None = None
    source: str | None = None
    event: str | None = None
    ids: tuple[str, ...] = ()
    since: Moment | None = None
    until: Moment | None = None
    limit: int = 50


class ReplayRequest(Request):
    """`repair` is a document of steps (domain/quarantine/repair.py). Without `apply` the page is only tried."""

    repair: Annotated[dict[str, Any], Field(default_factory=dict)]
    page: str = ""
    apply: bool = False


@router.post("/admin/quarantine-searches", summary="Start counting, or listing, refused events", status_code=202, security=READ)
def start(request: SearchRequest) -> Search:
    from regulars.domain.quarantine.selection import Selection
    from regulars.usecases.search_quarantine import start_search

    asked = request.model_dump(exclude={"kind", "limit"})
    return start_search(request.kind, Selection(**asked), limit=request.limit, queries=wiring.queries(), clock=wiring.clock())


@router.get("/admin/quarantine-searches/<ticket>", summary="How a search stands, and its groups", security=READ)
def get(ticket: str) -> Search:
    from regulars.usecases.search_quarantine import look_at_search

    return look_at_search(ticket, queries=wiring.queries())


@router.get("/admin/quarantine-searches/<ticket>/events", summary="One page of the events of a search, the newest first", security=READ)
def events(ticket: str, page: str = "") -> QuarantinedEvents:
    from regulars.usecases.search_quarantine import found_events

    return found_events(ticket, page=page, queries=wiring.queries())


@router.post("/admin/quarantine-searches/<ticket>/replays", summary="Try a page of a search with a repair, or send it again", security=WRITE)
def replay(ticket: str, request: ReplayRequest) -> ReplayPage:
    from regulars.domain.quarantine.repair_document import read_repair
    from regulars.usecases.replay_quarantined import replay_page

    return replay_page(
        ticket,
        repair=read_repair(request.repair),
        page=request.page,
        apply=request.apply,
        by=author(router),
        queries=wiring.queries(),
        queue=wiring.event_queue(),
        lake=wiring.lake(),
        clock=wiring.clock(),
        plans=wiring.current_plans(),
        standards=wiring.standards(),
    )
