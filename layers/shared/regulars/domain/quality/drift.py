"""Whether a property is what it was: how often it is missing, and in which JSON types it comes, in a period and in the one before it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

ENOUGH: Final = 100
"""Ours, in each of both periods: of fewer events, ten points are chance (a share of one half then has a standard error of five points)."""

LEAST_CHANGE: Final = 0.1
"""Ours: of shares, which are from 0 to 1."""

MOST: Final = 100
"""Drifts of an answer, the largest changes first."""

NULL: Final = "null"
ABSENT: Final = "absent"

DriftKind = Literal["null", "type"]


@dataclass(frozen=True)
class TypeCount:
    """How many events of a name had a property in a JSON type, in both periods; without a property: how many events there were."""

    event: str
    property: str
    type: str
    before: int
    now: int


@dataclass(frozen=True)
class Drift:
    """`before` and `now` are shares from 0 to 1. Of kind null: of the events in which the property is `absent` or `null`. Of kind type: of the JSON
    types among the others. `change` is by how much they differ."""

    event: str
    property: str
    kind: DriftKind
    before: Mapping[str, float]
    now: Mapping[str, float]
    change: float


@dataclass(frozen=True)
class _Period:
    """The events of a name, and those with the property, by JSON type."""

    events: int
    types: Mapping[str, int]

    @property
    def missing(self) -> dict[str, float]:
        present = sum(self.types.values())
        return {ABSENT: max(0, self.events - present) / self.events, NULL: self.types.get(NULL, 0) / self.events}

    @property
    def values(self) -> int:
        return sum(self.types.values()) - self.types.get(NULL, 0)

    @property
    def mix(self) -> dict[str, float]:
        return {name: count / self.values for name, count in sorted(self.types.items()) if count and name != NULL}


def drifts(counts: Iterable[TypeCount]) -> tuple[Drift, ...]:
    """The largest change first, at most MOST. A property that is new or gone has drifted, if enough events came in both periods."""
    events: Counter[tuple[str, bool]] = Counter()
    types: defaultdict[tuple[str, str], list[TypeCount]] = defaultdict(list)
    for count in counts:
        if count.property:
            types[count.event, count.property].append(count)
        else:
            events.update({(count.event, False): count.before, (count.event, True): count.now})
    found = [
        drift
        for (event, name), seen in types.items()
        for drift in _of_property(
            event,
            name,
            _Period(events[event, False], {each.type: each.before for each in seen}),
            _Period(events[event, True], {each.type: each.now for each in seen}),
        )
    ]
    return tuple(sorted(found, key=lambda it: (-it.change, it.event, it.property, it.kind))[:MOST])


def _of_property(event: str, name: str, before: _Period, now: _Period) -> Iterator[Drift]:
    if min(before.events, now.events) < ENOUGH:
        return
    was, is_ = before.missing, now.missing
    change = abs(sum(is_.values()) - sum(was.values()))
    if change >= LEAST_CHANGE:
        yield Drift(event, name, "null", was, is_, change)
    if min(before.values, now.values) < ENOUGH:
        return
    distance = total_variation(before.mix, now.mix)
    if distance >= LEAST_CHANGE:
        yield Drift(event, name, "type", before.mix, now.mix, distance)


def total_variation(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Half of the sum of the differences: 0 where both are the same, 1 where they share nothing
    (https://en.wikipedia.org/wiki/Total_variation_distance_of_probability_measures)."""
    return sum(abs(one.get(name, 0.0) - other.get(name, 0.0)) for name in {*one, *other}) / 2
