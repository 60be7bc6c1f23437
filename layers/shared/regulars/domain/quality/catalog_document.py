"""The catalog as the lake's bucket keeps it."""

from datetime import datetime
from typing import Any, Final

import orjson

from regulars.domain.errors import UnreadableCatalogError
from regulars.domain.quality.catalog import Catalog, CatalogedEvent, CatalogedProperty
from regulars.domain.quality.observed_values import ObservedValues

KEY: Final = "catalog/events.json"

VERSION: Final = 3
"""Of the document: 1, which said none, did not say of which events it had all properties, 2 had no values."""

_READABLE: Final = (2, VERSION)


def written(catalog: Catalog) -> bytes:
    return orjson.dumps({"version": VERSION, "catalog": catalog})


def read(body: bytes) -> Catalog:
    """Values are unknown where a document of version 2 has none. Raises UnreadableCatalogError for anything else that `written` does not write."""
    try:
        document = orjson.loads(body)
        if document["version"] not in _READABLE:
            raise UnreadableCatalogError(f"the catalog is of version {document['version']}, not {VERSION}")
        return _catalog(document["catalog"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableCatalogError("the catalog is not as it was written") from error


def _catalog(given: Any) -> Catalog:
    return Catalog(_moment(given["through"]), tuple(map(_event, given["events"])), bool(given["complete"]))


def _event(given: Any) -> CatalogedEvent:
    return CatalogedEvent(
        name=str(given["name"]),
        type=str(given["type"]),
        count=int(given["count"]),
        first_seen=_moment(given["first_seen"]),
        last_seen=_moment(given["last_seen"]),
        sources=tuple(map(str, given["sources"])),
        properties={path: _property(path, known) for path, known in given["properties"].items()},
        complete=bool(given["complete"]),
    )


def _property(path: str, given: Any) -> CatalogedProperty:
    values = given.get("values")
    observed = None if values is None else ObservedValues(_texts(values["common"]), _texts(values["rare"]))
    return CatalogedProperty(path, _types(given["types"]), observed)


def _texts(given: Any) -> dict[str, str]:
    return {str(name): str(text) for name, text in given.items()}


def _types(given: Any) -> dict[str, int]:
    return {name: int(count) for name, count in given.items()}


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} says no zone")
    return moment
