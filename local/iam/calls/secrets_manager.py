"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html"""

from collections.abc import Callable
from typing import Final

from local.iam.calls.names import Calls, Parameters, whole
from local.iam.requests import Request


def _on_secret(action: str) -> Callable[[Parameters], list[Request]]:
    return lambda parameters: [Request(f"secretsmanager:{action}", whole("secretsmanager", "secret:", parameters["SecretId"]))]


CALLS: Final[Calls] = {"DescribeSecret": _on_secret("DescribeSecret"), "GetSecretValue": _on_secret("GetSecretValue")}
