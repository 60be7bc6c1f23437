"""The two ways out of a dead-letter queue: back to where the letters came from, or away.

Whatever stops it, where and however often it is asked for, no letter is lost and no event is counted twice:

    before a letter is taken         nothing has happened
    taken, not sent                  it is there again within a minute
    sent, not removed                it is in both queues: what was sent is worked on, what stayed is there again within a minute. Sent once more it
                                     changes nothing: events fall to the lake's dedupe by message id, a part of an import goes on where it is
    sent and removed                 it is gone from here; the same id again is told as `gone`
    sent, and fails again            it comes back as a new letter, with another id
    two who ask at once              SQS hides what one has from the other; where it does not, as above
    all are moved, and asked again   the move that goes on is told, and no other begun; SQS, too, removes a letter after it was sent
    a forgetting is stopped          what was forgotten is gone, the rest stays; nothing goes that was not named
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from regulars.domain.dead_letters import PURPOSES, Move, TakenLetter
from regulars.domain.errors import ConflictError
from regulars.ports import Clock, DeadLetterQueue, EventQueue
from regulars.usecases.list_dead_letters import queue_named

MOST_LOOKED_AT: Final = 2_000
"""Letters that are taken in hand to find those that are named. Who looks and names them finds them among the oldest."""

LONGEST: Final = timedelta(seconds=15)
"""API Gateway waits for 30 s (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html), and a letter in hand is hidden for
60."""

_STEP: Final = 10


@dataclass(frozen=True)
class LettersMoved:
    """What became of the letters that were named: `letters` of them went, `gone` were not found (somebody was first, or has them in hand), and
    `left` are in the queue, approximate on AWS. Where all were asked for, `move` says how far that is."""

    queue: str
    letters: int
    gone: Sequence[str]
    left: int
    move: Move | None = None


def retry_dead_letters(
    name: str, ids: Collection[str] | None, *, queues: Mapping[str, DeadLetterQueue], origins: Mapping[str, EventQueue], clock: Clock
) -> LettersMoved:
    """Sends these letters back to where they came from, or all (None), which SQS does by itself from then on.

    Raises NotFoundError for another queue, ConflictError where its letters do not go back, QueueUnavailableError.
    """
    queue = queue_named(name, queues)
    if not PURPOSES[name].goes_back:
        raise ConflictError(f"letters of {name} are records, and nothing is done by sending them again. {PURPOSES[name].advice}")
    if ids is None:
        move = queue.move_all()
        return LettersMoved(name, move.moved, [], queue.depth(), move)
    found: list[str] = []
    for letters in _named(ids, queue, clock):
        found += _sent_back(letters, queue, origins[name])
    return _moved(name, ids, found, queue)


def forget_dead_letters(name: str, ids: Collection[str], *, queues: Mapping[str, DeadLetterQueue], clock: Clock) -> LettersMoved:
    """Removes these letters, for good. Only what is named goes: a letter that comes meanwhile stays.

    Raises NotFoundError for another queue, QueueUnavailableError.
    """
    queue = queue_named(name, queues)
    found: list[str] = []
    for letters in _named(ids, queue, clock):
        queue.remove([letter.receipt for letter in letters])
        found += [letter.id for letter in letters]
    return _moved(name, ids, found, queue)


def _moved(name: str, ids: Collection[str], found: Sequence[str], queue: DeadLetterQueue) -> LettersMoved:
    return LettersMoved(name, len(found), sorted(set(ids) - set(found)), queue.depth())


def _named(ids: Collection[str], queue: DeadLetterQueue, clock: Clock) -> Iterator[list[TakenLetter]]:
    """Those of the letters that are named, in hand, a few at a time. The others are given back at the end, so that none is met twice."""
    wanted, others, end = set(ids), list[str](), clock.now() + LONGEST
    try:
        while wanted and len(others) < MOST_LOOKED_AT and clock.now() < end and (taken := queue.take(_STEP)):
            others += [letter.receipt for letter in taken if letter.id not in wanted]
            if letters := [letter for letter in taken if letter.id in wanted]:
                wanted -= {letter.id for letter in letters}
                yield letters
    finally:
        queue.give_back(others)


def _sent_back(letters: Sequence[TakenLetter], queue: DeadLetterQueue, origin: EventQueue) -> Sequence[str]:
    """Each is sent before it is removed. Raises QueueUnavailableError; what was sent by then is removed."""
    sent: list[TakenLetter] = []
    try:
        for letter in letters:
            origin.send(letter.body)
            sent.append(letter)
    finally:
        queue.remove([letter.receipt for letter in sent])
    return [letter.id for letter in sent]
