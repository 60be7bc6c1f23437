"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html"""

from typing import Final

from local.iam.calls.names import Calls, Parameters, whole
from local.iam.requests import Request


def _invoke(parameters: Parameters) -> list[Request]:
    return [Request("lambda:InvokeFunction", whole("lambda", "function:", parameters["FunctionName"]))]


CALLS: Final[Calls] = {"Invoke": _invoke}
