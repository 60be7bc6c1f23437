"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html"""

from collections.abc import Callable
from typing import Final

from local.iam.calls.names import Calls, Parameters
from local.iam.requests import Request


def _on(action: str, parameter: str) -> Callable[[Parameters], list[Request]]:
    return lambda parameters: [Request(f"states:{action}", parameters[parameter])]


CALLS: Final[Calls] = {
    "DescribeExecution": _on("DescribeExecution", "executionArn"),
    "DescribeMapRun": _on("DescribeMapRun", "mapRunArn"),
    "GetExecutionHistory": _on("GetExecutionHistory", "executionArn"),
    "ListExecutions": _on("ListExecutions", "stateMachineArn"),
    "ListMapRuns": _on("ListMapRuns", "executionArn"),
    "RedriveExecution": _on("RedriveExecution", "executionArn"),
    "StartExecution": _on("StartExecution", "stateMachineArn"),
    "StopExecution": _on("StopExecution", "executionArn"),
}
