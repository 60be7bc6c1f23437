"""Ending a run before its time: nothing more goes out, what is in doubt is settled, and what went out is counted."""

from regulars.domain.campaigns.control import aborted
from regulars.domain.campaigns.run import RunSummary
from regulars.ports import CampaignRunner, Clock, RunStore
from regulars.usecases.change_run import change_run


def abort_run(run_id: str, *, by: str, runs: RunStore, campaign_runner: CampaignRunner, clock: Clock) -> RunSummary:
    """The run, which says so from now on. Safe to repeat: the first who asked is the one who aborted it.

    It is counted by an execution that is started here and finds nobody to send to: the one before may have ended, or wait for hours. `sweep` does it
    where that fails. Raises NotFoundError, ConflictError for a run that has ended otherwise, StoreUnavailableError, and RunnerUnavailableError, after
    which nothing more goes out all the same.
    """
    run = change_run(run_id, lambda run: aborted(run, by, clock.now()), runs=runs)
    if not run.has_ended:
        campaign_runner.start(run.run_id, run.executions)
    return run.summary
