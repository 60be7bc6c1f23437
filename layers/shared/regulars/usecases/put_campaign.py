"""Saving a campaign as a new version, once all of it can be honoured; and saying beforehand whether it can."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from regulars.domain.campaigns.acceptance import check_messages
from regulars.domain.campaigns.audience_warnings import audience_warnings
from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.parse_schedule import check_due
from regulars.domain.campaigns.schedule_warnings import schedule_warnings
from regulars.domain.campaigns.templates import templates
from regulars.domain.definitions import PutWarning
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidCampaignError, NotFoundError
from regulars.domain.messages.acceptance import mixed_languages
from regulars.domain.messages.rendering import MessageTemplate
from regulars.domain.quality.catalog import Catalog
from regulars.domain.quality.no_numbers import no_numbers
from regulars.domain.quality.other_currencies import other_currencies
from regulars.domain.quality.unsent import NamedProperty, unsent_event, unsent_traits
from regulars.domain.settings import Settings
from regulars.ports import CampaignScheduler, Clock, DefinitionStore, ObjectStore
from regulars.usecases.align_schedule import align_schedule
from regulars.usecases.current_settings import current_settings
from regulars.usecases.put_warnings import put_warnings
from regulars.usecases.save_definition import Saved, save_definition


@dataclass(frozen=True)
class Verdict:
    """What is odd about a campaign that can be saved, and `next` as a put answers it."""

    warnings: Sequence[PutWarning]
    next: Sequence[str]


@dataclass(frozen=True)
class SavedCampaign(Saved):
    """`next` are the occurrences of its schedule as clocks show them, with their offset unless they are each person's own."""

    next: Sequence[str] = ()


def put_campaign(
    document: JsonObject,
    *,
    by: str,
    expected: int | None = None,
    definitions: DefinitionStore,
    scheduler: CampaignScheduler,
    lake: ObjectStore,
    clock: Clock,
) -> SavedCampaign:
    """Versions count from 1. Raises InvalidCampaignError for anything in it that is wrong, down to a template or a segment that is not there.

    From then on its schedule starts it. Raises SchedulerUnavailableError where that could not be said: it is saved all the same, the same call goes
    on, and `watch_schedules` does within a quarter of an hour.
    """
    verdict = judge_campaign(document, definitions=definitions, lake=lake, clock=clock)
    identity = str(document["id"])
    saved = save_definition("campaign", identity, document, by=by, expected=expected, definitions=definitions, clock=clock)
    align_schedule(identity, definitions=definitions, scheduler=scheduler, clock=clock)
    return SavedCampaign(saved.id, saved.version, saved.unchanged, verdict.warnings, next=verdict.next)


def judge_campaign(document: JsonObject, *, definitions: DefinitionStore, lake: ObjectStore, clock: Clock) -> Verdict:
    """What a put of it would say now; nothing is saved. Raises InvalidCampaignError as a put does."""
    campaign = parse_campaign(document)
    check_messages(document)
    messages = templates(campaign)
    for key, identities in (("include", campaign.include), ("exclude", campaign.exclude)):
        for index, identity in enumerate(identities):
            _check_segment(identity, f"audience.{key}[{index}]", definitions)
    _check_due(campaign, document, definitions, clock)
    purpose = list(_check_purpose(campaign, current_settings(definitions)))
    mixed = [warning for variant in campaign.variants for warning in mixed_languages(variant.push, messages[variant.id].path)]
    odd = [*schedule_warnings(campaign, clock.now()), *audience_warnings(campaign)]
    warnings = [*purpose, *mixed, *odd, *put_warnings(lambda catalog: _unsent(campaign, messages.values(), catalog), lake=lake)]
    upcoming = campaign.schedule.shown_after(clock.now()) if campaign.schedule else ()
    return Verdict(warnings, upcoming)


def _check_due(campaign: Campaign, document: JsonObject, definitions: DefinitionStore, clock: Clock) -> None:
    """A schedule is refused that has nothing before it, but not where it was put in time and something else is changed now."""
    if campaign.schedule is None:
        return
    try:
        newest = definitions.get("campaign", campaign.id)
    except NotFoundError:
        newest = None
    if newest is None or newest.archived or newest.document.get("schedule") != document["schedule"]:
        check_due(campaign.schedule, clock.now())


def _unsent(campaign: Campaign, messages: Iterable[MessageTemplate], catalog: Catalog) -> Iterator[PutWarning]:
    for message in messages:
        yield from unsent_traits(message.traits(), catalog)
    if goal := campaign.goal:
        yield from unsent_event(goal.event, "goal.event", [NamedProperty("goal", "value", goal.value)] if goal.value else (), catalog)
        yield from no_numbers(goal.event, "goal.value", goal.value, catalog)
        yield from other_currencies(goal.event, "goal.currency", goal.value, goal.currency, catalog)


def _check_purpose(campaign: Campaign, settings: Settings) -> Iterable[PutWarning]:
    purpose, place = campaign.delivery.purpose, "delivery.purpose"
    if slip := settings.slip(purpose):
        raise InvalidCampaignError(slip, field=place)
    return [PutWarning(place, doubt)] if (doubt := settings.doubt(purpose)) else []


def _check_segment(identity: str, field: str, definitions: DefinitionStore) -> None:
    try:
        segment = definitions.get("segment", identity)
    except NotFoundError as error:
        raise InvalidCampaignError(f"there is no segment {identity}", field=field) from error
    if segment.archived:
        raise InvalidCampaignError(f"the segment {identity} is archived: put it again to bring it back", field=field)
