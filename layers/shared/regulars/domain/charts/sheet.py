"""The ground of a picture whose figures go up and whose names go to the right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element

from regulars.domain.charts.canvas import WIDTH, label, line, text_width
from regulars.domain.charts.scale import Scale, Tick, Unit, levels

HEIGHT, NAMES = 200.0, 192.0
LEFT = 84.0
_TOP, _FLOOR = 14.0, 166.0
_LEVELS = 4
_GAP = 12.0


@dataclass(frozen=True)
class Sheet:
    """The upright scale, from its lowest level or figure to its highest, with zero in it."""

    scale: Scale
    ticks: tuple[Tick, ...]

    def drawn(self) -> Iterator[Element]:
        for tick in self.ticks:
            y = self.scale.at(tick.value)
            yield line(LEFT, y, WIDTH, y, "axis" if tick.value == 0 else "grid")
            yield label(tick.name, LEFT - 8, y + 5, "end")


def sheet(values: Sequence[float], unit: Unit) -> Sheet:
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    if low == high:
        high = 1.0
    scale = Scale(low, high, _FLOOR, _TOP)
    return Sheet(scale, tuple(levels(scale, unit, most=_LEVELS)))


def named(names: Sequence[str], places: Sequence[float]) -> list[tuple[str, float]]:
    """The names that have room at their places, from the first on: every one, every second, every third."""
    for every in range(1, len(names) + 1):
        chosen = list(zip(names, places, strict=True))[::every]
        ends = [(place - text_width(name) / 2, place + text_width(name) / 2) for name, place in chosen]
        if all(before[1] + _GAP <= after[0] for before, after in pairwise(ends)):
            return [(name, place) for (name, place), end in zip(chosen, ends, strict=True) if end[1] <= WIDTH + _GAP]
    return []
