"""Going on with a run that was paused, or whose execution was stopped, timed out, failed or never began: with what the journal knows, so that nobody
gets it twice."""

from datetime import datetime

from regulars.domain.campaigns.mending import mended, needs_mending
from regulars.domain.campaigns.occurrences import occurrence_of
from regulars.domain.campaigns.resumption import check_pause, check_relaunch, resumed
from regulars.domain.campaigns.run import Run, RunSummary
from regulars.ports import CampaignRunner, Clock, DefinitionStore, RunStore, Stored
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
    stored = runs.get(run_id)
    if stored.value.has_ended:
        ended = stored.value
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
    run = stored.value
    check_pause(run, clock.now(), late=late)
    if needs_mending(run):
        run = mended(run, definitions.get("campaign", run.campaign.id))
    return _gone_on(Stored(run, stored.version), runs, campaign_runner, clock).summary


def _gone_on(stored: Stored[Run], runs: RunStore, campaign_runner: CampaignRunner, clock: Clock) -> Run:
    """Written down before it is started: whoever else resumes the run meanwhile loses by its version, and `sweep` looks at the new execution."""
    run = stored.value
    run = resumed(run, campaign_runner.look(run.run_id, run.executions), clock.now())
    runs.put(run, expected=stored.version)
    campaign_runner.start(run.run_id, run.executions)
    return run


def _as_of(ended: Run) -> datetime | None:
    """The past moment that a rehearsal took its audience from."""
    return ended.as_of if ended.as_of < ended.launched_at else None
