"""JourneyRegistry on one item of the table of journeys. Whoever takes events in reads it, and imports nothing else of journeys for that."""

from datetime import datetime
from typing import Any, Final

import orjson

from regulars.adapters.dynamo_items import Items, version_condition
from regulars.domain.errors import ConflictError
from regulars.domain.journeys.registry import Listed, Registry
from regulars.ports import Stored

_KEY: Final = {"user_id": {"S": "!registry"}, "what": {"S": "registry"}}


class DynamoJourneyRegistry:
    """One item of the table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the table of journeys")

    def get(self) -> Stored[Registry]:
        item = self._items.get(_KEY)
        return Stored(_registry_of(item["registry"]["S"]), int(item["version"]["N"])) if item else Stored(Registry(), 0)

    def put(self, registry: Registry, *, expected: int) -> None:
        item = {**_KEY, "registry": {"S": _document(registry)}, "version": {"N": str(expected + 1)}}
        condition, values = version_condition("what", expected)
        if self._items.put_if(item, condition, values or None) is not None:
            raise ConflictError("somebody else launched, paused or stopped a journey at the same moment: try again")


def _document(registry: Registry) -> str:
    listed = {
        each.journey_id: {
            "standing": each.standing,
            "versions": each.versions,
            "changed_at": each.changed_at,
            "changed_by": each.changed_by,
            "stopped_at": each.stopped_at,
        }
        for each in registry.journeys.values()
    }
    return orjson.dumps({"journeys": listed, "revision": registry.revision, "key": registry.key}).decode()


def _registry_of(text: str) -> Registry:
    document = orjson.loads(text)
    journeys = {journey_id: _listed(journey_id, each) for journey_id, each in document["journeys"].items()}
    return Registry(journeys, document["revision"], document["key"])


def _listed(journey_id: str, document: dict[str, Any]) -> Listed:
    stopped_at = datetime.fromisoformat(document["stopped_at"]) if document["stopped_at"] else None
    changed_at = datetime.fromisoformat(document["changed_at"])
    return Listed(journey_id, document["standing"], tuple(document["versions"]), changed_at, document["changed_by"], stopped_at)
