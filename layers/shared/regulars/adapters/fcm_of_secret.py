"""The port `PushSender` by the key that an operator keeps in Secrets Manager."""

import math
import time
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from regulars.adapters.dynamo_rate import DynamoRate
from regulars.adapters.fcm import FcmSender
from regulars.adapters.fcm_session import FcmSession
from regulars.adapters.secrets import secret_text
from regulars.domain.delivery.rate import ProjectLimit


class FcmOfSecret:
    """The secret is read when somebody is to be sent to: so one that can't be read is an error of the run, which says so, and not of the function."""

    def __init__(self, secret: str, *, base_url: str, ca_bundle: str, rate_table: str, limit: int, believed: timedelta = timedelta(0)) -> None:
        """`secret` is its ARN; `limit` the pushes a second of all who send for the project, who share them in `rate_table`. For whoever sends a few
        at a time reading it is the dearest part: it is `believed` for so long."""
        self._secret, self._base_url, self._ca_bundle, self._rate_table, self._limit = secret, base_url, ca_bundle, rate_table, limit
        self._believed = believed

    def open(self, *, per_second: float, deadline: datetime | None = None, refused: float = 1.0) -> AbstractContextManager[FcmSession]:
        """See `ports.PushSender.open`. Raises what `secrets.secret_text` and `FcmSender` raise."""
        sender = _sender(self._key(), self._base_url, self._ca_bundle, self._rate_table, self._limit)
        return sender.open(per_second=per_second, deadline=deadline, refused=refused)

    def _key(self) -> str:
        if not self._believed:
            return secret_text(self._secret)
        whose, now = (self._secret, self._base_url, self._ca_bundle), time.monotonic()
        key, read_at = _read.get(whose, ("", -math.inf))
        if now - read_at >= self._believed.total_seconds():
            key = secret_text(self._secret)
            _read[whose] = key, now
        return key


_read: Final[dict[tuple[str, str, str], tuple[str, float]]] = {}
"""Of this process: each key, and when it was read."""


@lru_cache(maxsize=2)
def _sender(key: str, base_url: str, ca_bundle: str, rate_table: str, limit: int) -> FcmSender:
    """Kept with its connections and its access token for as long as the secret says the same: a mended one is used at once."""
    return FcmSender.of_key(key, base_url=base_url, ca_bundle=ca_bundle, rate=DynamoRate(rate_table, ProjectLimit(limit)))
