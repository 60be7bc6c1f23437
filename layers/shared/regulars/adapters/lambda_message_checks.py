"""The function check_message, asked and waited for."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeVar

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client as shared_client
from regulars.adapters.lambda_trigger import LambdaClient
from regulars.domain import errors
from regulars.domain.documents import JsonObject
from regulars.domain.messages.checks import CheckedMessage, MessageQuestion, MessagesChecked
from regulars.domain.messages.topics import ChangedDevice, TopicChange, TopicChanged

_Error = TypeVar("_Error", bound=errors.RegularsError)


class _Asking:
    """Asks the function, once, and waits for what it says."""

    def __init__(self, function: str, *, client: LambdaClient | None = None) -> None:
        self._function = function
        self._lambda: LambdaClient = client or shared_client("lambda", once=True)

    def _asked(self, question: MessageQuestion | TopicChange) -> dict[str, Any]:
        try:
            answer = self._lambda.invoke(FunctionName=self._function, Payload=orjson.dumps(asdict(question)))
            told: dict[str, Any] = orjson.loads(answer["Payload"].read())
        except (ClientError, BotoCoreError) as error:
            raise errors.RunnerUnavailableError(f"check_message did not answer, and may have done what was asked: {error}") from error
        if "FunctionError" in answer:
            raise _failure(told)
        if "refused" in told:
            raise _refusal(told["refused"])
        return told


class LambdaMessageChecks(_Asking):
    """The port `MessageChecks`."""

    def ask(self, question: MessageQuestion) -> MessagesChecked:
        told = self._asked(question)
        return MessagesChecked(**{**told, "messages": tuple(CheckedMessage(**each) for each in told["messages"])})


class LambdaTopicChanges(_Asking):
    """The port `TopicChanges`."""

    def ask(self, change: TopicChange) -> TopicChanged:
        told = self._asked(change)
        return TopicChanged(**{**told, "devices": tuple(ChangedDevice(**each) for each in told["devices"])})


def _refusal(refused: Mapping[str, str]) -> errors.RefusedError:
    known = _named(refused["error"], errors.RefusedError) or errors.InvalidRequestError
    return known(refused["message"], field=refused["field"])


def _failure(told: JsonObject) -> errors.InfrastructureError:
    """The error of ours that the function raised, by its name (https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html), or one that says
    that the function failed."""
    kind, message = str(told.get("errorType")), str(told.get("errorMessage"))
    known = _named(kind, errors.InfrastructureError)
    return known(message) if known else errors.RunnerUnavailableError(f"check_message failed: {kind} {message}; `regulars logs` has more")


def _named(name: str, kind: type[_Error]) -> type[_Error] | None:
    found = getattr(errors, name, None)
    return found if isinstance(found, type) and issubclass(found, kind) else None
