"""The statement that a look back is made of: what people did whom a journey would have taken in, person by person, in the order of time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple, cast

from sqlglot import exp

from regulars.domain.errors import InvalidRequestError
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.steps import OWN_CLOCK, Collect, Step, WaitUntil
from regulars.domain.journeys.triggers import event_names
from regulars.domain.lake import sql
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.lake.event_names import OTHER, PLACE_ENTERED, SEGMENT_ENTERED
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.times import lake_moment

_SALT: Final = "journey-backtest"
"""Whoever is in a sample of 5 % is in one of 10 %."""

_BEARERS: Final = {"segment": SEGMENT_ENTERED, "near": PLACE_ENTERED}
"""By which events it is told what begins a journey, where that is no event of the shop's own."""

# Only of people who did in the span what the journey begins with: all that they did in it, and whatever they had ever told of themselves.
_PAST: Final = """
SELECT user_id, name, event_ts, received_ts, message_id, source, properties, traits
FROM (
  SELECT whose.*, max(CASE WHEN name = :begins AND event_ts >= :start THEN 1 ELSE 0 END) OVER (PARTITION BY user_id) AS begins
  FROM :whose AS whose
  WHERE user_id IS NOT NULL
) AS did
WHERE begins = 1 AND :sampled
ORDER BY user_id, event_ts, message_id
"""

_WHOSE: Final = """
SELECT :person AS user_id, coalesce(events.other_name, events.event_name) AS name, events.event_ts AS event_ts, events.received_ts AS received_ts,
  events.message_id AS message_id, events.source AS source, events.properties AS properties, :traits AS traits
FROM events
WHERE events.event_name IN :partitions AND events.event_ts < :end AND :wanted
"""

_DID: Final = "coalesce(events.other_name, events.event_name) IN :names AND events.event_ts >= :start"

_TOLD: Final = "events.event_name = 'identify' AND events.type = 'identify'"


class PastRow(NamedTuple):
    """An event, or an identify: that has `traits`."""

    user_id: str
    name: str
    at: datetime
    received: datetime
    id: str
    source: str | None
    properties: str | None
    traits: str | None


def past_sql(book: Book, start: datetime, end: datetime, sample_buckets: int = BUCKETS) -> str:
    """Rows of `past_rows`, of one journey: from `start` on, before `end`. Ids count as whose they are at the `end`. Raises InvalidRequestError for a
    journey of which the lake cannot tell whom it would have taken in."""
    journey = book.latest
    names = sorted({*event_names(Index({journey.id: book})), *([journey.goal.event] if journey.goal else [])})
    moment = {"start": sql.timestamp(start)}
    did = sql.statement(_DID, {"names": _listed(names), **moment})
    asked = _asks_of_people(book)
    values = {
        "person": person(),
        "traits": exp.column("traits", "events") if asked else exp.null(),
        "partitions": _listed([*names, OTHER, *(["identify"] if asked else [])]),
        "end": sql.timestamp(end),
        "wanted": exp.or_(did, sql.statement(_TOLD), copy=False) if asked else did,
    }
    whose = join_owners(cast(exp.Select, sql.statement(_WHOSE, values)))
    inner = {
        "begins": sql.text(_begins(journey)),
        "whose": exp.Subquery(this=whose),
        "sampled": exp.LT(this=sql.bucket(exp.column("user_id"), _SALT), expression=exp.Literal.number(sample_buckets)),
        **moment,
    }
    tree = cast(exp.Select, sql.statement(_PAST, inner)).with_(OWNERS, as_=owners(end), copy=False)
    return sql.printed(tree)


def past_rows(lines: Iterable[Sequence[str | None]]) -> Iterator[PastRow]:
    """Of the statement's result, in its order."""
    for user_id, name, at, received, identity, source, properties, traits in lines:
        moment = lake_moment(at or "")
        yield PastRow(user_id or "", name or "", moment, lake_moment(received) if received else moment, identity or "", source, properties, traits)


def _begins(journey: Journey) -> str:
    entry = journey.entry
    if entry.kind == "event":
        return entry.name
    if entry.kind in _BEARERS:
        return _BEARERS[entry.kind]
    raise InvalidRequestError(f"a journey that begins by `{entry.kind}` cannot be looked back at: the lake does not keep whom it would have taken in")


def _asks_of_people(book: Book) -> bool:
    """Whether it asks what somebody told of themselves: by a rule, or for their clock."""
    journeys = book.versions.values()
    own_clock = any(_goes_by_own_clock(step) for journey in journeys for step in journey.steps.values())
    return own_clock or any(True for journey in journeys for _ in journey.rules()) or any(journey.delivery.quiet_hours for journey in journeys)


def _goes_by_own_clock(step: Step) -> bool:
    return isinstance(step, WaitUntil | Collect) and step.until is not None and step.until.zone == OWN_CLOCK


def _listed(names: Sequence[str]) -> exp.Tuple:
    return exp.Tuple(expressions=[sql.text(name) for name in dict.fromkeys(names)])
