"""Which journeys something that happens concerns, found by its name: asked of every event there is, and of nearly all the answer is none."""

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.inputs import TriggerKind
from regulars.domain.journeys.journey import NAMING_JOURNEYS, Journey
from regulars.domain.journeys.state import Happened
from regulars.domain.journeys.steps import Collect, EventPattern, WaitFor
from regulars.domain.segments.evaluate.conditions import Met


class Interest(NamedTuple):
    """Of one kind and name: `entries` are the journeys that it may begin, each with what its properties must be like; `moves` those of which it may
    end a run, or a wait, of whoever is inside."""

    entries: tuple[tuple[str, Met], ...]
    moves: frozenset[str]


class Index:
    """Of all journeys that run, by id. Made anew when one is put, launched or stopped."""

    def __init__(self, books: Mapping[str, Book]) -> None:
        entries: dict[tuple[TriggerKind, str], list[tuple[str, Met]]] = {}
        moves: dict[str, set[str]] = {}
        self._of_runs_to_come: dict[str, list[tuple[str, Met]]] = {}
        for journey_id, book in books.items():
            if book.standing != "stopped":
                entries.setdefault(_entry_of(book.latest), []).append((journey_id, book.latest.entry.meets))
            for name in _names_inside(book):
                moves.setdefault(name, set()).add(journey_id)
            for pattern in _patterns(book.latest) if book.standing != "stopped" else ():
                self._of_runs_to_come.setdefault(pattern.name, []).append((journey_id, pattern.meets))
        self.of_events = {name: Interest((), frozenset(ids)) for name, ids in moves.items()}
        """By name: for whoever has millions of events to look up, and of nothing else."""
        self._of_others: dict[tuple[TriggerKind, str], Interest] = {}
        for (kind, name), begun in entries.items():
            interest = Interest(tuple(begun), frozenset(moves.get(name, ()) if kind == "event" else ()))
            if kind == "event":
                self.of_events[name] = interest
            else:
                self._of_others[kind, name] = interest

    def names(self) -> Iterator[tuple[TriggerKind, str]]:
        """Of everything that any of them may have to know of."""
        yield from (("event", name) for name in self.of_events)
        yield from self._of_others

    def interest(self, kind: TriggerKind, name: str) -> Interest | None:
        """None where no journey names it."""
        return self.of_events.get(name) if kind == "event" else self._of_others.get((kind, name))

    def concerned(self, this: Happened, inside: Collection[str] = (), closed: Container[str] = ()) -> Sequence[str]:
        """The ids of the journeys that it begins, and of those, of the ones that the person is `inside` (`State.hears_of` it), in which it may move
        them. Into the `closed` ones the person does not come, whatever it says."""
        interest = self.of_events.get(this.name) if this.kind == "event" else self._of_others.get((this.kind, this.name))
        if interest is None:
            return ()
        properties, at = this.properties, this.at
        found = [journey_id for journey_id, meets in interest.entries if journey_id not in closed and meets(properties, at)]
        if inside and interest.moves:
            found += [each for each in inside if each in interest.moves and each not in found]
        return found

    def comes_ahead(self, this: Happened, moved: Container[str]) -> bool:
        """Whether it may concern a run that is not known yet: of a journey that takes people in, and that it has not `moved` them in."""
        found = self._of_runs_to_come.get(this.name, ()) if this.kind == "event" else ()
        return any(journey_id not in moved and meets(this.properties, this.at) for journey_id, meets in found)


def _entry_of(journey: Journey) -> tuple[TriggerKind, str]:
    return journey.entry.kind, journey.id if journey.entry.kind in NAMING_JOURNEYS else journey.entry.name


def _names_inside(book: Book) -> Iterator[str]:
    return (pattern.name for journey in book.versions.values() for pattern in _patterns(journey))


def _patterns(journey: Journey) -> Iterator[EventPattern]:
    """Of the events that end a run of it, or a wait in one."""
    yield from (end.pattern for end in journey.exits)
    patterns = (step.pattern for step in journey.steps.values() if isinstance(step, WaitFor | Collect))
    yield from (pattern for pattern in patterns if pattern.kind == "event")
