"""WebhookCaller by HTTP: one POST, without redirects, to what everybody can reach."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

import urllib3

from regulars.adapters.public_addresses import NotPublicError, UnknownHostError
from regulars.adapters.public_web import asked
from regulars.ports import WebhookAnswer

PATIENCE: Final = 5.0
"""Seconds. Whoever takes longer should take the call and work afterwards."""

LONGEST_WAIT: Final = timedelta(hours=12)
"""Of what a receiver may ask for with `Retry-After`."""

_AGAIN: Final = frozenset({408, 425, 429})
"""Of those that say that the call itself is at fault, the ones that will not say so for ever
(https://www.rfc-editor.org/rfc/rfc9110#section-15.5)."""

_NO_WAIT: Final = timedelta(0)


class HttpWebhooks:
    """`private_hosts` may have addresses that are not public: the local cloud's own."""

    def __init__(self, *, private_hosts: Collection[str] = (), ca_bundle: str = "", patience: float = PATIENCE) -> None:
        self._private_hosts, self._ca_bundle, self._patience = private_hosts, ca_bundle, patience

    def call(self, url: str, body: bytes, *, key: str) -> WebhookAnswer:
        headers = {"user-agent": "Regulars", "content-type": "application/json", "idempotency-key": key}
        try:
            with asked(
                "POST", url, headers=headers, body=body, seconds=self._patience, private_hosts=self._private_hosts, ca_bundle=self._ca_bundle
            ) as answer:
                return _judged(answer)
        except NotPublicError as error:
            return WebhookAnswer(0, taken=False, final=True, because=str(error), retry_after=_NO_WAIT)
        except (UnknownHostError, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            return WebhookAnswer(0, taken=False, final=False, because=f"no answer: {error}"[:200], retry_after=_NO_WAIT)


def _judged(answer: urllib3.BaseHTTPResponse) -> WebhookAnswer:
    status = answer.status
    taken, again = 200 <= status < 300, status >= 500 or status in _AGAIN
    because = "" if taken else f"it answered {status}"
    return WebhookAnswer(status, taken, final=not taken and not again, because=because, retry_after=_asked_for(answer.headers.get("retry-after", "")))


def _asked_for(text: str) -> timedelta:
    """In seconds; a date is left to our own pace."""
    return min(timedelta(seconds=int(text)), LONGEST_WAIT) if text.isascii() and text.isdecimal() and len(text) < 8 else _NO_WAIT
