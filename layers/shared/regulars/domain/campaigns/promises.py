"""What a run promises everybody whom it sends to, from its campaign, the moment of its launch, and the settings."""

from dataclasses import replace
from typing import Final

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.run import MAX_SHARDS, PARALLEL_WORKERS, Run
from regulars.domain.delivery.policy import LocalTime, Policy
from regulars.domain.settings import Settings

NOBODY_SAID: Final = Settings()


def policy_of(run: Run, campaign: Campaign, settings: Settings = NOBODY_SAID) -> Policy:
    """`settings` as they are now: whoever changes them changes what is sent from then on. A rehearsal holds nobody: whoever would wait is rendered
    for at once."""
    promised = campaign.delivery
    quiet = promised.quiet_hours
    if quiet and quiet.otherwise == "hold" and not run.sends:
        quiet = None
    local_time = LocalTime(run.local_time, run.begun_at) if run.local_time and run.sends else None
    policy = settings.promises(promised, run.planned_at, zone=_zone(campaign), notes=run.notes)
    return replace(policy, quiet_hours=quiet, local_time=local_time)


def _zone(campaign: Campaign) -> str:
    """Of people who tell none: the campaign's, where its schedule names one that is not UTC, which is what one that says nothing has."""
    schedule = campaign.schedule
    return schedule.timezone if schedule and not schedule.by_own_clocks and schedule.timezone != "UTC" else ""


HOLDING_SHARDS: Final = 24
"""Of a run that may hold people back, at most, all of which are delivered at once: a shard that waits for a day keeps its place in the state
machine's map. Each is a call of Lambda while something is to be sent, and a call each quarter of an hour while nothing is."""


def most_shards(policy: Policy) -> int:
    return HOLDING_SHARDS if policy.longest_hold else MAX_SHARDS


def parallel_workers(policy: Policy) -> int:
    """How many shards are delivered at once, over which `per_second` is shared."""
    return HOLDING_SHARDS if policy.longest_hold else PARALLEL_WORKERS
