"""Campaigns: who is asked, who is left alone, what is said, and what became of it (DESIGN 3.6)."""

from regulars.domain.campaigns.campaign import CONTROL, Campaign, Delivery, Goal, PushTemplate, Variant, WhenUnsure
from regulars.domain.campaigns.parse import parse_campaign

__all__ = ["CONTROL", "Campaign", "Delivery", "Goal", "PushTemplate", "Variant", "WhenUnsure", "parse_campaign"]
