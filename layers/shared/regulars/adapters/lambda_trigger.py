"""Starting the curate function without waiting for it."""

from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client as shared_client
from regulars.domain.errors import RunnerUnavailableError


class LambdaClient(Protocol):
    """The one call of boto3's Lambda client that is made here (its stubs are not among our dependencies)."""

    def invoke(self, **arguments: Any) -> Any: ...


class LambdaCurateTrigger:
    """The `CurateTrigger`: an asynchronous Lambda invocation, which Lambda itself queues and retries.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
    """

    def __init__(self, function: str, *, client: LambdaClient | None = None) -> None:
        self._function = function
        self._lambda: LambdaClient = client or shared_client("lambda")

    def start(self) -> None:
        """Asks for a run. Raises RunnerUnavailableError where Lambda does not take the request."""
        try:
            self._lambda.invoke(FunctionName=self._function, InvocationType="Event", Payload=b"{}")
        except (ClientError, BotoCoreError) as error:
            raise RunnerUnavailableError(f"curate could not be started: {error}") from error
