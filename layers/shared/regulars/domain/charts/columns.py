"""Figures beside each other, as upright bars: one a month, say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from regulars.domain.charts.canvas import WIDTH, label, picture, rounded
from regulars.domain.charts.scale import BARE, Unit
from regulars.domain.charts.sheet import HEIGHT, LEFT, NAMES, Sheet, named, sheet

_FILLED = 0.7
"""Of the room that a bar has."""


@dataclass(frozen=True)
class Column:
    name: str
    value: float


def columns(title: str, words: str, shown: Sequence[Column], unit: Unit = BARE) -> Element:
    """From zero up, or down. Names that have no room are left out, evenly."""
    ground = sheet([column.value for column in shown], unit)
    room = (WIDTH - LEFT) / max(len(shown), 1)
    places = [LEFT + (number + 0.5) * room for number in range(len(shown))]
    return picture(
        title,
        words,
        HEIGHT,
        *ground.drawn(),
        *(_bar(ground, column.value, place, room) for column, place in zip(shown, places, strict=True)),
        *_names(shown, places),
    )


def _bar(ground: Sheet, value: float, place: float, room: float) -> Element:
    zero, end = ground.scale.at(0), ground.scale.at(value)
    return rounded(place - room * _FILLED / 2, min(zero, end), room * _FILLED, abs(end - zero), 3, "bar" if value >= 0 else "bar bad")


def _names(shown: Sequence[Column], places: Sequence[float]) -> Iterator[Element]:
    for name, place in named([column.name for column in shown], places):
        yield label(name, place, NAMES, "mid")
