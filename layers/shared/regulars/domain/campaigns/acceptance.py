"""What FCM would refuse of a campaign's messages whoever they are for, refused before anybody is sent one."""

from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.language import Fields, Value
from regulars.domain.messages.acceptance import check_push


def check_messages(document: JsonObject) -> None:
    """`document` is one that `parse_campaign` takes. Raises InvalidCampaignError, which names the field."""
    campaign = Fields(Value(document, InvalidCampaignError))
    variants = [Fields(entry) for entry in campaign["variants"].items()] if "variants" in campaign else []
    for holder in (campaign, *variants):
        if "message" in holder:
            check_push(Fields(holder["message"])["push"])
