"""Undo a merge, or take that back: from now on an id is not a person's, or it is again."""

import orjson

from regulars.domain.errors import InvalidRequestError
from regulars.domain.people.identities import Decision, IdentityKind, Verdict
from regulars.ports import Clock, CurateTrigger, ObjectStore


def decide_identity(
    user_id: str,
    kind: IdentityKind,
    identity: str,
    decision: Verdict,
    *,
    by: str,
    objects: ObjectStore,
    clock: Clock,
    curate_trigger: CurateTrigger,
) -> Decision:
    """Kept for ever. It counts from now on, for whoever asks once the curate run that it asks for is over; one about a claim that nobody made
    waits for that claim. Raises InvalidRequestError, StoreUnavailableError."""
    for field, value in (("user_id", user_id), ("id", identity)):
        if not value:
            raise InvalidRequestError("must not be empty", field=field)
    decided = Decision(kind, identity, user_id, decision, clock.now(), by)
    objects.put(decided.key, orjson.dumps(decided.row(), option=orjson.OPT_APPEND_NEWLINE))
    curate_trigger.start()
    return decided
