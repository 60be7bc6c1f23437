"""An effect as twenty equally likely values of it, each a dot, beside where no effect would be.

People who read such dots decide better than those who read an interval alone: M. Kay, T. Kola, J. Hullman and S. Munson, "When (ish) is My Bus?",
CHI 2016 (doi 10.1145/2858036.2858558); M. Fernandes, L. Walls, S. Munson, J. Hullman and M. Kay, "Uncertainty Displays Using Quantile Dotplots or
CDFs Improve Transit Decision-Making", CHI 2018 (doi 10.1145/3173574.3173718).
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from regulars.domain.charts.canvas import label, line, picture, rounded
from regulars.domain.charts.effect import EffectPicture, axis, point, whisker
from regulars.domain.charts.scale import Scale
from regulars.domain.markup import element

_HEIGHT = 196.0
_TOP, _FLOOR, _WHISKER, _NAMES = 24.0, 140.0, 156.0, 186.0
_GAP = 1.5
"""Units between two dots."""
_LARGEST, _SMALLEST, _FINER = 7.5, 1.0, 0.5
"""The radius of a dot: as large as lets the highest pile fit."""


@dataclass(frozen=True)
class Sides:
    """How many of the values are above no effect, below it, and exactly at it."""

    above: int
    below: int
    at: int


def sides(values: Iterable[float]) -> Sides:
    signs = Counter((value > 0) - (value < 0) for value in values)
    return Sides(signs[1], signs[-1], signs[0])


def dots(drawn: EffectPicture) -> Element:
    """No dot is ever across the line of no effect: piles begin there, to both sides."""
    zero = drawn.scale.at(0)
    low, high = drawn.scale.at(drawn.low), drawn.scale.at(drawn.high)
    return picture(
        drawn.title,
        drawn.words,
        _HEIGHT,
        rounded(low, _TOP, high - low, _FLOOR - _TOP, 4, "band"),
        line(zero, 6, zero, _NAMES - 14, "none"),
        label("less", zero - 8, 18, "end"),
        label("more", zero + 8, 18, "start"),
        *_piled(drawn),
        *axis(drawn, _FLOOR, _NAMES),
        *whisker(drawn, _WHISKER),
        point(drawn, _WHISKER),
    )


def _piled(drawn: EffectPicture) -> Iterator[Element]:
    radius = _radius(drawn)
    size = 2 * radius + _GAP
    looks = {1: "dot good", -1: "dot bad", 0: "dot"} if drawn.more_is == "good" else {1: "dot bad", -1: "dot good", 0: "dot"}
    placed: Counter[int] = Counter()
    for (pile, side), count in sorted(_piles(drawn, size).items()):
        x = drawn.scale.at(0) + (pile + 0.5) * size
        for number in range(placed[pile], placed[pile] + count):
            yield element("circle", cx=x, cy=_FLOOR - 2 - radius - number * size, r=radius, class_=looks[side])
        placed[pile] += count


def _radius(drawn: EffectPicture) -> float:
    radius = _LARGEST
    while radius > _SMALLEST:
        size = 2 * radius + _GAP
        heights: Counter[int] = Counter()
        for (pile, _), count in _piles(drawn, size).items():
            heights[pile] += count
        if max(heights.values(), default=0) * size <= _FLOOR - 2 - _TOP:
            break
        radius -= _FINER
    return radius


def _piles(drawn: EffectPicture, size: float) -> Counter[tuple[int, int]]:
    """How many values are in each pile, by its number from the line of no effect on, and by their side of it."""
    scale: Scale = drawn.scale
    zero = scale.at(0)
    found: Counter[tuple[int, int]] = Counter()
    for value in drawn.values:
        side = (value > 0) - (value < 0)
        pile = math.floor((scale.at(value) - zero) / size)
        found[max(pile, 0) if side > 0 else min(pile, -1) if side < 0 else 0, side] += 1
    return found
