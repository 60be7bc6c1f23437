"""Where boxes and lines of a graph go that leads downwards, layer by layer: the longest way to a box says its layer, its neighbours its place in it
(K. Sugiyama, S. Tagawa and M. Toda, "Methods for Visual Understanding of Hierarchical System Structures", 1981, doi 10.1109/TSMC.1981.4308636).

A line that crosses a layer, or says something, has a place of its own there, as a box has. So nothing that is drawn lies on anything else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from regulars.domain.journeys.layers import ranks

ASIDE: Final = 24.0
"""Units between two things of one layer; and how far a line stands out that leads back to its own box."""
BELOW: Final = 20.0
"""Between two layers, in which lines turn."""
_SWEEPS: Final = 6
"""Down and up, until what belongs together stands together: more changes nothing in journeys of a hundred steps."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Size:
    width: float
    height: float


@dataclass(frozen=True)
class Edge:
    """`label` is the size of what it says."""

    start: str
    end: str
    label: Size | None = None


@dataclass(frozen=True)
class Box:
    """Its left upper corner, and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True)
class Line:
    """Of an edge, from its start to its end: between two points it is upright, or turns in the room between two layers."""

    edge: Edge
    points: Sequence[Point]
    label: Box | None = None

    @property
    def leads_back(self) -> bool:
        return self.points[-1][1] < self.points[0][1]


@dataclass(frozen=True)
class Layout:
    """`lines` are in the order of the edges."""

    boxes: Mapping[str, Box]
    lines: Sequence[Line]
    width: float
    height: float


def arranged(boxes: Mapping[str, Size], edges: Sequence[Edge], *, top: str) -> Layout:
    """`top` is a box that no edge leads to; the order of the others decides where nothing else does."""
    return _Arrangement(boxes, edges, ranks(list(boxes), [(edge.start, edge.end) for edge in edges], top)).layout()


Slot = str | tuple[int, int]
"""A place in a layer: a box, or where an edge (by its number) goes through a layer."""
Near = Mapping[Slot, Sequence[Slot]]


@dataclass
class _Arrangement:
    boxes: Mapping[str, Size]
    edges: Sequence[Edge]
    ranks: Mapping[str, int]
    ways: Sequence[Sequence[Slot]] = field(init=False)
    """Of each edge, the slots from its upper box to its lower one."""
    rows: dict[int, list[Slot]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.ways = [self._way(number, edge) for number, edge in enumerate(self.edges)]
        for slot in dict.fromkeys([*self.boxes, *(slot for way in self.ways for slot in way)]):
            self.rows.setdefault(self._rank(slot), []).append(slot)

    def layout(self) -> Layout:
        middles = self._middles()
        left = min(middles[slot] - self._size(slot).width / 2 for slot in middles)
        placed = self._placed({slot: middle - left for slot, middle in middles.items()})
        return Layout(
            {name: self._box(name, placed) for name in self.boxes},
            [self._line(number, placed) for number in range(len(self.edges))],
            max(box.x + box.width for box in placed.values()),
            max(box.bottom for box in placed.values()),
        )

    def _rank(self, slot: Slot) -> int:
        return 2 * self.ranks[slot] if isinstance(slot, str) else slot[1]

    def _way(self, number: int, edge: Edge) -> Sequence[Slot]:
        if edge.start == edge.end:
            return []
        upper, lower = sorted((edge.start, edge.end), key=lambda name: self.ranks[name])
        return [upper, *((number, rank) for rank in range(2 * self.ranks[upper] + 1, 2 * self.ranks[lower])), lower]

    def _labelled(self, number: int) -> Slot | None:
        """Where the edge says it: next to the box that it leaves."""
        way, edge = self.ways[number], self.edges[number]
        if not way or edge.label is None:
            return None
        return way[1] if way[0] == edge.start else way[-2]

    def _size(self, slot: Slot) -> Size:
        if isinstance(slot, str):
            own = self.boxes[slot]
            loop = next((edge.label or Size(0, 0) for edge in self.edges if edge.start == edge.end == slot), None)
            return own if loop is None else Size(own.width + 2 * (ASIDE + loop.width), max(own.height, loop.height))
        label = self.edges[slot[0]].label
        return label if label and self._labelled(slot[0]) == slot else Size(0, 0)

    def _turns(self) -> Iterator[tuple[list[Slot], Near]]:
        """The rows from the top down, each with the slots above that one of it is joined with, and from the bottom up with those below."""
        above: dict[Slot, list[Slot]] = {}
        below: dict[Slot, list[Slot]] = {}
        for way in self.ways:
            for upper, lower in pairwise(way):
                above.setdefault(lower, []).append(upper)
                below.setdefault(upper, []).append(lower)
        yield from ((self.rows[rank], above) for rank in sorted(self.rows))
        yield from ((self.rows[rank], below) for rank in sorted(self.rows, reverse=True))

    def _middles(self) -> Mapping[Slot, float]:
        """Each row is ordered by where its neighbours are on the average, and stands as near to them as its other slots let it."""
        at = {slot: float(place) for row in self.rows.values() for place, slot in enumerate(row)}
        turns = [turn for _ in range(_SWEEPS) for turn in self._turns()]
        for row, near in turns:
            wanted = {slot: _mean([at[other] for other in near.get(slot, ())], at[slot]) for slot in row}
            row.sort(key=wanted.__getitem__)
            at.update({slot: float(place) for place, slot in enumerate(row)})
        for row, near in turns:
            at.update(self._apart(row, [_mean([at[other] for other in near.get(slot, ())], at[slot]) for slot in row]))
        return at

    def _apart(self, row: Sequence[Slot], wanted: Sequence[float]) -> Iterator[tuple[Slot, float]]:
        """Half way between pushing to the right whoever has no room, and pushing to the left: both keep the distance, so what lies between does."""
        widths = [self._size(slot).width for slot in row]
        room = [(one + other) / 2 + ASIDE for one, other in pairwise(widths)]
        right, left = list(wanted), list(wanted)
        for place, need in enumerate(room):
            right[place + 1] = max(wanted[place + 1], right[place] + need)
        for place, need in reversed(list(enumerate(room))):
            left[place] = min(wanted[place], left[place + 1] - need)
        yield from ((slot, (one + other) / 2) for slot, one, other in zip(row, right, left, strict=True))

    def _placed(self, middles: Mapping[Slot, float]) -> Mapping[Slot, Box]:
        """Each slot as high as its layer."""
        placed, y = {}, 0.0
        for rank in sorted(self.rows):
            height = max(self._size(slot).height for slot in self.rows[rank])
            for slot in self.rows[rank]:
                width = self._size(slot).width
                placed[slot] = Box(middles[slot] - width / 2, y, width, height)
            y += height + BELOW
        return placed

    def _box(self, name: str, placed: Mapping[Slot, Box]) -> Box:
        return _inside(placed[name], self.boxes[name])

    def _line(self, number: int, placed: Mapping[Slot, Box]) -> Line:
        edge, way = self.edges[number], self.ways[number]
        if not way:
            return _loop(edge, self._box(edge.start, placed))
        upper, lower = self._box(str(way[0]), placed), self._box(str(way[-1]), placed)
        first, last = placed[way[0]], placed[way[-1]]
        points = [(upper.middle, upper.bottom), (upper.middle, first.bottom)]
        for slot in way[1:-1]:
            points += [(placed[slot].middle, placed[slot].y), (placed[slot].middle, placed[slot].bottom)]
        points = list(dict.fromkeys([*points, (lower.middle, last.y), (lower.middle, lower.y)]))
        labelled = self._labelled(number)
        label = _inside(placed[labelled], edge.label) if labelled and edge.label else None
        return Line(edge, points if way[0] == edge.start else points[::-1], label)


def _inside(slot: Box, size: Size) -> Box:
    """In the middle of it."""
    return Box(slot.middle - size.width / 2, slot.y + (slot.height - size.height) / 2, size.width, size.height)


def _loop(edge: Edge, box: Box) -> Line:
    """On the right side of the box, with what it says beside it."""
    side, middle = box.x + box.width, box.y + box.height / 2
    out, up = ASIDE / 2, min(ASIDE / 2, box.height / 3)
    points = [(side, middle + up), (side + out, middle + up), (side + out, middle - up), (side, middle - up)]
    label = Box(side + ASIDE, middle - edge.label.height / 2, edge.label.width, edge.label.height) if edge.label else None
    return Line(edge, points, label)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
