"""Which ids a person has, since when and by which event, and which claims moved nothing. Started by one request and fetched by others."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.errors import InvalidRequestError
from regulars.domain.lake.claims import claims_sql
from regulars.domain.people.identities import Identity
from regulars.domain.queries import QueryState, ResultRow
from regulars.domain.tickets import IdentitiesTicket, sealed, unsealed
from regulars.ports import Clock, QueryEngine


@dataclass(frozen=True)
class IdentitiesLook:
    """How the question stands: `identities` and `conflicts` are there once `state` is succeeded, `reason` where it failed.

    `became` is another person, whose this one is since an alias; `renaming` is the claim of that alias. (Where that person was renamed as well,
    `became` is who they are now, and `renaming` names whom it led to first.)
    """

    ticket: str
    state: QueryState
    user_id: str
    reason: str | None = None
    became: str | None = None
    renaming: Identity | None = None
    identities: Sequence[Identity] = ()
    conflicts: Sequence[Identity] = ()
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def start_identities(user_id: str, *, queries: QueryEngine, clock: Clock) -> IdentitiesLook:
    """As of now, and of what curate has brought into the lake."""
    if not user_id:
        raise InvalidRequestError("whose identities?", field="user_id")
    as_of = clock.now()
    query_id = queries.start(claims_sql(user_id, as_of))
    return IdentitiesLook(sealed(IdentitiesTicket(query_id, user_id, as_of)), "queued", user_id)


def look_at_identities(ticket: str, *, queries: QueryEngine) -> IdentitiesLook:
    """Raises InvalidRequestError for a ticket of another kind, NotFoundError where Athena has forgotten it."""
    started = unsealed(ticket, IdentitiesTicket)
    query = queries.look(started.query_id)
    if query.state != "succeeded":
        return IdentitiesLook(ticket, query.state, started.user_id, query.reason or None)
    rows = list(queries.fetched(started.query_id))
    if any("claimed_by" not in row for row in rows):
        raise InvalidRequestError("is not of a query for identities", field="ticket")
    claims = [_identity(row) for row in rows]
    themselves = [claim for claim in claims if (claim.kind, claim.id) == ("user", started.user_id)]
    became = next((claim.owner for claim in themselves if claim.owner != started.user_id), None)
    return IdentitiesLook(
        ticket,
        "succeeded",
        started.user_id,
        became=became,
        renaming=next((claim for claim in themselves if became and claim.since is not None and claim.until is None), None),
        identities=[claim for claim in claims if claim not in themselves and claim.since is not None],
        conflicts=[claim for claim in claims if claim.is_conflict],
        bytes_scanned=query.bytes_scanned,
        cost_usd=query.cost_usd,
    )


def _identity(row: ResultRow) -> Identity:
    told = {name: row[name] or "" for name in ("kind", "id", "claimed_by", "claimed_at", "message_id")}
    return Identity(**told, by=row["event_type"] or "", since=row["since"], until=row["until"], owner=row["owner"])
