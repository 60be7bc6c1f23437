"""Telling who came into a segment and who left it since a list of its people: an event each, by the way that every event comes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from regulars.domain.evaluations import Evaluation
from regulars.domain.lake.event_names import SEGMENT_ENTERED, SEGMENT_EXITED
from regulars.domain.lake.owners import renamed_sql
from regulars.domain.segments.rule import Segment
from regulars.domain.segments.transitions import Transition, transition_event, transitions
from regulars.ports import Clock, EventQueue, ObjectStore, QueryEngine
from regulars.usecases.result_page import result_page
from regulars.usecases.tell import EVENTS, tell


@dataclass(frozen=True)
class Told:
    """How many people."""

    entered: int = 0
    exited: int = 0


def tell_transitions(
    before: str, evaluation: Evaluation, segment: Segment, *, queries: QueryEngine, lake: ObjectStore, queue: EventQueue, clock: Clock
) -> Told:
    """From the list under the key `before` to the evaluation's own. Told again, it is the same events, which the lake keeps once.

    Raises NotFoundError where the list of before is gone, StoreUnavailableError, QueueUnavailableError, QueryFailedError.
    """
    entered = exited = 0
    changes = transitions(_people(before, lake), _people(evaluation.manifest, lake))
    for some in _parts(_without_renamed(changes, evaluation.as_of, queries)):
        events = [transition_event(each, segment, evaluation.version, evaluation.as_of) for each in some]
        tell(events, queue=queue, now=clock.now())
        came = sum(each.event == SEGMENT_ENTERED for each in some)
        entered, exited = entered + came, exited + len(some) - came
    return Told(entered, exited)


def _without_renamed(changes: Iterable[Transition], as_of: datetime, queries: QueryEngine) -> Iterator[Transition]:
    """Whoever became another person has not exited: that event would be the other's. Asked once somebody seems to have."""
    renamed: set[str | None] | None = None
    for change in changes:
        if change.event == SEGMENT_EXITED and renamed is None:
            renamed = {row["user_id"] for row in queries.all_rows(renamed_sql(as_of))}
        if change.event == SEGMENT_ENTERED or change.user_id not in (renamed or ()):
            yield change


def _people(manifest: str, lake: ObjectStore) -> Iterator[str]:
    """A list, a piece of it at a time."""
    page = "0"
    while page:
        rows, page = result_page(manifest, int(page), lake=lake)
        yield from (str(row[0]) for row in rows)


def _parts(changes: Iterable[Transition]) -> Iterator[list[Transition]]:
    left = iter(changes)
    while some := list(islice(left, EVENTS)):
        yield some
