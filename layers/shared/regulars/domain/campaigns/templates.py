"""The messages of a campaign, ready to be rendered. `deliver` and `put` alone need them: Liquid takes long to import."""

from collections.abc import Mapping

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.messages.rendering import MessageTemplate, Origin


def templates(campaign: Campaign) -> Mapping[str, MessageTemplate]:
    """The message of each variant, by its id. Raises InvalidCampaignError for the first text that cannot be rendered for anybody."""
    return {
        variant.id: MessageTemplate(
            variant.push,
            Origin(campaign.id, campaign.name, variant.id),
            replaces_itself=campaign.delivery.when_unsure == "resend",
            path=variant.push.path,
        )
        for variant in campaign.variants
    }
