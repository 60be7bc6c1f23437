"""Going on with a run that was paused, or whose execution was stopped, timed out, failed or never began: with what the journal knows, so that nobody
gets it twice."""

from datetime import datetime

from regulars.domain.campaigns.mending import mended, needs_mending
from regulars.domain.campaigns.occurrences import occurrence_of
from regulars.domain.campaigns.resumption import check_pause, check_relaunch, resumed
from regulars.domain.campaigns.run import Run, RunSummary
from regulars.domain.errors import ConflictError
from regulars.ports import CampaignRunner, Clock, DefinitionStore, RunStore
from regulars.usecases.change_run import change_run
from regulars.usecases.launch_campaign import launch_campaign, runs_of


def resume_run(
    run_id: str,
    *,
    late: bool = False,
    request: str,
    by: str,
    definitions: DefinitionStore,
    runs: RunStore,
    campaign_runner: CampaignRunner,
    clock: Clock,
) -> RunSummary:
    """The run, going on; of one that has ended unwell, the run that goes on with it.

    A pause that FCM's refusal of the message brought about ends with the campaign's newest version (`mending`); any other goes on with what was
    launched, also where its message has outlived its `ttl` if it may be `late`. Safe to repeat, and of several who ask at once one starts something.
    Raises NotFoundError; ConflictError where nothing is to be resumed (it goes on, nobody is left, another run came after), it is too late, nothing
    was mended, or somebody else was first; what `launch_campaign` raises; RunnerUnavailableError, after which the same call starts what this one
    could not.
    """
    if (ended := runs.get(run_id).value).has_ended:
        check_relaunch(ended, runs_of(ended.campaign.id, runs), clock.now())
        return launch_campaign(
            ended.campaign.id,
            as_of=_as_of(ended),
            send=ended.sends,
            request=request,
            resumes=ended,
            occurrence=occurrence_of(ended),
            by=by,
            definitions=definitions,
            runs=runs,
            campaign_runner=campaign_runner,
            clock=clock,
        )
    # Written down before it is started: whoever else resumes it meanwhile finds that it goes on, and `sweep` looks at the new execution.
    run = change_run(run_id, lambda found: _gone_on(found, late, definitions, campaign_runner, clock.now()), runs=runs)
    campaign_runner.start(run.run_id, run.executions)
    return run.summary


def _gone_on(run: Run, late: bool, definitions: DefinitionStore, campaign_runner: CampaignRunner, now: datetime) -> Run:
    if run.has_ended:
        raise ConflictError(f"run {run.run_id} has ended at this very moment: ask again")
    check_pause(run, now, late=late)
    if needs_mending(run):
        run = mended(run, definitions.get("campaign", run.campaign.id))
    return resumed(run, campaign_runner.look(run.run_id, run.executions), now)


def _as_of(ended: Run) -> datetime | None:
    """The past moment that a rehearsal took its audience from."""
    return ended.as_of if ended.as_of < ended.launched_at else None
