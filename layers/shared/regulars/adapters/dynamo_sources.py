"""SourceStore on DynamoDB, key `name`.

source#app           the source, as JSON text in `document`, and its `version`
key#<64 hex digits>  one of its keys, by the digest: `source_name`, `made_at`, and `ends_at` if it ends

A source and its keys are written together. A key's item stays for ever, so that a key that ended is never taken for a new one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from regulars.adapters.dynamo_items import Item, Items, version_condition
from regulars.domain.collection.source import Source, SourceKey
from regulars.domain.errors import ConflictError, NotFoundError
from regulars.ports import Stored

TABLE: Final = "the table of sources"
_SOURCE: Final = "source#"
_THE_SAME_KEY: Final = "attribute_not_exists(made_at) OR (source_name = :source_name AND made_at = :made_at)"


class DynamoSources:
    """One table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, TABLE)

    def get(self, name: str) -> Stored[Source]:
        item = self._items.get({"name": {"S": f"{_SOURCE}{name}"}})
        if item is None:
            raise NotFoundError(f"there is no source {name}")
        return Stored(_source(item), int(item["version"]["N"]))

    def all(self) -> Sequence[Source]:
        found = [_source(item) for item in self._items.scan() if item["name"]["S"].startswith(_SOURCE)]
        return sorted(found, key=lambda source: source.name)

    def put(self, source: Source, *, expected: int) -> None:
        refused = self._items.put_all([_put(source, expected), *map(_put_key, source.keys)])
        if refused and refused[0] > 0:
            raise ConflictError("this write key is in use, or was: a key is given to one source, once")
        if refused:
            raise ConflictError(
                f"source {source.name} is being changed by others; try again" if expected else f"there is a source {source.name} already"
            )


def key_of(digest: str) -> Item:
    return {"name": {"S": f"key#{digest}"}}


def source_key(digest: str, item: Item) -> SourceKey:
    ends_at = datetime.fromisoformat(item["ends_at"]["S"]) if "ends_at" in item else None
    return SourceKey(digest, item["source_name"]["S"], datetime.fromisoformat(item["made_at"]["S"]), ends_at)


def _put(source: Source, expected: int) -> Item:
    condition, values = version_condition("document", expected)
    item = {
        "name": {"S": f"{_SOURCE}{source.name}"},
        "document": {"S": orjson.dumps(source).decode()},
        "version": {"N": str(expected + 1)},
    }
    return {"Item": item, "ConditionExpression": condition, **({"ExpressionAttributeValues": values} if values else {})}


def _put_key(key: SourceKey) -> Item:
    told = {"source_name": {"S": key.source}, "made_at": {"S": key.made_at.isoformat()}}
    ends = {"ends_at": {"S": key.ends_at.isoformat()}} if key.ends_at else {}
    return {
        "Item": {**key_of(key.digest), **told, **ends},
        "ConditionExpression": _THE_SAME_KEY,
        "ExpressionAttributeValues": {f":{name}": value for name, value in told.items()},
    }


def _source(item: Item) -> Source:
    document: Any = orjson.loads(item["document"]["S"])
    keys = tuple(SourceKey(key["digest"], key["source"], _moment(key["made_at"]), _end(key["ends_at"])) for key in document["keys"])
    return Source(document["name"], _moment(document["created_at"]), keys, _end(document["revoked_at"]))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _end(text: str | None) -> datetime | None:
    return None if text is None else _moment(text)
