"""RefreshStore on DynamoDB: the items `refresh#<segment>` of the state table, with JSON text in `document`, and `version`."""

from regulars.adapters.documents.refreshes import refresh_document, refresh_of
from regulars.adapters.dynamo_items import Item, Items, version_condition
from regulars.domain.errors import ConflictError
from regulars.domain.refreshes import Refresh
from regulars.ports import Stored


class DynamoRefreshes:
    """The state table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the table of state")

    def get(self, segment_id: str) -> Stored[Refresh]:
        item = self._items.get(_key(segment_id))
        return Stored(refresh_of(item["document"]["S"]), int(item["version"]["N"])) if item else Stored(Refresh(segment_id), 0)

    def put(self, state: Refresh, *, expected: int) -> None:
        item = {**_key(state.segment_id), "document": {"S": refresh_document(state)}, "version": {"N": str(expected + 1)}}
        # `name` is a reserved word of DynamoDB's expressions, so absence is asked of `version`.
        if self._items.put_if(item, *version_condition("version", expected)) is not None:
            raise ConflictError(f"the refreshing of {state.segment_id}: another write came first")


def _key(segment_id: str) -> Item:
    return {"name": {"S": f"refresh#{segment_id}"}}
