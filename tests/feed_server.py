"""A web server of feeds on this machine, which can misbehave."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{}</channel></rss>'


def rss(*ids: str) -> bytes:
    entries = (f"<item><guid>{each}</guid><title>Title {each}</title><link>https://example.com/{each}</link></item>" for each in ids)
    return RSS.format("".join(entries)).encode()


class FeedServer:
    """`body` is what `/feed` has now, under the ETag `etag`. Any other path is one of FAULTS. `asked` is what it was asked, path by path."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.body, self.etag = rss("1", "2"), '"1"'
        self.asked: list[tuple[str, dict[str, str]]] = []

    def url(self, path: str = "/feed") -> str:
        return self.address + path


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    feeds = FeedServer(f"http://127.0.0.1:{server.server_address[1]}")
    server.feeds = feeds  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield feeds
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        feeds: FeedServer = self.server.feeds  # type: ignore[attr-defined]
        feeds.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        FAULTS.get(self.path, _feed)(self, feeds)

    def answer(self, status: int, body: bytes = b"", length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


def _feed(handler: _Handler, feeds: FeedServer) -> None:
    if handler.headers.get("if-none-match") == feeds.etag:
        handler.answer(304, etag=feeds.etag)
    else:
        handler.answer(200, feeds.body, etag=feeds.etag, content_type="application/rss+xml")


def _compressed(handler: _Handler, feeds: FeedServer) -> None:
    handler.answer(200, gzip.compress(feeds.body), content_encoding="gzip")


def _bomb(handler: _Handler, feeds: FeedServer) -> None:
    handler.answer(200, gzip.compress(b" " * 30_000_000), content_encoding="gzip")


def _cut_off(handler: _Handler, feeds: FeedServer) -> None:
    handler.answer(200, feeds.body[:50], length=len(feeds.body))


def _slow(handler: _Handler, feeds: FeedServer) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        try:
            handler.wfile.write(b" ")
        except OSError:
            return
        time.sleep(0.05)


def _moved(to: str) -> Callable[[_Handler, FeedServer], None]:
    return lambda handler, feeds: handler.answer(302, location=to)


FAULTS: dict[str, Callable[[_Handler, FeedServer], None]] = {
    "/gzip": _compressed,
    "/bomb": _bomb,
    "/cut": _cut_off,
    "/slow": _slow,
    "/500": lambda handler, feeds: handler.answer(500),
    "/429": lambda handler, feeds: handler.answer(429, retry_after="7200"),
    "/moved": _moved("/feed"),
    "/again": _moved("/round"),
    "/round": _moved("/again"),
    "/inside": _moved("http://169.254.169.254/latest/meta-data/"),
    "/file": _moved("file:///etc/passwd"),
}
