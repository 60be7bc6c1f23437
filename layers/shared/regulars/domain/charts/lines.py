"""Figures over time, as lines: each has a point where something is known, and a gap where nothing is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from regulars.domain.charts.canvas import WIDTH, label, picture
from regulars.domain.charts.scale import BARE, Unit
from regulars.domain.charts.sheet import HEIGHT, LEFT, NAMES, Sheet, named, sheet
from regulars.domain.markup import element, tenths

_END = 12.0
KINDS = 4
"""So many lines have a look of their own; the fifth has the first one's again."""


@dataclass(frozen=True)
class Line:
    """One value a name of the axis, in their order; None where it is not known."""

    name: str
    values: Sequence[float | None]


def lines(title: str, words: str, names: Sequence[str], shown: Sequence[Line], unit: Unit = BARE) -> Element:
    """`names` are what the axis says from left to right. The lines' own names are for a legend outside of the picture (class `line-1` and on)."""
    ground = sheet([value for each in shown for value in each.values if value is not None], unit)
    step = (WIDTH - _END - LEFT - _END) / max(len(names) - 1, 1)
    places = [LEFT + _END + number * step for number in range(len(names))]
    drawn = [part for number, each in enumerate(shown) for part in _drawn(ground, each, places, f"line-{number % KINDS + 1}")]
    return picture(title, words, HEIGHT, *ground.drawn(), *drawn, *(label(name, place, NAMES, "mid") for name, place in named(names, places)))


def _drawn(ground: Sheet, shown: Line, places: Sequence[float], look: str) -> Iterator[Element]:
    known = [(place, ground.scale.at(value)) if value is not None else None for place, value in zip(places, shown.values, strict=True)]
    for run in _runs(known):
        if len(run) > 1:
            yield element("polyline", points=" ".join(f"{tenths(x)},{tenths(y)}" for x, y in run), class_=f"line {look}")
        yield from (element("circle", cx=x, cy=y, r=3, class_=f"knot {look}") for x, y in run)


def _runs(points: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """What is known, in pieces without a gap."""
    run: list[tuple[float, float]] = []
    for point in points:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run
