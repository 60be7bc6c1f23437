"""What a run changed. Started by one request and fetched by others, because Athena may take longer than a request may."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.campaigns import parse_campaign
from regulars.domain.measure.query import outcomes_sql
from regulars.domain.measure.report import report
from regulars.domain.prices import athena_usd
from regulars.ports import Clock, Document, QueryEngine, QueryState, Row, RunStore


@dataclass(frozen=True)
class ReportLook:
    """How a report stands: `report` is there once `state` is succeeded, `reason` where it failed."""

    state: QueryState
    reason: str = ""
    report: Document | None = None


def start_report(run_id: str, *, runs: RunStore, queries: QueryEngine, clock: Clock) -> str:
    """Starts the one query of a report as of now, and returns its id. Raises NotFoundError."""
    record = runs.get(run_id).document
    planned_at, launched_at = (datetime.fromisoformat(record[name]) for name in ("planned_at", "launched_at"))
    campaign = parse_campaign(record["campaign"])
    return queries.start(outcomes_sql(run_id, campaign, planned_at=planned_at, launched_at=launched_at, as_of=clock.now()))


def look_at_report(run_id: str, report_id: str, *, runs: RunStore, queries: QueryEngine) -> ReportLook:
    """`report_id` is what `start_report` gave. Raises NotFoundError."""
    record = runs.get(run_id).document
    query = queries.look(report_id)
    if query.state != "succeeded":
        return ReportLook(query.state, query.reason)
    rows = _all_rows(report_id, queries)
    # With nobody in the audience there is no row, and then the moment makes no difference.
    as_of = datetime.fromisoformat((rows[0]["as_of"] if rows else None) or record["launched_at"])
    own = athena_usd(query.bytes_scanned)
    parts = dict(record.get("cost") or {})
    total = parts.pop("total", 0) + own
    cost = {**parts, "report": own, "total": total}
    return ReportLook("succeeded", report=report(record, parse_campaign(record["campaign"]), rows, as_of=as_of, cost=cost))


def _all_rows(query_id: str, queries: QueryEngine) -> list[Row]:
    rows, page = queries.rows(query_id)
    found = list(rows)
    while page:
        rows, page = queries.rows(query_id, page=page)
        found.extend(rows)
    return found
