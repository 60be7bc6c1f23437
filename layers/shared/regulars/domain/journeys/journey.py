"""A journey that has been checked: nothing in here can be wrong in form."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Final, Literal

from regulars.domain.delivery.options import DeliveryOptions
from regulars.domain.goals import Goal
from regulars.domain.journeys.affinity import Affinity
from regulars.domain.journeys.audience import Audience
from regulars.domain.journeys.inputs import TriggerKind
from regulars.domain.journeys.steps import Branch, Collect, EventPattern, Step, Wait, WaitFor, WaitUntil
from regulars.domain.language import Path
from regulars.domain.segments.evaluate.conditions import Met, anything
from regulars.domain.segments.references import rule_references
from regulars.domain.segments.rule import Rule

NAMING_JOURNEYS: Final[frozenset[TriggerKind]] = frozenset({"content", "api"})
"""The kinds whose inputs are for one journey, and say which: each journey has its own audience for an item."""


EACH_ITEM: Final = ("id",)
"""The key by which each item of content begins a run of its own."""

Counts = Literal["people", "runs"]
"""What is counted of those inside: runs where there is one for each `key`, because somebody may have several then."""


@dataclass(frozen=True)
class Entry:
    """What begins a run: somebody does something (`event`), comes into a segment, has come `near` a place, may like new `content`, or is sent here
    by another journey or system (`api`). `name` is that of the event, the segment or the list of places, else empty: of content and `api` the input
    names the journey itself."""

    kind: TriggerKind
    name: str = ""
    pattern: EventPattern | None = None
    """Of an event, a place and content: what its properties must be like."""
    condition: Rule | None = None
    """What must be true of the person just before. Of content: `audience` says it."""
    key: Path | None = None
    """One run for each value of this property: of each order, not of each person."""
    max_age: timedelta = timedelta(days=1)
    """An older input begins nothing: telephones send what happened days ago. Not of `api`: whoever sends somebody here means now."""
    audience: Audience | None = None
    """Of content: whom an item is for. None: not of content."""
    affinity: Affinity | None = None
    """Of content: how much of what somebody does goes to what an item says."""

    @property
    def is_of_each_item(self) -> bool:
        """Whether each item of content begins a run of its own."""
        return self.kind == "content" and self.key == EACH_ITEM

    @cached_property
    def meets(self) -> Met:
        """What the properties must be like of what begins a run."""
        return self.pattern.meets if self.pattern else anything


@dataclass(frozen=True)
class Reentry:
    """Who may begin again: `after` is counted from the last entry (None: nobody does), `most` are entries in all (None: any number). Whoever is
    inside begins anew only where `restarts` says so."""

    restarts: bool = False
    after: timedelta | None = None
    most: int | None = None


ONCE: Final = Reentry()


@dataclass(frozen=True)
class Exit:
    """What ends a run wherever the person is; `as_goal`: it is what the journey is for."""

    pattern: EventPattern
    as_goal: bool = False

    @property
    def reason(self) -> str:
        return "goal" if self.as_goal else "exit"


@dataclass(frozen=True)
class Migration:
    """Which earlier versions' people move to this one, and what their steps are called here where the name is another."""

    versions: tuple[int, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


STAY: Final = Migration()


@dataclass(frozen=True)
class Journey:
    """One version of it. `holdout_buckets` of the 10,000 are held out: a hundred times the per cent. `max_hops` are the steps of one run, at most;
    None: nobody can walk in a circle."""

    id: str
    name: str
    entry: Entry
    start: str
    steps: Mapping[str, Step]
    version: int = 1
    reentry: Reentry = ONCE
    holdout_buckets: int = 0
    exits: tuple[Exit, ...] = ()
    goal: Goal | None = None
    delivery: DeliveryOptions = field(default_factory=DeliveryOptions)
    migrate: Migration = STAY
    max_hops: int | None = None

    def rules(self) -> Iterator[tuple[str, Rule]]:
        """Each with its place in the document."""
        if self.entry.condition is not None:
            yield "entry.if", self.entry.condition
        for name, step in self.steps.items():
            if isinstance(step, Branch):
                yield from ((f"steps.{name}.branch[{index}].if", choice.rule) for index, choice in enumerate(step.choices))

    @property
    def segments(self) -> Collection[str]:
        """The ids of those that its rules name, and its audience."""
        asked = [rule for _, rule in self.rules()] + ([self.entry.audience.sample] if self.entry.audience else [])
        return {identity for rule in asked for identity in rule_references(rule)}

    @property
    def counts(self) -> Counts:
        return "people" if self.entry.key is None else "runs"

    def waits_in(self, name: str) -> bool:
        """Whether there is such a step, in which people wait."""
        return isinstance(self.steps.get(name), Wait | WaitUntil | WaitFor | Collect)


def what_is_counted(versions: Iterable[Journey]) -> Counts:
    """Of those who are inside by any of these."""
    return "runs" if any(each.counts == "runs" for each in versions) else "people"
