"""The statement's rows as one person's history."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from regulars.domain.errors import QueryFailedError
from regulars.domain.lake.times import lake_moment
from regulars.domain.queries import ResultRow
from regulars.domain.segments.evaluate import DeadTarget, DeviceEvent, PastDelivery, PastEvent, PersonHistory, Standing
from regulars.domain.segments.person_history.statement import MOST_EVENTS
from regulars.domain.segments.rule import EventClause


@dataclass(frozen=True)
class FoundPerson:
    """`became` is who they had become by then, where that is somebody else: all that was theirs is that one's."""

    history: PersonHistory
    became: str | None = None


def person_of(user_id: str, rows: Iterable[ResultRow], as_of: datetime, ranks: Sequence[EventClause] = ()) -> FoundPerson:
    """`ranks` are the rule's (`statement.ranks_asked`). Raises QueryFailedError where there is more than can be explained."""
    found: dict[str | None, list[ResultRow]] = {}
    for row in rows:
        found.setdefault(row["section"], []).append(row)
    for section in ("events", "pushes"):
        if len(found.get(section, [])) > MOST_EVENTS:
            raise QueryFailedError(f"more than {MOST_EVENTS:,} {section} to explain: give the rule's clauses shorter periods")
    became = next((row["id"] for row in found.get("became", []) if row["id"] != user_id), None)
    seen = [_moment(row, "at_ts") for row in found.get("seen", [])]
    events: dict[str, PastEvent] = {}
    for row in found.get("events", []):
        events[row["id"] or ""] = replace(_event(row), properties=row["document"])
    for row in found.get("traits", []):  # an identify call that the rule counts, too, is one event
        events[row["id"] or ""] = replace(events.get(row["id"] or "") or _event(row), traits=row["document"])
    for row in found.get("places", []):
        events[row["id"] or ""] = replace(events.get(row["id"] or "") or _event(row), context=row["document"])
    pushes = tuple(map(_push, found.get("pushes", [])))
    devices = found.get("devices", [])
    history = PersonHistory(
        user_id,
        None if became else min(seen, default=None),
        tuple(events.values()),
        pushes,
        tuple(event for row in devices for event in _device(row, as_of)),
        tuple(DeadTarget(row["id"] or "", _moment(row, "at_ts")) for row in devices if row["at_ts"]),
        {ranks[int(row["id"] or 0)]: Standing(int(row["place"] or 0), int(row["people"] or 0)) for row in found.get("ranks", [])},
    )
    return FoundPerson(history, became)


def _event(row: ResultRow) -> PastEvent:
    place = None if row["place"] is None else int(row["place"])
    received = None if row["received_ts"] is None else _moment(row, "received_ts")
    return PastEvent(row["id"] or "", row["name"] or "", _moment(row, "at_ts"), row["kind"] or "", received=received, place=place)


def _push(row: ResultRow) -> PastDelivery:
    return PastDelivery(row["id"] or "", row["name"] or "", row["kind"] or "", _moment(row, "at_ts"))


def _device(row: ResultRow, as_of: datetime) -> Iterator[DeviceEvent]:
    """The event that said what leads to it, from its order (`lake.order.order_text`); and that it is heard of, and by whom it is used."""
    device, told = row["id"] or "", row["told"] or ""
    at, received, place = told[:26], told[27:53] or told[:26], told[54:58] or "0"
    registered = PastEvent(told[59:], "", lake_moment(at), received=lake_moment(received), place=int(place))
    yield DeviceEvent(registered, device, row["name"], row["document"])
    yield DeviceEvent(PastEvent("", "", as_of - timedelta(microseconds=1)), device, row["kind"])


def _moment(row: ResultRow, column: str) -> datetime:
    return lake_moment(row[column] or "")
