"""How the months went: who came and who bought, what becomes of customers, and who they are now. Each question is a query of its own, side by side.
Nothing here waits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlglot import exp

from regulars.domain.errors import InvalidRequestError, QueryFailedError, RefusedError
from regulars.domain.overview.calendar import MOST_MONTHS, Months
from regulars.domain.overview.campaigns import campaign_figures, campaigns_query
from regulars.domain.overview.customers import read_customers
from regulars.domain.overview.customers_query import customers_query
from regulars.domain.overview.figures import CampaignFigures, Cohort, FlowFigures, MonthFigures, QuarterFigures
from regulars.domain.overview.months import month_figures, no_money, notes
from regulars.domain.overview.programme import read_programme
from regulars.domain.overview.programme_query import programme_query
from regulars.domain.overview.quarters import periods
from regulars.domain.overview.visits import visits_query
from regulars.domain.queries import Query, QueryState, ResultRow
from regulars.domain.segments.lifecycle import ShopNames
from regulars.domain.tickets import Asked, LifecycleTicket, OverviewPart, OverviewTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, ObjectStore, QueryEngine, TableCatalog
from regulars.usecases.current_purchase import current_purchase
from regulars.usecases.held_out_shares import held_out_shares
from regulars.usecases.pin_snapshots import pinned
from regulars.usecases.view_lifecycle import LifecycleGroup, Worth, look_at_lifecycle, start_viewing_lifecycle

_LONGEST_REFUSAL: Final = 120
"""Characters: a ticket goes through the path of a URL."""

_NO_GROUP: Final = "no global control group: `global_control.percent` in the settings holds one out, from when on it shows here"

_NO_PURCHASE: Final = 'no event looks like a purchase: say what it is called, "purchase": {"event": NAME} in the settings'


@dataclass(frozen=True)
class OverviewLook:
    """How the questions stand. What was found is there once `state` is succeeded: all are over then, well or not.

    What could not be had is empty, and `missing` says why, by the question; `notes` say what the figures do not. Money is an estimate.
    """

    ticket: str
    state: QueryState
    as_of: datetime
    currency: str | None = None
    months: Sequence[MonthFigures] = ()
    flow: Sequence[FlowFigures] = ()
    cohorts: Sequence[Cohort] = ()
    everybody: Worth | None = None
    segments: Sequence[LifecycleGroup] = ()
    campaigns: Sequence[CampaignFigures] = ()
    programme: Sequence[QuarterFigures] = ()
    notes: Sequence[str] = ()
    missing: Mapping[OverviewPart, str] = field(default_factory=dict)
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def start_overview(
    count: int,
    *,
    as_of: datetime | None,
    definitions: DefinitionStore,
    lake: ObjectStore,
    queries: QueryEngine,
    catalog: TableCatalog,
    clock: Clock,
) -> OverviewLook:
    """Of the last `count` months, as of now where no moment is given. Raises InvalidRequestError, StoreUnavailableError."""
    if not 1 <= count <= MOST_MONTHS:
        raise InvalidRequestError(f"{count} months: 1 to {MOST_MONTHS} can be shown", field="months")
    now = clock.now()
    months = Months(as_of or now, count)
    purchase = current_purchase(ShopNames(), definitions=definitions, lake=lake)

    def start(query: exp.Select) -> str:
        return queries.start(pinned(query, at=now, catalog=catalog))

    def start_segments() -> str:
        begun = start_viewing_lifecycle(
            ShopNames(), as_of=months.as_of, definitions=definitions, lake=lake, queries=queries, catalog=catalog, clock=clock
        )
        return unsealed(begun.ticket, LifecycleTicket).query_id

    shares = held_out_shares(definitions)
    asked_of, unknown = periods(shares, months), Asked(refusal=_NO_PURCHASE)
    asked: dict[OverviewPart, Asked] = {
        "visits": _asked(lambda: start(visits_query(months))),
        "customers": _asked(lambda: start(customers_query(purchase, months))) if purchase else unknown,
        "segments": _asked(start_segments) if purchase else unknown,
        "campaigns": _asked(lambda: start(campaigns_query(months))),
        "programme": unknown,
    }
    if purchase:
        asked["programme"] = _asked(lambda: start(programme_query(purchase, asked_of))) if asked_of else Asked(refusal=_NO_GROUP)
    return OverviewLook(sealed(OverviewTicket(months.as_of, count, asked, shares)), "queued", months.as_of)


def look_at_overview(ticket: str, *, queries: QueryEngine) -> OverviewLook:
    """Raises InvalidRequestError for a ticket of another kind, NotFoundError where Athena has forgotten a query."""
    started = unsealed(ticket, OverviewTicket)
    found = {part: queries.look(asked.query_id) for part, asked in started.asked.items() if asked.query_id}
    if not all(query.is_over for query in found.values()):
        return OverviewLook(ticket, "running", started.as_of)
    missing = {part: why for part, asked in started.asked.items() if (why := asked.refusal or _failure(found[part]))}

    def rows(part: OverviewPart) -> Sequence[ResultRow]:
        return [] if part in missing else list(queries.fetched(found[part].query_id))

    months = Months(started.as_of, started.months)
    asked_of = [] if "programme" in missing else periods(started.shares, months)
    customers = read_customers(rows("customers"), months)
    shown = month_figures(months, rows("visits"), customers)
    segments = (
        None if "segments" in missing else look_at_lifecycle(sealed(LifecycleTicket(found["segments"].query_id, started.as_of)), queries=queries)
    )
    return OverviewLook(
        ticket,
        "succeeded",
        started.as_of,
        currency=customers.currency,
        months=shown,
        flow=customers.flow(),
        cohorts=customers.cohorts(),
        everybody=segments.everybody if segments else None,
        segments=segments.groups if segments else (),
        campaigns=campaign_figures(rows("campaigns")),
        programme=read_programme(rows("programme"), asked_of, no_value=no_money(customers)),
        notes=notes(shown, customers),
        missing=missing,
        bytes_scanned=sum(query.bytes_scanned for query in found.values()),
        cost_usd=sum(query.cost_usd for query in found.values()),
    )


def _asked(start: Callable[[], str]) -> Asked:
    """A question that cannot be put costs its own answer alone."""
    try:
        return Asked(start())
    except (RefusedError, QueryFailedError) as error:
        return Asked(refusal=str(error)[:_LONGEST_REFUSAL])


def _failure(query: Query) -> str:
    return "" if query.state == "succeeded" else f"its query {query.state}: {query.reason or 'no reason given'}"
