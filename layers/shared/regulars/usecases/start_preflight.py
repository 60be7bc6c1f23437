"""A preflight, started by one request and asked after by others: it looks at everybody, which takes longer than a request may."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.campaigns.foresight import Preflight
from regulars.domain.campaigns.foresight_document import preflight_result
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.domain.queries import QueryState
from regulars.domain.tickets import PreflightTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, ObjectStore, PreflightTrigger
from regulars.usecases.draft_campaign import with_draft
from regulars.usecases.launch_campaign import launchable
from regulars.usecases.preflight import preflight_key

LONGEST: Final = timedelta(minutes=16)
"""The whole life of a Lambda, and a minute: what has no result then never will."""


@dataclass(frozen=True)
class PreflightLook:
    """How a preflight stands: `preflight` is there once `state` is succeeded, `reason` where it failed."""

    ticket: str
    state: QueryState
    reason: str | None = None
    preflight: Preflight | None = None


def start_preflight(
    campaign_id: str,
    *,
    as_of: datetime | None,
    draft: JsonObject | None = None,
    request: str,
    definitions: DefinitionStore,
    trigger: PreflightTrigger,
    clock: Clock,
) -> PreflightLook:
    """`request` names the caller's request, and `draft` is a campaign with its `id` that is looked at in place of what is saved.

    Raises what a launch of the campaign would say to the caller's face (`launch_campaign.launchable`), what `with_draft` does,
    InvalidRequestError for a moment to come, RunnerUnavailableError."""
    now = clock.now()
    if as_of is not None and as_of > now:
        raise InvalidRequestError("lies in the future: nobody knows yet who will be in the audience", field="as_of")
    launchable(campaign_id, as_of=as_of or now, definitions=with_draft(draft, definitions=definitions, clock=clock), now=now)
    preflight_id = hashlib.sha256(f"{request} {now.isoformat()}".encode()).hexdigest()[:32]
    trigger.start(preflight_id, campaign_id, as_of, draft)
    return PreflightLook(sealed(PreflightTicket(preflight_id, now)), "queued")


def look_at_preflight(ticket: str, *, lake: ObjectStore, clock: Clock) -> PreflightLook:
    """Raises InvalidRequestError for a ticket that is not a preflight's, StoreUnavailableError."""
    started = unsealed(ticket, PreflightTicket)
    try:
        result = preflight_result(lake.get(preflight_key(started.preflight_id)))
    except NotFoundError:
        if clock.now() - started.started_at > LONGEST:
            return PreflightLook(ticket, "failed", "it ended without a word, or its result was kept long enough: ask for another")
        return PreflightLook(ticket, "running")
    return PreflightLook(ticket, "succeeded" if result.found else "failed", result.reason or None, result.found)
