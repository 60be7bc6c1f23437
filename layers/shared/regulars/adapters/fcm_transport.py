"""Many requests to FCM at once over few HTTP/2 connections, and what became of each as far as HTTP/2 tells.

A client of our own, because others do not tell whether a request was processed, and take more CPU: docs/decisions/0041-an-http2-client-of-our-own.md.
What an answer means is `domain.delivery`'s.
"""

import ssl
import time
from collections import deque
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Generic, NamedTuple
from urllib.parse import urlsplit

from regulars.adapters.http2 import hpack
from regulars.adapters.http2.connection import Ended, Exchange, Outcome, Tag
from regulars.adapters.http2.link import Server
from regulars.adapters.http2.pool import Pool
from regulars.domain.delivery.pace import Parallelism

MAX_REFUSALS = 3
"""So often the stream of a request may be refused before it is the caller's to wait. (A connection that ends refuses nothing.)"""


WAIT_SECONDS = 5.0
"""So long a request waits for a connection that has room; then it is the caller's to wait, who may have a deadline."""


class Fate(Enum):
    ANSWERED = "answered"
    UNSENT = "unsent"
    """The server has surely not acted on it: not all of it has left, or the server says so (RFC 9113, 8.7)."""
    UNSURE = "unsure"
    """All of it had left when the connection or the stream broke or the time was over."""


class Reply(NamedTuple, Generic[Tag]):
    """What became of one request. Seconds; `retry_after` is 0 where the server gave none."""

    tag: Tag
    fate: Fate
    status: int = 0
    body: bytes = b""
    retry_after: float = 0.0
    seconds: float = 0.0
    error: str = ""


class Transport(Generic[Tag]):
    """POST requests to one https URL. Connections stay open from call to call. Not for more than one thread at a time."""

    def __init__(self, url: str, *, ca_bundle: str = "", timeout: float = 15.0) -> None:
        """`ca_bundle` is the path of the authorities to trust in place of the system's; `timeout` the seconds until an answer must be there."""
        parts = urlsplit(url)
        trust = ssl.create_default_context(cafile=ca_bundle or None)
        trust.set_alpn_protocols(["h2"])
        self._pool: Pool[Tag] = Pool(Server(parts.hostname or "", parts.port or 443, trust))
        self._fields = _Fields(parts.netloc, parts.path)
        self._timeout = timeout
        self._pending: dict[Exchange[Tag], None] = {}  # in the order in which their time is over
        self._waiting: deque[Exchange[Tag]] = deque()
        self._replies: list[Reply[Tag]] = []
        self._limit = 0

    @property
    def in_flight(self) -> int:
        return len(self._pending)

    @property
    def has_room(self) -> bool:
        return len(self._pending) < self._limit

    def resize(self, parallelism: Parallelism) -> None:
        self._limit, self._pool.connections = parallelism.streams, parallelism.connections

    def start(self, tag: Tag, body: bytes, authorization: str) -> None:
        """`tag` comes back with the reply."""
        now = time.monotonic()
        fields = self._fields.of(authorization, len(body))
        exchange = Exchange(tag, fields, body, now + self._timeout, now + min(WAIT_SECONDS, self._timeout))
        self._pending[exchange] = None
        self._waiting.append(exchange)

    def poll(self, seconds: float) -> list[Reply[Tag]]:
        """Moves what can be moved, waiting up to `seconds` for something to happen, and gives the requests that ended."""
        self._move(0.0)  # first see what came: nothing goes to a connection that has ended meanwhile
        if not self._replies and seconds > 0:
            self._move(seconds)
        replies, self._replies = self._replies, []
        return replies

    def abandon(self) -> None:
        """Drops what is under way; what it had done by then is not known."""
        self._pool.drop()
        self._waiting.clear()
        self._pending.clear()

    def _move(self, seconds: float) -> None:
        ended = self._pool.move(seconds)
        now = time.monotonic()
        self._settle(ended, now)
        self._expire(now)
        self._pool.carry(self._waiting, now)
        if self._waiting:
            self._pool.grow(len(self._waiting), now)
        self._settle(self._pool.flush(), now)
        if why := self._pool.unreachable_since_last():
            while self._waiting:
                self._end(self._waiting.popleft(), Fate.UNSENT, why)

    def _settle(self, all_ended: list[Ended[Tag]], now: float) -> None:
        for exchange, outcome, error in all_ended:
            match outcome:
                case Outcome.ANSWERED:
                    del self._pending[exchange]
                    self._replies.append(_answer(exchange, now))
                case Outcome.UNPROCESSED if exchange.refusals < MAX_REFUSALS:
                    exchange.renew(now + WAIT_SECONDS)
                    self._waiting.appendleft(exchange)
                case Outcome.UNPROCESSED:
                    self._end(exchange, Fate.UNSENT, error)
                case Outcome.UNSURE:
                    self._end(exchange, Fate.UNSURE, error)

    def _expire(self, now: float) -> None:
        while self._waiting and self._waiting[0].wait_until <= now:
            self._end(self._waiting.popleft(), Fate.UNSENT, "no connection took it in time")
        while self._pending and (exchange := next(iter(self._pending))).give_up_at <= now:
            if exchange.stream:
                self._pool.give_up(exchange)
                self._end(exchange, Fate.UNSURE, f"no answer within {self._timeout:g} s")
            else:
                self._waiting.remove(exchange)
                self._end(exchange, Fate.UNSENT, "no connection took it in time")

    def _end(self, exchange: Exchange[Tag], fate: Fate, error: str) -> None:
        del self._pending[exchange]
        self._replies.append(Reply(exchange.tag, fate, error=error))


class _Fields:
    """The header fields of the requests to one path, encoded: all but the last the same for as long as the access token is."""

    def __init__(self, authority: str, path: str) -> None:
        self._same = b"".join(
            hpack.encoded(name, value.encode())
            for name, value in [(b":method", "POST"), (b":scheme", "https"), (b":authority", authority), (b":path", path or "/")]
        )
        self._same += hpack.encoded(b"content-type", b"application/json")
        self._authorization = ""
        self._prefix = self._same

    def of(self, authorization: str, size: int) -> bytes:
        if authorization != self._authorization:
            self._authorization = authorization
            self._prefix = self._same + hpack.encoded(b"authorization", authorization.encode())
        return self._prefix + hpack.encoded(b"content-length", b"%d" % size)


def _answer(exchange: Exchange[Tag], now: float) -> Reply[Tag]:
    return Reply(
        exchange.tag,
        Fate.ANSWERED,
        exchange.status,
        bytes(exchange.answer),
        retry_after_seconds(exchange.retry_after, time.time()) if exchange.retry_after else 0.0,
        now - exchange.opened_at,
    )


def retry_after_seconds(value: bytes, now: float) -> float:
    """Of a number or a date (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3); `now` in seconds since 1970. 0 for what is neither, or over."""
    text = value.decode("latin-1").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except ValueError:
        return 0.0
