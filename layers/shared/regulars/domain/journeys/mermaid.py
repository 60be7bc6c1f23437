"""A journey as a flow chart in Mermaid's words, which GitHub and most documentation draw as they are (https://mermaid.js.org/syntax/flowchart.html)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, assert_never

from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.steps import Branch, Collect, Leave, Message, SetTraits, Split, Start, Step, Wait, WaitFor, WaitUntil, Webhook
from regulars.domain.journeys.wording import entry_sentence, exit_sentence, named_ways, step_sentence

_LONGEST: Final = 80
"""Characters of a text in a box."""

_NOBODY: Final[Mapping[str, int]] = MappingProxyType({})


def mermaid(journey: Journey, counts: Mapping[str, int] = _NOBODY) -> str:
    """With how many people, or runs, are in each step, of those that `counts` has."""
    box = _boxes(journey)
    lines = ["flowchart TD", f"  entry([{_quoted(entry_sentence(journey.entry))}]) --> {box[journey.start]}"]
    for name, step in journey.steps.items():
        before, after = _shape(step)
        people = f"{counts[name]:,} {journey.counts}" if name in counts else ""
        lines.append(f"  {box[name]}{before}{_quoted(name, step_sentence(step), people)}{after}")
        lines += [f"  {box[name]} -->{f'|{_quoted(why)}|' if why else ''} {box[to]}" for why, to in named_ways(step)]
    lines.append('  out(["out"])')
    lines += [f"  exit{number}([{_quoted(exit_sentence(end))}]) -.-> out" for number, end in enumerate(journey.exits, 1)]
    return "\n".join(lines)


def _boxes(journey: Journey) -> Mapping[str | None, str]:
    """Ids of the steps, and of the way out: their names, but for what Mermaid would take for something else (`end`, a hyphen before an arrow)."""
    boxes: dict[str | None, str] = {None: "out"}
    for number, name in enumerate(journey.steps, 1):
        plain = f"step_{name.replace('-', '_')}"
        boxes[name] = plain if plain not in boxes.values() else f"{plain}_{number}"
    return boxes


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


def _quoted(*lines: str) -> str:
    return f'"{"<br/>".join(_clean(line) for line in lines if line)}"'


def _clean(text: str) -> str:
    """As Mermaid shows it in quotes: its entities for what would end or begin something (https://mermaid.js.org/syntax/flowchart.html#entity-codes)."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    plain = "".join(letter if letter.isprintable() else " " for letter in short)
    for letter, code in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        plain = plain.replace(letter, code)
    return plain
