"""All versions of a journey that somebody is in, and what they are asked by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from types import MappingProxyType

from regulars.domain.journeys.context import Named, named_in
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.limits import CONTENT_GRACE, GRACE
from regulars.domain.journeys.registry import Standing
from regulars.domain.journeys.state import State
from regulars.domain.journeys.steps import Branch, Collect, Step, WaitFor
from regulars.domain.segments.lowering import lowered
from regulars.domain.segments.references import inlined
from regulars.domain.segments.rule import Rule, Segment


@dataclass(frozen=True)
class Book:
    """The highest version takes people in; the others keep those whom they have. `zone` is the clock of whoever tells none. Whoever came
    in before `stopped_at` is let out: it was stopped then, and may have been launched again since."""

    versions: Mapping[int, Journey]
    standing: Standing = "live"
    zone: tzinfo = UTC
    stopped_at: datetime | None = None

    @staticmethod
    def of(
        journeys: Iterable[Journey],
        *,
        segments: Mapping[str, Segment] = MappingProxyType({}),
        standing: Standing = "live",
        zone: tzinfo = UTC,
        stopped_at: datetime | None = None,
    ) -> "Book":
        """With each rule made ready once. Raises InvalidRuleError for a segment that is not there."""
        return Book({journey.version: _ready(journey, segments) for journey in journeys}, standing, zone, stopped_at)

    @cached_property
    def latest(self) -> Journey:
        return self.versions[max(self.versions)]

    @cached_property
    def named(self) -> Named:
        """What the newest version keeps of an entry."""
        return named_in(self.latest)

    def lets_out(self, state: State) -> bool:
        """Whether it was stopped since they came in."""
        return self.standing == "stopped" or (self.stopped_at is not None and state.entry.at < self.stopped_at)

    def wakes_at(self, state: State) -> datetime | None:
        """When the clock is to tell somebody that their time is over: GRACE after the deadline of a wait for an event, which may have happened in
        time and be under way, or CONTENT_GRACE where it is for items. (What moves them after the deadline ends the wait all the same.)"""
        if state.due is None:
            return None
        journey = self.versions.get(state.version)
        waits = journey.steps.get(state.step) if journey else None
        if not isinstance(waits, WaitFor | Collect):
            return state.due
        return state.due + (CONTENT_GRACE if waits.pattern.kind == "content" else GRACE)


def _ready(journey: Journey, segments: Mapping[str, Segment]) -> Journey:
    def made_ready(rule: Rule) -> Rule:
        return lowered(inlined(rule, segments))

    def step_ready(step: Step) -> Step:
        if not isinstance(step, Branch):
            return step
        return replace(step, choices=tuple(replace(choice, rule=made_ready(choice.rule)) for choice in step.choices))

    condition = journey.entry.condition
    entry = replace(journey.entry, condition=made_ready(condition)) if condition is not None else journey.entry
    return replace(journey, entry=entry, steps={name: step_ready(step) for name, step in journey.steps.items()})
