"""Pausing a run and ending it before its time: what is asked for twice is done once, and what can't be done any more is said."""

from datetime import datetime

from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.relaunch import RELAUNCH_WITHIN
from regulars.domain.campaigns.run import ABORTED, PAUSED_TOO_LONG, Run, RunError
from regulars.domain.errors import ConflictError


def paused(run: Run, by: str, now: datetime) -> Run:
    """The run, paused by somebody; one that is paused stays as it is. Raises ConflictError for one that has ended, or was told to."""
    if run.pause:
        return run
    if run.has_ended:
        raise ConflictError(f"run {run.run_id} has ended, and is {run.state}: nothing of it is left to pause")
    if run.error:
        raise ConflictError(f"run {run.run_id} was told to end ({run.error.message}): it can't be paused any more")
    return run.paused(Pause(now, by))


def held_up(run: Run, error: RunError, now: datetime) -> Run:
    """The run, paused because FCM refuses everybody. One that does not go on stays as it is, but that a pause says what has to be mended as well."""
    if run.pause:
        return run.paused(run.pause, run.error or error)
    return run.paused(Pause(now), error) if run.goes_on else run


def aborted(run: Run, by: str, now: datetime) -> Run:
    """The run, ended by somebody; one that is aborted stays as it is. Raises ConflictError for one that has ended otherwise."""
    if run.shown_state == "aborted":
        return run
    if run.has_ended:
        raise ConflictError(f"run {run.run_id} has ended, and is {run.state}: what went out can't be called back")
    return run.aborted(RunError(ABORTED, f"aborted by {by}"), by, now)


def resumable_until(paused_run: Run) -> datetime:
    """From then on its message is no news any more, and `sweep` ends it: as late as a launch goes on with a run that has ended."""
    return paused_run.launched_at + RELAUNCH_WITHIN


def given_up(paused_run: Run, now: datetime) -> Run:
    """The run that nobody resumed in time, ended."""
    days = RELAUNCH_WITHIN.days
    return paused_run.aborted(RunError(PAUSED_TOO_LONG, f"it was paused, and nobody resumed it within {days} days of its launch"), "", now)
