"""Pausing a run: nobody else is sent to, and what the journal knows stays for whoever resumes it."""

from regulars.domain.campaigns.control import paused
from regulars.domain.campaigns.run import RunSummary
from regulars.ports import Clock, RunStore
from regulars.usecases.change_run import change_run


def pause_run(run_id: str, *, by: str, runs: RunStore, clock: Clock) -> RunSummary:
    """The run, paused. Safe to repeat: the first who asked is the one who paused it.

    Calls of `deliver` see it within a second or so; what is under way ends. Then its execution ends, for a pause may last days. Raises
    NotFoundError, ConflictError for a run that has ended or was told to, StoreUnavailableError.
    """
    return change_run(run_id, lambda run: paused(run, by, clock.now()), runs=runs).summary
