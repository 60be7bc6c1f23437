"""Which ids a person has and which claims moved nothing, and how a merge is undone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from regulars.domain.errors import InvalidRequestError
from regulars.domain.lake.claims import claims_sql
from regulars.domain.people.identities import DECISIONS
from regulars.domain.tickets import FlushTicket, sealed
from regulars.usecases.decide_identity import decide_identity
from regulars.usecases.explain_identities import IdentitiesLook, look_at_identities, start_identities
from tests.domain.campaigns.lake import Lake
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryCurateTrigger, ScriptedQueries
from tests.fakes.stores import MemoryObjects

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def claim(kind: str, identity: str, user: str, minute: int, *, moves: bool = True, until: datetime | None = None) -> Mapping[str, Any]:
    at = (NOON + timedelta(minutes=minute)).replace(tzinfo=None)
    row = {"kind": kind, "id": identity, "user_id": user, "claimed_ts": at, "since_ts": at if moves else None, "until_ts": until}
    return {**row, "claimed_order": f"{at}", "message_id": f"m{minute}", "event_type": "track"}


def explained(user: str, *claims: Mapping[str, Any]) -> IdentitiesLook:
    """What a query over these claims answers."""
    lake, clock = Lake(), MovableClock(NOON + timedelta(hours=1))
    lake.fill("identities", claims)
    queries = ScriptedQueries({"FROM identities": lake.answers(claims_sql(user, clock.now()))})
    return look_at_identities(start_identities(user, queries=queries, clock=clock).ticket, queries=queries)


def test_an_identity_says_since_when_and_by_which_event() -> None:
    found = explained("ada", claim("anonymous", "a1", "ada", 1), claim("anonymous", "a2", "bob", 2))
    (only,) = found.identities
    assert (only.kind, only.id, only.since, only.by, only.message_id, only.owner) == ("anonymous", "a1", "2026-11-21 12:01:00", "track", "m1", "ada")
    assert (found.state, found.became, list(found.conflicts)) == ("succeeded", None, [])


@pytest.mark.parametrize("user", ["ada", "bob"])
def test_a_claim_that_moved_nothing_is_seen_at_both_people(user: str) -> None:
    (conflict,) = explained(user, claim("anonymous", "a1", "ada", 1), claim("anonymous", "a1", "bob", 2, moves=False)).conflicts
    assert (conflict.id, conflict.claimed_by, conflict.owner, conflict.claimed_at) == ("a1", "bob", "ada", "2026-11-21 12:02:00")


def test_whoever_became_another_says_so_and_that_one_has_all_their_ids() -> None:
    claims = claim("anonymous", "a1", "ada", 1), claim("user", "ada", "bob", 2), claim("anonymous", "a1", "bob", 3, moves=False)
    ada = explained("ada", *claims)
    assert ada.became == "bob" and ada.renaming is not None
    assert (ada.renaming.since, ada.renaming.by, ada.renaming.message_id) == ("2026-11-21 12:02:00", "track", "m2")
    bob = explained("bob", *claims)
    assert [(each.kind, each.id, each.owner) for each in bob.identities] == [("anonymous", "a1", "bob"), ("user", "ada", "bob")]
    assert (list(bob.conflicts), bob.renaming, bob.bytes_scanned) == ([], None, 7)


def test_what_was_separated_is_shown_with_its_end() -> None:
    (only,) = explained("ada", claim("anonymous", "a1", "ada", 1, until=NOON + timedelta(minutes=5))).identities
    assert only.until is not None and only.owner is None


def test_a_ticket_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidRequestError):
        look_at_identities(sealed(FlushTicket()), queries=ScriptedQueries())


def test_a_decision_is_kept_as_an_object_of_its_table_and_curate_is_asked_for() -> None:
    objects, trigger = MemoryObjects(), MemoryCurateTrigger()
    decide_identity("ada", "anonymous", "a1", "separated", by="me", objects=objects, clock=MovableClock(NOON), curate_trigger=trigger)
    ((key, body),) = objects.content.items()
    assert key.startswith(DECISIONS)
    told = {"kind": "anonymous", "id": "a1", "user_id": "ada", "decision": "separated"}
    assert orjson.loads(body) == {**told, "decided_ts": "2026-11-21 12:00:00.000", "decided_by": "me"}
    assert trigger.starts == 1
