"""Campaigns: who is asked, who is left alone, what is said, and what became of it (docs/campaigns.md)."""

from regulars.domain.campaigns.campaign import CONTROL, Campaign, DeliveryOptions, Goal, Variant, WhenUnsure
from regulars.domain.campaigns.parse import parse_campaign

__all__ = ["CONTROL", "Campaign", "DeliveryOptions", "Goal", "Variant", "WhenUnsure", "parse_campaign"]
