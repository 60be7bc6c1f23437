"""A report as a page, once it is there."""

from dataclasses import dataclass

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.measure.page import report_page
from regulars.domain.queries import QueryState
from regulars.ports import ObjectStore, QueryEngine, RunStore
from regulars.usecases.report_run import look_at_report


@dataclass(frozen=True)
class RenderedReport:
    """`html` is there once `state` is succeeded: a file that needs no other. `reason` says why it failed."""

    ticket: str
    state: QueryState
    reason: str | None = None
    html: str | None = None


def render_report(ticket: str, *, runs: RunStore, queries: QueryEngine, lake: ObjectStore) -> RenderedReport:
    """Raises InvalidRequestError for a ticket that is not a report's, NotFoundError, StoreUnavailableError."""
    look = look_at_report(ticket, runs=runs, queries=queries, lake=lake)
    if look.report is None:
        return RenderedReport(look.ticket, look.state, look.reason)
    run = runs.get(look.report.run_id).value
    html = report_page(look.report, run, parse_campaign(run.campaign.document))
    return RenderedReport(look.ticket, look.state, html=html)
