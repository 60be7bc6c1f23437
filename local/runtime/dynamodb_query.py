"""A Query on moto's DynamoDB that looks at one partition.

moto 5.2.5 sorts every item of the table for each Query, and then leaves out those of other partitions (moto/dynamodb/models/table.py): with a
thousand people in a table, a read of one of them takes ten milliseconds. Here it is given those alone that can be meant; what it does with them stays
its own.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from local.runtime.corrections import replace

_stock_query = Table.query


def install() -> None:
    replace(Table, "query", _query)


def _query(self: Table, hash_key: DynamoType | None, *arguments: Any, **named: Any) -> Any:
    """One request has the backend at a time (`dynamodb.one_at_a_time`), so that nobody else sees the table without its other items."""
    by_index = bool(named.get("index_name") or (len(arguments) > 6 and arguments[6]))
    keys = named.get("hash_key_conditions") or ()
    meant = list(_alike(self, keys) if by_index else _of_partition(self, hash_key))
    self.all_items = lambda: meant
    try:
        return _stock_query(self, hash_key, *arguments, **named)
    finally:
        del self.all_items


def _of_partition(table: Table, hash_key: DynamoType | None) -> Iterator[Item]:
    items: Any = table.items
    if hash_key in items:
        yield from items[hash_key].values() if table.range_key_attr else (items[hash_key],)


def _alike(table: Table, keys: Sequence[tuple[str, DynamoType]]) -> Iterator[Item]:
    """By the keys of an index, in no order: moto sorts them by it."""
    items: Any = table.items
    for found in items.values():
        for item in found.values() if table.range_key_attr else (found,):
            if all((there := item.attrs.get(name)) is not None and there.value == key.value for name, key in keys):
                yield item
