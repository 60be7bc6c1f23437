"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html

Transactions need the actions of their parts: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from local.iam.calls.names import Calls, Parameters, whole
from local.iam.requests import Request, UnknownCallError
from local.resources.site import ACCOUNT, REGION

_ACTION_OF_PART = {"ConditionCheck": "ConditionCheckItem", "Delete": "DeleteItem", "Put": "PutItem", "Update": "UpdateItem", "Get": "GetItem"}


def _table(name: str) -> str:
    return whole("dynamodb", "table/", name)


def _leading_keys(table: str, items: Iterable[Mapping[str, Any]]) -> frozenset[str] | None:
    """The partition keys of whole items or of their keys; None for a table that does not exist."""
    attribute = _hash_key(table)
    return None if attribute is None else frozenset(_text(item[attribute]) for item in items)


def _hash_key(table: str) -> str | None:
    """The name of the partition key, if the table exists."""
    from moto.dynamodb.models import dynamodb_backends

    found = dynamodb_backends[ACCOUNT][REGION].tables.get(table.rsplit("/", 1)[-1])
    return None if found is None else str(found.hash_key_attr)


def _text(value: Mapping[str, Any]) -> str:
    return str(next(iter(value.values())))


def _item(action: str, body: Parameters) -> Request:
    key = body.get("Key") or body["Item"]
    return Request(f"dynamodb:{action}", _table(body["TableName"]), _leading_keys(body["TableName"], [key]))


def _single(action: str) -> Callable[[Parameters], list[Request]]:
    return lambda parameters: [_item(action, parameters)]


def _several(action: str) -> Callable[[Parameters], list[Request]]:
    def needs(parameters: Parameters) -> list[Request]:
        return [
            Request(f"dynamodb:{action}", _table(table), _leading_keys(table, _keys(asked))) for table, asked in parameters["RequestItems"].items()
        ]

    return needs


def _keys(asked: Any) -> list[Mapping[str, Any]]:
    if isinstance(asked, Mapping):  # BatchGetItem
        return list(asked["Keys"])
    bodies = [body for write in asked for body in write.values()]
    return [body.get("Key") or body["Item"] for body in bodies]


def _transaction(parameters: Parameters) -> list[Request]:
    parts = [part for item in parameters["TransactItems"] for part in item.items()]
    return list(dict.fromkeys(_item(_ACTION_OF_PART[kind], body) for kind, body in parts))


def _many(action: str) -> Callable[[Parameters], list[Request]]:
    def needs(parameters: Parameters) -> list[Request]:
        index = f"/index/{parameters['IndexName']}" if "IndexName" in parameters else ""
        return [Request(f"dynamodb:{action}", _table(parameters["TableName"]) + index)]

    return needs


_EQUALITY: Final = re.compile(r"([#\w.-]+)\s*=\s*(:\w+)")


def _query(parameters: Parameters) -> list[Request]:
    """A key condition says which partition by equality (docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html);
    an index has a partition key of its own, which is not looked up."""
    [request] = _many("Query")(parameters)
    if "IndexName" in parameters:
        return [request]
    return [replace(request, leading_keys=_partition(parameters))]


def _partition(parameters: Parameters) -> frozenset[str] | None:
    hash_key = _hash_key(parameters["TableName"])
    names = parameters.get("ExpressionAttributeNames", {})
    for attribute, value in _EQUALITY.findall(parameters.get("KeyConditionExpression", "")):
        if names.get(attribute, attribute) == hash_key:
            return frozenset({_text(parameters["ExpressionAttributeValues"][value])})
    return None


_PARTIQL: Final = re.compile(r"""\s*(?P<verb>INSERT INTO|UPDATE|DELETE FROM)\s+"?(?P<table>[\w.-]+)"?""", re.IGNORECASE)
_ACTION_OF_VERB: Final = {"INSERT INTO": "PartiQLInsert", "UPDATE": "PartiQLUpdate", "DELETE FROM": "PartiQLDelete"}


def _statements(parameters: Parameters) -> list[Request]:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html"""
    return list(dict.fromkeys(_statement(each["Statement"]) for each in parameters["Statements"]))


def _statement(text: str) -> Request:
    found = _PARTIQL.match(text)
    if found is None:
        raise UnknownCallError(f"the local cloud does not know what this PartiQL needs: {text[:80]}")
    return Request(f"dynamodb:{_ACTION_OF_VERB[found['verb'].upper()]}", _table(found["table"]))


CALLS: Final[Calls] = {
    "BatchExecuteStatement": _statements,
    "BatchGetItem": _several("BatchGetItem"),
    "BatchWriteItem": _several("BatchWriteItem"),
    "DeleteItem": _single("DeleteItem"),
    "DescribeTable": _many("DescribeTable"),
    "GetItem": _single("GetItem"),
    "PutItem": _single("PutItem"),
    "Query": _query,
    "Scan": _many("Scan"),
    "TransactGetItems": _transaction,
    "TransactWriteItems": _transaction,
    "UpdateItem": _single("UpdateItem"),
}
