"""ProgressStore on DynamoDB: an item a shard of the table of claims, its key `name`, JSON text in `document`, `version`, and when DynamoDB may forget
it (`expires_at`, the table's time to live)."""

import time
from collections.abc import Sequence

from regulars.adapters.documents.progress import progress_document, progress_of
from regulars.adapters.dynamo_claims import LIFE_SECONDS
from regulars.adapters.dynamo_items import Item, Items, version_condition
from regulars.domain.delivery.progress import Progress
from regulars.domain.errors import ConflictError
from regulars.ports import Stored


class DynamoProgress:
    """The table of claims."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the table of claims")

    def get(self, run_id: str, shard: int) -> Stored[Progress]:
        item = self._items.get(_key(run_id, shard))
        if item is None:
            return Stored(Progress(run_id, shard), 0)
        return Stored(progress_of(item["document"]["S"]), int(item["version"]["N"]))

    def get_many(self, run_id: str, shards: Sequence[int]) -> Sequence[Progress]:
        return [progress_of(item["document"]["S"]) for item in self._items.get_many([_key(run_id, shard) for shard in shards])]

    def put(self, progress: Progress, *, expected: int) -> None:
        document, expires_at = progress_document(progress), int(time.time()) + LIFE_SECONDS
        kept = {"document": {"S": document}, "version": {"N": str(expected + 1)}, "expires_at": {"N": str(expires_at)}}
        # `name` is a reserved word of DynamoDB's expressions, so absence is asked of `version`.
        if self._items.put_if({**_key(progress.run_id, progress.shard), **kept}, *version_condition("version", expected)) is not None:
            raise ConflictError(f"shard {progress.shard} of run {progress.run_id}: another call has taken it over")


def _key(run_id: str, shard: int) -> Item:
    return {"name": {"S": f"{run_id}/{shard}"}}
