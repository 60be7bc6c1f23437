"""Taking a campaign out of use, and its schedule with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.ports import CampaignScheduler, Clock, DefinitionStore, RunStore
from regulars.usecases.align_schedule import align_schedule
from regulars.usecases.archive_definition import Archived, archive_definition


@dataclass(frozen=True)
class ArchivedCampaign(Archived):
    """`under_way` are runs that go on, or can be resumed, all the same."""

    under_way: Sequence[str] = ()


def archive_campaign(
    campaign_id: str, *, definitions: DefinitionStore, runs: RunStore, scheduler: CampaignScheduler, clock: Clock
) -> ArchivedCampaign:
    """Nothing of it is launched from now on, whether or not the scheduler still calls; what is under way goes on, and is named. Raises what
    `archive_definition` and `align_schedule` do, and StoreUnavailableError."""
    archived = archive_definition("campaign", campaign_id, definitions=definitions)
    align_schedule(campaign_id, definitions=definitions, scheduler=scheduler, clock=clock)
    under_way = [run.run_id for run in runs.listed(campaign_id=campaign_id, limit=10).runs if not run.has_ended]
    return ArchivedCampaign(archived.id, archived.version, under_way=under_way)
