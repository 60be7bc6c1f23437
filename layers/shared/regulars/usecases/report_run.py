"""What a run changed. Started by one request and fetched by others, because Athena may take longer than a request may; what came of it is kept, and
Athena asked again only where the answer may be another."""

from dataclasses import dataclass

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.run import Run
from regulars.domain.errors import ConflictError, InvalidRequestError, NotFoundError
from regulars.domain.lake.sql import printed
from regulars.domain.lake.time_travel import iceberg_tables, read_at
from regulars.domain.measure.kept import ASKED, OUTCOMES, Outcomes, OutcomesQuery, asked_key, outcomes_key
from regulars.domain.measure.query import outcomes
from regulars.domain.measure.report import Report, report
from regulars.domain.measure.results import results_key, results_lines
from regulars.domain.queries import Query, QueryState
from regulars.domain.tickets import ReportTicket, sealed, unsealed
from regulars.ports import Clock, ObjectStore, QueryEngine, RunStore, TableCatalog
from regulars.usecases.pin_snapshots import pin_snapshots


@dataclass(frozen=True)
class ReportLook:
    """How a report stands: `report` is there once `state` is succeeded, `reason` where it failed."""

    ticket: str
    state: QueryState
    reason: str | None = None
    report: Report | None = None


def start_report(run_id: str, *, runs: RunStore, queries: QueryEngine, catalog: TableCatalog, lake: ObjectStore, clock: Clock) -> ReportLook:
    """The one query of a report as of now, or, where nothing can have changed since, the newest report that there is. Raises NotFoundError,
    StoreUnavailableError, and ConflictError for a run that has not ended."""
    run, as_of = runs.get(run_id).value, clock.now()
    if not run.has_ended:
        raise ConflictError(f"run {run_id} has not ended ({run.state}): what it did is counted when it has")
    campaign = parse_campaign(run.campaign.document)
    query = outcomes(run_id, campaign, planned_at=run.planned_at, launched_at=run.launched_at, as_of=as_of)
    snapshots = pin_snapshots(iceberg_tables(query), at=as_of, catalog=catalog)
    kept = _kept(run_id, lake)
    if kept and kept.hold(run, campaign, snapshots):
        return _told(kept, run)
    read_at(query, snapshots)
    asked = OutcomesQuery(queries.start(printed(query)), as_of, snapshots)
    lake.put(asked_key(run_id), ASKED.dump_json(asked))
    return ReportLook(_ticket(asked, run_id), "queued")


def look_at_report(ticket: str, *, runs: RunStore, queries: QueryEngine, lake: ObjectStore) -> ReportLook:
    """Keeps what the newest query that was asked for has found. Raises InvalidRequestError for a ticket that is not a report's, NotFoundError,
    StoreUnavailableError."""
    started = unsealed(ticket, ReportTicket)
    run, kept = runs.get(started.run_id).value, _kept(started.run_id, lake)
    if kept and kept.asked.query_id == started.query_id:
        return _told(kept, run)
    query = queries.look(started.query_id)
    if query.state != "succeeded":
        return ReportLook(ticket, query.state, query.reason or None)
    found, is_newest = _found(started, query, queries, lake)
    told = _told(found, run)
    if is_newest and told.report:
        # What is kept says that all is done: a look that was cut short before it is done again.
        lake.put(results_key(run.run_id), results_lines(told.report, run))
        lake.put(outcomes_key(run.run_id), OUTCOMES.dump_json(found))
    return told


def newest_report(run_id: str, *, runs: RunStore, lake: ObjectStore) -> Report:
    """That which was counted last, without asking Athena. Raises NotFoundError where none was yet, StoreUnavailableError."""
    run = runs.get(run_id).value
    return _report(_newest(run_id, lake), run)


def newest_look(run_id: str, *, runs: RunStore, lake: ObjectStore) -> ReportLook:
    """The same with the ticket of its query."""
    run = runs.get(run_id).value
    return _told(_newest(run_id, lake), run)


def _newest(run_id: str, lake: ObjectStore) -> Outcomes:
    kept = _kept(run_id, lake)
    if kept is None:
        raise NotFoundError(f"the outcomes of run {run_id} were not counted yet: start a report (POST /admin/runs/{run_id}/reports)")
    return kept


def _kept(run_id: str, lake: ObjectStore) -> Outcomes | None:
    try:
        return OUTCOMES.validate_json(lake.get(outcomes_key(run_id)))
    except NotFoundError:
        return None


def _found(started: ReportTicket, query: Query, queries: QueryEngine, lake: ObjectStore) -> tuple[Outcomes, bool]:
    """And whether it is what was asked for last: a ticket is only what somebody brings, and nobody's ticket is to change what is kept."""
    rows = list(queries.fetched(started.query_id))
    if any("largest" not in row for row in rows):
        raise InvalidRequestError("is not of a report's query", field="ticket")
    try:
        asked = ASKED.validate_json(lake.get(asked_key(started.run_id)))
    except NotFoundError:  # a query of a version that kept nothing
        asked = None
    is_newest = asked is not None and asked.query_id == started.query_id
    return Outcomes(asked if asked and is_newest else OutcomesQuery(started.query_id, started.as_of, {}), rows, query.cost_usd), is_newest


def _told(found: Outcomes, run: Run) -> ReportLook:
    return ReportLook(_ticket(found.asked, run.run_id), "succeeded", report=_report(found, run))


def _report(found: Outcomes, run: Run) -> Report:
    parts = dict(run.cost or {})
    cost = {**parts, "report": found.cost_usd, "total": parts.pop("total", 0) + found.cost_usd}
    return report(run, parse_campaign(run.campaign.document), found.rows, as_of=found.asked.as_of, cost=cost)


def _ticket(asked: OutcomesQuery, run_id: str) -> str:
    return sealed(ReportTicket(asked.query_id, run_id, asked.as_of))
