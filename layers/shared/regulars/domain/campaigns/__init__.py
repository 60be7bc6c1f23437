"""Campaigns: who is asked, who is left alone, what is said, and what became of it (docs/campaigns.md)."""

from regulars.domain.campaigns.campaign import CONTROL, Campaign, Delivery, Goal, PushTemplate, Variant, WhenUnsure
from regulars.domain.campaigns.parse import parse_campaign

__all__ = ["CONTROL", "Campaign", "Delivery", "Goal", "PushTemplate", "Variant", "WhenUnsure", "parse_campaign"]
