"""The double's connections: TLS, HTTP/2 or HTTP/1.1 as the client asks, and the faults that befall connections."""

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from pathlib import Path

from local.fcm import identity
from local.fcm.answers import Answer
from local.fcm.connection_faults import ConnectionFaults
from local.fcm.faults import FaultPlan
from local.fcm.http1 import Http1
from local.fcm.http2 import Http2
from local.fcm.requests import Answerer, Request
from regulars.adapters.http2.frames import ErrorCode

BACKLOG = 1024
TICK = 0.002
"""Seconds: answers that are due in the same tick go out together, as those of a busy server do."""
GOODBYE_SECONDS = 0.1
"""For a client's own close_notify; many never say it."""
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER without a time


class Server:
    """Listens on 127.0.0.1 once it is made. A client that has asked /__admin/ is spared by cuts and hanging, so that it can end them."""

    def __init__(self, port: int, folder: Path, answerer: Answerer, plan: FaultPlan) -> None:
        self.answerer, self.plan = answerer, plan
        self.clients: set[Client] = set()
        self.hanging = False
        self.opened = self.cuts = 0
        self._loop = asyncio.get_running_loop()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(folder / identity.CERTIFICATE_FILE, folder / identity.KEY_FILE)
        self._tls.set_alpn_protocols(["h2", "http/1.1"])
        self._port = port
        self._listening: socket.socket | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._greetings: set[asyncio.Task[None]] = set()
        self._due: dict[int, list[Callable[[], None]]] = {}
        plan.on_connections = self._change_soon
        self._listen()

    def counts(self) -> dict[str, int]:
        return {"opened": self.opened, "open": len(self.clients), "cut": self.cuts}

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Not before so many seconds."""
        tick = int((self._loop.time() + seconds) / TICK) + 1
        if tick not in self._due:
            self._due[tick] = []
            self._loop.call_at(tick * TICK, self._act, tick)
        self._due[tick].append(act)

    def _act(self, tick: int) -> None:
        for act in self._due.pop(tick):
            act()

    def _listen(self) -> None:
        listening = socket.create_server(("127.0.0.1", self._port), backlog=BACKLOG)
        listening.setblocking(False)
        self._listening = listening
        self._loop.add_reader(listening, self._accept)

    def _deafen(self) -> None:
        if self._listening is not None:
            self._loop.remove_reader(self._listening)

    def _accept(self) -> None:
        assert self._listening is not None
        with suppress(BlockingIOError):
            while True:
                connection, _ = self._listening.accept()
                greeting = self._loop.create_task(self._greet(connection))
                self._greetings.add(greeting)
                greeting.add_done_callback(self._greetings.discard)

    async def _greet(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):  # whoever does not trust our certificate, or goes away
            await self._loop.connect_accepted_socket(lambda: Client(self), connection, ssl=self._tls, ssl_shutdown_timeout=GOODBYE_SECONDS)

    def _change_soon(self, names: Collection[str]) -> None:
        self._loop.call_soon(self._change, frozenset(names))  # whoever asked for it has the answer first

    def _change(self, names: Collection[str]) -> None:
        faults = self.plan.connections
        if "cut" in names:
            self._schedule_cut(faults)
        if "goaway" in names and faults.goaway is not None:
            self._say_goaway(faults.goaway.once)
        if "hang" in names:
            self._for_seconds("hang", faults.hang, self._hang, self._go_on)
        if "stopped" in names:
            self._for_seconds("stopped", faults.stopped, self._stop, self._restart)

    def _for_seconds(self, name: str, seconds: float, begin: Callable[[], None], end: Callable[[], None]) -> None:
        before = self._timers.pop(name, None)
        if before is not None:
            before.cancel()
        if seconds:
            self._timers[name] = self._loop.call_later(seconds, end)
            begin()
        elif before is not None:
            end()

    def _schedule_cut(self, faults: ConnectionFaults) -> None:
        before = self._timers.pop("cut", None)
        if before is not None:
            before.cancel()
        if faults.cut is not None:
            self._timers["cut"] = self._loop.call_later(faults.cut.every, self._cut, faults.cut.every, faults.cut.times)

    def _cut(self, every: float, times: int | None) -> None:
        for client in [client for client in self.clients if not client.spared]:
            client.cut()
            self.cuts += 1
        left = None if times is None else times - 1
        if left != 0:
            self._timers["cut"] = self._loop.call_later(every, self._cut, every, left)

    def _say_goaway(self, everybody: bool) -> None:
        for client in list(self.clients) if everybody else []:
            client.go_away()

    def _hang(self) -> None:
        self.hanging = True
        self._deafen()
        for client in self.clients:
            client.pause()

    def _go_on(self) -> None:
        self.hanging = False
        if self._listening is not None:
            self._loop.add_reader(self._listening, self._accept)
        for client in list(self.clients):
            client.go_on()

    def _stop(self) -> None:
        self._deafen()
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    def _restart(self) -> None:
        if self._listening is None:
            self._listen()


class Client(asyncio.Protocol):
    """One connection, of either HTTP."""

    def __init__(self, server: Server) -> None:
        self.spared = False
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._flushing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        speaks = transport.get_extra_info("ssl_object").selected_alpn_protocol()
        self._http: Http1 | Http2 = Http2(self) if speaks == "h2" else Http1(self)
        self._server.clients.add(self)
        self._server.opened += 1
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.clients.discard(self)

    def data_received(self, data: bytes) -> None:
        self._http.receive(data)
        self._flush()

    def goes_away_after(self) -> int | None:
        goaway = self._server.plan.connections.goaway
        return goaway.after if goaway is not None and not self.spared else None

    def take(self, stream: int, request: Request) -> None:
        self.spared = self.spared or request.is_admin
        code = self._server.plan.stream_fault() if request.is_send and isinstance(self._http, Http2) else None
        if code is ErrorCode.REFUSED_STREAM:
            self._finish(stream, None, code)
            return
        # A client that goes away cancels nothing: what was accepted stays accepted, as with FCM.
        answer = self._server.answerer.answer(request)
        if answer.delay:
            self._server.later(answer.delay, partial(self._finish, stream, answer, code))
        else:
            self._finish(stream, answer, code)

    def cut(self) -> None:
        connection = self._transport.get_extra_info("socket")
        if connection is not None:  # not closed already
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self._transport.abort()

    def go_away(self) -> None:
        if isinstance(self._http, Http2) and not self.spared:
            self._http.go_away()
            self._flush()

    def pause(self) -> None:
        if not self.spared and not self._transport.is_closing():
            self._transport.pause_reading()

    def go_on(self) -> None:
        if not self._transport.is_closing():
            self._transport.resume_reading()
            self._flush()

    def _finish(self, stream: int, answer: Answer | None, code: ErrorCode | None) -> None:
        if code is not None and isinstance(self._http, Http2):
            self._http.reset(stream, code)
        elif answer is not None:
            self._http.answer(stream, answer)
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)  # with all that is answered until then

    def _flush(self) -> None:
        self._flushing = False
        if self._transport.is_closing() or (self._server.hanging and not self.spared):
            return
        if self._http.outgoing:
            self._transport.write(bytes(self._http.outgoing))
            self._http.outgoing.clear()
        if self._http.over:
            self._transport.close()
