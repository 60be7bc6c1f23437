"""What dead letters are told of, and what becomes of them wherever it is stopped."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.errors import ConflictError, NotFoundError, QueueUnavailableError, StoreUnavailableError
from regulars.domain.imports.job import Part
from regulars.ports import EventQueue
from regulars.usecases.list_dead_letters import QueueSummary, list_dead_letters, look_at_dead_letters
from regulars.usecases.move_dead_letters import LettersMoved, forget_dead_letters, retry_dead_letters
from tests.fakes.clock import MovableClock
from tests.fakes.operations import MemoryDeadLetters, MemoryQueueAges
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryImports

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
QUEUES = ("curate", "events", "imports", "occurrences")


class Desk:
    """The queues, and where their letters came from."""

    def __init__(self, queue: str, *bodies: str) -> None:
        self.name = queue
        self.letters = MemoryDeadLetters(*bodies)
        self.queues = {name: MemoryDeadLetters() for name in QUEUES} | {queue: self.letters}
        self.origin = MemoryQueue()
        self.clock = MovableClock(NOON)

    @property
    def origins(self) -> dict[str, EventQueue]:
        return {"events": self.origin, "imports": self.origin}

    def retry(self, *ids: str) -> LettersMoved:
        return retry_dead_letters(self.name, ids or None, queues=self.queues, origins=self.origins, clock=self.clock)

    def forget(self, *ids: str) -> LettersMoved:
        return forget_dead_letters(self.name, ids, queues=self.queues, clock=self.clock)


def test_every_queue_says_what_it_is_for_and_how_many_lie_there() -> None:
    desk = Desk("events", "a", "b")
    desk.origin.bodies.append("one that waits")
    ages = MemoryQueueAges({"events": timedelta(seconds=90)})

    def look() -> Sequence[QueueSummary]:
        return list_dead_letters(queues=desk.queues, origins=desk.origins, ages=ages, clock=desk.clock).queues

    found = look()
    assert [(each.queue, each.letters, each.goes_back, each.waiting) for each in found] == [
        ("curate", 0, False, None),
        ("events", 2, True, 1),
        ("imports", 0, True, 1),
        ("occurrences", 0, False, None),
    ]
    assert all(each.about and each.advice and each.move is None for each in found)
    assert [each.oldest_seconds for each in found] == [None, 90, None, None]
    ages.refuses = StoreUnavailableError("no CloudWatch")
    assert [(each.letters, each.oldest_seconds) for each in look()][1] == (2, None)


def test_a_look_groups_letters_by_what_to_do_and_leaves_them_there() -> None:
    desk = Desk("imports", "poison", "i1|1", "i1|2", "i2|1")
    imports = MemoryImports()
    for number in (1, 2):
        imports.add_part(Part("i1", number, "bucket", "key", "a.csv", "id").stopped(NOON, error="no store"))
    found = look_at_dead_letters("imports", queues=desk.queues, imports=imports)
    assert [(each.cause, each.letters) for each in found.causes] == [("part_unknown", 2), ("part_not_read", 2)]
    assert "no store" in found.causes[1].details[0]
    assert [letter.subject for letter in found.letters] == ["", "part 1 of import i1", "part 2 of import i1", "part 1 of import i2"]
    assert (found.total, len(desk.letters.waiting)) == (4, 4)


def test_a_queue_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFoundError, match="curate, events, imports, occurrences"):
        look_at_dead_letters("orders", queues=Desk("events").queues, imports=MemoryImports())


def test_those_that_are_named_go_back_and_the_others_stay() -> None:
    desk = Desk("events", *map(str, range(30)))
    moved = desk.retry("letter-3", "letter-27", "letter-99")
    assert (moved.letters, moved.gone, moved.left) == (2, ["letter-99"], 28)
    assert desk.origin.bodies == ["3", "27"]
    assert (len(desk.letters.waiting), desk.letters.in_hand) == (28, {})


def test_who_asks_twice_sends_once() -> None:
    desk = Desk("events", "a")
    assert desk.retry("letter-0").letters == 1
    again = desk.retry("letter-0")
    assert (again.letters, again.gone, desk.origin.bodies) == (0, ["letter-0"], ["a"])


def test_a_queue_that_takes_no_more_keeps_what_was_not_sent() -> None:
    desk = Desk("events", "a", "b", "c")
    desk.origin = MemoryQueue(fail_after=1)
    with pytest.raises(QueueUnavailableError):
        desk.retry("letter-0", "letter-1", "letter-2")
    assert desk.origin.bodies == ["a"]
    assert desk.letters.depth() == 2, "two are in hand, and there again within a minute"


def test_what_was_sent_and_could_not_be_removed_is_there_twice_rather_than_not_at_all() -> None:
    desk = Desk("events", "a")
    desk.letters.fail_removals = True
    with pytest.raises(QueueUnavailableError):
        desk.retry("letter-0")
    assert (desk.origin.bodies, desk.letters.depth()) == (["a"], 1)


def test_all_go_back_by_themselves() -> None:
    desk = Desk("events", "a", "b")
    moved = desk.retry()
    assert moved.move
    assert (moved.letters, moved.left, moved.move.state, desk.letters.origin) == (2, 0, "done", ["a", "b"])


@pytest.mark.parametrize("queue", ["curate", "occurrences"])
def test_a_record_of_a_failure_is_nothing_to_send_again(queue: str) -> None:
    desk = Desk(queue, "{}")
    with pytest.raises(ConflictError, match="are records"):
        desk.retry()
    assert desk.letters.depth() == 1


def test_only_what_is_named_is_forgotten() -> None:
    desk = Desk("curate", "a", "b")
    forgotten = desk.forget("letter-0", "letter-7")
    assert (forgotten.letters, forgotten.gone, forgotten.left) == (1, ["letter-7"], 1)
    assert list(desk.letters.waiting) == ["letter-1"]


def test_a_search_in_a_deep_queue_ends_before_the_api_gives_up() -> None:
    desk = Desk("events", *map(str, range(100)))
    take = desk.letters.take

    def slow(limit: int) -> object:
        desk.clock.advance(timedelta(seconds=4))
        return take(limit)

    desk.letters.take = slow  # type: ignore[assignment, method-assign]
    assert desk.retry("letter-95").gone == ["letter-95"]
    assert len(desk.letters.waiting) == 100
