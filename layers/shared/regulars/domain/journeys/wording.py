"""What a journey and its steps do, in a few words: for pictures and lists of them."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, assert_never

from regulars.domain.journeys.journey import Entry, Exit
from regulars.domain.journeys.parse_steps import DAYS
from regulars.domain.journeys.rules import rule_sentence
from regulars.domain.journeys.spans import written
from regulars.domain.journeys.steps import (
    OWN_CLOCK,
    Branch,
    ClockTime,
    Collect,
    EventPattern,
    Leave,
    Message,
    SetTraits,
    Split,
    Start,
    Step,
    Wait,
    WaitFor,
    WaitUntil,
    Webhook,
)
from regulars.domain.segments.phrases import condition_phrase

_KINDS: Final[Mapping[type, str]] = MappingProxyType({WaitUntil: "wait_until", WaitFor: "wait_for", SetTraits: "set", Leave: "exit"})
"""Where they are not the lower-case names of their types."""


def entry_sentence(entry: Entry) -> str:
    """What begins it."""
    match entry.kind:
        case "event":
            return _event(entry.pattern) if entry.pattern else entry.name
        case "segment":
            return f"comes into the segment {entry.name}"
        case "near":
            return f"near {entry.name}"
        case "content":
            return _item(entry)
        case "api":
            return "sent here by another journey, or by API"


def _item(entry: Entry) -> str:
    item, affinity = _event(entry.pattern) if entry.pattern else "new content", entry.affinity
    if affinity is None or affinity.share is None:
        return item
    return f"{item}, like {affinity.share:.0%} of their {affinity.event} or more"


def _event(pattern: EventPattern) -> str:
    wanted = [condition_phrase(condition) for condition in pattern.where]
    same = [f"of the same {'.'.join(pattern.same)}"] if pattern.same else []
    name = pattern.name if pattern.kind == "event" else "new content"
    return " ".join([name, *(["where", " and ".join(wanted)] if wanted else []), *same])


def exit_sentence(end: Exit) -> str:
    """What ends it, wherever somebody is."""
    return f"{end.reason}: {_event(end.pattern)}"


def step_kind(step: Step) -> str:
    """The key that says it in a document."""
    return _KINDS.get(type(step), type(step).__name__.lower())


def step_sentence(step: Step) -> str:
    """What it does."""
    match step:
        case Wait(span):
            return f"wait {written(span)}"
        case WaitUntil(until):
            return _until(until)
        case WaitFor(pattern, within):
            return f"wait {written(within)} for {_event(pattern)}"
        case Collect(pattern, span, until, most, best):
            ends = [*([f"for {written(span)}"] if span is not None else []), *([_until(until)] if until is not None else [])]
            numbers = [*([f"{most} at most"] if most is not None else []), *([f"the best {best}"] if best is not None else [])]
            return f"collect {_event(pattern)} {', '.join([' or '.join(ends), *numbers])}"
        case Branch():
            return "which?"
        case Split():
            return "split"
        case Message(push):
            return f"push: {push.title or push.body or 'data'}"
        case SetTraits(traits):
            return f"set {', '.join(traits)}"
        case Webhook(url):
            return f"call {url}"
        case Start(journey_id):
            return f"start {journey_id}"
        case Leave(reason):
            return f"leave: {reason}"
        case _:
            assert_never(step)


def _until(until: ClockTime) -> str:
    where = "their own clock" if until.zone == OWN_CLOCK else until.zone
    return f"until {until.time:%H:%M} by {where}" + (f" on {', '.join(DAYS[day] for day in until.days)}" if until.days else "")


def named_ways(step: Step) -> Iterator[tuple[str, str | None]]:
    """Each way out of it: who goes it, empty where everybody does, and the step that it leads to; None: out of the journey."""
    match step:
        case WaitFor(pattern, within, then, otherwise):
            yield pattern.name, then
            yield f"not within {written(within)}", otherwise
        case Branch(choices, otherwise):
            yield from ((rule_sentence(choice.rule), choice.then) for choice in choices)
            yield "else", otherwise
        case Split(arms):
            total = sum(arm.weight for arm in arms)
            yield from ((f"{arm.id}, {100 * arm.weight / total:.3g} %", arm.then) for arm in arms)
        case Leave():
            return
        case _:
            yield "", step.then
