"""What is odd about whom a campaign is for, though it can be honoured."""

from collections.abc import Iterator
from typing import Final

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.definitions import PutWarning
from regulars.domain.lake.buckets import BUCKETS

UNMEASURED: Final = "nobody is held back: what the message changed cannot be known"


def audience_warnings(campaign: Campaign) -> Iterator[PutWarning]:
    for index, segment in enumerate(campaign.exclude):
        if segment in campaign.include:
            yield PutWarning(f"audience.exclude[{index}]", f"the segment {segment} is included, too: nobody of it gets the message")
    if campaign.control_buckets == BUCKETS:
        yield PutWarning("control.percent", "everybody is held back: nobody gets the message")
    if campaign.control_buckets == 0:
        yield PutWarning("control.percent", UNMEASURED)
