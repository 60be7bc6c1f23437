"""A journey as a flow chart in Mermaid's words, which GitHub and most documentation draw as they are (https://mermaid.js.org/syntax/flowchart.html)."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, assert_never

from regulars.domain.journeys.journey import Entry, Journey
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

_LONGEST: Final = 80
"""Characters of a text in a box."""

_NOBODY: Final[Mapping[str, int]] = MappingProxyType({})


def mermaid(journey: Journey, counts: Mapping[str, int] = _NOBODY) -> str:
    """With how many people are in each step, of those that `counts` has."""
    box = _boxes(journey)
    lines = ["flowchart TD", f"  entry([{_quoted(_entered(journey.entry))}]) --> {box[journey.start]}"]
    for name, step in journey.steps.items():
        before, after = _shape(step)
        people = f"{counts[name]:,} people" if name in counts else ""
        lines.append(f"  {box[name]}{before}{_quoted(name, _said(step), people)}{after}")
        lines += [f"  {box[name]} -->{f'|{_quoted(why)}|' if why else ''} {box[to]}" for why, to in _ways(step)]
    lines.append('  out(["out"])')
    lines += [f"  exit{number}([{_quoted(f'{end.reason}: {_event(end.pattern)}')}]) -.-> out" for number, end in enumerate(journey.exits, 1)]
    return "\n".join(lines)


def _boxes(journey: Journey) -> Mapping[str | None, str]:
    """Ids of the steps, and of the way out: their names, but for what Mermaid would take for something else (`end`, a hyphen before an arrow)."""
    boxes: dict[str | None, str] = {None: "out"}
    for number, name in enumerate(journey.steps, 1):
        plain = f"step_{name.replace('-', '_')}"
        boxes[name] = plain if plain not in boxes.values() else f"{plain}_{number}"
    return boxes


def _entered(entry: Entry) -> str:
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
    liked = entry.affinity.share if entry.affinity else None
    share = f" that {liked:.0%} of their {entry.affinity.event} is like" if entry.affinity and liked is not None else ""
    return (_event(entry.pattern) if entry.pattern else "new content") + share


def _event(pattern: EventPattern) -> str:
    wanted = [condition_phrase(condition) for condition in pattern.where]
    same = [f"of the same {'.'.join(pattern.same)}"] if pattern.same else []
    name = pattern.name if pattern.kind == "event" else "new content"
    return " ".join([name, *(["where", " and ".join(wanted)] if wanted else []), *same])


def _shape(step: Step) -> tuple[str, str]:
    match step:
        case Branch() | Split():
            return "{", "}"
        case Leave():
            return "([", "])"
        case Message():
            return "[/", "/]"
        case Wait() | WaitUntil() | WaitFor() | Collect():
            return "[", "]"
        case SetTraits() | Webhook() | Start():
            return "[[", "]]"
        case _:
            assert_never(step)


def _said(step: Step) -> str:
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


def _ways(step: Step) -> Iterator[tuple[str, str | None]]:
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


def _quoted(*lines: str) -> str:
    return f'"{"<br/>".join(_clean(line) for line in lines if line)}"'


def _clean(text: str) -> str:
    """As Mermaid shows it in quotes: its entities for what would end or begin something (https://mermaid.js.org/syntax/flowchart.html#entity-codes)."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    plain = "".join(letter if letter.isprintable() else " " for letter in short)
    for letter, code in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        plain = plain.replace(letter, code)
    return plain
