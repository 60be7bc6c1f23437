"""What is in the quarantine: start a query, look at it, read its events page by page. Nothing here waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, assert_never

import orjson

from regulars.domain.collection.json_text import parsed_exactly
from regulars.domain.collection.rejection import REASONS
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError
from regulars.domain.quarantine.entry import Entry, Replay
from regulars.domain.quarantine.selection import LIFE, Selection
from regulars.domain.quarantine.statements import MOST_GROUPS, entries_sql, groups_sql
from regulars.domain.queries import QueryState, ResultRow
from regulars.domain.tickets import SearchKind, SearchTicket, sealed, unsealed
from regulars.ports import Clock, QueryEngine

PAGE: Final = 15
"""Events on a page: each has up to LONGEST_TEXT characters, of up to three bytes as JSON in JSON, and a Lambda function may answer 6 MB
(https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""

MOST_EVENTS: Final = 1_000


@dataclass(frozen=True)
class Group:
    """Events that wait: `first` and `last` are moments of receipt, `example` is the id of the last one."""

    reason: str
    source: str
    event: str | None
    count: int
    first: str
    last: str
    example: str
    meaning: str


@dataclass(frozen=True)
class Search:
    """How a search stands. `groups` are there for one that succeeded, the largest first, and `replayed` counts those of the selection that were sent
    again; `more` says that there are more groups than an answer holds. Money is an estimate."""

    ticket: str
    state: QueryState
    kind: SearchKind
    reason: str | None = None
    groups: Sequence[Group] | None = None
    replayed: int = 0
    more: bool = False
    kept_days: int = LIFE.days
    bytes_scanned: int = 0
    cost_usd: float = 0.0


@dataclass(frozen=True)
class QuarantinedEvent:
    """What was refused, and why; `replay` tells who sent it again. It is `event` where JSON can carry it, else `event_text`; or `raw` (base64) where
    it was no message of ours; of what is too large to be shown there are only its `characters`."""

    id: str
    at: str
    source: str
    reason: str
    message: str
    meaning: str
    event_name: str | None = None
    event: Any = None
    event_text: str | None = None
    raw: str | None = None
    characters: int | None = None
    replay: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class QuarantinedEvents:
    """One page; `next` is the name of the page after it, empty at the end."""

    events: Sequence[QuarantinedEvent]
    next: str


def start_search(kind: SearchKind, selection: Selection, *, limit: int = 50, queries: QueryEngine, clock: Clock) -> Search:
    """Starts the query. `limit` is for kind events. Raises InvalidRequestError for a limit outside 1..MOST_EVENTS."""
    if not 1 <= limit <= MOST_EVENTS:
        raise InvalidRequestError(f"must be 1 to {MOST_EVENTS}", field="limit")
    match kind:
        case "groups":
            sql = groups_sql(selection, clock.now())
        case "events":
            sql = entries_sql(selection, clock.now(), order="newest", limit=limit)
        case "replay":
            sql = entries_sql(selection, clock.now(), order="receipt")
        case _:
            assert_never(kind)
    return Search(sealed(SearchTicket(queries.start(sql), kind)), "queued", kind)


def look_at_search(ticket: str, *, queries: QueryEngine) -> Search:
    """How far it is. Raises InvalidRequestError for a ticket that is not a search's, NotFoundError where Athena has forgotten it."""
    started = unsealed(ticket, SearchTicket)
    query = queries.look(started.query_id)
    found = Search(ticket, query.state, started.kind, query.reason or None)
    if not query.is_over:
        return found
    found = replace(found, bytes_scanned=query.bytes_scanned, cost_usd=query.cost_usd)
    if started.kind != "groups" or query.state != "succeeded":
        return found
    rows = list(queries.fetched(started.query_id))
    waiting = [row for row in rows if row["replayed"] != "true"]
    replayed = sum(int(row["events"] or 0) for row in rows if row["replayed"] == "true")
    return replace(found, groups=[_group(row) for row in waiting[:MOST_GROUPS]], replayed=replayed, more=len(rows) > MOST_GROUPS)


def found_events(ticket: str, *, page: str = "", queries: QueryEngine) -> QuarantinedEvents:
    """Raises InvalidRequestError for the ticket of another kind of search, and for what is no page."""
    started = unsealed(ticket, SearchTicket)
    if started.kind != "events":
        raise InvalidRequestError(f"this search is of kind {started.kind}; start one of kind events to see them", field="ticket")
    rows, following = queries.rows(started.query_id, page=page, size=PAGE)
    return QuarantinedEvents([_shown(Entry.of_row(row)) for row in rows], following)


def _group(row: ResultRow) -> Group:
    said = {name: row.get(column) or "" for name, column in (("reason", "reason"), ("source", "source"), ("first", "first_at"), ("last", "last_at"))}
    return Group(
        **said, event=row.get("event_name"), count=int(row["events"] or 0), example=row.get("example") or "", meaning=_meaning(said["reason"])
    )


def _shown(entry: Entry) -> QuarantinedEvent:
    event, event_text = _event(entry.text)
    return QuarantinedEvent(
        entry.id,
        entry.at,
        entry.source,
        entry.reason,
        entry.message,
        _meaning(entry.reason),
        event_name=entry.event,
        event=event,
        event_text=event_text,
        raw=entry.raw,
        characters=entry.characters,
        replay=_told(entry.replay) if entry.replay else None,
    )


def _event(text: str | None) -> tuple[Any, str | None]:
    """What was refused for half a surrogate pair, for its depth or for a number cannot be shown as JSON either: it is text then."""
    try:
        event = None if text is None else parsed_exactly(text.encode())
        orjson.dumps(event)
    except (InvalidRequestError, TypeError):
        return None, text
    return event, None


def _told(replay: Replay) -> JsonObject:
    return {"id": replay.id, "at": replay.at, "by": replay.by, "repair": orjson.loads(replay.repair), "done": replay.done}


def _meaning(reason: str) -> str:
    return REASONS.get(reason, "a reason of an earlier version")
