"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html"""

from collections.abc import Callable
from typing import Final

from local.iam.calls.names import Calls, Parameters, whole
from local.iam.requests import Request


def _invoke(parameters: Parameters) -> list[Request]:
    return [Request("lambda:InvokeFunction", whole("lambda", "function:", parameters["FunctionName"]))]


def _mapping(action: str) -> Callable[[Parameters], list[Request]]:
    return lambda parameters: [Request(f"lambda:{action}", whole("lambda", "event-source-mapping:", parameters["UUID"]))]


CALLS: Final[Calls] = {
    "GetEventSourceMapping": _mapping("GetEventSourceMapping"),
    "Invoke": _invoke,
    "UpdateEventSourceMapping": _mapping("UpdateEventSourceMapping"),
}
