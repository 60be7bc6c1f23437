"""A TCP proxy that resets every connection now and then, TLS untouched: the network at its worst."""

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@contextmanager
def resetting_proxy(upstream_port: int, every: float) -> Iterator[int]:
    """Gives the port that it listens on; resets all connections each `every` seconds."""
    proxy = _Proxy(upstream_port, every)
    thread = threading.Thread(target=proxy.run)
    thread.start()
    proxy.ready.wait(5)
    try:
        yield proxy.port
    finally:
        proxy.loop.call_soon_threadsafe(proxy.stopped.set)
        thread.join(5)


class _Proxy:
    def __init__(self, upstream_port: int, every: float) -> None:
        self.port = 0
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
        while not self.stopped.is_set():
            await asyncio.sleep(self._every)
            for client in self._clients:
                client.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                client.transport.abort()
            self._clients.clear()
        server.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        self._clients.add(writer)
        await asyncio.gather(_pump(reader, upstream_writer), _pump(upstream_reader, writer))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    except (OSError, asyncio.CancelledError):
        pass
    sink.close()
