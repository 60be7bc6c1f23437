"""CurateStateStore on DynamoDB: the item `curate` of the state table, with JSON text in `document`, and `version`.

A stack whose version of before kept it elsewhere starts anew: the raw objects of a month are looked through once, and what is known of them is
recognised.
"""

from typing import Final

import orjson

from regulars.adapters.documents import curate_state_document, curate_state_of
from regulars.adapters.dynamo_items import Items, version_condition
from regulars.domain.curation.state import CurateState
from regulars.domain.errors import ConflictError
from regulars.ports import Stored

_KEY: Final = {"name": {"S": "curate"}}


class DynamoCurateState:
    """One table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the table of state")

    def get(self) -> Stored[CurateState]:
        item = self._items.get(_KEY)
        if item is None:
            return Stored(CurateState(), 0)
        return Stored(curate_state_of(orjson.loads(item["document"]["S"])), int(item["version"]["N"]))

    def put(self, state: CurateState, *, expected: int) -> None:
        document = orjson.dumps(curate_state_document(state)).decode()
        item = {**_KEY, "document": {"S": document}, "version": {"N": str(expected + 1)}}
        # `name` is a reserved word of DynamoDB's expressions, so absence is asked of `version`.
        if self._items.put_if(item, *version_condition("version", expected)) is not None:
            raise ConflictError("curate's state: another write came first")
