"""The `MigrationLog` on the table of states: one item a statement, named `migration#0008#02` (its number, its place).

An item of its own makes a record one conditional write that nobody else's can be in the way of. They are read by a Scan, because what
matters is also what no file of this version knows; the table holds a few hundred small items, a page of one request.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.domain.lake.migrations import AppliedStatement

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_PREFIX = "migration#"


class DynamoMigrations:
    def __init__(self, table: str) -> None:
        self._table = table

    @property
    def _dynamodb(self) -> "DynamoDBClient":
        return client("dynamodb")  # type: ignore[no-any-return]

    def applied(self) -> Sequence[AppliedStatement]:
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            ConsistentRead=True,
            FilterExpression="begins_with(#name, :prefix)",
            ExpressionAttributeNames={"#name": "name"},
            ExpressionAttributeValues={":prefix": {"S": _PREFIX}},
        )
        try:
            found = [_statement(item) for page in pages for item in page["Items"]]
        except (BotoCoreError, ClientError) as error:
            raise _unavailable(error) from error
        return sorted(found, key=lambda done: (done.number, done.place))

    def record(self, statement: AppliedStatement) -> None:
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=_item(statement),
                ConditionExpression="attribute_not_exists(#name)",
                ExpressionAttributeNames={"#name": "name"},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise _unavailable(error) from error
            there: Any = error.response.get("Item") or {}
            if there["digest"]["S"] != statement.digest:
                where = f"{statement.name}, statement {statement.place}"
                raise ConflictError(f"{where}: another version of it was applied in the meantime") from error
        except BotoCoreError as error:
            raise _unavailable(error) from error


def _item(statement: AppliedStatement) -> dict[str, Any]:
    return {
        "name": {"S": f"{_PREFIX}{statement.number:04d}#{statement.place:02d}"},
        "number": {"N": str(statement.number)},
        "file": {"S": statement.name},
        "place": {"N": str(statement.place)},
        "of": {"N": str(statement.of)},
        "digest": {"S": statement.digest},
        "at": {"S": statement.at.isoformat()},
    }


def _statement(item: Any) -> AppliedStatement:
    return AppliedStatement(
        number=int(item["number"]["N"]),
        name=item["file"]["S"],
        place=int(item["place"]["N"]),
        of=int(item["of"]["N"]),
        digest=item["digest"]["S"],
        at=datetime.fromisoformat(item["at"]["S"]),
    )


def _unavailable(error: Exception) -> StoreUnavailableError:
    return StoreUnavailableError(f"the table of states failed: {error}")
