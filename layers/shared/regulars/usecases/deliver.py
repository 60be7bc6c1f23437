"""One shard of a run: render, send, and keep every outcome. Safe to do again, at any point where it was cut off, and beside another call that does
the same."""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.control import held_up
from regulars.domain.campaigns.duration import give_up_at
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.priority import LOOKS_EACH, rival
from regulars.domain.campaigns.promises import parallel_workers, policy_of
from regulars.domain.campaigns.run import Run, RunError
from regulars.domain.campaigns.source import ShardSource
from regulars.domain.delivery.held import LONGEST_REST, NOBODY, Held
from regulars.domain.delivery.policy import Policy
from regulars.domain.delivery.progress import MAX_DEATHS, wait_seconds
from regulars.domain.delivery.recipients import block_size
from regulars.domain.errors import MessageRefusedError, PushConfigurationError, ShardHeldError, ShardLostError
from regulars.ports import (
    ClaimStore,
    Clock,
    ContactStore,
    DefinitionStore,
    DeviceStore,
    ObjectStore,
    ProfileStore,
    ProgressStore,
    PushSender,
    PushSession,
    RunStore,
)
from regulars.usecases.change_run import change_run
from regulars.usecases.current_settings import current_settings
from regulars.usecases.delivery_journal import Journal
from regulars.usecases.delivery_pass import DeliveryPass
from regulars.usecases.held_places import keep_held, read_held
from regulars.usecases.recipient_source import RecipientSource
from regulars.usecases.rehearsal import NoClaims, NoSession, ReadOnlyContacts, Rehearsed, Untouched
from regulars.usecases.reserve_contacts import Reservations
from regulars.usecases.run_devices import RunDevices
from regulars.usecases.run_shards import known_tokens, recipients, run_shards
from regulars.usecases.settle import settle

HELD_SECONDS: Final = 10
"""So soon a shard is looked at again that another call has: one of an execution before hears within a second that the shard is not its any more. Five
hours of it, a shard at the slowest rate, are 16,000 of the 25,000 events that Step Functions keeps of a child."""


@dataclass(frozen=True)
class Delivered:
    """What one call did, in recipients (devices, and people without any). Not `done`: call again with the same arguments, after `wait_seconds`;
    `waits_for` says why, where FCM did not take all. `stopped`: the run does not go on, and neither does the shard. `left`: nor here, where it is
    paused, or goes on in a later execution; what is in doubt stays so."""

    run_id: str
    execution: int
    shard: int
    done: bool
    stopped: bool = False
    left: bool = False
    sent: int = 0
    failed: int = 0
    skipped: int = 0
    unknown: int = 0
    wait_seconds: int = 0
    waits_for: str = ""


def deliver(
    run_id: str,
    shard: int,
    *,
    execution: int | None = None,
    holder: str,
    deadline: datetime,
    runs: RunStore,
    claims: ClaimStore,
    progress: ProgressStore,
    lake: ObjectStore,
    profiles: ProfileStore,
    devices: DeviceStore,
    contacts: ContactStore,
    definitions: DefinitionStore,
    push_sender: PushSender,
    clock: Clock,
) -> Delivered:
    """Sends to the recipients of a shard, except those of whom the journal knows already; takes nobody new after `deadline`.

    The run is asked each second whether it goes on: it does not once somebody paused or aborted it, whatever became of its execution. Then nothing
    else is sent, and of one that is to end what is in doubt of the shard is settled. `holder` names this call: a shard is one call's at a time, and
    while another one has it there is nothing to do but to wait. `execution` is the number of the one that calls; None: a version before began it.

    A recipient's failure is data. Whom FCM puts off waits for the next call, as long as the run has time, and so does whoever is held back by what
    the run promises (`campaigns.promises`). Where FCM refuses everybody, the run is paused with what is to be mended. A rehearsal goes the same way
    and sends nothing. Where the settings cannot be read nobody knows who agreed to what, and nobody is sent to: that is StoreUnavailableError, and
    tried again. Raises InfrastructureError, with everything that is known recorded; ShardLostError where what killed the calls before would kill
    this one.
    """
    run = runs.get(run_id).value
    execution = run.executions if execution is None else execution
    nothing = Delivered(run_id, execution, shard, done=False)
    settled = partial(settle, run_id, shard, runs=runs, progress=progress, lake=lake, clock=clock)
    if not run.goes_on or run.executions != execution:
        return _halted(nothing, run, settled)
    campaign = parse_campaign(run.campaign.document)
    settings = current_settings(definitions)
    policy = policy_of(run, campaign, settings)
    before = read_held(run_id, shard, lake=lake) if policy.goes_by_clocks else NOBODY
    first = rival(run, campaign, runs.under_way, settings, clock.now())
    if (later := _later(nothing, first, before, clock.now())) is not None:
        return later
    per_second, shards = _share(run, campaign, policy), run_shards(run, lake)
    source: RecipientSource = ShardSource(run, campaign, recipients(shards[shard], lake))
    if not run.sends:
        source, claims, devices, contacts = Rehearsed(source), NoClaims(), Untouched(devices), ReadOnlyContacts(contacts)
    try:
        journal = _taken(run, campaign, shard, holder=holder, lake=lake, progress=progress, clock=clock)
        work = DeliveryPass(
            source,
            journal,
            RunDevices(run_id, known=lambda: known_tokens(shards.values(), lake), claims=claims),
            profiles,
            devices,
            Reservations(run.first_run, policy, contacts, clock),
            clock,
            policy=policy,
            held=before,
            block=block_size(per_second),
            goes_on=lambda: runs.goes_on(run_id, execution),
            too_late=clock.now() >= give_up_at(run.begun_at, (variant.push for variant in campaign.variants), held=policy.longest_hold),
        )
        refusal = _sent(work, journal, partial(_session, run, per_second, deadline, journal, push_sender, clock))
        if policy.goes_by_clocks and work.held != before:
            keep_held(run_id, shard, work.held, lake=lake)
    except ShardHeldError as held:
        return _waiting(nothing, held)
    told = _told(nothing, journal, work)
    if refusal:
        told, run = replace(told, waits_for=refusal.message), _held_up(run, refusal, runs, clock)
    elif work.stopped and not work.finished:
        run = runs.get(run_id).value
    return told if run.goes_on and run.executions == execution else _halted(told, run, settled)


def _later(nothing: Delivered, first: Run | None, held: Held, now: datetime) -> Delivered | None:
    """What is told where nothing is to be done yet: a run of a higher priority goes first, or all who are left are `held` back."""
    if first:
        return replace(nothing, wait_seconds=LOOKS_EACH, waits_for=f"run {first.run_id} of a higher priority goes first")
    if until := held.waits_at(now):
        return replace(nothing, wait_seconds=math.ceil(min(until - now, LONGEST_REST).total_seconds()))
    return None


def _held_up(run: Run, refusal: RunError, runs: RunStore, clock: Clock) -> Run:
    """The run, paused; not if somebody resumed it meanwhile."""
    return change_run(run.run_id, lambda now: held_up(now, refusal, clock.now()) if now.begun_at == run.begun_at else now, runs=runs)


def _sent(work: DeliveryPass, journal: Journal, opened: Callable[[], AbstractContextManager[PushSession]]) -> RunError | None:
    """Why FCM refuses everybody, if it does: then nobody is marked as failed for it."""
    try:
        with opened() as session:
            work.run(session)
    except (PushConfigurationError, MessageRefusedError) as error:
        if not work.begun:
            journal.close(setbacks=journal.setbacks, refused=journal.refused)
        return RunError.of(error)
    return None


def _taken(run: Run, campaign: Campaign, shard: int, *, holder: str, lake: ObjectStore, progress: ProgressStore, clock: Clock) -> Journal:
    resend = campaign.delivery.when_unsure == "resend"
    journal = Journal(
        run_id=run.run_id, campaign_id=campaign.id, shard=shard, resend=resend, holder=holder, lake=lake, progress=progress, clock=clock
    )
    if journal.deaths >= MAX_DEATHS:
        journal.close()
        raise ShardLostError(f"{journal.deaths} calls in a row that sent to shard {shard} of run {run.run_id} ended without a word")
    return journal


def _session(
    run: Run, per_second: float, deadline: datetime, journal: Journal, push_sender: PushSender, clock: Clock
) -> AbstractContextManager[PushSession]:
    """A rehearsal needs no FCM."""
    if not run.sends:
        return nullcontext(NoSession(deadline, clock))
    return push_sender.open(per_second=per_second, deadline=deadline, refused=journal.refused)


def _halted(told: Delivered, run: Run, settled: Callable[[], int]) -> Delivered:
    """What is told of a run that does not go on: what is in doubt is settled where it never will."""
    told = replace(told, done=True, wait_seconds=0)
    if run.pause or run.executions != told.execution:
        return replace(told, left=True)
    try:
        return replace(told, stopped=True, unknown=told.unknown + settled())
    except ShardHeldError as held:
        return _waiting(told, held)


def _waiting(told: Delivered, held: ShardHeldError) -> Delivered:
    return replace(told, done=False, wait_seconds=min(math.ceil(held.seconds), HELD_SECONDS), waits_for=str(held))


def _told(nothing: Delivered, journal: Journal, work: DeliveryPass) -> Delivered:
    counts, done = journal.counts, work.finished
    wait = 0 if done else max(math.ceil(work.rest.total_seconds()), wait_seconds(0 if counts["sent"] else journal.setbacks))
    return replace(
        nothing,
        done=done,
        sent=counts["sent"],
        failed=counts["failed"],
        skipped=counts["skipped"],
        unknown=counts["unknown"],
        wait_seconds=wait,
        waits_for="" if done else work.waits_for,
    )


def _share(run: Run, campaign: Campaign, policy: Policy) -> float:
    """How many pushes a second are this shard's."""
    return campaign.delivery.per_second / min(parallel_workers(policy), max(1, run.shards or 1))
