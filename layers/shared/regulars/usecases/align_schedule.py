"""Having the scheduler call when a campaign's newest version says, and at no other time."""

from regulars.domain.campaigns.occurrences import schedule_name, schedule_of, schedule_prefix
from regulars.domain.campaigns.schedule import Schedule
from regulars.ports import CampaignScheduler, Clock, DefinitionStore


def align_schedule(campaign_id: str, *, definitions: DefinitionStore, scheduler: CampaignScheduler, clock: Clock) -> None:
    """Makes what is missing, then removes what is left of another timing; all, where the newest version has none or is archived. Safe to repeat.

    For a moment both may call: an occurrence that the newest version has not starts nothing. Of several who save at once, whoever aligned an older
    version sees that and does it again. Raises NotFoundError, SchedulerUnavailableError.
    """
    newest = schedule_of(definitions.get("campaign", campaign_id))
    while True:
        aligned = newest
        _align(campaign_id, aligned, scheduler, clock)
        newest = schedule_of(definitions.get("campaign", campaign_id))  # others may have saved it and aligned before us
        if newest == aligned:
            return


def _align(campaign_id: str, schedule: Schedule | None, scheduler: CampaignScheduler, clock: Clock) -> None:
    wanted = schedule_name(campaign_id, schedule) if schedule else ""
    kept = scheduler.names(schedule_prefix(campaign_id))
    if schedule and wanted not in kept and (occurrence := schedule.next(clock.now())):
        scheduler.create(wanted, campaign_id, schedule, first=occurrence.at)
    for name in kept:
        if name != wanted:
            scheduler.delete(name)
