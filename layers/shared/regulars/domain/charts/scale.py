"""From figures to places, and the round figures that an axis names."""

from collections.abc import Iterator
from dataclasses import dataclass

from regulars.domain.charts.canvas import text_width
from regulars.domain.numbers import spelled

MINUS = "\N{MINUS SIGN}"
_ROUND = (1, 2, 5)
_GAP = 14.0
"""Units between two names on an axis."""
_FINEST, _COARSEST = -9, 15
"""Powers of ten beyond which an axis names nothing."""


@dataclass(frozen=True)
class Unit:
    """What a figure is of: words that are `before` and `after` it."""

    before: str = ""
    after: str = ""

    def signed(self, value: float, digits: int) -> str:
        """`+€0.25`, `−0.1`; what is nothing has no sign."""
        sign = "" if value == 0 else "+" if value > 0 else MINUS
        return f"{sign}{self.plain(abs(value), digits)}"

    def plain(self, value: float, digits: int) -> str:
        sign = MINUS if value < 0 else ""
        return f"{sign}{self.before}{spelled(abs(value), digits)}{self.after}"


BARE = Unit()
"""A figure that says nothing of what it is of."""


@dataclass(frozen=True)
class Scale:
    """Figures from `low` to `high`, which differ, at places from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True)
class Tick:
    value: float
    name: str


def ticks(scale: Scale, unit: Unit) -> list[Tick]:
    """The round figures of a level scale with their signs, as close as their names leave each other room."""
    for step, digits in _steps(scale.high - scale.low):
        named = [Tick(value, unit.signed(value, digits)) for value in _multiples(scale, step)]
        room = abs(scale.at(step) - scale.at(0))
        if all(text_width(tick.name) + _GAP <= room for tick in named):
            return named
    return []


def levels(scale: Scale, unit: Unit, *, most: int) -> list[Tick]:
    """The round figures of an upright scale, whose names are above each other: `most` of them."""
    for step, digits in _steps(scale.high - scale.low):
        values = _multiples(scale, step)
        if len(values) <= most:
            return [Tick(value, unit.plain(value, digits)) for value in values]
    return []


def _multiples(scale: Scale, step: float) -> list[float]:
    first, last = int(scale.low / step) - 1, int(scale.high / step) + 1
    return [number * step for number in range(first, last + 1) if scale.low <= number * step <= scale.high]


def _steps(span: float) -> Iterator[tuple[float, int]]:
    """Steps from a fiftieth of the span up, each with the decimals that its figures need."""
    for power in range(_FINEST, _COARSEST):
        for times in _ROUND:
            step = times * 10.0**power
            if 50 * step >= span:
                yield step, max(0, -power)
