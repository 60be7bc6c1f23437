"""Where somebody is in a journey and how they came there, or why they never came in: by what is kept of them, what the lake was told (the trail), and
the journey as it is now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, cast

import orjson
from sqlglot import exp

from regulars.domain.documents import JsonObject
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.buckets import is_held_out
from regulars.domain.journeys.errand import OfPerson
from regulars.domain.journeys.journey import Entry, Journey
from regulars.domain.journeys.state import State
from regulars.domain.journeys.steps import Collect, Step, Wait, WaitFor, WaitUntil
from regulars.domain.lake import sql
from regulars.domain.lake.event_names import ERRAND_EVENTS, JOURNEY_EVENTS, JOURNEY_LEFT, JOURNEY_NOTED, OTHER, WEBHOOK_FAILED, WEBHOOK_SENT
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.tables import OWN_SOURCE
from regulars.domain.lake.times import lake_moment
from regulars.domain.language import shown
from regulars.domain.queries import ResultRow
from regulars.domain.reasons import NOT_SENT_REASONS
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.evaluate import Reason
from regulars.domain.segments.evaluate.json_texts import scalar, value_at

MOST_TOLD: Final = 200
"""The newest events that are looked at: of the trail and of what the journey begins with together."""

Where = Literal["inside", "left", "held_out", "never"]

WhyNever = Literal["not_launched", "stopped", "no_event", "other_event", "no_key", "too_late", "rule", "not_told"]
"""`other_event`: it is not like the one that the journey begins with. `not_told`: nothing speaks against it, so it may be under way."""

_TOLD: Final = """
SELECT coalesce(events.other_name, events.event_name) AS name, events.event_ts AS at_ts, events.received_ts AS received_ts,
  events.source AS source, events.properties AS properties
FROM events
WHERE :person = :user_id AND events.event_ts >= :since AND events.event_ts < :as_of AND (:trail OR :begins)
ORDER BY events.event_ts DESC, events.message_id DESC LIMIT :most
"""

_TRAIL: Final = "events.source = :own AND events.event_name IN :names AND :journey = :journey_id"
_BEGINS: Final = "events.event_name IN (:name, :other) AND coalesce(events.other_name, events.event_name) = :name"


@dataclass(frozen=True)
class Told:
    """An event of theirs: one of the trail (`ours`), or one of the name that the journey begins with."""

    name: str
    at: datetime
    received: datetime
    ours: bool
    said: JsonObject

    @property
    def properties(self) -> str:
        return orjson.dumps(self.said).decode()


@dataclass(frozen=True)
class RunNow:
    """One run as it stands. `waits_for` says what for in words, `until` when that is over; both are there only of who is inside and waits."""

    key: str
    version: int
    since: datetime
    step: str
    status: Literal["in", "out", "held"]
    waits_for: str | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class TrailEntry:
    """What happened when: `event` is its name in the lake, `because` why, in a word of `reasons` where a message was not sent, and `meaning` says
    that as a sentence."""

    at: datetime
    event: str
    step: str = ""
    because: str = ""
    meaning: str = ""
    run: str = ""


@dataclass(frozen=True)
class JourneyWhereabouts:
    """`reason` is a word: of who never came in one of `WhyNever`, of who left why they did; `because` is the sentence. `clauses` are those of the
    entry's rule, as it is judged now, outside in. The trail begins with the newest."""

    user_id: str
    journey: str
    where: Where
    reason: str
    because: str
    runs: Sequence[RunNow] = ()
    put_off: Sequence[datetime] = ()
    """When what was put off is tried again."""
    trail: Sequence[TrailEntry] = ()
    clauses: Sequence[Reason] = ()


def told_sql(journey: Journey, user_id: str, *, since: datetime, as_of: datetime) -> exp.Select:
    """The newest first, whichever of their ids it was."""
    names = exp.Tuple(expressions=[sql.text(name) for name in sorted(JOURNEY_EVENTS | ERRAND_EVENTS)])
    of = JsonValue(exp.column("properties", "events"), ("journey",)).text()
    trail = sql.statement(_TRAIL, {"own": sql.text(OWN_SOURCE), "names": names, "journey": of, "journey_id": sql.text(journey.id)})
    begins: exp.Expression = exp.false()
    if journey.entry.kind == "event":
        begins = sql.statement(_BEGINS, {"name": sql.text(journey.entry.name), "other": sql.text(OTHER)})
    values = {
        "person": person(),
        "user_id": sql.text(user_id),
        "since": sql.timestamp(since),
        "as_of": sql.timestamp(as_of),
        "trail": exp.paren(trail),
        "begins": exp.paren(begins),
        "most": sql.whole(MOST_TOLD),
    }
    tree = join_owners(cast(exp.Select, sql.statement(_TOLD, values)))
    return tree.with_(OWNERS, as_=owners(as_of), copy=False)


def read_told(rows: Iterable[ResultRow]) -> Sequence[Told]:
    return [
        Told(
            name=row["name"] or "",
            at=lake_moment(row["at_ts"] or ""),
            received=lake_moment(row["received_ts"] or row["at_ts"] or ""),
            ours=row["source"] == OWN_SOURCE,
            said=orjson.loads(row["properties"] or "{}"),
        )
        for row in rows
    ]


def begun_by(journey: Journey, told: Iterable[Told]) -> Told | None:
    """The newest event that the journey begins with."""
    return next((each for each in _of_entry(journey, told) if _is_such(journey.entry, each)), None)


def runs_now(of: OfPerson, books: Mapping[str, Book]) -> Mapping[str, Sequence[RunNow]]:
    """Each run that is kept of somebody, by its journey."""
    found: dict[str, list[RunNow]] = {}
    for kept, _ in of.kept:
        found.setdefault(kept.journey_id, []).append(_run(kept.state, books.get(kept.journey_id)))
    return found


def whereabouts(
    user_id: str, journey: Journey, book: Book | None, of: OfPerson, told: Sequence[Told], clauses: Sequence[Reason] = ()
) -> JourneyWhereabouts:
    """`book` is what runs of the journey, None where it was never launched; `told` are newest first, `clauses` of the entry's rule, if it has one."""
    states = [kept.state for kept, _ in of.kept if kept.journey_id == journey.id]
    trail = [_entry(each) for each in told if each.ours]
    where, reason, because = _where(user_id, journey, book, states, told, clauses)
    return JourneyWhereabouts(
        user_id=user_id,
        journey=journey.id,
        where=where,
        reason=reason,
        because=because,
        runs=[_run(state, book) for state in states],
        put_off=sorted(this.until for this in of.put_off if this.errand.journey_id == journey.id),
        trail=trail,
        clauses=clauses,
    )


def _where(
    user_id: str, journey: Journey, book: Book | None, states: Sequence[State], told: Sequence[Told], clauses: Sequence[Reason]
) -> tuple[Where, str, str]:
    inside = [state for state in states if state.inside]
    if inside and book is not None:
        newest = max(inside, key=lambda state: state.entry)
        return "inside", newest.step, f"inside since {shown(newest.entry.at)}, at the step {newest.step}"
    if any(state.status == "held" for state in states):
        return "held_out", "held_out", f"{_held(journey)}: nothing is sent to them, so that the effect can be measured"
    gone = next((each for each in told if each.ours and each.name == JOURNEY_LEFT), None)
    if states or gone:
        reason = str(gone.said.get("because", "")) if gone else ""
        at = gone.at if gone else max(state.since.at for state in states)
        why = f" ({reason})" if reason else ""
        return "left", reason, f"left at {shown(at)}{why}; {_again(journey, states)}"
    return "never", *_never(user_id, journey, book, told, clauses)


def _never(user_id: str, journey: Journey, book: Book | None, told: Sequence[Told], clauses: Sequence[Reason]) -> tuple[WhyNever, str]:
    """The first thing that is in the way, in the order in which they are asked."""
    entry = journey.entry
    if book is None:
        return "not_launched", "the journey was never launched"
    if book.standing == "stopped":
        return "stopped", "the journey is stopped: nobody comes in"
    if entry.kind != "event":
        return "no_event", f"nothing tells of it that {_MEANT[entry.kind].format(name=entry.name)}"
    did = list(_of_entry(journey, told))
    if not did:
        return "no_event", f"they never did {entry.name}"
    such = begun_by(journey, told)
    if such is None:
        return "other_event", f"they did {entry.name}, last at {shown(did[0].at)}, and it was not like the one that the journey begins with"
    if entry.key is not None and not scalar(value_at(such.properties, entry.key)):
        return "no_key", f"{entry.name} at {shown(such.at)} has nothing at `{'.'.join(entry.key)}`, and there is a run for each value of it"
    noted = any(each.ours and each.name == JOURNEY_NOTED and each.said.get("because") == "too late to enter" for each in told)
    if noted or such.received - such.at > entry.max_age:
        return "too_late", f"{entry.name} happened at {shown(such.at)} and came at {shown(such.received)}: too late to enter"
    if clauses and clauses[0].verdict is not True:
        return "rule", f"`entry.if` is {'false' if clauses[0].verdict is False else 'unknown'} of them now: {clauses[0].sentence}"
    if is_held_out(journey, user_id):
        return "not_told", f"{_held(journey)}, and the lake does not say so yet"
    when = f"{entry.name} happened at {shown(such.at)}"
    return "not_told", f"{when}, and nothing speaks against it now: it may have been before the launch, or is under way"


_MEANT: Final = {
    "segment": "they came into the segment {name}",
    "near": "they stayed near one of the places {name}",
    "content": "an item was for them",
    "api": "another journey or system sent them here",
}


def _held(journey: Journey) -> str:
    return f"of the {journey.holdout_buckets / 100:g} % who are held out"


def _again(journey: Journey, states: Sequence[State]) -> str:
    again = journey.reentry
    entries = max((state.entries for state in states), default=0)
    if again.most is not None and entries >= again.most:
        return f"they came in {entries} times, which is as often as anybody may"
    if again.after is None:
        return "nobody comes in a second time"
    entered = max((state.entry.at for state in states), default=None)
    return f"they may come in again from {shown(entered + again.after)}" if entered else "they may come in again"


def _of_entry(journey: Journey, told: Iterable[Told]) -> Iterator[Told]:
    return (each for each in told if not each.ours and each.name == journey.entry.name)


def _is_such(entry: Entry, told: Told) -> bool:
    return entry.meets(told.properties, told.at)


def _run(state: State, book: Book | None) -> RunNow:
    run = RunNow(state.key, state.version, state.entry.at, state.step, state.status)
    journey = book.versions.get(state.version) if book else None
    waits = journey.steps.get(state.step) if journey else None
    if not state.inside or waits is None or state.due is None:
        return run
    return RunNow(state.key, state.version, state.entry.at, state.step, state.status, _waits_for(waits), state.due)


def _waits_for(step: Step) -> str | None:
    match step:
        case Wait():
            return "time to pass"
        case WaitUntil(until):
            return f"{until.time:%H:%M} o'clock"
        case WaitFor(pattern):
            return f"{pattern.name or 'an item'}, or the time to be over"
        case Collect(pattern):
            most = f", {step.most} at most" if step.most is not None else ""
            return f"more of {pattern.name or 'such items'}{most}"
        case _:
            return None


def _entry(told: Told) -> TrailEntry:
    said = told.said
    because = str(said.get("because") or said.get("reason") or (said.get("status") if told.name in (WEBHOOK_SENT, WEBHOOK_FAILED) else "") or "")
    return TrailEntry(told.at, told.name, str(said.get("step") or ""), because, NOT_SENT_REASONS.get(because, ""), str(said.get("run") or ""))
