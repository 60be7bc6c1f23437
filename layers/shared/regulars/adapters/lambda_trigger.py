"""Starting a function without waiting for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Protocol

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client as shared_client
from regulars.domain.content.announcement import Announcement, announcement_document
from regulars.domain.documents import JsonObject
from regulars.domain.errors import RunnerUnavailableError


class LambdaClient(Protocol):
    """The one call of boto3's Lambda client that is made here (its stubs are not among our dependencies)."""

    def invoke(self, **arguments: Any) -> Any: ...


class _Trigger:
    """An asynchronous Lambda invocation, which Lambda itself queues and retries.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
    """

    stem: ClassVar[str]

    def __init__(self, function: str, *, client: LambdaClient | None = None) -> None:
        self._function = function
        self._lambda: LambdaClient = client or shared_client("lambda")

    def _invoke(self, event: Mapping[str, Any]) -> None:
        """Raises RunnerUnavailableError where Lambda does not take the request."""
        try:
            self._lambda.invoke(FunctionName=self._function, InvocationType="Event", Payload=orjson.dumps(event))
        except (ClientError, BotoCoreError) as error:
            raise RunnerUnavailableError(f"{self.stem} could not be started: {error}") from error


class LambdaCurateTrigger(_Trigger):
    """The `CurateTrigger`."""

    stem = "curate"

    def start(self) -> None:
        self._invoke({})


class LambdaPreflightTrigger(_Trigger):
    """The `PreflightTrigger`."""

    stem = "preflight"

    def start(self, preflight_id: str, campaign_id: str, as_of: datetime | None, document: JsonObject | None = None) -> None:
        moment = {"as_of": as_of.isoformat()} if as_of else {}
        draft = {"document": document} if document is not None else {}
        self._invoke({"preflight_id": preflight_id, "campaign_id": campaign_id, **moment, **draft})


class LambdaRefreshTrigger(_Trigger):
    """The `RefreshTrigger`."""

    stem = "refresh"

    def start(self, segment_id: str) -> None:
        self._invoke({"segment_id": segment_id})


class LambdaAnnounceTrigger(_Trigger):
    """The `AnnounceTrigger`."""

    stem = "announce"

    def start(self, announcement: Announcement) -> None:
        self._invoke(announcement_document(announcement))


class LambdaPollTrigger(_Trigger):
    """The `PollTrigger`."""

    stem = "poll_feeds"

    def start(self, feed_id: str) -> None:
        self._invoke({"feed_id": feed_id})


class LambdaWakeTrigger(_Trigger):
    """The `WakeTrigger`."""

    stem = "wake"

    def start(self) -> None:
        self._invoke({})
