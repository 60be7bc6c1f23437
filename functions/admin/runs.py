"""Runs of campaigns: listed, followed, paused, resumed, aborted, reported on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring
from regulars.domain.campaigns.run import Run, RunSummary

from .access import READ, SEND, author
from .answers import RenderedReport, Report, ReportLook
from .requests import Request

router = APIGatewayHttpRouter()

Limit = Annotated[int, Query(ge=1, le=100)]
"""DynamoDB gives at most 100 items at once (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html)."""


@dataclass(frozen=True)
class Runs:
    """The newest first; `next` is the page after these, empty at the end."""

    runs: Sequence[RunSummary]
    next: str


@router.get("/admin/runs", summary="Runs by their launch, the newest first: of one campaign, or of all", security=READ)
def list_runs(campaign_id: str = "", page: str = "", limit: Limit = 50) -> Runs:
    found = wiring.runs().listed(campaign_id=campaign_id, page=page, limit=limit)
    if campaign_id and not (found.runs or page):
        wiring.definitions().get("campaign", campaign_id)  # says it where there is none
    return Runs([_now(run) for run in found.runs], found.next)


@router.get("/admin/runs/<run_id>", summary="How far a run is", security=READ)
def get(run_id: str) -> RunSummary:
    return _now(wiring.runs().get(run_id).value)


def _now(run: Run) -> RunSummary:
    from regulars.usecases.live_counts import live_counts

    return live_counts(run, progress=wiring.progress(), lake=wiring.lake(), clock=wiring.clock())


class Resuming(Request):
    """`late`: also where the run was paused for longer than its message lives."""

    late: bool = False


@router.post("/admin/runs/<run_id>/pause", summary="Send to nobody else until the run is resumed", status_code=202, security=SEND)
def pause(run_id: str, request: Request) -> RunSummary:
    from regulars.usecases.pause_run import pause_run

    pause_run(run_id, by=author(router), runs=wiring.runs(), clock=wiring.clock())
    return get(run_id)


@router.post("/admin/runs/<run_id>/abort", summary="End a run before its time", status_code=202, security=SEND)
def abort(run_id: str, request: Request) -> RunSummary:
    from regulars.usecases.abort_run import abort_run

    abort_run(run_id, by=author(router), runs=wiring.runs(), campaign_runner=wiring.campaign_runner(), clock=wiring.clock())
    return get(run_id)


@router.post(
    "/admin/runs/<run_id>/resume", summary="Go on with a run that is paused, came to a halt, or ended unwell", status_code=202, security=SEND
)
def resume(run_id: str, request: Resuming) -> RunSummary:
    from regulars.usecases.resume_run import resume_run

    resumed = resume_run(
        run_id,
        late=request.late,
        request=router.current_event.request_context.request_id,
        by=author(router),
        definitions=wiring.definitions(),
        runs=wiring.runs(),
        campaign_runner=wiring.campaign_runner(),
        clock=wiring.clock(),
    )
    return get(resumed.run_id)


@router.post("/admin/runs/<run_id>/reports", summary="Start reporting what a run changed", status_code=202, security=READ)
def report(run_id: str, request: Request) -> ReportLook:
    from regulars.usecases.report_run import start_report

    return start_report(
        run_id,
        runs=wiring.runs(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        lake=wiring.lake(),
        clock=wiring.clock(),
    )


@router.get("/admin/runs/<run_id>/report", summary="What a run changed, as it was counted last", security=READ)
def reported(run_id: str) -> Report:
    from regulars.usecases.report_run import newest_report

    return newest_report(run_id, runs=wiring.runs(), lake=wiring.lake())


@router.get("/admin/runs/<run_id>/report/page", summary="The same as a page of HTML that needs no other file, and section by section", security=READ)
def reported_page(run_id: str) -> RenderedReport:
    from regulars.usecases.render_report import render_newest_report

    return render_newest_report(run_id, runs=wiring.runs(), lake=wiring.lake())
