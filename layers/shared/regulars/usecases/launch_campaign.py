"""Starting a run: everything that it depends on is written down first, so that it can be shown and counted again."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from regulars.domain.campaigns import parse_campaign
from regulars.domain.campaigns.audience import statements
from regulars.domain.campaigns.run import new_record, new_run_id, summary
from regulars.domain.errors import ConflictError, InfrastructureError, InvalidRequestError, InvalidRuleError, NotFoundError
from regulars.domain.segments import parse_segment, rule_references
from regulars.ports import CampaignRunner, Clock, DefinitionStore, Document, RunStore


def launch_campaign(
    campaign_id: str,
    *,
    as_of: datetime | None = None,
    request: str,
    by: str,
    definitions: DefinitionStore,
    runs: RunStore,
    campaign_runner: CampaignRunner,
    clock: Clock,
) -> Document:
    """Records and starts a run of the campaign's newest version, and answers its summary: `run_id`, `state`, `counts` and more.

    `as_of` takes audience and outcome windows from a past moment; None means now. `request` names the caller's request.
    Raises NotFoundError for an unknown campaign, InvalidRequestError for a moment to come, and what compiling the audience raises.
    Raises InfrastructureError where the run could not be started: then its record says so, and it has failed.
    """
    now = clock.now()
    if as_of is not None and as_of > now:
        raise InvalidRequestError("lies in the future: nobody knows yet who will be in the audience", field="as_of")
    found = definitions.get("campaign", campaign_id)
    campaign = parse_campaign(found.document)
    segments = _recorded_segments((*campaign.include, *campaign.exclude), definitions)
    run_id = new_run_id(campaign_id, now, request)
    record = new_record(run_id, campaign=found.document, version=found.version, segments=segments, as_of=as_of, now=now, by=by)
    statements(record, bucket="lake")  # refused here, to the caller's face, rather than in the state machine
    runs.create(run_id, record)
    try:
        campaign_runner.start(run_id)
    except InfrastructureError as error:
        _record_failure(run_id, error, runs, clock)
        raise
    return summary(record)


def _record_failure(run_id: str, error: InfrastructureError, runs: RunStore, clock: Clock) -> None:
    """The run failed before it began. If it was started after all, and only the answer got lost, `deliver` finds the error and sends nothing."""
    told = {"code": error.code, "message": str(error)}
    with suppress(ConflictError, InfrastructureError):  # what went wrong first is what the caller must hear
        stored = runs.get(run_id)
        ended = {**stored.document, "state": "failed", "error": told, "concluded_at": clock.now().isoformat()}
        runs.put(run_id, ended, expected=stored.version)


def _recorded_segments(wanted: Iterable[str], definitions: DefinitionStore) -> dict[str, Document]:
    """The newest version of each segment and of all that those refer to."""
    recorded: dict[str, Document] = {}
    waiting = list(wanted)
    while waiting:
        identity = waiting.pop()
        if identity in recorded:
            continue
        try:
            found = definitions.get("segment", identity)
        except NotFoundError as error:
            raise InvalidRuleError(f"there is no segment {identity}", field="audience") from error
        recorded[identity] = {**found.document, "version": found.version}
        waiting.extend(rule_references(parse_segment(found.document).rule))
    return recorded
