"""How many are left after each step, as bars below each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from regulars.domain.charts.canvas import WIDTH, label, picture, rounded

_ROW, _TEXT, _BAR, _THICK = 44.0, 18.0, 26.0, 10.0


@dataclass(frozen=True)
class FunnelStep:
    name: str
    people: int


def funnel(title: str, words: str, steps: Sequence[FunnelStep]) -> Element:
    """The first step is everybody; each bar is a share of it."""
    return picture(title, words, _ROW * len(steps), *_drawn(steps))


def _drawn(steps: Sequence[FunnelStep]) -> Iterator[Element]:
    everybody = max((step.people for step in steps), default=0)
    for number, step in enumerate(steps):
        top, share = number * _ROW, step.people / everybody if everybody else 0.0
        yield label(step.name, 0, top + _TEXT, "start strong")
        yield label(figure(step.people, everybody), WIDTH, top + _TEXT, "end")
        yield rounded(0, top + _BAR, WIDTH, _THICK, 5, "track")
        if step.people:
            yield rounded(0, top + _BAR, max(share * WIDTH, 3), _THICK, 5, "bar")


def figure(people: int, everybody: int) -> str:
    """`4,182 (19.6 %)`; a share that is there is never 0, and one that is not all is never 100."""
    if not everybody:
        return f"{people:,}"
    tenths = int(1000 * people / everybody + 0.5)
    if people:
        tenths = max(tenths, 1)
    if people < everybody:
        tenths = min(tenths, 999)
    return f"{people:,} ({tenths // 10}.{tenths % 10} %)"
