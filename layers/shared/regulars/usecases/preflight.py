"""Everybody's message, made and thrown away: what a launch would do, said before it is done. Nothing is sent, claimed or assigned."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from regulars.domain.campaigns.audience import foreseen_sql
from regulars.domain.campaigns.audience_warnings import UNMEASURED
from regulars.domain.campaigns.cost import expected_cost
from regulars.domain.campaigns.duration import expected_seconds
from regulars.domain.campaigns.foresight import Fate, Preflight, Problem, Tally, objections
from regulars.domain.campaigns.foresight_document import failed_document, preflight_document
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.promises import policy_of
from regulars.domain.campaigns.relaunch import continued
from regulars.domain.campaigns.run import Run, new_run_id
from regulars.domain.delivery.rate import ProjectLimit
from regulars.domain.delivery.recipients import Address, Recipient, windows
from regulars.domain.errors import RegularsError
from regulars.ports import Clock, ContactStore, DefinitionStore, DeviceStore, ObjectStore, ProfileStore, QueryEngine, RunStore
from regulars.usecases.count_contacts import anybody_counts
from regulars.usecases.current_settings import current_settings
from regulars.usecases.foreseen_effect import ForeseenEffect, ask_past, foreseen_effect
from regulars.usecases.foreseen_fates import Foreseer, ahead
from regulars.usecases.launch_campaign import launchable, runs_of
from regulars.usecases.result_page import result_lines

_AT_ONCE: Final = "launched by hand it goes to everybody at once; by their own clocks it goes when its schedule launches it"


def preflight_key(preflight_id: str) -> str:
    """Where the result is written, in the lake's bucket."""
    return f"preflights/{preflight_id}.json"


def preflight(
    preflight_id: str,
    campaign_id: str,
    *,
    as_of: datetime | None,
    deadline: datetime,
    limit: ProjectLimit,
    definitions: DefinitionStore,
    runs: RunStore,
    queries: QueryEngine,
    profiles: ProfileStore,
    devices: DeviceStore,
    contacts: ContactStore,
    lake: ObjectStore,
    clock: Clock,
) -> Preflight:
    """Of the campaign's newest version, as of now or of a past moment; written to `preflight_key`, or why there is none. Who comes after `deadline`
    is not looked at, and a problem says so. Raises what `launch_campaign` does but for a run under way, QueryFailedError, StoreUnavailableError."""
    try:
        now = clock.now()
        run = _foreseen_run(launchable(campaign_id, as_of=as_of or now, definitions=definitions, now=now), runs)
        run = replace(run, notes=anybody_counts(contacts, now))
        past = ask_past(run, queries=queries)
        query = queries.run(foreseen_sql(run))
        people = _recipients(query.result, lake)
        tally, complete = _tallied(Foreseer(run, current_settings(definitions), profiles, devices, contacts, clock), people, clock, deadline)
        shown = foreseen_effect(run, tally, past, within=deadline - clock.now(), queries=queries)
        found = _told(run, tally, limit, shown, scanned=query.bytes_scanned, complete=complete, last_audience=_last_audience(campaign_id, runs))
        lake.put(preflight_key(preflight_id), preflight_document(found))
        return found
    except RegularsError as error:
        lake.put(preflight_key(preflight_id), failed_document(error))
        raise


def _foreseen_run(run: Run, runs: RunStore) -> Run:
    """It would go on with the same runs as a launch; a run that has not ended is the launch's matter."""
    ended = (each for each in runs_of(run.campaign.id, runs) if each.has_ended)
    run_id = new_run_id(run.campaign.id, run.launched_at, "preflight")  # as long as that of a launch: every message carries it
    return replace(run, run_id=run_id, continues=continued(ended, run.launched_at) if run.as_of == run.launched_at else ())


def _last_audience(campaign_id: str, runs: RunStore) -> int:
    """Of the last run that had anybody in it."""
    return next((run.counts.audience for run in runs_of(campaign_id, runs) if run.sends and run.counts.audience), 0)


def _recipients(result: str, lake: ObjectStore) -> Iterator[Recipient]:
    """Rows of `foreseen_sql`, where Athena wrote them."""
    for user_id, arm, device_id, fingerprint, skip_reason in result_lines(result.removeprefix("s3://").partition("/")[2], lake=lake):
        address = Address("push", device_id, fingerprint or "") if device_id else None
        yield Recipient(user_id or "", arm or "", address, skip_reason or "")


def _tallied(looks: Foreseer, people: Iterable[Recipient], clock: Clock, deadline: datetime) -> tuple[Tally, bool]:
    """Everybody counted, and whether that was everybody."""
    tally, complete = Tally(), True

    def fates() -> Iterator[Fate]:
        nonlocal complete
        for window, known in ahead(windows(people), looks.known):
            if clock.now() >= deadline:
                complete = False
                return
            yield from looks.fates(window, known)

    tally.add(fates())
    return tally, complete


def _told(run: Run, tally: Tally, limit: ProjectLimit, shown: ForeseenEffect, *, scanned: int, complete: bool, last_audience: int) -> Preflight:
    cut_off = [] if complete else [Problem("warning", "audience", f"only the first {tally.audience:,} people could be looked at in time", 0)]
    campaign = parse_campaign(run.campaign.document)
    by_hand = [Problem("warning", "schedule.timezone", _AT_ONCE, tally.eligible)] if campaign.schedule and campaign.schedule.by_own_clocks else []
    unmeasured = [Problem("warning", "control.percent", UNMEASURED, tally.eligible)] if campaign.control_buckets == 0 else []
    problems = [*tally.problems, *unmeasured, *shown.problems, *by_hand, *cut_off]
    return Preflight(
        campaign_id=run.campaign.id,
        version=run.campaign.version,
        as_of=run.as_of,
        audience=tally.audience,
        control=tally.control,
        held_out=tally.held_out,
        detectable=shown.detectable,
        eligible=tally.eligible,
        messages=tally.messages,
        reasons=dict(tally.reasons.most_common()),
        problems=problems,
        duration_s=round(expected_seconds(tally.messages, campaign.delivery.per_second, limit), 3),
        cost_usd=round(_cost(run, tally, scanned) + shown.cost_usd, 8),
        examples=tally.examples,
        objections=objections(tally, problems, last_audience),
    )


def _cost(run: Run, tally: Tally, scanned: int) -> float:
    policy = policy_of(run, parse_campaign(run.campaign.document))
    noted, treated = tally.eligible if policy.noted else 0, tally.audience - tally.control
    return expected_cost(scanned, treated=treated, pushes=tally.messages, noted=noted, policy=policy)["total"]
