"""moto's DynamoDB made atomic: one request at a time.

moto 5.2.5 evaluates a condition and writes afterwards without a lock (moto/dynamodb/responses.py and models), so that
under threads two writers pass the same `attribute_not_exists`, and ADD loses counts. Leases and once-only claims mean
nothing then. On AWS a request on one item is atomic; here every request is, which is more but never less.
"""

import threading
from typing import Any

from local.runtime.corrections import replace, require_moto

one_at_a_time = threading.RLock()
"""Held by every request; whoever reads a table past the API takes it, too."""


def install() -> None:
    """Correct moto in this process. Idempotent; raises WrongMotoVersionError."""
    require_moto("DynamoDB")
    from moto.dynamodb.responses import DynamoHandler

    if DynamoHandler.call_action.__module__ == __name__:
        return
    call_action = DynamoHandler.call_action

    def atomic_call_action(handler: DynamoHandler) -> Any:
        with one_at_a_time:
            return call_action(handler)

    replace(DynamoHandler, "call_action", atomic_call_action)
