"""How the rest of the local cloud reaches `Lambdas`: moto's Lambda API (boto3, Step Functions, outsiders) and
EventBridge rules.

moto 5.2.5 wants containers for functions, echoes the payload without them, takes nothing from a queue, and knows no Lambda target of a rule.
"""

import json
from datetime import UTC, datetime
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.events.models import Rule

from local.runtime.corrections import replace, require_moto
from local.runtime.lambdas import Lambdas, PayloadTooLargeError, ThrottledError, UnknownFunctionError
from local.runtime.queue_mappings import QueueMappings, Switch

# The running ones; None between runtimes.
_lambdas: Lambdas | None = None
_mappings: QueueMappings | None = None


class _ApiError(LambdaClientError):
    def __init__(self, status: int, code: str, message: str) -> None:
        self.code = status
        super().__init__(code, message)


def connect(lambdas: Lambdas | None, mappings: QueueMappings | None = None) -> None:
    """Send all invocations that reach moto to `lambdas`, and what is asked of event source mappings to `mappings`; None disconnects."""
    global _lambdas, _mappings
    _lambdas, _mappings = lambdas, mappings


def _invoke(
    self: Any,
    function_name: str,
    qualifier: str | None,
    body: Any,
    headers: Any,
    response_headers: dict[str, str] | None,
) -> bytes:
    """The Invoke operation: https://docs.aws.amazon.com/lambda/latest/dg/API_Invoke.html"""
    if _lambdas is None:
        raise _ApiError(404, "ResourceNotFoundException", f"Function not found: {function_name}: no runtime is connected")
    payload = body.encode() if isinstance(body, str) else bytes(body or b"")
    kind = (headers or {}).get("X-Amz-Invocation-Type", "RequestResponse")
    try:
        if kind == "Event":
            _lambdas.invoke_async(function_name, payload)
            return b""
        if kind == "DryRun":
            return b""
        outcome = _lambdas.invoke(function_name, payload)
    except UnknownFunctionError as error:
        raise _ApiError(404, "ResourceNotFoundException", str(error)) from error
    except PayloadTooLargeError as error:
        raise _ApiError(413, "RequestTooLargeException", str(error)) from error
    except ThrottledError as error:
        raise _ApiError(429, "TooManyRequestsException", str(error)) from error
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise _ApiError(400, "InvalidRequestContentException", message) from error
    if response_headers is not None:
        response_headers["x-amz-executed-version"] = "$LATEST"
        if outcome.error is not None:
            response_headers["x-amz-function-error"] = outcome.error
    return outcome.payload


def _update_mapping(self: Any, uuid: str, spec: dict[str, Any]) -> Switch | None:
    return _mappings.updated(uuid, spec) if _mappings else None


def install() -> None:
    """Correct moto in this process. Idempotent; raises WrongMotoVersionError."""
    require_moto("Lambda and EventBridge")
    if LambdaSimpleBackend.invoke is _invoke:
        return
    replace(LambdaSimpleBackend, "invoke", _invoke)
    replace(LambdaSimpleBackend, "update_event_source_mapping", _update_mapping)
    send_to_targets = Rule.send_to_targets

    def send_to_lambdas_too(self: Rule, original_event: Any, transform_input: bool = True) -> None:
        functions = [target for target in self.targets if ":lambda:" in target["Arn"]]
        others = [target for target in self.targets if ":lambda:" not in target["Arn"]]
        if functions and _lambdas is not None and self.event_pattern.matches_event(original_event):
            for target in functions:
                _lambdas.invoke_async(target["Arn"], _input_of(target, original_event))
        if others:
            rest = Rule.__new__(Rule)
            rest.__dict__.update(self.__dict__, targets=others)
            send_to_targets(rest, original_event, transform_input)

    replace(Rule, "send_to_targets", send_to_lambdas_too)


def _input_of(target: dict[str, Any], event: Any) -> bytes:
    """The event as AWS sends it (moto keeps its time as seconds), or the target's constant input."""
    if target.get("Input"):
        return str(target["Input"]).encode()
    if target.get("InputTransformer") or target.get("InputPath"):
        raise NotImplementedError("the local cloud passes an event to a function whole: no InputTransformer or InputPath")
    moment = datetime.fromtimestamp(float(event["time"]), UTC)
    plain = {name: value for name, value in event.items() if name != "ingestion-time"}
    return json.dumps({**plain, "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}).encode()
