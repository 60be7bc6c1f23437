"""EventNames on DynamoDB: the item `names#<source>` of the state table, with the names as the set `event_names`.

What was read is kept for as long as the process lives: a set only grows, so a name that is known needs no request, and neither does any other once
the set is full. Only a new name of a source that has room costs a write.
"""

from collections.abc import Collection

from regulars.adapters.dynamo_items import Item, Items

_ADMIT = "ADD event_names :one"
_HAS_ROOM = "attribute_not_exists(event_names) OR contains(event_names, :name) OR size(event_names) < :limit"


class DynamoEventNames:
    """`limit` is the most names of a source. Safe from any thread: whoever comes second writes what is there already."""

    def __init__(self, table: str, *, limit: int) -> None:
        self._items, self._limit = Items(table, "the table of state"), limit
        self._known: dict[str, frozenset[str]] = {}

    def admitted(self, source: str, names: Collection[str]) -> Collection[str]:
        known = self._known.get(source)
        if known is None:
            known = self._known[source] = _names(self._items.get(_key(source)) or {})
        for name in names:
            if len(known) >= self._limit:
                break
            if name not in known:
                known = self._known[source] = self._admit(source, name)
        return known.intersection(names)

    def _admit(self, source: str, name: str) -> frozenset[str]:
        """All names of the source, with this one if there was room for it."""
        values = {":one": {"SS": [name]}, ":name": {"S": name}, ":limit": {"N": str(self._limit)}}
        return _names(self._items.update_if(_key(source), _ADMIT, _HAS_ROOM, values))


def _key(source: str) -> Item:
    return {"name": {"S": f"names#{source}"}}


def _names(item: Item) -> frozenset[str]:
    return frozenset(item.get("event_names", {"SS": ()})["SS"])
