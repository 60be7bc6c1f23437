"""RunStore and StateStore on one DynamoDB table: key `run_id` and `part`, the document as JSON text in `document`, and `version`.

<run_id>        run              the record of a run
<run_id>        claim#<rest>     taken once: the rest of a claim's name after its first slash
state#<name>    state            a watermark or a lease
"""

import uuid
from typing import TYPE_CHECKING, Any

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import ConflictError, NotFoundError, StoreUnavailableError
from regulars.ports import Document, Stored

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_RUN = "run"
_STATE = "state"


class _Parts:
    """Versioned documents by run and part."""

    def __init__(self, table: str) -> None:
        self._table = table

    @property
    def _dynamodb(self) -> "DynamoDBClient":
        return client("dynamodb")  # type: ignore[no-any-return]

    def read(self, run_id: str, part: str) -> Stored | None:
        try:
            answer = self._dynamodb.get_item(TableName=self._table, Key=_key(run_id, part), ConsistentRead=True)
        except (BotoCoreError, ClientError) as error:
            raise _unavailable(error) from error
        item = answer.get("Item")
        return Stored(orjson.loads(item["document"]["S"]), int(item["version"]["N"])) if item else None

    def write(self, run_id: str, part: str, document: Document, *, expected: int) -> None:
        """Version 0 is expected where nothing is there yet. Raises ConflictError."""
        condition, values = "attribute_not_exists(run_id)", {}
        if expected:
            condition, values = "version = :expected", {":expected": {"N": str(expected)}}
        item = {
            **_key(run_id, part),
            "document": {"S": orjson.dumps(document).decode()},
            "version": {"N": str(expected + 1)},
        }
        if self.put_if(item, condition, values) is not None:
            raise ConflictError(f"{run_id}: another write came first")

    def put_if(self, item: dict[str, Any], condition: str, values: dict[str, Any]) -> dict[str, Any] | None:
        """None if written, else the item that was in the way."""
        given: Any = {"ExpressionAttributeValues": values} if values else {}
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=condition,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **given,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                there: Any = error.response.get("Item") or {}
                return dict(there)
            raise _unavailable(error) from error
        except BotoCoreError as error:
            raise _unavailable(error) from error
        return None


class DynamoRuns:
    """`RunStore`."""

    def __init__(self, table: str) -> None:
        self._parts = _Parts(table)

    def create(self, run_id: str, document: Document) -> None:
        self._parts.write(run_id, _RUN, document, expected=0)

    def get(self, run_id: str) -> Stored:
        found = self._parts.read(run_id, _RUN)
        if found is None:
            raise NotFoundError(f"there is no run {run_id}")
        return found

    def put(self, run_id: str, document: Document, *, expected: int) -> None:
        self._parts.write(run_id, _RUN, document, expected=expected)

    def claim(self, name: str, owner: str) -> bool:
        run_id, _, rest = name.partition("/")
        # botocore repeats a request whose answer was lost; by the attempt we know our own claim when we meet it.
        attempt = uuid.uuid4().hex
        item = {**_key(run_id, f"claim#{rest}"), "owner": {"S": owner}, "attempt": {"S": attempt}}
        there = self._parts.put_if(item, "attribute_not_exists(run_id)", {})
        return there is None or there.get("attempt", {}).get("S") == attempt


class DynamoState:
    """`StateStore`."""

    def __init__(self, table: str) -> None:
        self._parts = _Parts(table)

    def get(self, name: str) -> Stored:
        return self._parts.read(f"state#{name}", _STATE) or Stored({}, 0)

    def put(self, name: str, document: Document, *, expected: int) -> None:
        self._parts.write(f"state#{name}", _STATE, document, expected=expected)


def _key(run_id: str, part: str) -> dict[str, Any]:
    return {"run_id": {"S": run_id}, "part": {"S": part}}


def _unavailable(error: Exception) -> StoreUnavailableError:
    return StoreUnavailableError(f"the table of runs failed: {error}")
