"""The customer life cycle at a glance: every ready-made segment that is saved, as it is saved, with what its people are worth. Nothing here waits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.definitions import documents_of
from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.domain.queries import QueryState, ResultRow
from regulars.domain.segments.lifecycle import Purpose, ShopNames, Stage, ready_made
from regulars.domain.segments.lifecycle.view import EVERYBODY, Figure, column_of, view_sql
from regulars.domain.tickets import LifecycleTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, ObjectStore, QueryEngine, TableCatalog
from regulars.usecases.current_purchase import current_purchase
from regulars.usecases.pin_snapshots import pinned
from regulars.usecases.reach_segments import reach_segments


@dataclass(frozen=True)
class Worth:
    """`share` is of everybody known. `revenue` is of the 365 days before the moment, `average_order` of a purchase in them; None where none says."""

    people: int
    share: float
    reachable: int
    orders: int
    revenue: float | None
    average_order: float | None


@dataclass(frozen=True)
class LifecycleGroup:
    """A ready-made segment. Those with a `stage` part everybody; the others lie across them."""

    id: str
    name: str
    purpose: Purpose
    stage: Stage | None
    worth: Worth


@dataclass(frozen=True)
class LifecycleLook:
    """How the query stands. `everybody` and `groups` are there once it succeeded, `reason` where it did not; money is an estimate."""

    ticket: str
    state: QueryState
    as_of: datetime
    reason: str | None = None
    everybody: Worth | None = None
    groups: Sequence[LifecycleGroup] = ()
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def start_viewing_lifecycle(
    given: ShopNames,
    *,
    as_of: datetime | None,
    definitions: DefinitionStore,
    lake: ObjectStore,
    queries: QueryEngine,
    catalog: TableCatalog,
    clock: Clock,
) -> LifecycleLook:
    """As of now where no moment is given; names that are not given are `current_purchase`'s.

    Raises InvalidRequestError where nothing is known to be a purchase, NotFoundError where no ready-made segment is saved, InvalidRuleError,
    StoreUnavailableError.
    """
    saved = definitions.all("segment")
    in_use = documents_of(each for each in saved if not each.archived)
    purchase = current_purchase(given, definitions=definitions, lake=lake)
    if purchase is None:
        raise InvalidRequestError('no event looks like a purchase: say what it is called, as in --purchase "Ticket Sold"', field="purchase")
    wanted = [each.segment_id for each in ready_made() if each.segment_id in in_use]
    if not wanted:
        raise NotFoundError("none of the ready-made segments is saved: `regulars segment init` saves them")
    now = clock.now()
    moment = as_of or now
    asked = view_sql(purchase, wanted, moment, reach_segments(wanted, documents_of(saved), definitions=definitions))
    return LifecycleLook(sealed(LifecycleTicket(queries.start(pinned(asked, at=now, catalog=catalog)), moment)), "queued", moment)


def look_at_lifecycle(ticket: str, *, queries: QueryEngine) -> LifecycleLook:
    """Raises InvalidRequestError for a ticket of another kind, NotFoundError where Athena has forgotten it."""
    started = unsealed(ticket, LifecycleTicket)
    query = queries.look(started.query_id)
    look = LifecycleLook(ticket, query.state, started.as_of)
    if not query.is_over:
        return look
    look = replace(look, reason=query.reason or None, bytes_scanned=query.bytes_scanned, cost_usd=query.cost_usd)
    if query.state != "succeeded":
        return look
    (row,), _ = queries.rows(started.query_id)
    return replace(look, everybody=_worth(row, EVERYBODY), groups=_groups(row))


def _groups(row: ResultRow) -> list[LifecycleGroup]:
    """Those that were asked about: a segment that was saved meanwhile is not."""
    asked = [each for each in ready_made() if column_of(each.segment_id, "people") in row]
    return [LifecycleGroup(each.segment_id, each.name, each.purpose, each.stage, _worth(row, each.segment_id)) for each in asked]


def _worth(row: ResultRow, segment_id: str) -> Worth:
    def figure(name: Figure) -> str | None:
        return row[column_of(segment_id, name)]

    people, known, orders = int(figure("people") or 0), int(row[column_of(EVERYBODY, "people")] or 0), int(figure("orders") or 0)
    paid = figure("revenue")
    revenue = None if paid is None else float(paid)
    average = revenue / orders if revenue is not None and orders else None
    return Worth(people, people / known if known else 0.0, int(figure("reachable") or 0), orders, revenue, average)
