"""Documents on DynamoDB, each with a version that a write must expect: one item each, its key, `document` (JSON text) and `version`.

Many are written as PartiQL statements, of which one request takes 25, each with a condition of its own and at a put's price. BatchWriteItem knows no
conditions; a transaction costs twice, and one refused condition undoes its neighbours; requests of one item each cost ten times the CPU.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Generic, TypeVar

import orjson

from regulars.adapters.documents import Document
from regulars.adapters.dynamo_items import Item, Items, PartiQl, version_condition
from regulars.domain.errors import ConflictError
from regulars.ports import Stored

T = TypeVar("T")


class DynamoDocuments(Generic[T]):
    """One table, `what` names it to people; `key` is the attribute of its key and of what is kept in it, which orjson can write and `read` reads."""

    def __init__(self, table: str, what: str, *, key: str, read: Callable[[Document], T]) -> None:
        self._items, self._what, self._key, self._read = Items(table, what), what, key, read
        self._insert = f"""INSERT INTO "{table}" VALUE {{'{key}': ?, 'document': ?, 'version': ?}}"""
        self._update = f"""UPDATE "{table}" SET document = ? SET version = ? WHERE {key} = ? AND version = ?"""

    def get_many(self, keys: Sequence[str]) -> Mapping[str, Stored[T]]:
        wanted = [{self._key: {"S": key}} for key in dict.fromkeys(keys)]
        return {
            item[self._key]["S"]: Stored(self._read(orjson.loads(item["document"]["S"])), int(item["version"]["N"]))
            for item in self._items.get_many(wanted)
        }

    def put(self, thing: T, *, expected: int) -> None:
        item = {self._key: self._key_of(thing), "document": _document(thing), "version": {"N": str(expected + 1)}}
        if self._items.put_if(item, *version_condition(self._key, expected)) is not None:
            raise ConflictError(f"{self._what}: another write came first")

    def put_many(self, things: Sequence[Stored[T]]) -> Collection[str]:
        refused = self._items.write_each([self._statement(stored.value, stored.version) for stored in things])
        return {self._key_of(things[place].value)["S"] for place in refused}

    def _statement(self, thing: T, expected: int) -> PartiQl:
        """An INSERT is refused where the item is there, an UPDATE where its condition does not hold."""
        document, key, version = _document(thing), self._key_of(thing), {"N": str(expected + 1)}
        if not expected:
            return self._insert, [key, document, version]
        return self._update, [document, version, key, {"N": str(expected)}]

    def _key_of(self, thing: T) -> Item:
        return {"S": getattr(thing, self._key)}


def _document(thing: object) -> Item:
    return {"S": orjson.dumps(thing, default=dict).decode()}
