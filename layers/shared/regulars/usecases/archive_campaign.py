"""Taking a campaign out of use, and its schedule with it."""

from regulars.ports import CampaignScheduler, Clock, DefinitionStore
from regulars.usecases.align_schedule import align_schedule
from regulars.usecases.archive_definition import Archived, archive_definition


def archive_campaign(campaign_id: str, *, definitions: DefinitionStore, scheduler: CampaignScheduler, clock: Clock) -> Archived:
    """Nothing of it is launched from now on, whether or not the scheduler still calls. Raises what `archive_definition` and `align_schedule` do."""
    archived = archive_definition("campaign", campaign_id, definitions=definitions)
    align_schedule(campaign_id, None, scheduler=scheduler, clock=clock)
    return archived
