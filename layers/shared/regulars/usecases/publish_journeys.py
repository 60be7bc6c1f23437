"""Changing which journeys run: what all who have to know read is written first, and then what says that it is there."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

import orjson

from regulars.domain.definitions import documents_of
from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError
from regulars.domain.journeys.published import published_document, published_key
from regulars.domain.journeys.registry import Registry
from regulars.ports import DefinitionStore, JourneyRegistry, ObjectStore

Change = Callable[[Registry], Registry]

TRIES: Final = 5
"""Of two who launch different journeys at once each is heard: whoever comes second reads anew."""


def publish_journeys(change: Change, *, registry: JourneyRegistry, definitions: DefinitionStore, lake: ObjectStore) -> Registry:
    """The registry after the change, which is in force everywhere within `live_journeys.MAX_AGE`.

    Whatever stops it, nobody reads half of it: an object that no registry names is nobody's. Raises what `change` raises, NotFoundError for a
    version that is not there, ConflictError where others change them at each of TRIES moments, StoreUnavailableError.
    """
    for _ in range(TRIES):
        stored = registry.get()
        changed = change(stored.value)
        if changed is stored.value:
            return changed
        content = orjson.dumps(_document(changed, definitions))
        changed = replace(changed, key=published_key(changed.revision, content))
        lake.put(changed.key, content)
        with suppress(ConflictError):
            registry.put(changed, expected=stored.version)
            return changed
    raise ConflictError(f"others launched, paused or stopped journeys {TRIES} times at the same moment: try again")


def _document(registry: Registry, definitions: DefinitionStore) -> JsonObject:
    """With every version that was launched, and the segments as they are now."""
    versions = {
        (journey_id, version): definitions.get("journey", journey_id, version).document
        for journey_id, listed in registry.journeys.items()
        for version in listed.versions
    }
    segments = documents_of(each for each in definitions.all("segment") if not each.archived)
    return published_document(registry, versions, segments)
