"""The catalog as the lake's bucket keeps it."""

from datetime import datetime
from typing import Any, Final

import orjson

from regulars.domain.quality.catalog import Catalog, CatalogedEvent, CatalogedProperty

KEY: Final = "catalog/events.json"


def written(catalog: Catalog) -> bytes:
    return orjson.dumps(catalog)


def read(body: bytes) -> Catalog:
    document = orjson.loads(body)
    return Catalog(datetime.fromisoformat(document["through"]), tuple(map(_event, document["events"])), document["complete"])


def _event(given: Any) -> CatalogedEvent:
    first, last = (datetime.fromisoformat(given[name]) for name in ("first_seen", "last_seen"))
    properties = {path: CatalogedProperty(path, known["types"]) for path, known in given["properties"].items()}
    return CatalogedEvent(given["name"], given["type"], given["count"], first, last, tuple(given["sources"]), properties)
