"""Starting the run of an occurrence of a campaign's schedule: once, however often it is asked for, and not when it is too late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from regulars.domain.campaigns.occurrences import BY_SCHEDULE, missed_run, occurrence_run_id, schedule_of
from regulars.domain.campaigns.run import Run, resumed_run_id
from regulars.domain.campaigns.schedule import GRACE, Occurrence
from regulars.domain.definitions import Definition
from regulars.domain.errors import ConflictError, NotFoundError, RefusedError, RunnerUnavailableError
from regulars.ports import CampaignRunner, Clock, DefinitionStore, RunStore
from regulars.usecases.launch_campaign import launch_campaign

_AHEAD: Final = timedelta(minutes=1)
"""The scheduler's clock may be before ours by so much."""


@dataclass(frozen=True)
class OccurrenceAnswer:
    """`idle`: there is no such campaign, its newest version has no such occurrence, or it is still to come. `missed`: a run stands for that, and
    says why."""

    outcome: Literal["started", "already", "missed", "idle"]
    run_id: str = ""
    because: str = ""


def start_occurrence(
    campaign_id: str,
    scheduled: datetime,
    *,
    definitions: DefinitionStore,
    runs: RunStore,
    campaign_runner: CampaignRunner,
    clock: Clock,
) -> OccurrenceAnswer:
    """`scheduled` is the moment that the scheduler was to call at. Safe to repeat, and of several who call at once one starts something.

    What is archived or scheduled otherwise since, and what is still to come, is left alone. What comes later than GRACE, or could not be launched
    (an earlier run is under way, a segment is gone), is recorded as missed. Raises InfrastructureError, after which the same call starts what this
    one could not.
    """
    try:
        campaign = definitions.get("campaign", campaign_id)
    except NotFoundError as error:
        return OccurrenceAnswer("idle", because=str(error))
    schedule = schedule_of(campaign)
    occurrence = schedule.at(scheduled) if schedule else None
    if occurrence is None:
        return OccurrenceAnswer("idle", because=f"version {campaign.version} of campaign {campaign_id} has no occurrence then")
    now = clock.now()
    if occurrence.at - now > _AHEAD:
        return OccurrenceAnswer("idle", because=f"{occurrence.name(campaign_id)} is still to come")
    begun = _begun(occurrence_run_id(campaign_id, occurrence), runs)
    if begun and begun.goes_on and begun.plan is None:
        campaign_runner.start(begun.run_id, begun.executions)  # whoever recorded it may have died before; what is started already stays one
    if begun and not _failed_to_start(begun):
        return OccurrenceAnswer("already", begun.run_id)
    if now - occurrence.at > GRACE:
        late = int((now - occurrence.at).total_seconds() // 60)
        return _missed(campaign, occurrence, f"the scheduler's call came {late} minutes late, and {GRACE} are allowed", runs, clock)
    try:
        started = launch_campaign(
            campaign_id,
            request=occurrence.name(campaign_id),
            resumes=begun,
            occurrence=occurrence,
            by=BY_SCHEDULE,
            definitions=definitions,
            runs=runs,
            campaign_runner=campaign_runner,
            clock=clock,
        )
    except RefusedError as error:
        if (other := _begun(occurrence_run_id(campaign_id, occurrence), runs)) and not begun:
            return OccurrenceAnswer("already", other.run_id)  # another call of the scheduler came between
        return _missed(campaign, occurrence, str(error), runs, clock)
    return OccurrenceAnswer("started", started.run_id)


def _begun(run_id: str, runs: RunStore) -> Run | None:
    """The newest run of the occurrence whose first has this id: where Step Functions did not take one, another went on with it."""
    try:
        run = runs.get(run_id).value
    except NotFoundError:
        return None
    return (_begun(resumed_run_id(run), runs) or run) if _failed_to_start(run) else run


def _failed_to_start(run: Run) -> bool:
    return run.has_ended and run.plan is None and run.error is not None and run.error.code == RunnerUnavailableError.code


def _missed(campaign: Definition, occurrence: Occurrence, because: str, runs: RunStore, clock: Clock) -> OccurrenceAnswer:
    missed = missed_run(campaign, occurrence, because, clock.now())
    try:
        runs.create(missed)
    except ConflictError:
        return OccurrenceAnswer("already", missed.run_id)
    return OccurrenceAnswer("missed", missed.run_id, because)
