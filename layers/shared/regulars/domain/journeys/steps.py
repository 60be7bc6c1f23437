"""What a journey does with a person, step by step. `then` and `otherwise` name the next step; None: they leave."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cached_property
from typing import Any, Final, Literal, assert_never

from regulars.domain.documents import JsonObject
from regulars.domain.language import Path
from regulars.domain.messages.template import PushTemplate
from regulars.domain.segments.evaluate.conditions import Met, all_met
from regulars.domain.segments.judgement import Condition
from regulars.domain.segments.rule import Rule

OWN_CLOCK: Final = "user"
"""In the place of a zone: each person's own."""


@dataclass(frozen=True)
class EventPattern:
    """Events of this name that meet all of `where`; `same`: and that say there what the event said that the run began with (the same order). Of the
    kind `content`: items, which have no name."""

    name: str
    where: tuple[Condition, ...] = ()
    same: Path | None = None
    kind: Literal["event", "content"] = "event"

    @cached_property
    def meets(self) -> Met:
        """All of `where`."""
        return all_met(self.where)


@dataclass(frozen=True)
class Wait:
    span: timedelta
    then: str | None


@dataclass(frozen=True)
class ClockTime:
    """The next moment, after this one, at which the clock shows `time` on one of `days` (0 is Monday; none: on any day). For each person it is later
    by a part of `spread` of their own, which stays the same."""

    time: time
    zone: str
    days: tuple[int, ...] = ()
    spread: timedelta = timedelta(0)


@dataclass(frozen=True)
class WaitUntil:
    until: ClockTime
    then: str | None


@dataclass(frozen=True)
class WaitFor:
    """`otherwise` if it has not happened `within`, counted from when they came here; the deadline's own moment is in time."""

    pattern: EventPattern
    within: timedelta
    then: str | None
    otherwise: str | None


@dataclass(frozen=True)
class Collect:
    """Gathers events for a span, until a time of day, or until there are as many as `most` (None: any number), whichever comes first; of `span` and
    `until` one is there at least. A message names what was gathered as `collected`: in the order of their moments, or, of items, the `best` by
    affinity."""

    pattern: EventPattern
    span: timedelta | None
    until: ClockTime | None
    most: int | None
    best: int | None
    then: str | None


@dataclass(frozen=True)
class Choice:
    """One way out of a branch, for whom the rule is true."""

    rule: Rule
    then: str | None


@dataclass(frozen=True)
class Branch:
    """The first choice that is true; what is unknown is not."""

    choices: tuple[Choice, ...]
    otherwise: str | None


@dataclass(frozen=True)
class Arm:
    id: str
    weight: int
    then: str | None


@dataclass(frozen=True)
class Split:
    """By each person's bucket: whoever comes again goes the same way."""

    arms: tuple[Arm, ...]


@dataclass(frozen=True)
class Message:
    push: PushTemplate
    then: str | None


@dataclass(frozen=True)
class SetTraits:
    traits: JsonObject
    then: str | None


@dataclass(frozen=True)
class Webhook:
    url: str
    body: Any
    then: str | None


@dataclass(frozen=True)
class Start:
    """Sends the person into another journey, whose entry is `api`."""

    journey_id: str
    then: str | None


@dataclass(frozen=True)
class Leave:
    reason: str


Waiting = Wait | WaitUntil | WaitFor | Collect
"""Where people are, and time passes."""

Acting = Message | SetTraits | Webhook | Start
"""What is done for a person, once."""

Reaching = Message | Webhook | Start
"""What reaches somebody, or leads to it: a pause holds it back."""

Step = Waiting | Acting | Branch | Split | Leave


@dataclass(frozen=True)
class Way:
    """One way out of a step: to another one, or out of the journey (None). `path` is where its document says it, behind the step's own."""

    path: str
    to: str | None


def ways(step: Step) -> Iterator[Way]:
    """In the order of the document."""
    match step:
        case Wait() | WaitUntil() | Collect() | Message() | SetTraits() | Webhook() | Start():
            yield Way("then", step.then)
        case WaitFor():
            yield Way("then", step.then)
            yield Way("else", step.otherwise)
        case Branch(choices):
            yield from (Way(f"branch[{index}].then", choice.then) for index, choice in enumerate(choices))
            yield Way("else", step.otherwise)
        case Split(arms):
            yield from (Way(f"split[{index}].then", arm.then) for index, arm in enumerate(arms))
        case Leave():
            return
        case _:
            assert_never(step)


def gathers_items(steps: Iterable[Step]) -> bool:
    """Whether any of them does: people then have one run for many items."""
    return any(isinstance(step, Collect) and step.pattern.kind == "content" for step in steps)
