"""The statement that fetches it: from each table the rows of one person, and of all ids that were theirs as of the moment, that the rule asks for.

One result of several sections, each of which fills some of the columns. Of events it reads the rule's months and names, and properties only where the
rule asks for one.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.event_names import OTHER, named
from regulars.domain.lake.owners import OWNERS, join_owners, join_renamed, owners, person
from regulars.domain.lake.sql import DIALECT, statement, text, timestamp
from regulars.domain.lake.tables import DELIVERIES
from regulars.domain.segments.compile.devices import device_standing
from regulars.domain.segments.compile.places import somewhere
from regulars.domain.segments.compile.ranks import has_place, place, ranked
from regulars.domain.segments.compile.scans import scans
from regulars.domain.segments.compile.statement import checked
from regulars.domain.segments.compile.time_ranges import TimeRange, bounds, inside
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.functions import call
from regulars.domain.segments.lowering import lowered
from regulars.domain.segments.person_history.needs import EventNeed, Needs, needs, ranked_clauses
from regulars.domain.segments.references import inlined
from regulars.domain.segments.rule import EventClause, Rule, Segment

MOST_EVENTS: Final = 5_000
"""Events, and pushes, of one person that are fetched: one row more is too many to be explained one by one."""

_TYPES: Final[Mapping[str, str]] = {
    "id": "varchar",
    "name": "varchar",
    "kind": "varchar",
    "at_ts": "timestamp(6)",
    "received_ts": "timestamp(6)",
    "place": "integer",
    "document": "varchar",
    "told": "varchar",
    "people": "bigint",
}
"""The columns behind `section`."""

_SEEN: Final = "SELECT first_seen_ts AS at_ts FROM people WHERE user_id = :user_id AND first_seen_ts < :as_of"

_BECAME: Final = "SELECT owner_id AS id FROM owners WHERE owned_kind = 'user' AND owned_id = :user_id"

_EVENTS: Final = """
SELECT events.message_id AS id, coalesce(events.other_name, events.event_name) AS name, events.type AS kind, events.event_ts AS at_ts,
  events.received_ts AS received_ts, events.place AS place, :properties AS document
FROM events WHERE :person = :user_id
"""

# Of the identify calls that name the same of the wanted traits, the newest: among them is the newest that names each.
_TRAITS: Final = """
SELECT id, name, kind, at_ts, received_ts, place, document
FROM (
  SELECT events.message_id AS id, events.event_name AS name, events.type AS kind, events.event_ts AS at_ts, events.received_ts AS received_ts,
    events.place AS place, events.traits AS document,
    row_number() OVER (PARTITION BY :named ORDER BY events.event_ts DESC, events.received_ts DESC, coalesce(events.place, 0) DESC,
      events.message_id DESC) AS nth
  FROM events WHERE event_name = 'identify' AND events.type = 'identify' AND event_ts < :as_of AND :person = :user_id
) AS told WHERE nth = 1
"""

# The newest that says where it was: one that is older than a clause allows leaves none for it. Of its context nothing else comes out.
_PLACES: Final = """
SELECT events.message_id AS id, coalesce(events.other_name, events.event_name) AS name, events.type AS kind, events.event_ts AS at_ts,
  events.received_ts AS received_ts, events.place AS place,
  concat('{"location":', json_format(json_extract(events.context, '$["location"]')), '}') AS document
FROM events WHERE :person = :user_id
ORDER BY events.event_ts DESC, events.received_ts DESC, coalesce(events.place, 0) DESC, events.message_id DESC LIMIT 1
"""

_PUSHES: Final = """
SELECT deliveries.run_id AS id, deliveries.campaign_id AS name, deliveries.outcome AS kind, deliveries.delivered_ts AS at_ts
FROM deliveries WHERE :person = :user_id
"""


def history_sql(rule: Rule, user_id: str, as_of: datetime, segments: Mapping[str, Segment], *, within: str = "") -> exp.Select:
    """Columns `section` (seen, became, events, traits, places, pushes, ranks, devices) and those of `_TYPES`. Raises what `audience_sql` raises."""
    if as_of.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    wanted = needs(lowered(inlined(rule, segments, within=within)), as_of)
    sections = exp.union(*(_section(name, body) for name, body in _bodies(wanted, user_id, as_of)), distinct=False, copy=False)
    whole = exp.select("section", *_TYPES).from_(exp.Subquery(this=sections).as_("history"), copy=False)
    return checked(whole.with_(OWNERS, as_=owners(as_of), copy=False))


def ranks_asked(rule: Rule, segments: Mapping[str, Segment]) -> Sequence[EventClause]:
    """What the rows of the section `ranks` are about: `id` is the place in this list."""
    return ranked_clauses(lowered(inlined(rule, segments)))


def _bodies(wanted: Needs, user_id: str, as_of: datetime) -> Iterator[tuple[str, exp.Select]]:
    whose = {"user_id": text(user_id)}
    yield "seen", _parsed(_SEEN, {**whose, "as_of": timestamp(as_of)})
    yield "became", _parsed(_BECAME, whose)
    if wanted.events:
        events = join_owners(_parsed(_EVENTS, {**whose, "person": person(), "properties": _properties(wanted.events)}))
        yield "events", _limited(events.where(*_either(wanted.events), copy=False), "event_ts")
    if wanted.traits:
        yield "traits", _identifies(wanted.traits, whose["user_id"], as_of)
    if wanted.places:
        places = join_owners(_parsed(_PLACES, {**whose, "person": person()}))
        yield "places", places.where(*bounds(wanted.places), *somewhere(), copy=False)
    if wanted.pushes:
        yield "pushes", _limited(_deliveries(wanted, whose["user_id"]), "delivered_ts")
    for number, clause in enumerate(wanted.ranks):
        yield "ranks", _standing(number, clause, user_id, as_of)
    if wanted.devices:
        yield "devices", device_standing(user_id, as_of)


def _either(events: Mapping[str, EventNeed]) -> list[exp.Expr]:
    """That a row is one of these events in its time; the names and the outer bounds stand alone, so that any planner can prune by them."""
    partitions = [text(name) for name in (*events, *([] if OTHER in events else [OTHER]))]
    ranges = [this for need in events.values() for this in need.ranges]
    start = None if any(this.start is None for this in ranges) else min(this.start for this in ranges if this.start)
    whole = TimeRange(start, max(this.end for this in ranges))
    each = [exp.and_(*named(name), *inside(need.ranges), copy=False) for name, need in events.items()]
    return [exp.In(this=exp.column("event_name"), expressions=partitions), *bounds(whole), exp.or_(*each, copy=False)]


def _properties(events: Mapping[str, EventNeed]) -> exp.Expr:
    """Of the events whose properties the rule asks about."""
    asked = [text(name) for name, need in events.items() if need.properties]
    if not asked:
        return exp.null()
    called = statement("coalesce(events.other_name, events.event_name)")
    return exp.Case(ifs=[exp.If(this=exp.In(this=called, expressions=asked), true=exp.column("properties", "events"))])


def _identifies(traits: Sequence[str], user_id: exp.Expr, as_of: datetime) -> exp.Select:
    named = [JsonValue(exp.column("traits", "events"), (name,)).named() for name in traits]
    flags = [exp.Case(ifs=[exp.If(this=each, true=text("1"))], default=text("0")) for each in named]
    told = _parsed(_TRAITS, {"user_id": user_id, "person": person(), "as_of": timestamp(as_of), "named": call("concat", text(""), *flags)})
    for inner in told.find_all(exp.Subquery):
        join_owners(cast(exp.Select, inner.this)).where(exp.or_(*(each.copy() for each in named), copy=False), copy=False)
    return told


def _standing(number: int, clause: EventClause, user_id: str, as_of: datetime) -> exp.Select:
    """Columns `id` (which clause), `place` and `people`. Only everybody's events say where one person stands."""
    ((_, scan),) = scans(clause, as_of).items()
    (name, _), *_ = scan.columns.values()
    columns = [exp.alias_(place(name), "place"), exp.alias_(ranked(name), "people"), exp.alias_(has_place(name), "has_place")]
    theirs = exp.EQ(this=exp.column("user_id"), expression=text(user_id))
    everybody = exp.Subquery(this=scan.placed(*columns)).as_("placed")
    found = exp.select(exp.alias_(text(str(number)), "id"), "place", "people").from_(everybody)
    return found.where(theirs, exp.column("has_place"), copy=False)


def _deliveries(wanted: Needs, user_id: exp.Expr) -> exp.Select:
    pushes = join_renamed(_parsed(_PUSHES, {"user_id": user_id, "person": person(DELIVERIES.name)}), exp.column("user_id", DELIVERIES.name))
    if wanted.campaigns is not None:
        pushes = pushes.where(exp.In(this=exp.column("campaign_id"), expressions=[text(each) for each in wanted.campaigns]), copy=False)
    return pushes.where(exp.or_(*(exp.and_(*bounds(this, "delivered_ts"), copy=False) for this in wanted.pushes), copy=False), copy=False)


def _limited(rows: exp.Select, moment: str) -> exp.Select:
    """The newest, and one more than can be explained."""
    return rows.order_by(exp.Ordered(this=exp.column(moment), desc=True), copy=False).limit(MOST_EVENTS + 1, copy=False)


def _section(name: str, body: exp.Select) -> exp.Select:
    """The body's rows with every column, in one order."""
    filled = set(body.named_selects)
    columns = [
        exp.column(column) if column in filled else exp.alias_(exp.cast(exp.null(), kind, dialect=DIALECT), column) for column, kind in _TYPES.items()
    ]
    return exp.select(exp.alias_(text(name), "section"), *columns).from_(exp.Subquery(this=body).as_(name), copy=False)


def _parsed(sql: str, values: Mapping[str, exp.Expr]) -> exp.Select:
    return cast(exp.Select, statement(sql, values))
