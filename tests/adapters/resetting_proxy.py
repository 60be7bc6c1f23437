"""A TCP proxy that counts connections and, if asked, resets them all now and then, TLS untouched: the network at its worst."""

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@contextmanager
def resetting_proxy(upstream_port: int, every: float | None = None) -> Iterator["Proxy"]:
    """Runs a proxy in a thread; it resets all connections each `every` seconds."""
    proxy = Proxy(upstream_port, every)
    thread = threading.Thread(target=proxy.run)
    thread.start()
    proxy.ready.wait(5)
    try:
        yield proxy
    finally:
        proxy.loop.call_soon_threadsafe(proxy.stopped.set)
        thread.join(5)


class Proxy:
    """`port` is where it listens; `connections` counts those that it took, `resets` those that it reset."""

    def __init__(self, upstream_port: int, every: float | None) -> None:
        self.port = self.connections = self.resets = 0
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.stopped = asyncio.Event()
        self._upstream_port, self._every = upstream_port, every
        self._clients: set[asyncio.StreamWriter] = set()

    def run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        resets = asyncio.create_task(self._reset_for_ever(self._every)) if self._every else None
        await self.stopped.wait()
        if resets is not None:
            resets.cancel()
        server.close()

    async def _reset_for_ever(self, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            for client in self._clients:
                client.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                client.transport.abort()
                self.resets += 1
            self._clients.clear()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        self._clients.add(writer)
        self.connections += 1
        with suppress(asyncio.CancelledError):
            await asyncio.gather(_pump(reader, upstream_writer), _pump(upstream_reader, writer))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    except OSError:
        pass
    sink.close()
