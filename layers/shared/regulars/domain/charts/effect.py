"""What an effect was estimated to be, ready to be drawn against none."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

from regulars.domain.charts.canvas import WIDTH, label, line, rounded, text_width
from regulars.domain.charts.scale import BARE, Scale, Unit, ticks
from regulars.domain.markup import element

MARGIN = 24.0
NONE = "no effect"
_CLEAR = 8.0
"""Units between a name and what it must not touch."""
_EDGE = 0.09
"""Of the span, left free at either end."""


@dataclass(frozen=True)
class EffectPicture:
    """`low` and `high` are the bounds of its interval, `values` are equally likely ones (or none are known); all in the `unit` that the axis shows.
    `span` is what the axis must reach at least, where it is shared with others; no effect is always on it."""

    title: str
    words: str
    estimate: float
    low: float
    high: float
    values: tuple[float, ...] = ()
    more_is: Literal["good", "bad"] = "good"
    unit: Unit = BARE
    span: tuple[float, float] | None = None

    @property
    def reach(self) -> tuple[float, float]:
        """The smallest and the largest figure that has to be on the axis."""
        shown = (0.0, self.low, self.high, self.estimate, *self.values, *(self.span or ()))
        return min(shown), max(shown)

    @property
    def scale(self) -> Scale:
        low, high = self.reach
        if low == high:
            low, high = -1.0, 1.0
        free = (high - low) * _EDGE
        return Scale(low - free, high + free, MARGIN, WIDTH - MARGIN)


def axis(drawn: EffectPicture, y: float, names_y: float) -> Iterator[Element]:
    """A line at y with round figures below it; where there is none, "no effect" stands in place of the figure."""
    scale = drawn.scale
    zero, own = scale.at(0), text_width(NONE) / 2
    yield line(MARGIN, y, WIDTH - MARGIN, y, "axis")
    yield label(NONE, min(max(zero, own), WIDTH - own), names_y, "mid strong")
    for tick in ticks(scale, drawn.unit):
        x, half = scale.at(tick.value), text_width(tick.name) / 2
        if tick.value == 0:
            continue
        yield line(x, y, x, y + 5, "axis")
        if abs(x - zero) >= half + own + _CLEAR and half <= x <= WIDTH - half:
            yield label(tick.name, x, names_y, "mid")


def whisker(drawn: EffectPicture, y: float) -> Iterator[Element]:
    """The interval with the estimate in it."""
    scale = drawn.scale
    low, high = scale.at(drawn.low), scale.at(drawn.high)
    yield rounded(low, y - 2.5, high - low, 5, 2.5, "whisker")
    yield line(low, y - 5, low, y + 5, "end-mark")
    yield line(high, y - 5, high, y + 5, "end-mark")


def point(drawn: EffectPicture, y: float) -> Element:
    return element("circle", cx=drawn.scale.at(drawn.estimate), cy=y, r=6, class_="point")
