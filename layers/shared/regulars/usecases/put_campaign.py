"""Saving a campaign as a new version, once all of it can be honoured."""

from regulars.domain.campaigns import parse_campaign
from regulars.domain.errors import InvalidCampaignError, NotFoundError
from regulars.domain.messages.rendering import templates
from regulars.ports import Clock, DefinitionStore, Document


def put_campaign(document: Document, *, by: str, definitions: DefinitionStore, clock: Clock) -> int:
    """The new version, from 1. Raises InvalidCampaignError for anything in it that is wrong, down to a template or a segment that is not there."""
    campaign = parse_campaign(document)
    templates(campaign)
    for key, identities in (("include", campaign.include), ("exclude", campaign.exclude)):
        for index, identity in enumerate(identities):
            try:
                definitions.get("segment", identity)
            except NotFoundError as error:
                raise InvalidCampaignError(f"there is no segment {identity}", field=f"audience.{key}[{index}]") from error
    return definitions.put("campaign", campaign.id, document, at=clock.now(), by=by)
