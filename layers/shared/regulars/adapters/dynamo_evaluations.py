"""EvaluationStore on DynamoDB: key `segment_id` and `evaluation_id`, which sorts by time; the JSON text in `document`, and when DynamoDB may forget
it (`expires_at`, the table's time to live)."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from typing import Final

import orjson

from regulars.adapters.documents.evaluations import evaluation_document, evaluation_of
from regulars.adapters.dynamo_items import Item, Items
from regulars.domain.errors import NotFoundError
from regulars.domain.evaluations import Evaluation

LIFE: Final = timedelta(days=90)
"""As long as the lists of their people under evaluations/ (template.yaml, LakeBucket)."""


class DynamoEvaluations:
    """One table."""

    def __init__(self, table: str) -> None:
        self._items = Items(table, "the table of evaluations")

    def put(self, evaluation: Evaluation) -> None:
        document = orjson.dumps(evaluation_document(evaluation)).decode()
        expires_at = int((evaluation.started_at + LIFE).timestamp())
        self._items.put({**_key(evaluation.segment_id, evaluation.id), "document": {"S": document}, "expires_at": {"N": str(expires_at)}})

    def get(self, segment_id: str, evaluation_id: str) -> Evaluation:
        item = self._items.get(_key(segment_id, evaluation_id))
        if item is None:
            raise NotFoundError(f"there is no evaluation {evaluation_id} of segment {segment_id}: they are kept for {LIFE.days} days")
        return _evaluation(item)

    def listed(self, segment_id: str, *, limit: int = 50) -> Sequence[Evaluation]:
        found = self._items.query("segment_id = :id", {":id": {"S": segment_id}}, ScanIndexForward=False)
        return [_evaluation(item) for item in islice(found, limit)]


def _key(segment_id: str, evaluation_id: str) -> Item:
    return {"segment_id": {"S": segment_id}, "evaluation_id": {"S": evaluation_id}}


def _evaluation(item: Item) -> Evaluation:
    return evaluation_of(orjson.loads(item["document"]["S"]))
