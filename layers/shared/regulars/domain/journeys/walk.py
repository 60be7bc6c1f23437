"""Walking from step to step, until somebody has to wait or is out; what is done on the way, and the trail."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, assert_never

from regulars.domain.delivery.zones import zone_named
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.buckets import place_in_spread, way_of
from regulars.domain.journeys.clock import next_time
from regulars.domain.journeys.collecting import begun
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.limits import MAX_HOPS
from regulars.domain.journeys.person import Person
from regulars.domain.journeys.state import Action, Lapse, Moment, Move, MoveKind, State, made
from regulars.domain.journeys.steps import (
    OWN_CLOCK,
    Acting,
    Branch,
    ClockTime,
    Collect,
    Leave,
    Message,
    SetTraits,
    Split,
    Start,
    Wait,
    WaitFor,
    Waiting,
    WaitUntil,
    Webhook,
)
from regulars.domain.segments.rule import Rule

DONE: Final = "done"
TOO_MANY_STEPS: Final = "too many steps"

JUST_AFTER: Final = timedelta(microseconds=1)
"""A rule is judged as of this much after a step's moment: what happened in that very moment has happened."""


class Walk:
    """By the steps of a journey's versions, for a person as they are known now."""

    __slots__ = ("actions", "book", "person", "trail")

    def __init__(self, book: Book, person: Person) -> None:
        self.book, self.person = book, person
        self.actions: list[Action] = []
        self.trail: list[Move] = []

    def journey_of(self, state: State) -> Journey:
        return self.book.versions[state.version]

    def note(self, at: datetime, step: str, because: str, kind: MoveKind = "noted") -> None:
        self.trail.append(made(Move, (at, step, because, kind)))

    def holds(self, rule: Rule, at: datetime, entry: str | None) -> bool:
        return self.person.verdict(rule, at + JUST_AFTER, entry) is True

    def left(self, state: State, moment: Moment, because: str) -> State:
        """Out of the journey, from where they are."""
        return self._out(state, state.step, state.hops, moment, because, state.lapsed)

    def on(self, state: State, to: str | None, moment: Moment, because: str, lapsed: Lapse | None = None) -> State:
        """On from where they are to `to`, and further, at one moment. `lapsed`: the wait that was given up for it."""
        journey, name, hops, lapsed = self.journey_of(state), state.step, state.hops, lapsed or state.lapsed
        most, at, trail = journey.max_hops or MAX_HOPS, moment.at, self.trail
        while to is not None:
            if hops == most:
                return self._out(state, to, hops, moment, TOO_MANY_STEPS, lapsed)
            name, does, hops = to, journey.steps[to], hops + 1
            trail.append(made(Move, (at, name, because, "came")))
            match does:
                case Message() | SetTraits() | Webhook() | Start():
                    done = self._do(journey, name, hops, does, state, at)
                    if isinstance(does, SetTraits):
                        self.person = self.person.told(does.traits, at, done.key)
                    to, because = does.then, "then"
                case WaitFor() | Wait() | WaitUntil() | Collect():
                    due = self._due(journey, name, does, at, state.user_id)
                    collected = begun(does, journey, state, moment) if isinstance(does, Collect) else state.collected
                    return state.moved(name, moment, due, state.status, hops, collected, lapsed)
                case Branch():
                    to, because = self._chosen(does, state, at)
                case Split():
                    because, to = way_of(journey, name, does, state.user_id)
                case Leave(reason):
                    return self._out(state, name, hops, moment, reason, lapsed)
                case _:
                    assert_never(does)
        return self._out(state, name, hops, moment, DONE, lapsed)

    def _out(self, state: State, step: str, hops: int, moment: Moment, because: str, lapsed: Lapse | None) -> State:
        self.trail.append(made(Move, (moment.at, step, because, "left")))
        return state.moved(step, moment, None, "out", hops, state.collected, lapsed)

    def _due(self, journey: Journey, name: str, waits: Waiting, at: datetime, user_id: str) -> datetime:
        match waits:
            case Wait(span):
                return at + span
            case WaitFor(within=within):
                return at + within
            case WaitUntil(until):
                return self._next(until, journey, name, at, user_id)
            case Collect(span=span, until=until):
                ends = [at + span] if span is not None else []
                return min(ends + ([self._next(until, journey, name, at, user_id)] if until is not None else []))
            case _:
                assert_never(waits)

    def _next(self, until: ClockTime, journey: Journey, name: str, at: datetime, user_id: str) -> datetime:
        return next_time(until, at, self._zone(until.zone, at), place_in_spread(journey, name, user_id) if until.spread else 0)

    def _zone(self, name: str, at: datetime) -> tzinfo:
        if name != OWN_CLOCK:
            return zone_named(name) or UTC
        return self.person.zone(at + JUST_AFTER) or self.book.zone

    def _chosen(self, branch: Branch, state: State, at: datetime) -> tuple[str | None, str]:
        for number, choice in enumerate(branch.choices, 1):
            if self.holds(choice.rule, at, state.context):
                return choice.then, f"choice {number}"
        return branch.otherwise, "else"

    def _do(self, journey: Journey, name: str, hops: int, does: Acting, state: State, at: datetime) -> Action:
        run = state.context, state.collected, state.key, state.entry, hops
        action = made(Action, (journey.id, state.user_id, at, journey.version, name, does, *run))
        self.actions.append(action)
        return action
