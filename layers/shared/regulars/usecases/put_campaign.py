"""Saving a campaign as a new version, once all of it can be honoured."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from regulars.domain.campaigns.acceptance import check_messages
from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.templates import templates
from regulars.domain.definitions import PutWarning
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidCampaignError, NotFoundError
from regulars.domain.messages.acceptance import mixed_languages
from regulars.domain.messages.rendering import MessageTemplate
from regulars.domain.quality.catalog import Catalog
from regulars.domain.quality.unsent import NamedProperty, unsent_event, unsent_traits
from regulars.ports import Clock, DefinitionStore, ObjectStore
from regulars.usecases.put_warnings import put_warnings
from regulars.usecases.save_definition import Saved, save_definition


def put_campaign(document: JsonObject, *, by: str, definitions: DefinitionStore, lake: ObjectStore, clock: Clock) -> Saved:
    """Versions count from 1. Raises InvalidCampaignError for anything in it that is wrong, down to a template or a segment that is not there."""
    campaign = parse_campaign(document)
    check_messages(document)
    messages = templates(campaign)
    for key, identities in (("include", campaign.include), ("exclude", campaign.exclude)):
        for index, identity in enumerate(identities):
            _check_segment(identity, f"audience.{key}[{index}]", definitions)
    saved = save_definition("campaign", campaign.id, document, by=by, definitions=definitions, clock=clock)
    mixed = [warning for variant in campaign.variants for warning in mixed_languages(variant.push, messages[variant.id].path)]
    return replace(saved, warnings=[*mixed, *put_warnings(lambda catalog: _unsent(campaign, messages.values(), catalog), lake=lake)])


def _unsent(campaign: Campaign, messages: Iterable[MessageTemplate], catalog: Catalog) -> Iterator[PutWarning]:
    for message in messages:
        yield from unsent_traits(message.traits(), catalog)
    if goal := campaign.goal:
        yield from unsent_event(goal.event, "goal.event", [NamedProperty("goal", "value", goal.value)] if goal.value else (), catalog)


def _check_segment(identity: str, field: str, definitions: DefinitionStore) -> None:
    try:
        segment = definitions.get("segment", identity)
    except NotFoundError as error:
        raise InvalidCampaignError(f"there is no segment {identity}", field=field) from error
    if segment.archived:
        raise InvalidCampaignError(f"the segment {identity} is archived: put it again to bring it back", field=field)
