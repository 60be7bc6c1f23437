"""One connection to a server, from its first packet to its end, that never blocks: TCP, TLS, then HTTP/2."""

import errno
import os
import selectors
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, NamedTuple

from regulars.adapters.http2.connection import Connection, Ended, Exchange, Tag

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
RECEIVE_BYTES = 1 << 16
RECORD_BYTES = 1 << 14
"""The most that TLS encrypts, and that may so have left in part, at once: https://www.rfc-editor.org/rfc/rfc8446#section-5.1"""
SILENT_SECONDS = 5.0
"""A connection that says nothing for so long, while requests wait for their answers, takes no more until it speaks."""


class Server(NamedTuple):
    """Where a connection leads. `trust` is the TLS context, which must offer ALPN's "h2"."""

    host: str
    port: int
    trust: ssl.SSLContext

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Link(Generic[Tag]):
    """`lost` says why there is no connection (any more); `events` is what to wait for before `advance`."""

    def __init__(self, server: Server, attempt: int, allowed: int, now: float) -> None:
        """Begins to connect, with each `attempt` to the next of the server's addresses."""
        self.http2: Connection[Tag] = Connection(allowed)
        self.began_at = self.used_at = self.heard_at = self.asked_at = now
        self.lost = ""
        self.events = WRITE
        self._server = server
        self._step: Callable[[], list[Ended[Tag]]] = self._connected
        try:
            self._socket = _connecting(server, attempt)
        except OSError as error:
            self._socket = socket.socket()
            self._fail(error)
        self.fd = self._socket.fileno()

    def advance(self) -> list[Ended[Tag]]:
        """Does what can be done, and gives the requests that ended by it."""
        try:
            return self._step()
        except ssl.SSLWantReadError:
            self.events = READ
        except ssl.SSLWantWriteError:
            self.events = WRITE
        except OSError as error:
            self._fail(error)
        return []

    def is_silent(self, now: float) -> bool:
        """Whether it should have said something by now."""
        return bool(self.http2.in_flight) and now - max(self.heard_at, self.asked_at) > SILENT_SECONDS

    def may_carry(self, exchange: Exchange[Tag], now: float) -> bool:
        return self.http2.room > 0 and self.http2.has_window(exchange.body) and not self.is_silent(now)

    def carry(self, waiting: deque[Exchange[Tag]], most: int, now: float) -> None:
        """Takes at most so many requests from `waiting`, as far as there is room."""
        self.used_at = now
        self.asked_at = self.asked_at if self.http2.in_flight else now
        for _ in range(min(most, self.http2.room)):
            if not waiting or not self.http2.has_window(waiting[0].body):
                return
            exchange = waiting.popleft()
            exchange.opened_at = now
            self.http2.start(exchange)

    def flush(self) -> list[Ended[Tag]]:
        """Writes what waits, as far as the network takes it."""
        http2 = self.http2
        self.events = READ
        while http2.outgoing and not self.lost:
            record = bytes(http2.outgoing[:RECORD_BYTES])
            http2.offer(len(record))
            try:
                http2.wrote(self._socket.send(record))
            except ssl.SSLWantReadError:
                break
            except ssl.SSLWantWriteError:
                self.events = READ | WRITE
                break
            except OSError as error:
                ended = self._read()  # answers that came before the end
                self._fail(error)
                return ended
        return []

    def close(self) -> None:
        self._socket.close()

    def _connected(self) -> list[Ended[Tag]]:
        code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
        self._socket = self._server.trust.wrap_socket(self._socket, server_hostname=self._server.host, do_handshake_on_connect=False)
        self._step = self._handshake
        return self._handshake()

    def _handshake(self) -> list[Ended[Tag]]:
        assert isinstance(self._socket, ssl.SSLSocket)
        self._socket.do_handshake()
        if self._socket.selected_alpn_protocol() != "h2":
            raise OSError(errno.EPROTONOSUPPORT, "the server does not speak HTTP/2")
        self._step = self._exchange
        return [*self.flush(), *self._read()]

    def _exchange(self) -> list[Ended[Tag]]:
        return [*self._read(), *self.flush()]

    def _read(self) -> list[Ended[Tag]]:
        ended: list[Ended[Tag]] = []
        while not self.lost:
            try:
                data = self._socket.recv(RECEIVE_BYTES)
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                break
            except OSError as error:
                self._fail(error)
                break
            self.heard_at = time.monotonic()
            ended += self.http2.receive(data)
            self.lost = self.http2.broken if data else f"{self._server} closed the connection"
        return ended

    def _fail(self, error: OSError) -> None:
        self.lost = self.lost or f"{self._server}: {error}"


def _connecting(server: Server, attempt: int) -> socket.socket:
    """On its way to the first of the server's addresses, from number `attempt` on, that a way leads to. Raises OSError."""
    addresses = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    begin = attempt % len(addresses)
    code = 0
    for family, kind, _, _, address in [*addresses[begin:], *addresses[:begin]]:
        one = socket.socket(family, kind)
        one.setblocking(False)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = one.connect_ex(address)
        if code in (0, errno.EINPROGRESS):
            return one
        one.close()
    raise OSError(code, os.strerror(code))
