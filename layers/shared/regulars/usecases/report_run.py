"""What a run changed. Started by one request and fetched by others, because Athena may take longer than a request may."""

from dataclasses import dataclass

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.errors import ConflictError, InvalidRequestError
from regulars.domain.measure.query import outcomes_sql
from regulars.domain.measure.report import Report, report
from regulars.domain.queries import QueryState
from regulars.domain.tickets import ReportTicket, sealed, unsealed
from regulars.ports import Clock, QueryEngine, RunStore


@dataclass(frozen=True)
class ReportLook:
    """How a report stands: `report` is there once `state` is succeeded, `reason` where it failed."""

    ticket: str
    state: QueryState
    reason: str | None = None
    report: Report | None = None


def start_report(run_id: str, *, runs: RunStore, queries: QueryEngine, clock: Clock) -> ReportLook:
    """Starts the one query of a report as of now. Raises NotFoundError, and ConflictError for a run that has not ended."""
    run, as_of = runs.get(run_id).value, clock.now()
    if not run.has_ended:
        raise ConflictError(f"run {run_id} has not ended ({run.state}): what it did is counted when it has")
    campaign = parse_campaign(run.campaign.document)
    query_id = queries.start(outcomes_sql(run_id, campaign, planned_at=run.planned_at, launched_at=run.launched_at, as_of=as_of))
    return ReportLook(sealed(ReportTicket(query_id, run_id, as_of)), "queued")


def look_at_report(ticket: str, *, runs: RunStore, queries: QueryEngine) -> ReportLook:
    """Raises InvalidRequestError for a ticket that is not a report's, NotFoundError."""
    started = unsealed(ticket, ReportTicket)
    run = runs.get(started.run_id).value
    query = queries.look(started.query_id)
    if query.state != "succeeded":
        return ReportLook(ticket, query.state, query.reason or None)
    parts = dict(run.cost or {})
    cost = {**parts, "report": query.cost_usd, "total": parts.pop("total", 0) + query.cost_usd}
    rows = list(queries.fetched(started.query_id))
    if any("largest" not in row for row in rows):
        raise InvalidRequestError("is not of a report's query", field="ticket")
    return ReportLook(ticket, "succeeded", report=report(run, parse_campaign(run.campaign.document), rows, as_of=started.as_of, cost=cost))
