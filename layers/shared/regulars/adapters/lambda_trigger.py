"""Starting the curate function without waiting for it."""

from functools import cache
from typing import Any, Protocol, cast

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from regulars.domain.errors import InfrastructureError


class LambdaClient(Protocol):
    """The one call of boto3's Lambda client that is made here (its stubs are not among our dependencies)."""

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> Any: ...


class LambdaCurateTrigger:
    """The `CurateTrigger`: an asynchronous Lambda invocation, which Lambda itself queues and retries.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
    """

    def __init__(self, function: str, *, client: LambdaClient | None = None) -> None:
        self._function = function
        self._lambda = client or _client()

    def start(self) -> None:
        """Asks for a run. Raises InfrastructureError where Lambda does not take the request."""
        try:
            self._lambda.invoke(FunctionName=self._function, InvocationType="Event", Payload=b"{}")
        except (ClientError, BotoCoreError) as error:
            raise InfrastructureError(f"curate could not be started: {error}") from error


@cache
def _client() -> LambdaClient:
    return cast(LambdaClient, boto3.client("lambda"))
