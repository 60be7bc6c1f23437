"""Concluding the runs that nobody concludes: their execution timed out, was stopped by hand, met a limit of Step Functions, or never started; or
they were paused, and nobody resumed them in time. A run that is paused is left alone until then.

first look       the run is told to stop, so that a call of `deliver` that outlived its execution stops before its next window
a later look     once no call can be left: what is in doubt is settled, what went out recorded, and the run concluded with what ended it
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from regulars.domain.campaigns.audience import record_sql
from regulars.domain.campaigns.control import given_up, resumable_until
from regulars.domain.campaigns.execution import START, STRAGGLERS, orphaned_by
from regulars.domain.campaigns.run import Run, RunError
from regulars.domain.errors import ConflictError, InfrastructureError
from regulars.ports import CampaignRunner, Clock, ObjectStore, ProgressStore, QueryEngine, RunStore, Stored
from regulars.usecases.change_run import change_run
from regulars.usecases.conclude import conclude
from regulars.usecases.settle import settle


@dataclass(frozen=True)
class Swept:
    """Ids of runs: those that go on by themselves or are paused, those that wait for what may still be sending, those that have been concluded, and
    those of which nothing could be done this time, each with the reason."""

    going_on: Sequence[str]
    stopping: Sequence[str]
    concluded: Sequence[str]
    failed: Mapping[str, str]


def sweep(
    *, runs: RunStore, progress: ProgressStore, lake: ObjectStore, campaign_runner: CampaignRunner, queries: QueryEngine, clock: Clock
) -> Swept:
    """One look at every run that has not ended; safe to repeat, at any point where it was cut off. Raises StoreUnavailableError."""
    found: dict[_Fate, list[str]] = {fate: [] for fate in _Fate}
    failed: dict[str, str] = {}
    for run in runs.unfinished():
        try:
            fate, version = _fate(run, runs, campaign_runner, clock)
            if fate is _Fate.ORPHANED:
                settle(run.run_id, runs=runs, progress=progress, lake=lake, clock=clock)
                queries.run(record_sql(run.run_id))
                conclude(run.run_id, expected=version, runs=runs, queries=queries, clock=clock)
            found[fate].append(run.run_id)
        except (ConflictError, InfrastructureError) as error:
            failed[run.run_id] = str(error)  # the next look tries again, and the other runs have theirs now
    return Swept(found[_Fate.GOING_ON], found[_Fate.STOPPING], found[_Fate.ORPHANED], failed)


class _Fate(Enum):
    GOING_ON = auto()
    STOPPING = auto()
    ORPHANED = auto()
    """Nobody sends any more, and nobody else will conclude it."""


def _fate(run: Run, runs: RunStore, campaign_runner: CampaignRunner, clock: Clock) -> tuple[_Fate, int]:
    """With the version of the run of which that is true."""
    if run.pause:
        if clock.now() <= resumable_until(run):
            return _Fate.GOING_ON, 0
        run = change_run(run.run_id, lambda found: given_up(found, clock.now()) if found.pause else found, runs=runs)
    orphan = _orphan(run, campaign_runner, clock.now())
    if orphan is None:
        return _Fate.GOING_ON, 0
    stopped = _stopped(run, orphan, runs, clock)
    if stopped.value.goes_on or stopped.value.has_ended:
        return _Fate.GOING_ON, stopped.version  # somebody resumed it, or its execution concluded it, between our two looks
    return _Fate.STOPPING if _may_be_sending(stopped.value, clock.now()) else _Fate.ORPHANED, stopped.version


def _orphan(run: Run, campaign_runner: CampaignRunner, now: datetime) -> RunError | None:
    """Why nobody will conclude the run any more, or None."""
    execution = campaign_runner.look(run.run_id, run.executions)
    if execution.state == "missing" and now - run.begun_at < START:
        return None
    return orphaned_by(execution)


def _stopped(seen: Run, error: RunError, runs: RunStore, clock: Clock) -> Stored[Run]:
    """The run as it is kept: told to stop, now or before, unless it has ended or was resumed since it was seen."""
    stored = runs.get(seen.run_id)
    if stored.value.has_ended or stored.value.stopped_at is not None or stored.value.begun_at != seen.begun_at:
        return stored
    run = stored.value.stopped(error, clock.now())
    runs.put(run, expected=stored.version)
    return Stored(run, stored.version + 1)


def _may_be_sending(run: Run, now: datetime) -> bool:
    """Nobody sends before there are shards."""
    return bool(run.manifest) and run.stopped_at is not None and now - run.stopped_at < STRAGGLERS
