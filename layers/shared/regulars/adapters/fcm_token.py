"""Access tokens for a service account, by google-auth with libcurl under it (its own transports would bring `requests` into every cold start)."""

import io
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pycurl
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.oauth2 import service_account

from regulars.adapters.fcm_transport import trust
from regulars.domain.delivery.pace import RetryPolicy, retry_delay
from regulars.domain.errors import PushConfigurationError, PushUnavailableError

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
TIMEOUT_SECONDS = 10
WHAT_TO_FIX = (
    "The FCM secret must hold the JSON key of a service account of the Firebase project that may send "
    "(role Firebase Cloud Messaging API Admin) and whose key has not been deleted."
)


class AccessToken:
    """The bearer token of one service account, shared by threads; a new one in time before the old one ends."""

    def __init__(self, account: Mapping[str, Any], *, ca_bundle: str = "", policy: RetryPolicy) -> None:
        """Raises PushConfigurationError when `account` is no service account key."""
        self._request = _CurlRequest(ca_bundle)
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
                time.sleep(retry_delay(self._policy.reconnect_delay, failures, 0.0, random.random()))
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


class _CurlRequest:
    """What `google.auth.transport.Request` asks for."""

    def __init__(self, ca_bundle: str) -> None:
        self._ca_bundle = ca_bundle

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: object,
    ) -> _Response:
        answer = io.BytesIO()
        curl = pycurl.Curl()
        try:
            curl.setopt(pycurl.URL, url)
            curl.setopt(pycurl.CUSTOMREQUEST, method)
            if body is not None:
                curl.setopt(pycurl.POSTFIELDS, body)
            curl.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in (headers or {}).items()])
            curl.setopt(pycurl.NOSIGNAL, 1)
            curl.setopt(pycurl.TIMEOUT_MS, int((timeout or TIMEOUT_SECONDS) * 1000))
            curl.setopt(pycurl.WRITEDATA, answer)
            trust(curl, url, self._ca_bundle)
            curl.perform()
            return _Response(curl.getinfo(pycurl.RESPONSE_CODE), answer.getvalue())
        except pycurl.error as error:
            raise TransportError(error) from error
        finally:
            curl.close()
