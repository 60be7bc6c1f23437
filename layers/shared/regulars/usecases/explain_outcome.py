"""Why somebody got a run's message, or did not. Started by one request and fetched by others, because Athena may take longer than a request may."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.campaigns.gates import Stop
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.promises import policy_of
from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.templates import templates
from regulars.domain.campaigns.waiting import waits_for
from regulars.domain.campaigns.whereabouts import Whereabouts, memberships_sql, recorded_sql, whereabouts
from regulars.domain.collection.device import PushTarget
from regulars.domain.delivery.outcomes import message_id
from regulars.domain.delivery.zones import own_zone
from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.domain.messages.rendering import Addressee, Occasion, Unsendable
from regulars.domain.people.profile import Profile
from regulars.domain.queries import QueryState
from regulars.domain.reasons import NOT_SENT_REASONS, UNMADE
from regulars.domain.tickets import WhyTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, DeviceStore, ProfileStore, QueryEngine, RunStore, TableCatalog
from regulars.usecases.current_settings import current_settings
from regulars.usecases.pin_snapshots import require_snapshots
from regulars.usecases.whole_profiles import whole_profiles


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


def look_at_outcome_explained(
    ticket: str,
    *,
    runs: RunStore,
    queries: QueryEngine,
    profiles: ProfileStore,
    devices: DeviceStore,
    definitions: DefinitionStore,
    clock: Clock,
) -> WhyLook:
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
    profile = whole_profiles([started.user_id], profiles=profiles).get(started.user_id)
    held = _held(run, profile, devices, definitions, clock.now()) if profile and run.goes_on else None
    found = whereabouts(run, started.user_id, queries.fetched(started.query_id), names, is_known=profile is not None, held=held)
    if profile and found.arm and found.reason in UNMADE:
        found = found.explained(_made_now(run, found, profile, devices, clock.now()))
    return WhyLook(ticket, "succeeded", why=found)


def _made_now(run: Run, found: Whereabouts, profile: Profile, devices: DeviceStore, now: datetime) -> str:
    """What is wrong with the run's message for them, by what is known of them now; what they were like then is not kept."""
    template = templates(parse_campaign(run.campaign.document))[found.arm]
    device_id = found.devices[0].device_id
    device = devices.get_many([device_id]).get(device_id)
    locale = (device.value.use.locale if device else None) or ""
    to = Addressee(found.user_id, PushTarget("token", ""), profile.values, message_id(run.run_id, found.user_id, device_id), locale=locale)
    made = template.render(to, Occasion(run.run_id, run.planned_at, now))
    if not isinstance(made, Unsendable):
        return "made again with what is known of them now, it is a message"
    line = f", line {made.line}" if made.line else ""
    lacks = f"; they lack {', '.join(made.missing)}" if made.missing else ""
    return f"in {made.field or template.path}{line}: {made.because or NOT_SENT_REASONS[made.reason]}{lacks}"


def _held(run: Run, profile: Profile, devices: DeviceStore, definitions: DefinitionStore, now: datetime) -> Stop | None:
    """What somebody waits for whose devices show such an hour."""
    policy = policy_of(run, parse_campaign(run.campaign.document), current_settings(definitions))
    if not policy.goes_by_clocks:
        return None
    own = [stored.value for stored in devices.get_many(sorted(profile.devices)).values() if stored.value.owner == profile.user_id]
    return waits_for(policy, [own_zone(device, profile.values) or policy.zone for device in own], now)


def _can_be_asked(run: Run, catalog: TableCatalog) -> bool:
    """Whether the lake can still be read as it was when the run was planned."""
    if run.plan is None:
        return False
    try:
        require_snapshots(run.plan.snapshots, catalog=catalog)
    except NotFoundError:
        return False
    return True
