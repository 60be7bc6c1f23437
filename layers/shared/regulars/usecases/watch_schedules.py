"""Looking after the schedules of all campaigns: that the scheduler has what it should, and that somebody hears of an occurrence that never was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from regulars.domain.campaigns.occurrences import LOOKED_BACK, missed_run, occurrence_run_id, schedule_name, schedule_of
from regulars.domain.campaigns.schedule import GRACE, Schedule
from regulars.domain.definitions import Definition
from regulars.domain.errors import ConflictError, InfrastructureError, NotFoundError
from regulars.ports import CampaignScheduler, Clock, DefinitionStore, RunStore

_MOST: Final = 100
"""Occurrences of a campaign that are looked at: more than there are in LOOKED_BACK."""

_NOBODY_CALLED: Final = "nothing started it: the scheduler did not call, or its calls failed (docs/operations.md)"


@dataclass(frozen=True)
class Watched:
    """Names of schedules that were made and removed, ids of the runs that stand for missed occurrences, and what could not be done this time: ids of
    campaigns, and names of schedules that were to be removed, each with the reason."""

    made: Sequence[str]
    removed: Sequence[str]
    missed: Sequence[str]
    failed: Mapping[str, str]


def watch_schedules(*, definitions: DefinitionStore, runs: RunStore, scheduler: CampaignScheduler, clock: Clock) -> Watched:
    """One look at every campaign; safe to repeat. Raises InfrastructureError where they cannot even be listed."""
    now = clock.now()
    kept = set(scheduler.names())  # before the definitions: of one that is put meanwhile, the new version counts
    made: list[str] = []
    missed: list[str] = []
    failed: dict[str, str] = {}
    wanted: set[str] = set()
    for campaign in definitions.all("campaign"):
        schedule = schedule_of(campaign)
        if schedule is None:
            continue
        name = schedule_name(campaign.id, schedule)
        if schedule.next(now - GRACE):  # one that has just fired for the last time may be trying still
            wanted.add(name)
        try:
            occurrence = schedule.next(now)
            if occurrence and name not in kept:
                scheduler.create(name, campaign.id, schedule, first=occurrence.at)
                made.append(name)
            missed += _missed(campaign, schedule, now, runs)
        except InfrastructureError as error:
            failed[campaign.id] = str(error)
    removed: list[str] = []
    for name in sorted(kept - wanted):
        try:
            scheduler.delete(name)
            removed.append(name)
        except InfrastructureError as error:
            failed[name] = str(error)
    return Watched(made, removed, missed, failed)


def _missed(campaign: Definition, schedule: Schedule, now: datetime, runs: RunStore) -> list[str]:
    """The occurrences since this version was saved that have no run, and should have."""
    found: list[str] = []
    for occurrence in schedule.within(max(campaign.saved_at, now - LOOKED_BACK), now - GRACE, _MOST):
        if not _has_run(occurrence_run_id(campaign.id, occurrence), runs):
            run = missed_run(campaign, occurrence, _NOBODY_CALLED, now)
            try:
                runs.create(run)
            except ConflictError:
                continue  # it was started between our two looks
            found.append(run.run_id)
    return found


def _has_run(run_id: str, runs: RunStore) -> bool:
    try:
        runs.goes_on(run_id)
    except NotFoundError:
        return False
    return True
