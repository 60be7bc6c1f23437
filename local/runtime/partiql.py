"""Batches of PartiQL writes on moto's DynamoDB, with the conditions that DynamoDB checks.

moto 5.2.5 copies every item of every table for each statement and knows no conditions (moto/dynamodb/models/__init__.py). Here the two
writes that this project uses are executed as a put on one item; any other statement is a ValidationError, so that nobody takes moto's answer for
DynamoDB's. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.insert.html, ql-reference.update.html
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from moto.dynamodb.exceptions import DynamodbException, MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from local.runtime.corrections import replace

MAX_STATEMENTS = 25

_INSERT = re.compile(r"""INSERT INTO "(?P<table>[^"]+)" VALUE \{(?P<given>'\w+': \?(?:, '\w+': \?)*)\}""")
_UPDATE = re.compile(
    r"""UPDATE "(?P<table>[^"]+)" (?P<given>SET "?\w+"? = \?(?: SET "?\w+"? = \?)*)(?P<removed>(?: REMOVE "\w+")*)"""
    r""" WHERE (?P<where>"?\w+"? = \?(?: AND "?\w+"? = \?)*)"""
)
_NAME = re.compile(r"""'(\w+)': \?|"?(\w+)"? = \?""")
_REMOVED = re.compile(r'REMOVE "(\w+)"')

_Attributes = Mapping[str, dict[str, Any]]


class _RefusedError(Exception):
    """A statement that was not executed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.answer = {"Error": {"Code": code, "Message": message}}


def batch_execute_statement(self: DynamoDBBackend, statements: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each on its own, in their order."""
    if len(statements) > MAX_STATEMENTS:
        raise MockValidationException(f"Member must have length less than or equal to {MAX_STATEMENTS}")
    return [_executed(self, statement["Statement"], statement.get("Parameters", ())) for statement in statements]


def _executed(backend: DynamoDBBackend, text: str, parameters: Sequence[dict[str, Any]]) -> dict[str, Any]:
    try:
        found = _INSERT.fullmatch(text) or _UPDATE.fullmatch(text)
        if found is None:
            raise _RefusedError("ValidationError", f"the local DynamoDB does not execute this PartiQL: {text[:200]}")
        table = backend.tables.get(found["table"])
        if table is None:
            raise _RefusedError("ResourceNotFound", "Requested resource not found")
        given = _assigned(found["given"], parameters)
        if found.re is _INSERT:
            _insert(table, given)
        else:
            _update(table, given, _REMOVED.findall(found["removed"]), _assigned(found["where"], parameters[len(given) :]))
    except _RefusedError as refused:
        return refused.answer
    except DynamodbException as refused:
        return {"Error": {"Code": "ValidationError", "Message": refused.message}}
    return {"TableName": table.name}


def _assigned(text: str, parameters: Sequence[dict[str, Any]]) -> _Attributes:
    names = [quoted or plain for quoted, plain in _NAME.findall(text)]
    if len(parameters) < len(names):
        raise _RefusedError("ValidationError", "Number of parameters in request and statement don't match")
    return dict(zip(names, parameters, strict=False))


def _insert(table: Table, given: _Attributes) -> None:
    if _item(table, given) is not None:
        raise _RefusedError("DuplicateItem", "Duplicate primary key exists in table")
    table.put_item(dict(given), overwrite=True)


def _update(table: Table, given: _Attributes, removed: Sequence[str], where: _Attributes) -> None:
    item = _item(table, where)
    if item is None or any(item.attrs.get(name) != DynamoType(value) for name, value in where.items()):
        raise _RefusedError("ConditionalCheckFailed", "The conditional request failed")
    kept = {name: value for name, value in item.to_json()["Attributes"].items() if name not in removed}
    table.put_item({**kept, **given}, overwrite=True)


def _item(table: Table, attributes: _Attributes) -> Any:
    keys = [table.hash_key_attr, *([table.range_key_attr] if table.range_key_attr else [])]
    if missing := [name for name in keys if name not in attributes]:
        raise _RefusedError("ValidationError", f"Where clause does not contain a mandatory equality on all key attributes: {missing[0]}")
    return table.get_item(*(DynamoType(attributes[name]) for name in keys))


def install() -> None:
    """Part of the correction of DynamoDB."""
    replace(DynamoDBBackend, "batch_execute_statement", batch_execute_statement)
