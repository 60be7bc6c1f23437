"""What must hold of the engine whatever happens, when and how often it arrives, and whatever breaks.

HYPOTHESIS_PROFILE=long draws many more of each.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.state import Action, Clock, Happened, State
from regulars.domain.journeys.step import step
from tests.domain.journeys.documents import ANN, BEGIN, book, event
from tests.domain.journeys.lives import END, Played, documents, ideal, lives
from tests.drawn import drawn

Life = tuple[Book, list[Happened]]


@drawn(60)
@given(life=lives(), data=st.data())
def test_live_is_replay_however_late_often_or_never_the_clock_is_looked_at(life: Life, data: st.DataObject) -> None:
    journey, events = life
    live, before = Played(journey), BEGIN
    for this in [*events, Clock(END, ANN)]:
        span = (this.at - before) // timedelta(minutes=1)
        for minutes in sorted(data.draw(st.lists(st.integers(0, max(span - 1, 0)), max_size=3))):
            if span:
                swept = before + timedelta(minutes=minutes)
                for _ in range(data.draw(st.sampled_from([1, 1, 3]))):
                    live.play(Clock(swept, ANN), swept)
        live.play(this, this.at)
        before = this.at
    assert (live.sent, live.state) == (ideal(journey, events).sent, ideal(journey, events).state)


@drawn(60)
@given(life=lives(), lag=st.integers(0, 50))
def test_how_late_an_event_arrives_changes_nothing_while_their_order_is_kept(life: Life, lag: int) -> None:
    journey, events = life
    late = Played(journey)
    for this in events:
        late.play(this, this.at + timedelta(minutes=lag))
    late.play(Clock(END, ANN), END)
    assert (late.sent, late.state) == (ideal(journey, events).sent, ideal(journey, events).state)


@drawn(60)
@given(life=lives(), data=st.data())
def test_an_earlier_input_delivered_again_changes_nothing(life: Life, data: st.DataObject) -> None:
    journey, events = life
    played = Played(journey)
    for number, this in enumerate(events):
        played.on_time(this.at)
        played.play(this, this.at)
        for again in data.draw(st.lists(st.sampled_from(events[: number + 1]), max_size=3)):
            assert not played.play(again, this.at)
        assert not played.play(Clock(this.at - timedelta(seconds=1), ANN), this.at)
    played.on_time(END)
    for again in events:
        assert not played.play(again, END)


@drawn(60)
@given(life=lives(), lag=st.integers(1, 600))
def test_nor_does_a_copy_of_the_last_one_that_another_clock_dated(life: Life, lag: int) -> None:
    journey, events = life
    played = Played(journey)
    for this in events:
        played.on_time(this.at)
        if played.play(this, this.at) and played.state and this.id in (played.state.entry.id, played.state.since.id):
            skewed = this._replace(at=this.at + timedelta(milliseconds=lag))
            assert not played.play(skewed, skewed.at)


@drawn(60)
@given(life=lives(), data=st.data())
def test_what_the_journey_does_not_name_changes_nothing(life: Life, data: st.DataObject) -> None:
    journey, events = life
    played = Played(journey)
    for this in events:
        played.on_time(this.at)
        if data.draw(st.booleans()):
            assert not played.play(event("Something Else", this.at, f"{this.id}-", x=2), this.at)
        played.play(this, this.at)
    played.on_time(END)
    assert (played.sent, played.state) == (ideal(journey, events).sent, ideal(journey, events).state)


@drawn(60)
@given(life=lives())
def test_nobody_waits_for_ever_and_only_who_waits_has_a_timer(life: Life) -> None:
    journey, events = life
    played = Played(journey)
    for this in events:
        played.play(this, this.at)
        state = played.state
        assert state is None or (state.due is not None) is state.inside
        assert state is None or not state.inside or (journey.latest.waits_in(state.step) and journey.wakes_at(state) is not None)
    played.play(Clock(END, ANN), END)
    assert played.state is None or (played.state.status, played.state.due) == ("out", None)


@drawn(60)
@given(life=lives(), data=st.data())
def test_shuffled_and_doubled_each_thing_is_done_once_and_in_its_run(life: Life, data: st.DataObject) -> None:
    journey, events = life
    played, now = Played(journey), BEGIN
    for this in data.draw(st.permutations([*events, *events])):
        now = max(now, this.at)
        was_out = played.state is None or not played.state.inside
        done = len(played.actions)
        played.play(this, now)
        if was_out and len(played.actions) > done:
            assert played.state and played.state.entry.id == this.id  # nothing is done for a run that is over
    played.play(Clock(END, ANN), END)
    keys = [key for key, _ in played.sent]
    assert len(keys) == len(set(keys))


@drawn(60)
@given(life=lives())
def test_logical_time_never_goes_back_within_a_run(life: Life) -> None:
    journey, events = life
    played, moved = Played(journey), []
    for this in [*events, Clock(END, ANN)]:
        outcome = step(journey, played.state, this, this.at)
        moved += outcome.trail
        played.state = outcome.state
    assert all(one.at <= other.at for one, other in pairwise(moved))


# Versions.


@drawn(60)
@given(first=documents(), second=documents(), life=lives(), published=st.integers(0, 12))
def test_who_came_in_by_one_version_gets_its_messages_whatever_is_published(
    first: dict[str, object], second: dict[str, object], life: Life, published: int
) -> None:
    _, events = life
    old, both = book({**first, "version": 1}), book({**first, "version": 1}, {**second, "version": 2})
    played = Played(old)
    for number, this in enumerate(events):
        if number == published:
            played.book = both
        played.on_time(this.at)
        played.play(this, this.at)
    played.on_time(END)
    runs: dict[str, set[int]] = {}
    for action in played.actions:
        runs.setdefault(action.key.split("/")[3], set()).add(action.version)
    assert all(len(versions) == 1 for versions in runs.values())


@drawn(60)
@given(first=documents(), second=documents(), life=lives(), published=st.integers(0, 12))
def test_who_is_moved_goes_on_or_leaves_with_a_reason_and_nothing_is_done_twice(
    first: dict[str, object], second: dict[str, object], life: Life, published: int
) -> None:
    _, events = life
    both = book({**first, "version": 1}, {**second, "version": 2, "migrate": {"from": [1]}})
    played = Played(book({**first, "version": 1}))
    for number, this in enumerate(events):
        if number == published:
            played.book = both
        played.play(this, this.at)
    played.book = both
    played.play(Clock(END, ANN), END)
    assert played.state is None or not played.state.inside
    keys = [key for key, _ in played.sent]
    assert len(keys) == len(set(keys))


# Crashes.


class CrashError(Exception):
    """The worker died."""


@dataclass
class Worker:
    """What runs live, with one item and a queue: read, step, write state and outbox on the condition that nobody else has, send, clear, acknowledge.
    Whoever finds an outbox sends it first. What is sent is taken once for each key, as `deliver` does."""

    book: Book
    crashes: list[bool]
    state: State | None = None
    version: int = 0
    outbox: tuple[Action, ...] = ()
    delivered: dict[str, Action] = field(default_factory=dict)
    sent: int = 0

    def handle(self, this: Happened | Clock) -> None:
        read = self.version
        self._may_die()
        if self.outbox:
            self._send()
        outcome = step(self.book, self.state, this, max(this.at, BEGIN))
        self._may_die()
        if outcome.state is self.state and not outcome.actions:
            return
        assert read == self.version  # FIFO: nobody else has this person
        self.state, self.outbox, self.version = outcome.state, tuple(outcome.actions), read + 1
        self._may_die()
        self._send()
        self._may_die()

    def _send(self) -> None:
        for action in self.outbox:
            self._may_die()
            self.delivered.setdefault(action.key, action)
            self.sent += 1
        self._may_die()
        self.outbox = ()

    def _may_die(self) -> None:
        if self.crashes and self.crashes.pop():
            raise CrashError


@drawn(60)
@given(life=lives(), crashes=st.lists(st.sampled_from([True, False, False, False]), max_size=60))
def test_crashes_at_any_place_lose_nothing_and_double_nothing(life: Life, crashes: list[bool]) -> None:
    journey, events = life
    worker = Worker(journey, crashes)
    queue: list[Happened | Clock] = [*events, Clock(END, ANN), Clock(END, ANN)]  # the sweeper comes again
    while queue:
        try:
            worker.handle(queue[0])
            queue.pop(0)
        except CrashError:
            continue
    wanted = ideal(journey, events)
    assert sorted((key, action.at) for key, action in worker.delivered.items()) == sorted(wanted.sent)
    assert worker.state == wanted.state
    assert not worker.outbox
