"""Items of one DynamoDB table, as the stores beside this file need them. Raises StoreUnavailableError for whatever DynamoDB does not do."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import ConflictError, StoreUnavailableError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
"""As DynamoDB's API has it: attribute name to `{"S": text}` and the like."""

BATCH: Final = 100
"""The most keys of a BatchGetItem, and the most actions of a transaction
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html, API_TransactWriteItems.html)."""

PartiQl = tuple[str, Sequence[Item]]
"""A statement of PartiQL and the values of its question marks."""

STATEMENTS: Final = 25
"""The most of a BatchExecuteStatement (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.multiplestatements.batching.html)."""

_REFUSED: Final = frozenset({"ConditionalCheckFailed", "DuplicateItem"})
_PASSING: Final = frozenset(
    {"ProvisionedThroughputExceeded", "RequestLimitExceeded", "ThrottlingError", "InternalServerError", "TransactionConflict"}
)
"""Of the codes of one statement's error (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchStatementError.html)."""

_ATTEMPTS: Final = 6
"""Rounds for keys that BatchGetItem leaves unprocessed and transactions that met another, with waits that double from 50 ms: 1.6 s in all at most."""


class Items:
    """`what` names the table to people, as in "the table of runs". `hurried` as in `aws.client`."""

    def __init__(self, table: str, what: str, *, hurried: bool = False) -> None:
        self._table, self._what, self._hurried = table, what, hurried

    @property
    def _dynamodb(self) -> "DynamoDBClient":
        return client("dynamodb", hurried=self._hurried)  # type: ignore[no-any-return]

    def get(self, key: Item, *, consistent: bool = True) -> Item | None:
        """Strongly consistent unless it need not be."""
        try:
            return self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=consistent).get("Item")
        except (BotoCoreError, ClientError) as error:
            raise self._unavailable(error) from error

    def get_many(self, keys: Sequence[Item]) -> Iterator[Item]:
        """Those that are there, in any order, strongly consistent. Keys must differ."""
        for start in range(0, len(keys), BATCH):
            request: Any = {self._table: {"Keys": list(keys[start : start + BATCH]), "ConsistentRead": True}}
            for attempt in range(_ATTEMPTS):
                back_off(attempt)
                try:
                    answer = self._dynamodb.batch_get_item(RequestItems=request)
                except (BotoCoreError, ClientError) as error:
                    raise self._unavailable(error) from error
                yield from answer["Responses"].get(self._table, [])
                request = answer["UnprocessedKeys"]
                if not request:
                    break
            else:
                raise StoreUnavailableError(f"{self._what} left keys unread {_ATTEMPTS} times")

    def query(self, condition: str, values: Item, *, names: Mapping[str, str] | None = None, **options: Any) -> Iterator[Item]:
        """Every item of one partition that meets the key condition, in the order of the sort key, strongly consistent; of an index (`IndexName`)
        as of a moment ago, for it cannot be more."""
        for page in self._pages(condition, values, names, options):
            yield from page["Items"]

    def count(self, condition: str, values: Item, **options: Any) -> int:
        """How many items `query` would give."""
        return sum(page["Count"] for page in self._pages(condition, values, None, {**options, "Select": "COUNT"}))

    def _pages(self, condition: str, values: Item, names: Mapping[str, str] | None, options: Mapping[str, Any]) -> Iterator[Any]:
        given: Any = {"ExpressionAttributeNames": dict(names)} if names else {}
        consistent = "IndexName" not in options
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table, KeyConditionExpression=condition, ExpressionAttributeValues=values, ConsistentRead=consistent, **given, **options
        )
        try:
            yield from pages
        except (BotoCoreError, ClientError) as error:
            raise self._unavailable(error) from error

    def scan(self) -> Iterator[Item]:
        """Every item of the table, in any order, strongly consistent: for tables of which there is little."""
        try:
            for page in self._dynamodb.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True):
                yield from page["Items"]
        except (BotoCoreError, ClientError) as error:
            raise self._unavailable(error) from error

    def delete(self, key: Item) -> None:
        """Also where it is not there."""
        try:
            self._dynamodb.delete_item(TableName=self._table, Key=key)
        except (BotoCoreError, ClientError) as error:
            raise self._unavailable(error) from error

    def put(self, item: Item) -> None:
        """In the place of whatever is there."""
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item)
        except (BotoCoreError, ClientError) as error:
            raise self._unavailable(error) from error

    def put_if(self, item: Item, condition: str, values: Item | None = None) -> Item | None:
        """None if written, else the item that was in the way."""
        given: Any = {"ExpressionAttributeValues": values} if values else {}
        _, there = self._tried(self._dynamodb.put_item, Item=item, ConditionExpression=condition, **given)
        return there

    def update_if(self, key: Item, update: str, condition: str, values: Item) -> Item:
        """The item as it is afterwards, whether or not the condition held."""
        wanted = {"UpdateExpression": update, "ConditionExpression": condition, "ExpressionAttributeValues": values}
        answer, there = self._tried(self._dynamodb.update_item, Key=key, ReturnValues="ALL_NEW", **wanted)
        return dict(answer["Attributes"]) if there is None else there

    def _tried(self, write: Callable[..., Any], **wanted: Any) -> tuple[Any, Item | None]:
        """The answer of a write on a condition, or the item (empty if there is none) for which the condition did not hold."""
        try:
            return write(TableName=self._table, ReturnValuesOnConditionCheckFailure="ALL_OLD", **wanted), None
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                there: Any = error.response.get("Item") or {}
                return None, dict(there)
            raise self._unavailable(error) from error
        except BotoCoreError as error:
            raise self._unavailable(error) from error

    def put_all(self, puts: Sequence[Item]) -> list[int]:
        """Writes all of them or none: `{"Item", "ConditionExpression", ...}` each. Gives the places of those whose condition did not hold, of
        which one is enough that nothing is written. At most BATCH."""
        actions: Any = [{"Put": {"TableName": self._table, **put}} for put in puts]
        for attempt in range(_ATTEMPTS):
            back_off(attempt)
            try:
                # boto3 gives each call a ClientRequestToken, so that a repeated request is not a second one.
                self._dynamodb.transact_write_items(TransactItems=actions)
                return []
            except ClientError as error:
                reasons: Any = error.response.get("CancellationReasons", [])
                refused = [place for place, reason in enumerate(reasons) if reason.get("Code") == "ConditionalCheckFailed"]
                if refused:
                    return refused
                if not any(reason.get("Code") == "TransactionConflict" for reason in reasons):
                    raise self._unavailable(error) from error
            except BotoCoreError as error:
                raise self._unavailable(error) from error
        raise StoreUnavailableError(f"{self._what}: others wrote the same items {_ATTEMPTS} times in a row")

    def write_each(self, statements: Sequence[PartiQl]) -> list[int]:
        """Executes each INSERT or UPDATE on its own and gives the places of those whose condition did not hold. Their items must differ."""
        undone = self.attempt_each(statements)
        for error in undone.values():
            if isinstance(error, StoreUnavailableError):
                raise error
        return sorted(undone)

    def attempt_each(self, statements: Sequence[PartiQl]) -> Mapping[int, ConflictError | StoreUnavailableError]:
        """The same, by place, with why: a condition that did not hold, or what DynamoDB did not do of this one alone."""
        undone: dict[int, ConflictError | StoreUnavailableError] = {}
        for start in range(0, len(statements), STATEMENTS):
            waiting = list(range(start, min(start + STATEMENTS, len(statements))))
            for attempt in range(_ATTEMPTS):
                back_off(attempt)
                troubles = dict(zip(waiting, self._executed([statements[place] for place in waiting]), strict=True))
                waiting = [place for place, trouble in troubles.items() if trouble and trouble["Code"] in _PASSING]
                undone |= {place: self._undone(trouble) for place, trouble in troubles.items() if trouble and place not in waiting}
                if not waiting:
                    break
            undone |= {place: StoreUnavailableError(f"{self._what} left a statement undone {_ATTEMPTS} times") for place in waiting}
        return undone

    def _executed(self, statements: Sequence[PartiQl]) -> list[Mapping[str, str]]:
        """The error of each statement, empty where it was executed."""
        request: Any = [{"Statement": text, "Parameters": values} for text, values in statements]
        try:
            answers: Any = self._dynamodb.batch_execute_statement(Statements=request)["Responses"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationException":
                raise self._unavailable(error) from error
            if len(statements) > 1:  # one of them may be why: the others are not to suffer from it
                return [trouble for each in statements for trouble in self._executed([each])]
            return [{"Code": "ValidationError", "Message": str(error)}]
        except BotoCoreError as error:
            raise self._unavailable(error) from error
        return [answer.get("Error", {}) for answer in answers]

    def _undone(self, trouble: Mapping[str, str]) -> ConflictError | StoreUnavailableError:
        if trouble["Code"] in _REFUSED:
            return ConflictError(f"{self._what}: another write came first")
        return StoreUnavailableError(f"{self._what} failed: {trouble['Code']}: {trouble.get('Message', '')}")

    def _unavailable(self, error: Exception) -> StoreUnavailableError:
        return StoreUnavailableError(f"{self._what} failed: {error}")


def version_condition(key: str, expected: int) -> tuple[str, Item]:
    """The condition, and its values, under which version `expected + 1` may be written; `key` is an attribute of the key."""
    if not expected:
        return f"attribute_not_exists({key})", {}
    return "version = :expected", {":expected": {"N": str(expected)}}


def back_off(attempt: int) -> None:
    """Nothing before the first attempt, then longer and longer, so that those who met part."""
    if attempt:
        time.sleep(random.uniform(0.5, 1) * 0.05 * 2 ** (attempt - 1))
