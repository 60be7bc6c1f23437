"""The statement that a look back is made of: what people did whom the journeys would have taken in, in shards by a hash of the person.

A row holds all that one person did, in the order of time, so that whoever reads it needs no other: the rows may come in any order, from any number
of objects, and one person is in memory at a time. `array_agg` keeps the order that it is given (https://trino.io/docs/current/functions/aggregate.html);
UNLOAD promises one inside of each object only (https://docs.aws.amazon.com/athena/latest/ug/unload.html).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, cast

from sqlglot import exp

from regulars.domain.collection.source import IMPORTED
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.context import asks_person, named_in, names_collected
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.past import BEARERS, Beginning, beginnings
from regulars.domain.journeys.steps import OWN_CLOCK, Collect, Start, Step, WaitFor, WaitUntil
from regulars.domain.journeys.triggers import event_names
from regulars.domain.lake import sql
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.lake.event_names import OTHER
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.tables import OWN_SOURCE

ROWS_PER_SHARD: Final = 250_000
"""Ours: some seconds of a function's time."""

MAX_SHARDS: Final = 100
"""UNLOAD writes at most 100 partitions (https://docs.aws.amazon.com/athena/latest/ug/unload.html)."""

_SAMPLE: Final = "journey-backtest"
"""Whoever is in a sample of 5 % is in one of 10 %."""

_SHARD: Final = "journey-backtest-shard"

# Only of people who did in the span what one of the journeys begins with: all that they did in it, and whatever they had ever told of themselves.
# Nothing in the lists is NULL: whether a writer of JSON keeps one in its place is not said anywhere.
_PAST: Final = """
SELECT user_id,
  array_agg(ARRAY[
    date_format(event_ts, '%Y-%m-%d %H:%i:%s.%f+00:00'), name, message_id, date_format(coalesce(received_ts, event_ts), '%Y-%m-%d %H:%i:%s.%f+00:00'),
    CASE WHEN source = :own THEN 'own' ELSE '' END, coalesce(properties, ''), coalesce(traits, '')
  ] ORDER BY event_ts, message_id) AS did,
  :zone AS zone,
  CAST(:spread % :shards AS INTEGER) AS shard
FROM :whose AS whose
WHERE user_id IS NOT NULL AND :sampled
GROUP BY user_id
HAVING max(CASE WHEN event_ts >= :start AND :begins THEN 1 ELSE 0 END) = 1
"""

# By the device that each used last of those that say where they are, as it is known now: what devices said before is nowhere.
_ZONES: Final = "SELECT user_id AS owner, max_by(timezone, last_seen_ts) AS zone FROM devices WHERE timezone IS NOT NULL GROUP BY user_id"

# What was imported has arrived when it happened: nothing else is known of that.
_WHOSE: Final = """
SELECT :person AS user_id, :name AS name, events.event_ts AS event_ts,
  CASE WHEN events.source = :imported THEN events.event_ts ELSE events.received_ts END AS received_ts, events.message_id AS message_id,
  events.source AS source, :properties AS properties, :traits AS traits
FROM events
WHERE events.event_name IN :partitions AND events.event_ts < :end AND :wanted
"""

# Whoever did it: it says how much there is to read, and names no column that is large.
_HOW_MANY: Final = "SELECT count(*) AS events FROM events WHERE events.event_name IN :partitions AND events.event_ts < :end AND :wanted"

_NAME: Final = "coalesce(events.other_name, events.event_name)"

_DID: Final = f"{_NAME} IN :names AND events.event_ts >= :start AND events.traffic IS NULL"

_ASKED: Final = f"CASE WHEN {_NAME} IN :asked THEN events.properties END"

_TOLD: Final = "events.event_name = 'identify' AND events.type = 'identify'"


def how_many_sql(books: Mapping[str, Book], start: datetime, end: datetime) -> str:
    """One number: the events that the journeys would have had to look at, and what people told of themselves. Raises what `past_sql` does."""
    _beginnings(books)
    return sql.printed(sql.statement(_HOW_MANY, _filters(books, start, end)))


def shards_for(events: int) -> int:
    """How many shards so many rows are read in."""
    return max(1, min(MAX_SHARDS, -(-events // ROWS_PER_SHARD)))


def past_sql(books: Mapping[str, Book], start: datetime, end: datetime, *, sample_buckets: int = BUCKETS, shards: int = 1) -> exp.Expression:
    """Rows of `past_of`, and the number of the shard: from `start` on, before `end`. Ids count as whose they are at the `end`. Raises
    InvalidRequestError for a journey of which the lake cannot tell whom it would have taken in."""
    asked, clocked = _asks_of_people(books), _asks_for_clocks(books)
    whose_values = {
        "person": person(),
        "imported": sql.text(IMPORTED),
        "name": sql.statement(_NAME),
        "properties": _properties(books),
        "traits": exp.column("traits", "events") if asked else exp.null(),
        **_filters(books, start, end),
    }
    user_id = exp.column("user_id")
    values = {
        "own": sql.text(OWN_SOURCE),
        "spread": sql.bucket(user_id, _SHARD),
        "shards": exp.Literal.number(shards),
        "whose": exp.Subquery(this=join_owners(cast(exp.Select, sql.statement(_WHOSE, whose_values)))),
        "sampled": exp.LT(this=sql.bucket(user_id.copy(), _SAMPLE), expression=exp.Literal.number(sample_buckets)),
        "begins": exp.paren(exp.or_(*(_begins(each) for each in _beginnings(books).values()), copy=False)),
        "start": sql.timestamp(start),
        "zone": sql.statement("coalesce(max(zones.zone), '')") if clocked else sql.text(""),
    }
    select = cast(exp.Select, sql.statement(_PAST, values)).with_(OWNERS, as_=owners(end), copy=False)
    if clocked:
        zones = exp.Subquery(this=sql.statement(_ZONES)).as_("zones")
        select = select.join(zones, on=sql.statement("zones.owner = user_id"), join_type="left", copy=False)
    return select


def _beginnings(books: Mapping[str, Book]) -> Mapping[str, Beginning]:
    return beginnings([book.latest for book in books.values()])


def _begins(this: Beginning) -> exp.Expr:
    named = sql.statement("name = :name", {"name": sql.text(this.name)})
    if this.asked is None:
        return named
    says, what = this.asked
    return exp.and_(named, sql.statement("json_extract_scalar(properties, :path) = :what", {"path": sql.text(f"$.{says}"), "what": sql.text(what)}))


def _filters(books: Mapping[str, Book], start: datetime, end: datetime) -> Mapping[str, exp.Expr]:
    goals = (book.latest.goal.event for book in books.values() if book.latest.goal)
    names = sorted({*event_names(Index(books)), *goals})
    did = sql.statement(_DID, {"names": _listed(names), "start": sql.timestamp(start)})
    asked = _asks_of_people(books)
    return {
        "partitions": _listed([*names, OTHER, *(["identify"] if asked else [])]),
        "end": sql.timestamp(end),
        "wanted": exp.or_(did, sql.statement(_TOLD), copy=False) if asked else did,
    }


def _properties(books: Mapping[str, Book]) -> exp.Expression:
    """Of the events of which a journey asks what they say: the largest column, and most of what takes long to read."""
    names = sorted({name for book in books.values() for journey in book.versions.values() for name in _names_asked(journey)})
    return sql.statement(_ASKED, {"asked": _listed(names)}) if names else exp.null()


def _names_asked(journey: Journey) -> Iterator[str]:
    entry = journey.entry
    waits = [step for step in journey.steps.values() if isinstance(step, WaitFor | Collect) and step.pattern.kind == "event"]
    inside = [end.pattern for end in journey.exits] + [step.pattern for step in waits]
    yield from (pattern.name for pattern in inside if pattern.where or pattern.same is not None)
    if names_collected(journey):
        yield from (step.pattern.name for step in waits if isinstance(step, Collect))
    if entry.kind in BEARERS:
        yield BEARERS[entry.kind][0]
    elif entry.kind == "event" and (entry.key or (entry.pattern and entry.pattern.where) or entry.condition or _hands_on(journey)):
        yield entry.name


def _hands_on(journey: Journey) -> bool:
    """Whether somebody asks later what the entry said: a step of its own, by a rule or a text, or a journey that it starts."""
    named = named_in(journey)
    return bool(named.properties) or named.all_of_it or any(isinstance(step, Start) for step in journey.steps.values())


def _asks_of_people(books: Mapping[str, Book]) -> bool:
    """Whether they ask what somebody told of themselves: by a rule, in a text, or for their clock."""
    journeys = [journey for book in books.values() for journey in book.versions.values()]
    return _asks_for_clocks(books) or any(any(True for _ in each.rules()) or asks_person(each) for each in journeys)


def _asks_for_clocks(books: Mapping[str, Book]) -> bool:
    journeys = [journey for book in books.values() for journey in book.versions.values()]
    own_clock = any(_goes_by_own_clock(step) for journey in journeys for step in journey.steps.values())
    return own_clock or any(each.delivery.quiet_hours for each in journeys)


def _goes_by_own_clock(step: Step) -> bool:
    return isinstance(step, WaitUntil | Collect) and step.until is not None and step.until.zone == OWN_CLOCK


def _listed(names: Iterable[str]) -> exp.Tuple:
    return exp.Tuple(expressions=[sql.text(name) for name in dict.fromkeys(names)])
