"""DefinitionStore on DynamoDB: key `kind` and `name`, the document as JSON text in `document`, and `version`.

`name` is `<id>#00000001` for each version, which never changes again, and `<id>#latest` for a copy of the newest.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import ConflictError, NotFoundError, StoreUnavailableError
from regulars.ports import DefinitionKind, Document, Stored

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

PUT_ATTEMPTS = 5
"""How often a put makes room for another that came first."""

_LATEST = "latest"


class DynamoDefinitions:
    """One table."""

    def __init__(self, table: str) -> None:
        self._table = table

    @property
    def _dynamodb(self) -> "DynamoDBClient":
        return client("dynamodb")  # type: ignore[no-any-return]

    def put(self, kind: DefinitionKind, identity: str, document: Document, *, at: datetime, by: str) -> int:
        """Raises ConflictError after five puts of others in a row, StoreUnavailableError."""
        for _ in range(PUT_ATTEMPTS):
            newest = self._read(kind, identity, _LATEST)
            version = (newest.version if newest else 0) + 1
            item = {
                "kind": {"S": kind},
                "document": {"S": orjson.dumps(document).decode()},
                "version": {"N": str(version)},
                "at": {"S": at.isoformat()},
                "by": {"S": by},
            }
            if self._written(item, identity, version):
                return version
        raise ConflictError(f"{kind} {identity} is being saved by others; try again")

    def get(self, kind: DefinitionKind, identity: str, version: int | None = None) -> Stored:
        found = self._read(kind, identity, _LATEST if version is None else _numbered(version))
        if found is None:
            which = f"{kind} {identity}" if version is None else f"version {version} of {kind} {identity}"
            raise NotFoundError(f"there is no {which}")
        return found

    def all(self, kind: DefinitionKind) -> Sequence[Stored]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="kind = :kind",
            FilterExpression="contains(#name, :latest)",
            ExpressionAttributeNames={"#name": "name"},
            ExpressionAttributeValues={":kind": {"S": kind}, ":latest": {"S": f"#{_LATEST}"}},
            ConsistentRead=True,
        )
        try:
            # In the order of `name`, which is that of the ids: "#" comes before every character of an id.
            return [_stored(item) for page in pages for item in page["Items"]]
        except (BotoCoreError, ClientError) as error:
            raise _unavailable(error) from error

    def _read(self, kind: str, identity: str, suffix: str) -> Stored | None:
        key: Any = {"kind": {"S": kind}, "name": {"S": f"{identity}#{suffix}"}}
        try:
            item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        except (BotoCoreError, ClientError) as error:
            raise _unavailable(error) from error
        return _stored(item) if item else None

    def _written(self, item: dict[str, Any], identity: str, version: int) -> bool:
        """Both items or none; False if this version is there already."""
        puts = [{"TableName": self._table, "Item": {**item, "name": {"S": f"{identity}#{suffix}"}}} for suffix in (_numbered(version), _LATEST)]
        puts[0]["ConditionExpression"] = "attribute_not_exists(kind)"
        writes: Any = [{"Put": put} for put in puts]
        try:
            self._dynamodb.transact_write_items(TransactItems=writes)
        except ClientError as error:
            if error.response["Error"]["Code"] == "TransactionCanceledException":
                return False
            raise _unavailable(error) from error
        except BotoCoreError as error:
            raise _unavailable(error) from error
        return True


def _numbered(version: int) -> str:
    return f"{version:08d}"


def _stored(item: Any) -> Stored:
    return Stored(orjson.loads(item["document"]["S"]), int(item["version"]["N"]))


def _unavailable(error: Exception) -> StoreUnavailableError:
    return StoreUnavailableError(f"the table of definitions failed: {error}")
