"""The catalog of events: every name that was sent, with its properties and their JSON types.

It is a document of its own, with the moment up to which it has everything. Rows of `events` that were curated later are added to it, and document
and moment are written as one: whoever adds again after a crash adds to what is there, and no count doubles.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from regulars.domain.queries import ResultRow

MAX_EVENTS: Final = 1_000
MAX_PROPERTIES: Final = 200
"""Of an event. Whoever knows a write key can make up names without end; those that came first stay."""

IDENTIFY: Final = "identify"


@dataclass(frozen=True)
class CatalogedProperty:
    """A property, a trait (of identify and group), or what lies in one, as `address.city`. `types` counts events by JSON type."""

    name: str
    types: Mapping[str, int]

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
    return Catalog(through, tuple(sorted(events.values(), key=lambda event: (event.name, event.type))), complete)


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
    before = event.properties[path].types if path in event.properties else {}
    types = {**before, kind: before.get(kind, 0) + int(row["events"] or 0)}
    return replace(event, properties={**event.properties, path: CatalogedProperty(path, types)})


def _properties(events: Iterable[CatalogedEvent]) -> Mapping[str, CatalogedProperty]:
    return {path: known for event in events for path, known in event.properties.items()}


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text or "").replace(tzinfo=UTC)
