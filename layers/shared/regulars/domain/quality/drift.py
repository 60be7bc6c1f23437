"""Whether a property is what it was: how often it is missing, and in which JSON types it comes, in a period and in the one before it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

ENOUGH: Final = 100
"""Ours, in each of both periods: of fewer events, no share says much."""

SURE: Final = 4.0
"""Ours: standard errors of the difference of two shares. Of all properties that stay as they are one in sixteen thousand is shown."""

LEAST_CHANGE: Final = 0.1
"""Ours: of shares, which are from 0 to 1."""

NEW_TYPE: Final = 0.01
"""Ours: the share from which a JSON type is told of that never came before."""

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
    def absent(self) -> int:
        return self.events - self.values

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
    if change >= LEAST_CHANGE and beyond_chance(before.absent, before.events, now.absent, now.events):
        yield Drift(event, name, "null", was, is_, change)
    if min(before.values, now.values) < ENOUGH:
        return
    if any(_has_drifted(kind, before, now) for kind in {*before.mix, *now.mix}):
        yield Drift(event, name, "type", before.mix, now.mix, total_variation(before.mix, now.mix))


def _has_drifted(kind: str, before: _Period, now: _Period) -> bool:
    was, is_ = before.mix.get(kind, 0.0), now.mix.get(kind, 0.0)
    notable = abs(is_ - was) >= LEAST_CHANGE or (was == 0 and is_ >= NEW_TYPE)
    return notable and beyond_chance(before.types.get(kind, 0), before.values, now.types.get(kind, 0), now.values)


def beyond_chance(some: int, all_: int, others: int, all_others: int) -> bool:
    """Whether two shares differ by more than SURE standard errors, pooled
    (https://en.wikipedia.org/wiki/Two-proportion_Z-test)."""
    pooled = (some + others) / (all_ + all_others)
    error = sqrt(pooled * (1 - pooled) * (1 / all_ + 1 / all_others))
    return abs(some / all_ - others / all_others) > SURE * error


def total_variation(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Half of the sum of the differences: 0 where both are the same, 1 where they share nothing
    (https://en.wikipedia.org/wiki/Total_variation_distance_of_probability_measures)."""
    return sum(abs(one.get(name, 0.0) - other.get(name, 0.0)) for name in {*one, *other}) / 2
