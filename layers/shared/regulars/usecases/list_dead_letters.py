"""What lies in the dead-letter queues: how many at a glance, and of one queue which, since when, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from regulars.domain.dead_letters import CAUSES, PURPOSES, CauseCode, DeadLetter, Move, TakenLetter, part_of, read_letter
from regulars.domain.errors import NotFoundError, StoreUnavailableError
from regulars.ports import Clock, DeadLetterQueue, EventQueue, ImportStore, QueueAges

PAGE: Final = 100
"""So many letters are looked at. On AWS each is hidden from other looks meanwhile."""


@dataclass(frozen=True)
class QueueSummary:
    """`letters` is how many there are, approximate on AWS, and `waiting` how many messages wait, or are worked on, where they go back to, None where
    they do not; `oldest_seconds` is how long the first of those has waited, None where none waits or nobody knows. `move` is the last time that all
    were sent back, where SQS still knows of one."""

    queue: str
    about: str
    function: str
    goes_back: bool
    advice: str
    letters: int
    waiting: int | None
    oldest_seconds: int | None
    move: Move | None


@dataclass(frozen=True)
class DeadLetterQueues:
    queues: Sequence[QueueSummary]


@dataclass(frozen=True)
class LettersOfACause:
    """`details` are the reasons that were recorded, the most frequent first."""

    cause: CauseCode
    message: str
    advice: str
    letters: int
    details: Sequence[str]


@dataclass(frozen=True)
class LettersLook:
    """A look into one queue. `letters` are a hundred at most, the oldest first; `total` is how many there are, approximate on AWS. Letters that
    somebody else has in hand this minute are counted and not listed."""

    queue: str
    total: int
    causes: Sequence[LettersOfACause]
    letters: Sequence[DeadLetter]


def list_dead_letters(*, queues: Mapping[str, DeadLetterQueue], origins: Mapping[str, EventQueue], ages: QueueAges, clock: Clock) -> DeadLetterQueues:
    """`origins` are the queues that letters go back to. Raises QueueUnavailableError."""
    oldest = _known(ages, clock)
    return DeadLetterQueues([_summary(name, queue, origins.get(name), oldest.get(name)) for name, queue in sorted(queues.items())])


def _known(ages: QueueAges, clock: Clock) -> Mapping[str, timedelta]:
    """Whoever looks for dead letters finds them while CloudWatch is out of reach, too."""
    try:
        return ages.oldest(clock.now())
    except StoreUnavailableError:
        return {}


def _summary(name: str, queue: DeadLetterQueue, origin: EventQueue | None, oldest: timedelta | None) -> QueueSummary:
    purpose = PURPOSES[name]
    move, waiting = (queue.move(), origin.depth()) if origin and purpose.goes_back else (None, None)
    return QueueSummary(
        queue=name,
        about=purpose.about,
        function=purpose.function,
        goes_back=purpose.goes_back,
        advice=purpose.advice,
        letters=queue.depth(),
        waiting=waiting,
        oldest_seconds=round(oldest.total_seconds()) if oldest and waiting else None,
        move=move,
    )


def look_at_dead_letters(name: str, *, queues: Mapping[str, DeadLetterQueue], imports: ImportStore) -> LettersLook:
    """Takes letters in hand, reads them and gives them back. Where that is interrupted they are there again within a minute, all of them.

    Raises NotFoundError for another queue, QueueUnavailableError, StoreUnavailableError.
    """
    queue = queue_named(name, queues)
    total = queue.depth()
    taken = queue.take(PAGE)
    try:
        letters = sorted((_told(read_letter(name, each), each, imports) for each in taken), key=lambda letter: (letter.sent_at, letter.id))
    finally:
        queue.give_back([each.receipt for each in taken])
    return LettersLook(name, max(total, len(letters)), _causes(letters), letters)


def queue_named(name: str, queues: Mapping[str, DeadLetterQueue]) -> DeadLetterQueue:
    """Raises NotFoundError."""
    if name not in queues:
        raise NotFoundError(f"there are no dead letters of {name!r}; there are those of {', '.join(sorted(queues))}", field="queue")
    return queues[name]


def _told(letter: DeadLetter, taken: TakenLetter, imports: ImportStore) -> DeadLetter:
    """An import says itself why its part was not read."""
    part = part_of(taken.body) if letter.cause == "part_not_read" else None
    if part is None:
        return letter
    try:
        return replace(letter, detail=imports.part(*part).value.error)
    except NotFoundError:
        return replace(letter, cause="part_unknown")


def _causes(letters: Sequence[DeadLetter]) -> Sequence[LettersOfACause]:
    counts = Counter(letter.cause for letter in letters)
    details = {cause: Counter(letter.detail for letter in letters if letter.cause == cause and letter.detail) for cause in counts}
    return [
        LettersOfACause(cause, CAUSES[cause].message, CAUSES[cause].advice, count, [detail for detail, _ in details[cause].most_common(5)])
        for cause, count in counts.most_common()
    ]
