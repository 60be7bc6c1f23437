"""Why somebody got a run's message, or did not. Started by one request and fetched by others, because Athena may take longer than a request may."""

from dataclasses import dataclass

from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.whereabouts import Whereabouts, memberships_sql, recorded_sql, whereabouts
from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.domain.queries import QueryState
from regulars.domain.tickets import WhyTicket, sealed, unsealed
from regulars.ports import ProfileStore, QueryEngine, RunStore, TableCatalog
from regulars.usecases.pin_snapshots import require_snapshots


@dataclass(frozen=True)
class WhyLook:
    """How the answer stands: `why` is there once `state` is succeeded, `reason` where it failed."""

    ticket: str
    state: QueryState
    reason: str | None = None
    why: Whereabouts | None = None


def start_explaining_outcome(run_id: str, user_id: str, *, runs: RunStore, queries: QueryEngine, catalog: TableCatalog) -> WhyLook:
    """Raises InvalidRequestError for nobody, NotFoundError for an unknown run."""
    if not user_id:
        raise InvalidRequestError("of whom?", field="user_id")
    run = runs.get(run_id).value
    recorded = queries.start(recorded_sql(run_id, user_id))
    segments = queries.start(memberships_sql(run, user_id)) if _can_be_asked(run, catalog) else None
    return WhyLook(sealed(WhyTicket(recorded, segments, run_id, user_id)), "queued")


def look_at_outcome_explained(ticket: str, *, runs: RunStore, queries: QueryEngine, profiles: ProfileStore) -> WhyLook:
    """Raises InvalidRequestError for a ticket of another kind, NotFoundError. That a segment cannot be asked about is no failure of the answer."""
    started = unsealed(ticket, WhyTicket)
    run = runs.get(started.run_id).value
    recorded = queries.look(started.query_id)
    segments = queries.look(started.segments_id) if started.segments_id else None
    if recorded.state != "succeeded":
        return WhyLook(ticket, recorded.state, recorded.reason or None)
    if segments and not segments.is_over:
        return WhyLook(ticket, "running")
    names = None
    if segments and segments.state == "succeeded":
        names = frozenset(row["segment"] or "" for row in queries.fetched(segments.query_id))
    is_known = bool(profiles.get_many([started.user_id]))
    found = whereabouts(run, started.user_id, queries.fetched(started.query_id), names, is_known=is_known)
    return WhyLook(ticket, "succeeded", why=found)


def _can_be_asked(run: Run, catalog: TableCatalog) -> bool:
    """Whether the lake can still be read as it was when the run was planned."""
    if run.plan is None:
        return False
    try:
        require_snapshots(run.plan.snapshots, catalog=catalog)
    except NotFoundError:
        return False
    return True
