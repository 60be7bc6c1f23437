"""The `LogReader` on CloudWatch Logs: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html

One call reads one log group, so a page of several functions is one of each, and its name holds the token of each that has more.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import InvalidRequestError, StoreUnavailableError
from regulars.domain.operations import LogEvent, LogPage

_FIRST: Final = ""
"""The token of a first page."""


class CloudWatchLogs:
    """`groups` is the log group of each function."""

    def __init__(self, groups: Mapping[str, str]) -> None:
        self._groups = groups

    def functions(self) -> Sequence[str]:
        return sorted(self._groups)

    def events(self, functions: Sequence[str], *, since: datetime, page: str = "", limit: int = 1000) -> LogPage:
        tokens = _tokens(page) if page else dict.fromkeys(functions, _FIRST)
        if unknown := sorted(set(tokens) - set(self._groups)):
            raise InvalidRequestError(f"there is no function {unknown[0]}; there are {', '.join(self.functions())}", field="function")
        answers = {function: self._read(self._groups[function], since, token, limit) for function, token in tokens.items()}
        found = [event for function, answer in answers.items() for event in _events(function, answer)]
        more = {function: answer["nextToken"] for function, answer in answers.items() if answer.get("nextToken")}
        return LogPage(sorted(found, key=lambda event: (event.at, event.function)), _page(more) if more else "")

    def _read(self, group: str, since: datetime, token: str, limit: int) -> dict[str, Any]:
        place = {"nextToken": token} if token else {}
        try:
            answer: dict[str, Any] = client("logs").filter_log_events(
                logGroupName=group, startTime=round(since.timestamp() * 1000), limit=limit, **place
            )
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailableError(f"CloudWatch Logs does not give {group}: {error}") from error
        return answer


def _events(function: str, answer: Mapping[str, Any]) -> Iterator[LogEvent]:
    for event in answer["events"]:
        moment = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
        yield LogEvent(f"{function}.{event['eventId']}", moment, function, event["message"].rstrip("\n"))


def _page(tokens: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(tokens)).decode()


def _tokens(page: str) -> dict[str, str]:
    try:
        tokens = orjson.loads(base64.urlsafe_b64decode(page))
    except (binascii.Error, ValueError):
        tokens = None
    if not isinstance(tokens, dict) or not all(isinstance(token, str) for token in tokens.values()):
        raise InvalidRequestError("is no page of these logs", field="page")
    return tokens
