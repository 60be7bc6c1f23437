from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.curation.state import CurateState
from regulars.domain.errors import InvalidRequestError, QueryFailedError, StoreUnavailableError
from regulars.domain.tickets import ReportTicket, sealed
from regulars.ports import Stored
from regulars.usecases.flush import FlushProgress, flush

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class World:
    """The queue, the curate function and the clock, with somebody who keeps asking."""

    depths: list[int] = field(default_factory=list)
    curate: CurateState = field(default_factory=CurateState)
    moment: datetime = NOON
    asked: int = 0
    ticket: str = ""
    settle: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.moment

    def depth(self) -> int:
        return self.depths.pop(0) if self.depths else 0

    def send(self, body: str) -> None:
        raise AssertionError("a flush sends nothing")

    def get(self) -> Stored[CurateState]:
        return Stored(self.curate, 1)

    def put(self, state: CurateState, *, expected: int) -> None:
        raise AssertionError("a flush keeps nothing")

    def start(self) -> None:
        self.asked += 1

    def look(self) -> FlushProgress:
        progress = flush(self.ticket, settle=self.settle, clock=self, queue=self, curate_state=self, curate_trigger=self)
        self.ticket = progress.ticket
        self.moment += timedelta(seconds=1)
        return progress

    def curate_runs(self, *, started: datetime, until: datetime | None) -> None:
        self.curate = replace(self.curate, started_at=started, running_until=until)

    def curate_finished(self, *, started: datetime) -> None:
        self.curate = replace(self.curate, running_until=None, finished_started_at=started, error="")


def emptied() -> World:
    world = World()
    world.look()
    world.look()
    return world


def test_a_flush_waits_while_messages_are_queued_and_says_how_many() -> None:
    world = World(depths=[7])
    progress = world.look()
    assert (progress.state, progress.waiting_for, progress.queued, world.asked) == ("pending", "queue", 7, 0)


def test_one_empty_look_is_not_enough() -> None:
    world = World(depths=[0, 3, 0])
    assert [world.look().queued for _ in range(3)] == [0, 3, 0]
    assert world.asked == 0, "the message between the two empty looks must start the count again"


def test_counts_that_lag_are_not_believed_before_they_have_settled() -> None:
    world = World(settle=timedelta(seconds=60))
    for _ in range(60):
        assert world.look().waiting_for == "queue"
    assert world.look().waiting_for == "curate"


def test_a_message_that_shows_up_late_starts_the_settling_anew() -> None:
    world = World(depths=[0] * 30 + [2], settle=timedelta(seconds=60))
    for _ in range(31 + 60):
        assert world.look().waiting_for == "queue"
    assert world.look().waiting_for == "curate"


def test_curate_is_asked_for_once_after_two_empty_looks() -> None:
    world = emptied()
    world.look()
    assert world.asked == 1


def test_a_run_that_finished_before_the_queue_was_empty_does_not_count() -> None:
    world = World()
    world.curate_finished(started=NOON - timedelta(seconds=1))
    world.look()
    assert world.look().state == "pending"


def test_a_flush_is_done_when_a_run_that_started_afterwards_has_finished() -> None:
    world = emptied()
    world.curate_runs(started=NOON + timedelta(seconds=2), until=NOON + timedelta(minutes=16))
    assert world.look().state == "pending"
    world.curate_finished(started=NOON + timedelta(seconds=2))
    assert world.look().state == "done"


def test_a_run_that_was_under_way_too_early_is_followed_by_another() -> None:
    world = World()
    world.curate_runs(started=NOON - timedelta(minutes=1), until=NOON + timedelta(minutes=15))
    world.look()
    assert (world.look().waiting_for, world.asked) == ("curate", 0)
    world.curate_finished(started=NOON - timedelta(minutes=1))
    assert (world.look().state, world.asked) == ("pending", 1)


def test_a_run_that_ran_out_of_time_is_followed_by_another_at_once() -> None:
    world = emptied()
    world.curate_runs(started=NOON + timedelta(seconds=2), until=NOON + timedelta(minutes=16))
    world.look()
    world.curate_runs(started=NOON + timedelta(seconds=2), until=None)
    assert (world.look().state, world.asked) == ("pending", 2)


def test_a_run_that_never_shows_up_is_asked_for_again() -> None:
    world = emptied()
    world.moment += timedelta(minutes=1)
    world.look()
    assert world.asked == 2


def test_a_dead_run_does_not_hold_a_flush_beyond_its_lease() -> None:
    world = World()
    world.curate_runs(started=NOON - timedelta(minutes=20), until=NOON - timedelta(minutes=4))
    world.look()
    world.look()
    assert world.asked == 1


def test_a_failing_run_ends_the_flush_with_its_reason() -> None:
    world = emptied()
    world.curate = CurateState(error="TABLE_NOT_FOUND: events", failed_started_at=NOON + timedelta(seconds=2))
    with pytest.raises(QueryFailedError, match="TABLE_NOT_FOUND"):
        world.look()


def test_a_run_that_failed_of_a_store_that_did_not_answer_may_be_asked_for_again() -> None:
    world = emptied()
    world.curate = CurateState(error="the table of state failed: throttled", may_pass=True, failed_started_at=NOON + timedelta(seconds=2))
    with pytest.raises(StoreUnavailableError, match="throttled"):
        world.look()


def test_an_old_failure_is_not_held_against_a_flush() -> None:
    world = World(curate=CurateState(error="yesterday's", failed_started_at=NOON - timedelta(days=1)))
    world.look()
    assert world.look().state == "pending"


@pytest.mark.parametrize(
    "ticket",
    [
        "nonsense",
        "ü",
        "e30x",
        "eyJ4IjogMX0=",
        "eyJlbXB0aWVkX2F0IjoiMjAyNi0wMS0wMSJ9",
        "eyJlbXB0eV9sb29rcyI6ICIyIn0=",
        sealed(ReportTicket("q1", "r1", NOON)),
    ],
)
def test_a_ticket_that_is_not_ours_is_refused(ticket: str) -> None:
    with pytest.raises(InvalidRequestError, match=r"^ticket: "):
        World(ticket=ticket).look()
