"""The catalog of events: every name that was sent, with its properties, their JSON types and, where there are few, their values.

It is a document of its own, with the moment up to which it has everything. Rows of `events` that were curated later are added to it, and document
and moment are written as one: whoever adds again after a crash adds to what is there, and no count doubles.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from regulars.domain.quality.observed_values import ObservedValues, with_sightings
from regulars.domain.queries import ResultRow

MAX_EVENTS: Final = 1_000
MAX_PROPERTIES: Final = 200
"""Of an event. Whoever knows a write key can make up names without end; those that came first stay."""

MAX_VALUES: Final = 20_000
"""Of all properties together, some megabytes."""

IDENTIFY: Final = "identify"

_SCALARS: Final = frozenset({"string", "boolean", "number"})


@dataclass(frozen=True)
class CatalogedProperty:
    """A property, a trait (of identify and group), or what lies in one, as `address.city`. `types` counts events by JSON type. `values` are None
    where not all are known; lists and objects have none."""

    name: str
    types: Mapping[str, int]
    values: ObservedValues | None = None

    @property
    def count(self) -> int:
        return sum(self.types.values())


@dataclass(frozen=True)
class CatalogedEvent:
    """`name` is a track call's own, else the type. Moments are those of the events, in UTC. `complete` is False once it had more properties than are
    kept."""

    name: str
    type: str
    count: int
    first_seen: datetime
    last_seen: datetime
    sources: tuple[str, ...] = ()
    properties: Mapping[str, CatalogedProperty] = field(default_factory=dict)
    complete: bool = True


@dataclass(frozen=True)
class Catalog:
    """`through`: rows curated up to then are in it. `complete` is False once there were more events than it holds, or
    more to read than a run reads; of the properties each event says it."""

    through: datetime
    events: tuple[CatalogedEvent, ...] = ()
    complete: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(event.name for event in self.events))

    def properties(self, name: str) -> Mapping[str, CatalogedProperty]:
        """Of every event of this name."""
        return _properties(event for event in self.events if event.name == name)

    def knows_properties(self, name: str) -> bool:
        """Whether it has all properties of every event of this name."""
        return self.complete and all(event.complete for event in self.events if event.name == name)

    @property
    def traits(self) -> Mapping[str, CatalogedProperty]:
        """What segments know of people."""
        return _properties(event for event in self.events if event.type == IDENTIFY)

    @property
    def knows_traits(self) -> bool:
        return self.complete and all(event.complete for event in self.events if event.type == IDENTIFY)


def extended(catalog: Catalog, rows: Iterable[ResultRow], *, through: datetime, all_rows: bool = True) -> Catalog:
    """With the rows of `catalog_sql`, which were curated after `catalog.through` and up to `through`."""
    events = {(event.type, event.name): event for event in catalog.events}
    complete = catalog.complete and all_rows
    for row in sorted(rows, key=lambda row: row["path"] is not None):  # the event itself first: a property belongs to one
        key = row["type"] or "", row["name"] or ""
        known = events.get(key)
        added = _with_event(known, row) if row["path"] is None else _with_property(known, row)
        if added is not None and (known is not None or len(events) < MAX_EVENTS):
            events[key] = added
        else:
            complete = False
    return Catalog(through, tuple(_within_bounds(sorted(events.values(), key=lambda event: (event.name, event.type)))), complete)


def _with_event(event: CatalogedEvent | None, row: ResultRow) -> CatalogedEvent:
    first, last, count = _moment(row["first_ts"]), _moment(row["last_ts"]), int(row["events"] or 0)
    source = {row["source"]} if row["source"] else set()
    if event is None:
        return CatalogedEvent(row["name"] or "", row["type"] or "", count, first, last, tuple(source))
    earliest, latest = min(event.first_seen, first), max(event.last_seen, last)
    sources = tuple(sorted({*event.sources, *source}))
    return replace(event, count=event.count + count, first_seen=earliest, last_seen=latest, sources=sources)


def _with_property(event: CatalogedEvent | None, row: ResultRow) -> CatalogedEvent | None:
    """None where its event is not in the catalog."""
    if event is None:
        return None
    path, kind = row["path"] or "", row["json_type"] or ""
    if path not in event.properties and len(event.properties) >= MAX_PROPERTIES:
        return replace(event, complete=False)
    known = event.properties.get(path, CatalogedProperty(path, {}, ObservedValues()))
    types = {**known.types, kind: known.types.get(kind, 0) + int(row["events"] or 0)}
    return replace(event, properties={**event.properties, path: CatalogedProperty(path, types, _with_values(known.values, row))})


def _with_values(known: ObservedValues | None, row: ResultRow) -> ObservedValues | None:
    if known is None or row["json_type"] not in _SCALARS:
        return known
    sightings = row["sightings"]
    return None if sightings is None else with_sightings(known, json.loads(sightings))


def _within_bounds(events: Iterable[CatalogedEvent]) -> Iterator[CatalogedEvent]:
    """Without the values of those properties for which there is no room."""
    room = MAX_VALUES
    for event in events:
        properties = {}
        for path, known in event.properties.items():
            wanted = 0 if known.values is None else known.values.size
            properties[path] = known if wanted <= room else replace(known, values=None)
            room -= wanted if wanted <= room else 0
        yield replace(event, properties=properties)


def _properties(events: Iterable[CatalogedEvent]) -> Mapping[str, CatalogedProperty]:
    merged: dict[str, CatalogedProperty] = {}
    for event in events:
        for path, known in event.properties.items():
            merged[path] = _merged(merged[path], known) if path in merged else known
    return merged


def _merged(one: CatalogedProperty, other: CatalogedProperty) -> CatalogedProperty:
    types = {name: one.types.get(name, 0) + other.types.get(name, 0) for name in {**one.types, **other.types}}
    values = None if one.values is None or other.values is None else one.values.merged(other.values)
    return CatalogedProperty(one.name, types, values)


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text or "").replace(tzinfo=UTC)
