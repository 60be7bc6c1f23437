"""Where somebody is in a journey and how they came there, or why they never came in: by what is kept of them, what the lake was told (the trail), and
the journey as it is now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.buckets import is_held_out
from regulars.domain.journeys.errand import OfPerson, PutOff, run_id
from regulars.domain.journeys.journey import Entry, Journey
from regulars.domain.journeys.state import State
from regulars.domain.journeys.steps import Collect, Reaching, Step, Wait, WaitFor, WaitUntil
from regulars.domain.journeys.told import Told, TrailEntry, trail_entry
from regulars.domain.journeys.wording import step_kind
from regulars.domain.lake.event_names import JOURNEY_ENTERED, JOURNEY_LEFT, JOURNEY_NOTED
from regulars.domain.language import shown
from regulars.domain.segments.evaluate import Reason
from regulars.domain.segments.evaluate.json_texts import scalar, value_at

_SOON: Final = "once the lake has it, within a quarter of an hour"

Where = Literal["inside", "left", "held_out", "never"]

WhyNever = Literal["not_launched", "stopped", "no_event", "other_event", "no_key", "too_late", "rule", "not_told"]
"""`other_event`: it is not like the one that the journey begins with. `not_told`: nothing speaks against it, so it may be under way."""


@dataclass(frozen=True)
class RunNow:
    """One run as it stands. `waits_for` says what for in words, `until` when that is over, and `goes_on_at` when they go on then: later, where what
    happened in time may still be under way. They are there only of who is inside and waits."""

    key: str
    version: int
    since: datetime
    step: str
    status: Literal["in", "out", "held"]
    waits_for: str | None = None
    until: datetime | None = None
    goes_on_at: datetime | None = None


@dataclass(frozen=True)
class Later:
    """What a `step` does (`does` is its kind) was put off `until` then; None: until the journey is resumed."""

    step: str
    does: str
    until: datetime | None
    key: str = ""


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
    """When what was put off is tried again; of a journey that is paused not before it is resumed."""
    later: Sequence[Later] = ()
    """The same, each with what it is."""
    trail: Sequence[TrailEntry] = ()
    clauses: Sequence[Reason] = ()


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
    put_off = sorted((this for this in of.put_off if this.errand.journey_id == journey.id), key=lambda this: this.until)
    where, reason, because = _where(user_id, journey, book, states, told, clauses)
    return JourneyWhereabouts(
        user_id=user_id,
        journey=journey.id,
        where=where,
        reason=reason,
        because=because,
        runs=[_run(state, book) for state in states],
        put_off=[this.until for this in put_off],
        later=[_later(this, book) for this in put_off],
        trail=[trail_entry(each) for each in told if each.ours],
        clauses=clauses,
    )


def _where(
    user_id: str, journey: Journey, book: Book | None, states: Sequence[State], told: Sequence[Told], clauses: Sequence[Reason]
) -> tuple[Where, str, str]:
    inside = [state for state in states if state.inside]
    if inside and book is not None:
        newest = max(inside, key=lambda state: state.entry)
        often = f", in {len(inside)} runs, the newest" if len(inside) > 1 else ""
        sent = "" if _heard(journey, newest, JOURNEY_ENTERED, told) else f"; what was sent since is told {_SOON}"
        return "inside", newest.step, f"inside{often} since {shown(newest.entry.at)}, at the step {newest.step}{sent}"
    if any(state.status == "held" for state in states):
        return "held_out", "held_out", f"{_held(journey)}: nothing is sent to them, so that the effect can be measured"
    last = max(states, key=lambda state: state.since, default=None)
    gone = _heard(journey, last, JOURNEY_LEFT, told)
    if gone is not None:
        reason = str(gone.said.get("because", ""))
        return "left", reason, f"left at {shown(gone.at)}{f' ({reason})' if reason else ''}; {_again(journey, states)}"
    if last is not None:
        return "left", "", f"left at {shown(last.since.at)}; why, and what was sent, is told {_SOON}; {_again(journey, states)}"
    return "never", *_never(user_id, journey, book, told, clauses)


def _heard(journey: Journey, state: State | None, name: str, told: Iterable[Told]) -> Told | None:
    """The newest of this name in the trail: of the run that somebody is in or was in last, where that is kept."""
    run = run_id(journey.id, state.user_id, state.key, state.entry) if state else None
    return next((each for each in told if each.ours and each.name == name and run in (None, each.run)), None)


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
    if not state.inside or book is None or waits is None or state.due is None:
        return run
    return replace(run, waits_for=_waits_for(waits), until=state.due, goes_on_at=book.wakes_at(state))


def _later(this: PutOff, book: Book | None) -> Later:
    errand = this.errand
    does = errand.does({errand.journey_id: book}) if book else None
    is_held = book is not None and book.standing == "paused" and isinstance(does, Reaching)
    return Later(errand.step, step_kind(does) if does else "", None if is_held else this.until, errand.run_key)


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
