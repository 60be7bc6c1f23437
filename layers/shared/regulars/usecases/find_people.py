"""Who has an e-mail address or a telephone number: start a query, and look at it. Nothing here waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.lake.times import lake_moment
from regulars.domain.person import AddressKind
from regulars.domain.person.finding import MOST, finding_sql, spellings
from regulars.domain.queries import QueryState, ResultRow
from regulars.domain.tickets import FindingTicket, sealed, unsealed
from regulars.ports import Clock, QueryEngine


@dataclass(frozen=True)
class FoundPerson:
    """When they were first and last seen; `became` is another person, whose this one is since an alias."""

    user_id: str
    first_seen: datetime
    last_seen: datetime
    became: str | None = None


@dataclass(frozen=True)
class PeopleFound:
    """How the question stands: `people`, whom we saw last first, are there once `state` is succeeded, and `more` where there are more of them than
    an answer holds; `reason` where it did not succeed. Money is an estimate."""

    ticket: str
    state: QueryState
    reason: str | None = None
    people: Sequence[FoundPerson] = ()
    more: bool = False
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def start_finding(kind: AddressKind, address: str, *, country: str | None, queries: QueryEngine, clock: Clock) -> PeopleFound:
    """As of now, and of what curate has brought into the lake. Raises InvalidRequestError for what is no address."""
    sql = finding_sql(kind, spellings(kind, address, country), clock.now())
    return PeopleFound(sealed(FindingTicket(queries.start(sql))), "queued")


def look_at_finding(ticket: str, *, queries: QueryEngine) -> PeopleFound:
    """Raises InvalidRequestError for a ticket of another kind, NotFoundError where Athena has forgotten it."""
    started = unsealed(ticket, FindingTicket)
    query = queries.look(started.query_id)
    if query.state != "succeeded":
        return PeopleFound(ticket, query.state, query.reason or None)
    rows = list(queries.fetched(started.query_id))
    people = [_person(row) for row in rows[:MOST]]
    return PeopleFound(ticket, "succeeded", None, people, len(rows) > MOST, query.bytes_scanned, query.cost_usd)


def _person(row: ResultRow) -> FoundPerson:
    return FoundPerson(row["user_id"] or "", lake_moment(row["first_seen"] or ""), lake_moment(row["last_seen"] or ""), row["became"])
