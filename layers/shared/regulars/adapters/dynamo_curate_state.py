"""CurateStateStore on DynamoDB: the item `curate` of the state table, with JSON text in `document`, and `version`.

The version before kept it in the table of runs. It is read there until it has been written here: a curate of that version that still works has its
lease there, and two at once would insert the same rows twice.
"""

from typing import Final

import orjson

from regulars.adapters.documents.curate_state import curate_state_document, curate_state_of
from regulars.adapters.dynamo_items import Item, Items, version_condition
from regulars.domain.curation.state import CurateState
from regulars.domain.errors import ConflictError
from regulars.ports import Stored

_KEY: Final = {"name": {"S": "curate"}}
_KEY_BEFORE: Final = {"run_id": {"S": "state#curate"}, "part": {"S": "state"}}


class DynamoCurateState:
    """The state table, and the table of runs that had it `before`."""

    def __init__(self, table: str, *, before: str) -> None:
        self._items = Items(table, "the table of state")
        self._before = Items(before, "the table of runs")

    def get(self) -> Stored[CurateState]:
        if item := self._items.get(_KEY):
            return Stored(_state(item), int(item["version"]["N"]))
        earlier = self._before.get(_KEY_BEFORE)
        return Stored(_state(earlier) if earlier else CurateState(), 0)

    def put(self, state: CurateState, *, expected: int) -> None:
        document = orjson.dumps(curate_state_document(state)).decode()
        item = {**_KEY, "document": {"S": document}, "version": {"N": str(expected + 1)}}
        # `name` is a reserved word of DynamoDB's expressions, so absence is asked of `version`.
        if self._items.put_if(item, *version_condition("version", expected)) is not None:
            raise ConflictError("curate's state: another write came first")


def _state(item: Item) -> CurateState:
    return curate_state_of(orjson.loads(item["document"]["S"]))
