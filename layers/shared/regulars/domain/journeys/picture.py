"""A journey as SVG: a box for each step, with what it does and who waits there now, and a line for each way out of it.

The same figures give the same elements. Colours are the style sheet's, of the page that it is shown in; alone it brings its own (`as_file`).
"""

import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import Element, tostring

from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.layout import Box, Edge, Line, Size, arranged
from regulars.domain.journeys.steps import Branch, Collect, Leave, Message, Split, Step, Wait, WaitFor, WaitUntil
from regulars.domain.journeys.wording import entry_sentence, exit_sentence, named_ways, step_sentence
from regulars.domain.markup import element, tenths

_ROW: Final = 17.0
"""Units from one line of text to the next."""
_INSIDE: Final = 10.0
"""Between a box and its text."""
_LETTER: Final = 7.0
"""Of a system's sans-serif at 12 px, on the generous average: what is told in the widest letters is cut a little early, and nothing sticks out."""
_BOX, _LABEL = 28, 22
"""Letters in a line."""
_ENTRY: Final = ""
"""The entry's box: no step is called so."""


@dataclass(frozen=True)
class Present:
    """Who waits at a step now, and when the first of them goes on (UTC)."""

    people: int
    next_due: datetime | None = None


_NOBODY: Final[Mapping[str, Present]] = MappingProxyType({})


@dataclass(frozen=True)
class _Said:
    """What stands in a box: `words` is all of it, whole."""

    kind: str
    lines: Sequence[tuple[str, str]]
    words: str

    @property
    def size(self) -> Size:
        return Size(_BOX * _LETTER + 2 * _INSIDE, len(self.lines) * _ROW + 2 * _INSIDE)


def picture(journey: Journey, present: Mapping[str, Present] = _NOBODY) -> Element:
    """`present` has who is at which step, of a journey that was launched."""
    said = _boxes(journey, present)
    edges = _edges(journey)
    whole = arranged({name: each.size if each.lines else Size(_ROW, _ROW) for name, each in said.items()}, list(edges), top=_ENTRY)
    exits = [_cut(f"From anywhere, {exit_sentence(end)}", max(_BOX, int(whole.width / _LETTER))) for end in journey.exits]
    width, height = whole.width + 2, whole.height + 2 + _ROW * len(exits) + (_ROW if exits else 0)
    return element(
        "svg",
        element("title", journey.name),
        *(_line(line, text) for line, text in zip(whole.lines, edges.values(), strict=True)),
        *(_box(name, each, whole.boxes[name]) for name, each in said.items()),
        *(element("text", text, x=0, y=whole.height + _ROW * (number + 1.5)) for number, text in enumerate(exits)),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"-1 -1 {tenths(width)} {tenths(height)}",
        width=width,
        height=height,
        role="group",
        aria_label=journey.name,
        class_="journey",
    )


def as_file(tree: Element) -> str:
    """The picture for whoever opens it by itself: XML, light or dark as their system is."""
    tree.insert(1, element("style", STYLE))
    return tostring(tree, encoding="unicode")


STYLE: Final = """
:root{color-scheme:light dark;--card:#fff;--sunk:#f0eee9;--ink:#1a1b19;--soft:#565852;--edge:#85867d;--brand:#0c5c4a;--ctrl:#8a5a00}
@media (prefers-color-scheme:dark){:root{--card:#1b1c1a;--sunk:#161715;--ink:#eceae5;--soft:#a9aaa2;--edge:#7f8178;--brand:#63d2b1;--ctrl:#e0b25a}}
.journey{background:var(--card)}text{font:12px system-ui,sans-serif;fill:var(--soft)}
.journey rect{fill:var(--card);stroke:var(--edge)}.journey .message rect{stroke:var(--brand);stroke-width:2}
.journey .choice rect{stroke-dasharray:5 3}
.journey .begin rect,.journey .leave rect,.journey .out rect{fill:var(--sunk)}
.journey .name{font-weight:600;fill:var(--ink)}.journey .people{font-weight:600;fill:var(--ctrl)}
.journey .way path{fill:none;stroke:var(--edge);stroke-width:1.5}.journey .back path{stroke-dasharray:5 3}
.journey .way .tip{fill:var(--edge);stroke:none}.journey .mid{text-anchor:middle}
.journey .way text{paint-order:stroke;stroke:var(--card);stroke-width:5}
"""


def _boxes(journey: Journey, present: Mapping[str, Present]) -> Mapping[str, _Said]:
    """By their names; of each step from which somebody leaves, a small one for the way out."""
    begun = entry_sentence(journey.entry)
    boxes = {_ENTRY: _Said("begin", [("name", line) for line in _wrapped(begun, _BOX)], f"It begins: {begun}")}
    for name, step in journey.steps.items():
        sentence = step_sentence(step)
        lines = [("name", _cut(name, _BOX)), *(("", line) for line in _wrapped(sentence, _BOX))]
        words = f"{name}: {sentence}"
        if name in present:
            people = _people(present[name])
            lines, words = [*lines, *(("people", line) for line in people)], "; ".join([words, ", ".join(people)])
        boxes[name] = _Said(_look(step), lines, words)
    for name, step in journey.steps.items():
        if any(to is None for _, to in named_ways(step)):
            boxes[_out(name)] = _Said("out", (), f"out of the journey, from {name}")
    return boxes


def _out(name: str) -> str:
    """No step has a blank in its name."""
    return f"{name} out"


def _people(present: Present) -> Sequence[str]:
    due = present.next_due and present.next_due.astimezone(UTC)
    return [f"{present.people:,} wait", *([f"next {due.day} {due:%b %H:%M} UTC"] if due else [])]


def _look(step: Step) -> str:
    match step:
        case Wait() | WaitUntil() | WaitFor() | Collect():
            return "wait"
        case Message():
            return "message"
        case Branch() | Split():
            return "choice"
        case Leave():
            return "leave"
        case _:
            return "act"


def _edges(journey: Journey) -> Mapping[Edge, Sequence[str]]:
    """Each with the lines that it says. Several ways from one step to another are one line, which says what each of them says."""
    ways: dict[tuple[str, str], list[str]] = {(_ENTRY, journey.start): []}
    for name, step in journey.steps.items():
        for why, to in named_ways(step):
            ways.setdefault((name, _out(name) if to is None else to), []).extend([why] if why else [])
    edges = {}
    for (start, end), words in ways.items():
        lines = _wrapped(" / ".join(words), _LABEL)
        size = Size(max(map(_letters, lines)) * _LETTER, len(lines) * _ROW) if lines else None
        edges[Edge(start, end, size)] = lines
    return edges


def _box(name: str, said: _Said, box: Box) -> Element:
    """`data-step` says which step it is."""
    texts = [
        element("text", line, x=box.middle, y=box.y + _INSIDE + _ROW * (number + 0.75), class_=f"mid {look}".rstrip())
        for number, (look, line) in enumerate(said.lines)
    ]
    round_ = box.height / 2 if said.kind in ("begin", "leave", "out") else 6
    frame = element("rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=round_)
    step = {"data_step": name} if said.kind not in ("begin", "out") else {}
    return element("g", element("title", said.words), frame, *texts, role="img", aria_label=said.words, class_=said.kind, **step)


def _line(line: Line, words: Sequence[str]) -> Element:
    """An arrow, upright where it goes through a layer, and bent between two."""
    texts: list[Element] = []
    if line.label is not None:
        y = line.label.y + _ROW * 0.75
        texts = [element("text", text, x=line.label.middle, y=y + _ROW * number, class_="mid") for number, text in enumerate(words)]
    return element(
        "g", element("path", d=_bent(line)), element("path", d=_tip(line), class_="tip"), *texts, class_="way back" if line.leads_back else "way"
    )


def _bent(line: Line) -> str:
    first, *others = line.points
    parts, before = [f"M{_at(*first)}"], first
    for point in others:
        middle = (before[1] + point[1]) / 2
        upright = line.edge.start == line.edge.end or before[0] == point[0]
        parts.append(f"L{_at(*point)}" if upright else f"C{_at(before[0], middle)} {_at(point[0], middle)} {_at(*point)}")
        before = point
    return "".join(parts)


def _tip(line: Line) -> str:
    (x, y), (before, above) = line.points[-1], line.points[-2]
    if y == above:
        side = 7 if before > x else -7
        return f"M{_at(x, y)}L{_at(x + side, y - 4)}L{_at(x + side, y + 4)}Z"
    side = 7 if above > y else -7
    return f"M{_at(x, y)}L{_at(x - 4, y + side)}L{_at(x + 4, y + side)}Z"


def _at(x: float, y: float) -> str:
    return f"{tenths(x)} {tenths(y)}"


def _wrapped(text: str, width: int) -> Sequence[str]:
    """Two lines at most."""
    lines = [_cut(line, width) for line in textwrap.wrap(text, width, break_long_words=False)] if text else []
    return lines if len(lines) <= 2 else [lines[0], _cut(f"{lines[1]} {lines[2]}…", width)]


def _cut(text: str, width: int) -> str:
    if _letters(text) <= width:
        return text
    while _letters(text) >= width:
        text = text[:-1]
    return f"{text}…"


def _letters(text: str) -> int:
    """Letters of Chinese, Japanese and Korean are as wide as two (https://www.unicode.org/reports/tr11/)."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
