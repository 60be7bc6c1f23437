"""The catalog of events, to be read by people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.errors import UnreadableCatalogError
from regulars.domain.quality.catalog import CatalogedEvent, CatalogedProperty
from regulars.ports import ObjectStore
from regulars.usecases.read_catalog import read_catalog


@dataclass(frozen=True)
class ShownProperty:
    """`types` has the JSON types that it came in, the most frequent first. `values` has the values that several people told, and `rare_values` says
    how many others there were: both are None where not all are known, because they are too many or too long."""

    name: str
    types: Sequence[str]
    count: int
    values: Sequence[str | float | bool] | None
    rare_values: int | None


@dataclass(frozen=True)
class ShownEvent:
    """`complete` is False where it had more properties than are kept."""

    name: str
    type: str
    count: int
    first_seen: datetime
    last_seen: datetime
    sources: Sequence[str]
    properties: Sequence[ShownProperty]
    complete: bool


@dataclass(frozen=True)
class ShownCatalog:
    """What came later than `through` is not counted yet; None where nothing is. `complete` is False where there are more events than it holds;
    `rebuilding` where it could not be read, so that the next curate makes it anew. It is read as one object: Athena scans nothing for it."""

    events: Sequence[ShownEvent]
    through: datetime | None
    complete: bool
    rebuilding: bool = False
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def show_catalog(*, lake: ObjectStore) -> ShownCatalog:
    """Raises StoreUnavailableError."""
    try:
        catalog = read_catalog(lake)
    except UnreadableCatalogError:
        return ShownCatalog([], None, complete=False, rebuilding=True)
    if catalog is None:
        return ShownCatalog([], None, complete=True)
    return ShownCatalog([_shown(event) for event in catalog.events], catalog.through, catalog.complete)


def _shown(event: CatalogedEvent) -> ShownEvent:
    properties = [_shown_property(event.properties[path]) for path in sorted(event.properties)]
    return ShownEvent(event.name, event.type, event.count, event.first_seen, event.last_seen, event.sources, properties, event.complete)


def _shown_property(known: CatalogedProperty) -> ShownProperty:
    types = sorted(known.types, key=lambda name: (-known.types[name], name))
    if known.values is None:
        return ShownProperty(known.name, types, known.count, None, None)
    return ShownProperty(known.name, types, known.count, known.values.scalars, len(known.values.rare))
