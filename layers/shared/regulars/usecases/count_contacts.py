"""Whether the pushes of a run are noted: as soon as any run goes by a limit, those of all are, since they all count; else nobody pays for it."""

from datetime import datetime

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.promises import policy_of
from regulars.domain.campaigns.run import Run
from regulars.domain.collection.consents import TRANSACTIONAL
from regulars.domain.delivery.caps import EVERYBODY, Contacts, message_mark
from regulars.ports import Clock, ContactStore, DefinitionStore
from regulars.usecases.current_settings import current_settings


def count_contacts(run: Run, campaign: Campaign, *, contacts: ContactStore, definitions: DefinitionStore, clock: Clock) -> bool:
    """Asked once, before anybody is sent to. A run that has a limit itself says so to those of the next 30 days. Raises StoreUnavailableError."""
    if campaign.delivery.purpose == TRANSACTIONAL or not run.sends:
        return False
    limited = bool(policy_of(run, campaign, current_settings(definitions)).limits)
    return counts_from_now_on(run.run_id, limited=limited, contacts=contacts, clock=clock)


def counts_from_now_on(sender: str, *, limited: bool, contacts: ContactStore, clock: Clock) -> bool:
    """Whether the pushes of a run, or a journey, are noted; one that is `limited` itself says so. Raises StoreUnavailableError."""
    now = clock.now()
    if not limited:
        return anybody_counts(contacts, now)
    there = contacts.get_many([EVERYBODY]).get(EVERYBODY)
    told = (there or Contacts(EVERYBODY)).noted(message_mark(sender, EVERYBODY), now)
    if told is not there:
        contacts.put_many([(there, told)])  # where another was first, it has said the same
    return True


def anybody_counts(contacts: ContactStore, now: datetime) -> bool:
    """Whether a run of the last 30 days goes by a limit. Raises StoreUnavailableError."""
    there = contacts.get_many([EVERYBODY]).get(EVERYBODY)
    return there is not None and there.any_counts(now)
