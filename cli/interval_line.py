"""Intervals as lines of text below each other, on one scale: `mens    ┊              ├──●──┤`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LEAST: Final = 20
"""Columns that a line needs to show anything."""


@dataclass(frozen=True)
class Shown:
    """An estimate with its bounds, in any unit that all lines share."""

    name: str
    low: float
    estimate: float
    high: float


def interval_lines(shown: Sequence[Shown], width: int) -> Iterator[str]:
    """Each name, and beside it `width` columns from the smallest figure, or no effect, to the largest."""
    label = max(len(each.name) for each in shown)
    low, high = min(0.0, *(each.low for each in shown)), max(0.0, *(each.high for each in shown))
    span = (high - low) or 1.0

    def column(value: float) -> int:
        return round((value - low) / span * (width - 1))

    for each in shown:
        start, middle, end = (column(value) for value in (each.low, each.estimate, each.high))
        cells = [" "] * width
        cells[start : end + 1] = "─" * (end - start + 1)
        cells[start], cells[end] = "├", "┤"
        cells[column(0.0)] = "┊" if not start < column(0.0) < end else "┼"
        cells[middle] = "●"
        yield f"{each.name:<{label}}  {''.join(cells)}".rstrip()
