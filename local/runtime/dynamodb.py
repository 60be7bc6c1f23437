"""moto's DynamoDB made atomic: one request at a time, and true to conditions in PartiQL (`partiql`), and quick where a Query names one
partition of many (`dynamodb_query`).

moto 5.2.5 evaluates a condition and writes afterwards without a lock (moto/dynamodb/responses.py and models), so that
under threads two writers pass the same `attribute_not_exists`, and ADD loses counts. Leases and once-only claims mean
nothing then. On AWS a request on one item is atomic; here every request is, which is more but never less.

Answers with items are written as they are: moto looks up each member of each value in the service's model (moto/core/serialize.py), which took
half of the time of a read. And it lists the operations of a service anew for each request of any.
"""

import base64
import threading
from typing import Any

import orjson

from local.runtime.corrections import replace, require_moto

one_at_a_time = threading.RLock()
"""Held by every request; whoever reads a table past the API takes it, too."""


_WITH_ITEMS = frozenset({"BatchGetItem", "BatchExecuteStatement", "GetItem", "Query", "Scan"})


def _written(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value))


def install() -> None:
    """Correct moto in this process. Idempotent; raises WrongMotoVersionError."""
    require_moto("DynamoDB")
    from moto.core import responses
    from moto.dynamodb.responses import DynamoHandler, DynamoResult

    from local.runtime import dynamodb_query, partiql

    if DynamoHandler.call_action.__module__ == __name__:
        return
    call_action = DynamoHandler.call_action

    def atomic_call_action(handler: DynamoHandler) -> Any:
        with one_at_a_time:
            return call_action(handler)

    stock_result = DynamoResult.execute_result

    def execute_result(result: DynamoResult, context: Any) -> Any:
        if context.operation_model.name not in _WITH_ITEMS:
            return stock_result(result, context)
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, orjson.dumps(result.result, default=_written).decode()

    replace(DynamoHandler, "call_action", atomic_call_action)
    replace(DynamoResult, "execute_result", execute_result)
    partiql.install()
    dynamodb_query.install()
    listed, names = responses.method_names_from_class, responses.method_names_from_class(DynamoHandler)
    # Of its own class alone: others may still be taught more.
    replace(responses, "method_names_from_class", lambda handler: names if handler is DynamoHandler else listed(handler))
