"""The engine: one person, one input, one answer.

Time is that of what happens: an event counts when it happened and a timer when it was due, however late either is looked at. So an input first fires
whatever was due before it, and then, in this order: may end the run (an exit), may be what is waited for, may begin a run. docs/journeys.md says why.
"""

from datetime import UTC, datetime
from typing import Final

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.buckets import is_held_out
from regulars.domain.journeys.collecting import corrected, gathered, held, is_correction, takes_item, told
from regulars.domain.journeys.context import kept, shortened
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.matching import begins, entry_key, exit_by, matches
from regulars.domain.journeys.state import AFTER_ALL, Collected, Happened, Input, Lapse, Moment, Outcome, State, made
from regulars.domain.journeys.steps import Collect, Wait, WaitFor, WaitUntil
from regulars.domain.journeys.walk import Walk

GONE = "step gone"
STOPPED = "stopped"
TOO_LATE = "too late to enter"
HELD_OUT = "held out"
ENTERED = "entered"
LATE = "late"
SHORTENED = "shortened"
RESTARTED = "restarted"

NEVER: Final = datetime.max.replace(tzinfo=UTC)


def step(book: Book, state: State | None, this: Input, now: datetime) -> Outcome:
    """What one input makes of a person's state (of one key), as of `now`. What happened in the future happens now: telephones go by clocks of their
    own. An event that turns out to be nothing to them ends no wait that has a grace: what happened in time may be under way."""
    at = now if now < this.at else this.at
    walk = Walk(book, this.person)
    moved = state
    if moved is not None and moved.status == "in":
        moved = _as_it_stands(book, moved, at, walk)
        if not isinstance(this, Happened):
            moved = _caught_up(moved, at, walk, ticks=True)
        elif moved.due is not None and moved.due < at:
            return _overdue(moved, this, at, now, walk)
    if isinstance(this, Happened):
        moved = _of_event(moved, this, made(Moment, (at, this.id)), now, walk)
    return made(Outcome, (moved, walk.actions, walk.trail))


def _overdue(state: State, this: Happened, at: datetime, now: datetime, walk: Walk) -> Outcome:
    """Of whoever was due before it happened."""
    late = Walk(walk.book, walk.person)
    caught_up = _caught_up(state, at, late, ticks=False)
    known = len(late.trail)
    moved = _of_event(caught_up, this, Moment(at, this.id), now, late)
    if moved is caught_up and len(late.trail) == known:
        late = Walk(walk.book, walk.person)
        moved = _caught_up(state, at, late, ticks=False, looked_after=now)
    return Outcome(moved, late.actions, [*walk.trail, *late.trail])


def _as_it_stands(book: Book, state: State, at: datetime, walk: Walk) -> State:
    """Of a journey that was stopped, or has a version that takes people over: of its people, who all wait, each at their next input."""
    if book.lets_out(state):
        return walk.left(state, max(state.since, Moment(at)), STOPPED)
    if state.version not in book.versions:
        return walk.left(state, max(state.since, Moment(at)), GONE)
    latest = book.latest
    if state.version == latest.version or state.version not in latest.migrate.versions:
        return state
    name = latest.migrate.names.get(state.step, state.step)
    if not latest.waits_in(name):
        return walk.left(state, max(state.since, Moment(at)), GONE)._replace(version=latest.version)
    return state._replace(step=name, version=latest.version)


def _caught_up(state: State, at: datetime, walk: Walk, *, ticks: bool, looked_after: datetime = NEVER) -> State:
    """Everything that was due before what happened, or by what the clock says (`ticks`), one after the other; of what the clock has `looked_after`
    by then. A deadline's own moment is in time."""
    while state.status == "in" and state.due is not None and (state.due < at or (ticks and state.due == at)):
        if looked_after is not NEVER and (walk.book.wakes_at(state) or NEVER) > looked_after:
            break
        state = _timed_out(state, state.due, walk)
    return state


def _timed_out(state: State, due: datetime, walk: Walk) -> State:
    over = made(Moment, (due, AFTER_ALL))
    waits = walk.journey_of(state).steps[state.step]
    match waits:
        case WaitFor():
            return walk.on(state, waits.otherwise, over, "else", lapsed=made(Lapse, (state.step, state.since, due)))
        case Collect():
            return walk.on(state._replace(collected=told(waits, state.collected)), waits.then, over, "time")
        case Wait() | WaitUntil():
            return walk.on(state, waits.then, over, "time")
        case _:
            return walk.left(state, over, GONE)  # a version that was written over: nobody waits in what is there now


def _of_event(state: State | None, this: Happened, moment: Moment, now: datetime, walk: Walk) -> State | None:
    """What has moved them already is no news, though its copy may have been given another moment, by another clock."""
    is_news = state is None or (moment > state.since and this.id not in (state.entry.id, state.since.id))
    was_inside = state is not None and state.inside
    is_taken = is_correction(this)
    if state is not None and was_inside:
        is_taken = is_taken or takes_item(walk.journey_of(state), state, this, moment)
        state = _reacted(state, this, moment, walk, is_news=is_news)
    if state is not None and not is_news:
        _note_if_late(state, this, moment, walk)
    return _entered(state, this, moment, now, walk, was_inside=was_inside) if is_news and not is_taken else state


def _reacted(state: State, this: Happened, moment: Moment, walk: Walk, *, is_news: bool) -> State:
    """A wait is ended only by what came after it began."""
    journey = walk.journey_of(state)
    if end := exit_by(journey, state.entry, state.context, this, moment):
        return walk.left(state, max(moment, state.since), end.reason)
    waits = journey.steps[state.step]
    if not isinstance(waits, WaitFor | Collect) or state.due is None or moment.at > state.due:
        return state
    wanted = is_news and matches(waits.pattern, this, moment.at, state.context) if this.kind == "event" else takes_item(journey, state, this, moment)
    if not wanted:
        return state
    if isinstance(waits, WaitFor):
        return walk.on(state, waits.then, moment, this.name)
    return _collected(state, waits, this, moment, walk)


def _collected(state: State, waits: Collect, this: Happened, moment: Moment, walk: Walk) -> State:
    """In whatever order they arrive; the last that there is room for ends it."""
    if (known := held(state, this)) is not None:
        return corrected(state, known, this)
    if this.id == state.entry.id or is_correction(this):
        return state
    properties = shortened(this.properties)
    if properties != this.properties:
        walk.note(moment.at, state.step, SHORTENED)
    found = gathered(waits, state.collected, Collected(moment, properties))
    if waits.most is None or len(found) < waits.most:
        return state if found == state.collected else state._replace(collected=found)
    full = state._replace(collected=told(waits, found))
    return walk.on(full, waits.then, max(found[-1].moment, state.since), this.name if this.kind == "event" else this.kind)


def _note_if_late(state: State, this: Happened, moment: Moment, walk: Walk) -> None:
    """What would have ended a wait that was given up: what was sent since can't be taken back, and the trail says so."""
    lapsed = state.lapsed
    journey = walk.book.versions.get(state.version)
    waited = journey.steps.get(lapsed.step) if journey and lapsed else None
    if not lapsed or not isinstance(waited, WaitFor) or not lapsed.since < moment <= Moment(lapsed.due, this.id):
        return
    if matches(waited.pattern, this, moment.at, state.context):
        walk.note(moment.at, lapsed.step, LATE)


def _entered(old: State | None, this: Happened, moment: Moment, now: datetime, walk: Walk, *, was_inside: bool) -> State | None:
    journey = walk.book.latest
    if not _may_begin(journey, old, moment.at, was_inside=was_inside) or not begins(journey, this, moment.at):
        return old
    key = entry_key(journey, this)
    if key is None or (old is not None and old.key != key):
        return old
    is_old = journey.entry.kind != "api" and now - moment.at > journey.entry.max_age
    if walk.book.standing == "stopped" or is_old:
        walk.note(moment.at, journey.start, STOPPED if walk.book.standing == "stopped" else TOO_LATE)
        return old
    if journey.entry.condition is not None and not walk.holds(journey.entry.condition, moment.at, this.properties):
        return old
    if old is not None and old.inside:
        walk.note(moment.at, old.step, RESTARTED, "left")
    asked = kept(this.properties, walk.book.named)
    state = State(
        user_id=this.person.user_id,
        key=key,
        version=journey.version,
        entry=moment,
        step=journey.start,
        since=moment,
        due=None,
        status="in",
        entries=(old.entries if old else 0) + 1,
        context=shortened(asked),
    )
    if is_held_out(journey, state.user_id):
        walk.note(moment.at, journey.start, HELD_OUT)
        return state._replace(status="held")
    entered = walk.on(state, journey.start, moment, ENTERED)
    if state.context != asked:
        walk.note(moment.at, journey.start, SHORTENED)
    return entered


def _may_begin(journey: Journey, old: State | None, at: datetime, *, was_inside: bool) -> bool:
    """`was_inside`: they were when it happened, though it may have ended that run."""
    if old is None:
        return True
    again = journey.reentry
    if was_inside and again.restarts:
        return again.most is None or old.entries < again.most
    return not old.inside and at >= opens_again(journey, old)


def opens_again(journey: Journey, out: State) -> datetime:
    """When somebody who is out may begin anew; NEVER for whom that is not."""
    again = journey.reentry
    if again.after is None or (again.most is not None and out.entries >= again.most):
        return NEVER
    return out.entry.at + again.after
