"""The names that a rule may say, for whoever writes one: what was sent, what is defined, what consent is asked for."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from regulars.domain.errors import InvalidSettingsError, UnreadableCatalogError
from regulars.domain.quality.catalog import Catalog, CatalogedProperty
from regulars.ports import DefinitionStore, ObjectStore
from regulars.usecases.current_settings import current_settings
from regulars.usecases.read_catalog import read_catalog


@dataclass(frozen=True)
class SuggestedName:
    """A trait or a property: the JSON types that it came in, the most frequent first, and the values that several people told."""

    name: str
    types: Sequence[str]
    values: Sequence[str | float | bool]


@dataclass(frozen=True)
class SuggestedEvent:
    """The most frequent event comes first."""

    name: str
    count: int
    properties: Sequence[SuggestedName]


@dataclass(frozen=True)
class SuggestedId:
    id: str
    name: str


@dataclass(frozen=True)
class Suggested:
    """Of what is archived nothing. `catalog` says why there are no events and traits: `empty` where nothing was ever sent, `rebuilding` where the
    next curate makes it anew."""

    catalog: Literal["ready", "empty", "rebuilding"]
    events: Sequence[SuggestedEvent]
    traits: Sequence[SuggestedName]
    segments: Sequence[SuggestedId]
    campaigns: Sequence[SuggestedId]
    purposes: Sequence[str]


def suggest_names(*, definitions: DefinitionStore, lake: ObjectStore) -> Suggested:
    """One object of S3 and two partitions of DynamoDB are read; Athena is not asked. Raises StoreUnavailableError."""
    state, catalog = _catalog(lake)
    return Suggested(
        catalog=state,
        events=_events(catalog) if catalog else [],
        traits=_names(catalog.traits) if catalog else [],
        segments=[SuggestedId(each.id, str(each.document.get("name", each.id))) for each in definitions.all("segment") if not each.archived],
        campaigns=[SuggestedId(each.id, str(each.document.get("name", each.id))) for each in definitions.all("campaign") if not each.archived],
        purposes=_purposes(definitions),
    )


def _catalog(lake: ObjectStore) -> tuple[Literal["ready", "empty", "rebuilding"], Catalog | None]:
    try:
        catalog = read_catalog(lake)
    except UnreadableCatalogError:
        return "rebuilding", None
    return ("ready", catalog) if catalog else ("empty", None)


def _events(catalog: Catalog) -> Sequence[SuggestedEvent]:
    counts: dict[str, int] = {}
    for event in catalog.events:
        counts[event.name] = counts.get(event.name, 0) + event.count
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    return [SuggestedEvent(name, counts[name], _names(catalog.properties(name))) for name in ordered]


def _names(found: Mapping[str, CatalogedProperty]) -> Sequence[SuggestedName]:
    return [_name(found[path]) for path in sorted(found)]


def _name(known: CatalogedProperty) -> SuggestedName:
    types = sorted(known.types, key=lambda name: (-known.types[name], name))
    return SuggestedName(known.name, types, known.values.scalars if known.values else ())


def _purposes(definitions: DefinitionStore) -> Sequence[str]:
    with suppress(InvalidSettingsError):
        return sorted(current_settings(definitions).purposes)
    return []
