"""A function of ours, asked and waited for. A refusal is its answer, `{"refused": {"error", "message", "field"}}`."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client as shared_client
from regulars.adapters.lambda_trigger import LambdaClient
from regulars.domain import errors
from regulars.domain.documents import JsonObject

_Error = TypeVar("_Error", bound=errors.RegularsError)


class LambdaAsking:
    """Asks the function, once, and waits for what it says."""

    stem: ClassVar[str]

    def __init__(self, function: str, *, client: LambdaClient | None = None) -> None:
        self._function = function
        self._lambda: LambdaClient = client or shared_client("lambda", once=True)

    def asked(self, question: JsonObject) -> dict[str, Any]:
        """Raises the error of ours that the function did, and RunnerUnavailableError where it did not answer."""
        try:
            answer = self._lambda.invoke(FunctionName=self._function, Payload=orjson.dumps(question))
            told: dict[str, Any] = orjson.loads(answer["Payload"].read())
        except (ClientError, BotoCoreError) as error:
            raise errors.RunnerUnavailableError(f"{self.stem} did not answer, and may have done what was asked: {error}") from error
        if "FunctionError" in answer:
            raise self._failure(told)
        if "refused" in told:
            raise _refusal(told["refused"])
        return told

    def _failure(self, told: JsonObject) -> errors.InfrastructureError:
        """The error of ours that the function raised, by its name (https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html), or one that
        says that the function failed."""
        kind, message = str(told.get("errorType")), str(told.get("errorMessage"))
        known = _named(kind, errors.InfrastructureError)
        return known(message) if known else errors.RunnerUnavailableError(f"{self.stem} failed: {kind} {message}; `regulars logs` has more")


def _refusal(refused: Mapping[str, str]) -> errors.RefusedError:
    known = _named(refused["error"], errors.RefusedError) or errors.InvalidRequestError
    return known(refused["message"], field=refused["field"])


def _named(name: str, kind: type[_Error]) -> type[_Error] | None:
    found = getattr(errors, name, None)
    return found if isinstance(found, type) and issubclass(found, kind) else None
