"""What a campaign can show before it is launched. Started by one request and fetched by others, because Athena may take longer than a request may."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.definitions import Definition
from regulars.domain.errors import InvalidCampaignError, InvalidRequestError
from regulars.domain.goals import Goal
from regulars.domain.measure.history import past_and_sizes_sql, read_past, read_sizes, usual_span
from regulars.domain.measure.power_figures import AskedEffect, PowerFigures, power_figures
from regulars.domain.measure.power_sentence import power_notes, power_sentence
from regulars.domain.queries import QueryState
from regulars.domain.tickets import PowerTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, QueryEngine, TableCatalog
from regulars.usecases.launch_campaign import launchable
from regulars.usecases.pin_snapshots import pinned

TEN_PERCENT: Final = AskedEffect(lift=0.1)
"""What is asked about where nobody says."""


@dataclass(frozen=True)
class PowerLook:
    """How the answer stands: `power` is there once `state` is succeeded, with a `sentence` that says it and `notes` on how far to trust it; `reason`
    where it failed. Money is an estimate."""

    ticket: str
    state: QueryState
    reason: str | None = None
    sentence: str = ""
    power: PowerFigures | None = None
    notes: Sequence[str] = field(default_factory=list)
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def start_assessing_power(
    campaign_id: str,
    *,
    asked: AskedEffect = TEN_PERCENT,
    days: int | None = None,
    as_of: datetime | None,
    definitions: DefinitionStore,
    queries: QueryEngine,
    catalog: TableCatalog,
    clock: Clock,
) -> PowerLook:
    """Of the campaign's newest version and its audience as of now or of a past moment. What is to be expected without the message is known from the
    audience of so many `days` before that, 28 or the goal's window unless said.

    Raises InvalidCampaignError for a campaign without a goal, InvalidRequestError for a moment to come and a past that is shorter than the goal's
    window, and what `launch_campaign.launchable` raises.
    """
    now = clock.now()
    if as_of is not None and as_of > now:
        raise InvalidRequestError("lies in the future: nobody knows yet who will be in the audience", field="as_of")
    run = launchable(campaign_id, as_of=as_of or now, definitions=definitions, now=now)
    goal = _goal(run.campaign)
    span = usual_span(goal) if days is None else timedelta(days=days)
    if span < goal.within:
        raise InvalidRequestError(f"{days} days of the past are fewer than the goal's window has", field="days")
    query_id = queries.start(pinned(past_and_sizes_sql(run, goal, span), at=now, catalog=catalog))
    ticket = PowerTicket(query_id, campaign_id, run.campaign.version, run.as_of, span, asked.lift, asked.difference)
    return PowerLook(sealed(ticket), "queued")


def look_at_power(ticket: str, *, definitions: DefinitionStore, queries: QueryEngine) -> PowerLook:
    """Raises InvalidRequestError for a ticket of another kind or of another query, NotFoundError where Athena has forgotten it."""
    started = unsealed(ticket, PowerTicket)
    query = queries.look(started.query_id)
    if query.state != "succeeded":
        return PowerLook(ticket, query.state, query.reason or None)
    saved = definitions.get("campaign", started.campaign_id, started.version)
    goal, asked = _goal(saved), AskedEffect(started.lift, started.difference)
    row = next(queries.fetched(started.query_id), {})
    if "past_people" not in row:
        raise InvalidRequestError("is not of such a query", field="ticket")
    found = power_figures(saved, goal, read_past(row, goal, started.span), read_sizes(row), asked, as_of=started.as_of)
    notes = list(power_notes(found, variants=len(parse_campaign(saved.document).variants)))
    return PowerLook(ticket, "succeeded", None, power_sentence(found), found, notes, query.bytes_scanned, query.cost_usd)


def _goal(saved: Definition) -> Goal:
    goal = parse_campaign(saved.document).goal
    if goal is None:
        example = '{"event": "Order Completed", "within": "7d", "value": "revenue"}'
        raise InvalidCampaignError(f"the campaign has none, so nothing can be measured: add one, as in {example}", field="goal")
    return goal
