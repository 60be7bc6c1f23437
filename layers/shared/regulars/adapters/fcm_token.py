"""Access tokens for a service account, by google-auth over urllib3, which botocore brings (its own transport for that wants `packaging`, too)."""

import json
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import urllib3
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.oauth2 import service_account

from regulars.domain.delivery.pace import RetryPolicy, retry_delay
from regulars.domain.errors import PushConfigurationError, PushUnavailableError

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
TIMEOUT_SECONDS = 10
WHAT_TO_FIX = (
    "The FCM secret must hold the JSON key of a service account of the Firebase project that may send "
    "(role Firebase Cloud Messaging API Admin) and whose key has not been deleted."
)


def account_of(text: str) -> Mapping[str, Any]:
    """`text` is the JSON of a service account's key, as Firebase hands it out. Raises PushConfigurationError."""
    try:
        account = json.loads(text)
    except ValueError as error:
        raise PushConfigurationError("The FCM secret is not JSON: it must hold the JSON key of a service account.") from error
    if not isinstance(account, dict):
        raise PushConfigurationError("The FCM secret is not a JSON object: it must hold the JSON key of a service account.")
    return account


class AccessToken:
    """The bearer token of one service account, shared by threads; a new one in time before the old one ends."""

    def __init__(self, account: Mapping[str, Any], *, ca_bundle: str = "", policy: RetryPolicy) -> None:
        """Raises PushConfigurationError when `account` is no service account key."""
        self._request = _Request(ca_bundle)
        self._policy = policy
        self._lock = threading.Lock()
        try:
            self._credentials = service_account.Credentials.from_service_account_info(dict(account), scopes=[SCOPE])
        except (GoogleAuthError, ValueError) as error:
            raise PushConfigurationError(f"The FCM secret is not a service account key: {str(error).rstrip('.')}. {WHAT_TO_FIX}") from error

    def value(self) -> str:
        """Raises PushConfigurationError and PushUnavailableError."""
        if not self._credentials.valid:
            with self._lock:
                if not self._credentials.valid:
                    self._refresh()
        return str(self._credentials.token)

    def renew(self, refused: str) -> None:
        """FCM did not take the token `refused`: get another, unless somebody has already. Raises as `value`."""
        with self._lock:
            if self._credentials.token == refused:
                self._refresh()

    def _refresh(self) -> None:
        for failures in range(1, self._policy.attempts + 1):
            try:
                self._credentials.refresh(self._request)
                return
            except TransportError as error:
                if failures == self._policy.attempts:
                    raise PushUnavailableError(f"Google's token endpoint can't be reached: {error}") from error
                time.sleep(retry_delay(self._policy.reconnect_delay, failures, 0.0, random.random(), self._policy.longest_delay))
            except RefreshError as error:
                if error.retryable:
                    raise PushUnavailableError(f"Google's token endpoint does not answer: {error}") from error
                raise PushConfigurationError(f"Google refuses the service account: {error}. {WHAT_TO_FIX}") from error


@dataclass(frozen=True)
class _Response:
    """What `google.auth.transport.Response` asks for."""

    status: int
    data: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class _Request:
    """What `google.auth.transport.Request` asks for."""

    def __init__(self, ca_bundle: str) -> None:
        self._ca_bundle = ca_bundle or None

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: object,
    ) -> _Response:
        try:
            # A pool a call: an hour later its connection would be dead.
            with urllib3.PoolManager(1, retries=False, timeout=timeout or TIMEOUT_SECONDS, ca_certs=self._ca_bundle) as pool:
                answer = pool.request(method, url, body=body, headers=headers)
                return _Response(answer.status, answer.data, answer.headers)
        except urllib3.exceptions.HTTPError as error:
            raise TransportError(error) from error
