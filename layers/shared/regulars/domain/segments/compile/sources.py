"""What a rule has to read: each of its clauses asks one source one question, and all that ask the same source share a scan of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from regulars.domain.segments.rule import Converted, Delivered, EventClause, EventSequence, Near, Reachable, Rule, Trait, walk


@dataclass(frozen=True)
class EventsOf:
    """The events of one name."""

    name: str


@dataclass(frozen=True)
class Traits:
    """The traits that identify calls told."""


@dataclass(frozen=True)
class Places:
    """Where people were."""


SharedSource = EventsOf | Traits | Places
"""What is read once for all clauses that ask about it."""

Source = SharedSource | EventSequence | Delivered | Converted | Reachable
"""What one scan reads: sequences, deliveries and devices are read for one clause at a time.

A new member is a new kind of scan: mypy's `assert_never`s say where it has to be taught."""


@dataclass(frozen=True)
class TraitNamed:
    """The `traits` of the newest identify call that names this trait, whatever clauses ask of it."""

    name: str


@dataclass(frozen=True)
class LastPlace:
    """The `location` of the newest event of a span that says where it was."""

    within: timedelta


SharedQuestion = EventClause | TraitNamed | LastPlace

Question = SharedQuestion | EventSequence | Delivered | Converted | Reachable
"""What one column of a scan answers, for a person: a trait's name and a place with a JSON text, any other with its verdict."""

Scanned = EventClause | Trait | EventSequence | Delivered | Converted | Reachable | Near
"""A clause that only a scan can answer."""


def source_of(clause: Scanned) -> Source:
    match clause:
        case EventClause(name=name):
            return EventsOf(name)
        case Trait():
            return Traits()
        case Near():
            return Places()
        case EventSequence() | Delivered() | Converted() | Reachable():
            return clause
        case _:
            assert_never(clause)


def question_of(clause: Scanned) -> Question:
    match clause:
        case EventClause() | EventSequence() | Delivered() | Converted() | Reachable():
            return clause
        case Trait(path=path):
            return TraitNamed(path[0])
        case Near(within=within):
            return LastPlace(within)
        case _:
            assert_never(clause)


def questions(rule: Rule) -> Mapping[Source, Sequence[Question]]:
    """All that the rule asks, each once, in the order in which it first asks."""
    asked: dict[Source, dict[Question, None]] = {}
    for _, clause in walk(rule):
        if isinstance(clause, Scanned):
            asked.setdefault(source_of(clause), {})[question_of(clause)] = None
    return {source: list(these) for source, these in asked.items()}
