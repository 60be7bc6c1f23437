"""Starting a run: everything that it depends on is written down first, so that it can be shown and counted again."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from regulars.domain.campaigns.acceptance import check_messages
from regulars.domain.campaigns.audience import audience_tables, statements
from regulars.domain.campaigns.intention import answering, check_same, intention
from regulars.domain.campaigns.occurrences import occurrence_run_id
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.relaunch import check_last, continued
from regulars.domain.campaigns.run import Run, RunError, RunSummary, new_run_id, resumed_run_id
from regulars.domain.campaigns.schedule import Occurrence
from regulars.domain.definitions import Definition
from regulars.domain.errors import ConflictError, InfrastructureError, InvalidRequestError, InvalidRuleError, NotFoundError
from regulars.domain.lake.snapshots import LONGEST_ID
from regulars.domain.segments import parse_segment, rule_references
from regulars.ports import CampaignRunner, Clock, DefinitionStore, RunStore
from regulars.usecases.current_settings import current_settings
from regulars.usecases.reach_segments import goals_asked_for

_ATTEMPTS: Final = 5
"""So often a launch is tried that others came before."""


def launch_campaign(
    campaign_id: str,
    *,
    as_of: datetime | None = None,
    send: bool | None = None,
    last: str | None = None,
    request: str,
    resumes: Run | None = None,
    occurrence: Occurrence | None = None,
    by: str,
    definitions: DefinitionStore,
    runs: RunStore,
    campaign_runner: CampaignRunner,
    clock: Clock,
) -> RunSummary:
    """Records and starts a run of the campaign's newest version, once for each intention.

    `request` names the intention: the same one within a day answers the run that it started, as that stands now, and of two launches at the same
    instant one starts a run. `as_of` takes audience and outcome windows from a past moment; None means now. A launch as of the past is a
    rehearsal, which sends nothing, unless it says `send`. Any other goes on with the campaign's runs that failed lately
    (`relaunch.continued`): whom they reached gets nothing again. A run that `resumes` one that has ended unwell is named by that one, which so
    has one such run; one that an `occurrence` of its schedule starts by that. `last` is the campaign's newest run as
    whoever launches knows them, empty for none: so two who look at the same review do not send it twice.

    Raises NotFoundError for an unknown campaign, ConflictError for an archived one, RunUnderWayError for one of which a run is under way,
    LaunchedMeanwhileError for one that was sent since `last`, InvalidRequestError for a moment to come and for a request that asked for something
    else before, and what compiling the audience raises. Raises StoreUnavailableError where the settings cannot be read, and InfrastructureError where
    the run could not be started: then its record says so, it has failed, and the same request may be made again.
    """
    now = clock.now()
    if as_of is not None and as_of > now:
        raise InvalidRequestError("lies in the future: nobody knows yet who will be in the audience", field="as_of")
    sends = as_of is None if send is None else send
    asked: Run | None = None
    conflict = ConflictError("")
    for _ in range(_ATTEMPTS):
        latest = runs.latest(campaign_id)
        if (known := answering(runs_of(campaign_id, runs), request, now)) and not resumes:
            check_same(known, as_of=as_of, sends=sends)
            return known.summary
        asked = asked or replace(
            launchable(campaign_id, as_of=as_of or now, definitions=definitions, now=now),
            run_id=_run_id(campaign_id, request, resumes, occurrence, now),
            launched_by=by,
            sends=sends,
            intention=intention(request),
            occurrence=occurrence.at if occurrence else None,
            local_time=occurrence.local_time if occurrence else None,
        )
        run = replace(asked, continues=continued(runs_of(campaign_id, runs), now, occurrence) if sends else ())
        if sends and last is not None:
            check_last(runs_of(campaign_id, runs), last)
        _check_statements(run)
        try:
            runs.create(run, after=latest)
        except ConflictError as error:  # somebody launched it meanwhile: perhaps for the same intention
            conflict = error
            continue
        return _started(run, runs, campaign_runner, clock)
    raise conflict


def _run_id(campaign_id: str, request: str, resumes: Run | None, occurrence: Occurrence | None, now: datetime) -> str:
    if resumes:
        return resumed_run_id(resumes)
    return occurrence_run_id(campaign_id, occurrence) if occurrence else new_run_id(campaign_id, now, request)


def launchable(campaign_id: str, *, as_of: datetime, definitions: DefinitionStore, now: datetime) -> Run:
    """A run of the campaign's newest version as of a moment, which nobody asked for yet: it has no id. Whom the global control group holds out is
    decided by `now`, when people would be reached. Raises NotFoundError, ConflictError for an archived campaign, StoreUnavailableError where the
    settings cannot be read, and what `launch_campaign` says of one that cannot be launched."""
    campaign = definitions.get("campaign", campaign_id)
    if campaign.archived:
        raise ConflictError(f"campaign {campaign_id} is archived: put it again to bring it back")
    check_messages(campaign.document)
    parsed = parse_campaign(campaign.document)
    segments = _recorded_segments(parsed.segments, definitions)
    goals = goals_asked_for((parse_segment(each.document).rule for each in segments.values()), definitions=definitions)
    held_out = current_settings(definitions).global_control(now, parsed.delivery.purpose)
    return Run("", campaign, segments, as_of, as_of, launched_at=now, launched_by="", goals=goals, global_control=held_out)


def _check_statements(run: Run) -> None:
    """Refused here, to the caller's face, rather than in the state machine, which finds the snapshots."""
    statements(run, bucket="lake", snapshots=dict.fromkeys(audience_tables(run), LONGEST_ID))


def _started(run: Run, runs: RunStore, campaign_runner: CampaignRunner, clock: Clock) -> RunSummary:
    try:
        campaign_runner.start(run.run_id)
    except InfrastructureError as error:
        _record_failure(run.run_id, error, runs, clock)
        raise
    return run.summary


def runs_of(campaign_id: str, runs: RunStore) -> Iterator[Run]:
    """All of them, the newest first, read as far as somebody asks."""
    page = runs.listed(campaign_id=campaign_id, limit=10)
    yield from page.runs
    while page.next:
        page = runs.listed(campaign_id=campaign_id, page=page.next, limit=10)
        yield from page.runs


def _record_failure(run_id: str, error: InfrastructureError, runs: RunStore, clock: Clock) -> None:
    """The run failed before it began. If it was started after all, and only the answer got lost, `deliver` finds the error and sends nothing."""
    with suppress(ConflictError, InfrastructureError):  # what went wrong first is what the caller must hear
        stored = runs.get(run_id)
        runs.put(stored.value.failed_to_start(RunError.of(error), clock.now()), expected=stored.version)


def _recorded_segments(wanted: Iterable[str], definitions: DefinitionStore) -> Mapping[str, Definition]:
    """The newest version of each segment and of all that those refer to."""
    recorded: dict[str, Definition] = {}
    waiting = list(wanted)
    while waiting:
        identity = waiting.pop()
        if identity in recorded:
            continue
        try:
            found = definitions.get("segment", identity)
        except NotFoundError as error:
            raise InvalidRuleError(f"there is no segment {identity}", field="audience") from error
        recorded[identity] = found
        waiting.extend(rule_references(parse_segment(found.document).rule))
    return recorded
