"""Which of the runs that begin at about the same time sends first, where not everybody may get a message of each."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.promises import policy_of
from regulars.domain.campaigns.run import Run
from regulars.domain.collection.consents import TRANSACTIONAL
from regulars.domain.settings import Settings

LONGEST_YIELD: Final = timedelta(minutes=15)
"""So long after its launch a run lets others go first; and who was launched so much earlier or later is no rival. Most runs are over by then."""

LOOKS_EACH: Final = 10
"""Seconds until a run that waits looks again."""


def rival(run: Run, campaign: Campaign, under_way: Callable[[], Iterable[Run]], settings: Settings, now: datetime) -> Run | None:
    """Which of the other runs `under_way` this one lets go first, at `now`: one of a higher priority, launched at about the same time. (One by
    everybody's own clock goes on for a day, and nobody waits for that.) Only where one of the two has a limit, so that the order says who gets
    which; what is not counted for anybody's limit is in nobody's way. Later nobody is asked."""
    policy = policy_of(run, campaign, settings)
    if not policy.noted or not run.sends or now - run.begun_at >= LONGEST_YIELD:
        return None
    for other in under_way():
        if not (other.goes_on and other.sends) or other.local_time or abs(other.begun_at - run.begun_at) > LONGEST_YIELD:
            continue
        theirs = parse_campaign(other.campaign.document)
        if theirs.delivery.purpose == TRANSACTIONAL or theirs.delivery.priority <= campaign.delivery.priority:
            continue
        if policy.limits or policy_of(other, theirs, settings).limits:
            return other
    return None
