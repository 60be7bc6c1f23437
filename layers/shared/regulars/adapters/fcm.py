"""Pushes by FCM's HTTP v1 API: the port `PushSender`.

Not by firebase-admin, because that one repeats requests by itself (a second push to the same device), sleeps through `Retry-After` and takes some
twenty times the CPU; `python -m bench` measures it.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from regulars.adapters.fcm_bucket import SharedBucket
from regulars.adapters.fcm_session import FcmSession, Pending
from regulars.adapters.fcm_token import AccessToken, account_of
from regulars.adapters.fcm_transport import Transport
from regulars.domain.delivery.pace import RetryPolicy, TokenBucket
from regulars.domain.errors import PushConfigurationError
from regulars.ports import PushRate

BASE_URL = "https://fcm.googleapis.com"
ANSWER_SECONDS = 15.0


class FcmSender:
    """Keep one for the life of the process: connections and the access token outlive a session. Threads may share it."""

    def __init__(
        self,
        service_account: Mapping[str, Any],
        *,
        base_url: str = BASE_URL,
        ca_bundle: str = "",
        policy: RetryPolicy = RetryPolicy(),  # noqa: B008  # immutable
        timeout: float = ANSWER_SECONDS,
        rate: PushRate | None = None,
    ) -> None:
        """`service_account` is the decoded JSON key, which also names the project; `ca_bundle` the path of the authorities to trust in place
        of the system's; `timeout` the seconds an answer may take (FCM asks for at least 10); `rate` what all who send for the project share:
        without one, each session keeps to its own pace alone. Raises PushConfigurationError."""
        if not service_account.get("project_id"):
            raise PushConfigurationError("The FCM secret names no project_id: it must hold the JSON key of a service account.")
        self._url = f"{base_url.rstrip('/')}/v1/projects/{service_account['project_id']}/messages:send"
        self._ca_bundle, self._timeout, self._policy, self._rate = ca_bundle, timeout, policy, rate
        self._token = AccessToken(service_account, ca_bundle=ca_bundle, policy=policy)
        self._idle: list[Transport[Pending]] = []

    @classmethod
    def of_key(cls, text: str, *, base_url: str, ca_bundle: str, rate: PushRate) -> "FcmSender":
        """`text` is the JSON of a service account's key, as Firebase hands it out. Raises PushConfigurationError."""
        return cls(account_of(text), base_url=base_url, ca_bundle=ca_bundle, rate=rate)

    @contextmanager
    def open(self, *, per_second: float, deadline: datetime | None = None, refused: float = 1.0) -> Iterator[FcmSession]:
        """See `ports.PushSender.open`."""
        # A transport for each session under way, because one belongs to one thread; put back for the next session.
        transport = self._idle.pop() if self._idle else Transport(self._url, ca_bundle=self._ca_bundle, timeout=self._timeout)
        try:
            bucket = SharedBucket(self._rate, per_second, time.monotonic()) if self._rate else TokenBucket(per_second, time.monotonic())
            yield FcmSession(transport, self._token, self._policy, bucket, per_second=per_second, seconds=_seconds_left(deadline), refused=refused)
        finally:
            transport.abandon()
            self._idle.append(transport)


def _seconds_left(deadline: datetime | None) -> float:
    return float("inf") if deadline is None else (deadline - datetime.now(UTC)).total_seconds()
