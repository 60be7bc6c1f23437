"""ProfileStore on DynamoDB: one item a person, `user_id` (key), `document` (JSON text) and `version`."""

import random
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.ports import Document, Stored

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_BATCH: Final = 100
"""BatchGetItem's limit (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html)."""

_READ_ATTEMPTS: Final = 6
"""Rounds for keys that BatchGetItem leaves unprocessed, with waits that double from 50 ms: 1.6 s in all at most."""


class DynamoProfiles:
    """One table."""

    def __init__(self, table: str) -> None:
        self._table = table

    @property
    def _dynamodb(self) -> "DynamoDBClient":
        return client("dynamodb")  # type: ignore[no-any-return]

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored]:
        wanted = list(dict.fromkeys(user_ids))
        found: dict[str, Stored] = {}
        for start in range(0, len(wanted), _BATCH):
            for item in self._read(wanted[start : start + _BATCH]):
                found[item["user_id"]["S"]] = Stored(orjson.loads(item["document"]["S"]), int(item["version"]["N"]))
        return found

    def put(self, user_id: str, document: Document, *, expected: int) -> None:
        values = {":expected": {"N": str(expected)}} if expected else {}
        condition = "version = :expected" if expected else "attribute_not_exists(user_id)"
        item: Any = {
            "user_id": {"S": user_id},
            "document": {"S": orjson.dumps(document).decode()},
            "version": {"N": str(expected + 1)},
        }
        given: Any = {"ExpressionAttributeValues": values} if values else {}
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item, ConditionExpression=condition, **given)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise ConflictError("another write of this profile came first") from error
            raise _unavailable(error) from error
        except BotoCoreError as error:
            raise _unavailable(error) from error

    def _read(self, user_ids: Sequence[str]) -> list[dict[str, Any]]:
        request: Any = {self._table: {"Keys": [{"user_id": {"S": user_id}} for user_id in user_ids], "ConsistentRead": True}}
        items: list[dict[str, Any]] = []
        for attempt in range(_READ_ATTEMPTS):
            if attempt:
                time.sleep(random.uniform(0.5, 1) * 0.05 * 2 ** (attempt - 1))
            try:
                answer = self._dynamodb.batch_get_item(RequestItems=request)
            except (BotoCoreError, ClientError) as error:
                raise _unavailable(error) from error
            items += answer["Responses"].get(self._table, [])
            request = answer["UnprocessedKeys"]
            if not request:
                return items
        raise StoreUnavailableError(f"the profile table left keys unread {_READ_ATTEMPTS} times")


def _unavailable(error: Exception) -> StoreUnavailableError:
    return StoreUnavailableError(f"the profile table failed: {error}")
