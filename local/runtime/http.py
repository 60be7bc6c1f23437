"""The front door: the HTTP API on 127.0.0.1, in the place of API Gateway.

Limits: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (10 MB a request, 30 s an
integration).
"""

import json
import socket
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from local.resources.model import Api, Route
from local.runtime.http_events import Answer, Request, find_route, message, to_answer, to_event
from local.runtime.isolation import process_stderr
from local.runtime.jwt import Authorizer, Granted, Refused
from local.runtime.lambdas import MAX_REQUEST_BYTES, Lambdas, ThrottledError
from local.runtime.throttling import Throttles

MAX_BODY_BYTES = 10 * 1024 * 1024
MAX_DRAINED_BYTES = 64 * 1024 * 1024
MAX_INTEGRATION_SECONDS = 30.0

# JSON writes at most six characters for one of ours: below this an event need not be measured.
SURELY_SMALL_BYTES = MAX_REQUEST_BYTES // 6 - 65_536


class BadRequestError(ValueError):
    """The request cannot be read as HTTP."""


class Endpoint(Protocol):
    """What answers requests, without any socket."""

    def handle(self, request: Request) -> Answer: ...


class Gateway:
    """Routes, authorizes and invokes, without any socket: `handle` is the whole HTTP API."""

    def __init__(self, api: Api, authorizers: Mapping[str, Authorizer], lambdas: Lambdas, throttles: Throttles) -> None:
        unknown = {route.authorizer for route in api.routes if route.authorizer} - set(authorizers)
        if unknown:
            raise NotImplementedError(f"routes name authorizers {sorted(unknown)}; there are {sorted(authorizers)}")
        self._api = api
        self._authorizers = authorizers
        self._lambdas = lambdas
        self._throttles = throttles

    def handle(self, request: Request) -> Answer:
        """The answer of the function that the request is for, or of the gateway itself."""
        found = find_route(self._api.routes, request.method, request.path)
        if found is None:
            return message(404, "Not Found")
        route, parameters = found
        if not self._throttles.takes(route.key):
            return message(429, "Too Many Requests")
        granted = self._authorize(route, request)
        if isinstance(granted, Refused):
            return message(granted.status, granted.message, granted.headers)
        event = to_event(request, route, parameters, granted)
        # What a real HTTP API answers when the event outgrows Lambda's limit is not documented; 413 is our choice.
        if len(request.body) > SURELY_SMALL_BYTES and len(json.dumps(event)) > MAX_REQUEST_BYTES:
            return message(413, "Request Entity Too Large")
        try:
            patience = min(MAX_INTEGRATION_SECONDS, route.timeout_millis / 1000)
            outcome = self._lambdas.call(route.function_arn, event, patience)
        except ThrottledError:
            return message(503, "Service Unavailable")
        if outcome is None:
            return message(503, "Service Unavailable")
        if outcome.error is not None:
            return message(500, "Internal Server Error")
        try:
            return to_answer(outcome.payload)
        except ValueError:
            return message(500, "Internal Server Error")

    def _authorize(self, route: Route, request: Request) -> Granted | Refused | None:
        if route.authorizer is None:
            return None
        header = next((value for name, value in request.headers if name.lower() == "authorization"), None)
        return self._authorizers[route.authorizer].check(header, route.scopes)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536
    timeout = 75  # an idle connection is closed, as API Gateway does
    server: "FrontDoor"

    def _serve(self) -> None:
        try:
            body = self._read_body()
        except BadRequestError:
            self.close_connection = True
            return self._send(message(400, "Bad Request"))
        if body is None:
            self.close_connection = True
            return self._send(message(413, "Request Entity Too Large"))
        path, _, query = self.path.partition("?")
        headers = list(self.headers.items())
        return self._send(self.server.endpoint.handle(Request(self.command, path, query, headers, body, self.client_address[0])))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815

    def _read_body(self) -> bytes | None:
        """The body, or None if it is too large (then what the client is still sending has been read, so that it hears
        us).
        """
        headers: Message = self.headers
        if "chunked" in headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks()
        try:
            length = int(headers.get("Content-Length") or 0)
        except ValueError:
            raise BadRequestError("Content-Length") from None
        if length < 0:
            raise BadRequestError("Content-Length")
        if length <= MAX_BODY_BYTES:
            return self._read_exactly(length)
        self._drain(length)
        return None

    def _read_chunks(self) -> bytes | None:
        parts: list[bytes] = []
        size = 0
        while True:
            try:
                length = int(self.rfile.readline(1024).split(b";")[0], 16)
            except ValueError:
                raise BadRequestError("chunk size") from None
            if length < 0:
                raise BadRequestError("chunk size")
            if length == 0:
                break
            size += length
            if size > MAX_DRAINED_BYTES:
                return None
            part = self._read_exactly(length)
            if size <= MAX_BODY_BYTES:
                parts.append(part)
            if self.rfile.readline(3) not in (b"\r\n", b"\n"):
                raise BadRequestError("chunk end")
        while self.rfile.readline(65537) not in (b"\r\n", b"\n", b""):
            pass  # trailers
        return b"".join(parts) if size <= MAX_BODY_BYTES else None

    def _read_exactly(self, length: int) -> bytes:
        body = self.rfile.read(length) if length else b""
        if len(body) < length:
            raise BadRequestError("the body ends early")
        return body

    def _drain(self, length: int) -> None:
        left = min(length, MAX_DRAINED_BYTES)
        while left > 0 and (part := self.rfile.read(min(left, 65536))):
            left -= len(part)

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("date", self.date_time_string())
        self.send_header("content-length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def send_error(self, code: int, message_text: str | None = None, explain: str | None = None) -> None:
        """http.server's own refusals (a broken request line, a method nobody knows), in the gateway's form."""
        self.close_connection = True
        self.command = getattr(self, "command", None) or "GET"
        self.request_version = self.protocol_version  # it takes a broken line for HTTP/0.9, which has no status line
        self._send(message(400 if code == 501 else code, message_text or "Bad Request"))

    def log_message(self, format: str, *args: Any) -> None:
        pass


class FrontDoor(ThreadingHTTPServer):
    """Listens from the moment it is made; `port` 0 takes a free one. Raises OSError if the port is taken."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, endpoint: Endpoint, port: int) -> None:
        self.endpoint = endpoint
        self._open: dict[socket.socket, threading.Thread] = {}
        self._open_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Connection)
        self._listener = threading.Thread(target=self.serve_forever, args=(0.1,), name="http", daemon=True)
        self._listener.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self, patience: float = 1.0) -> None:
        """Accept nothing more, let answers under way go out for `patience` seconds, and close every connection."""
        self.shutdown()
        self.server_close()
        self._listener.join()
        deadline = time.monotonic() + patience
        with self._open_lock:
            connections = dict(self._open)
        for connection in connections:
            _quietly_shut(connection, socket.SHUT_RD)
        for connection, thread in connections.items():
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                _quietly_shut(connection, socket.SHUT_RDWR)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._open_lock:
                del self._open[request]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error of ours; anything else is, and shows."""
        if not isinstance(sys.exc_info()[1], OSError):
            process_stderr().write(traceback.format_exc())


def _quietly_shut(connection: socket.socket, how: int) -> None:
    try:
        connection.shutdown(how)
    except OSError:
        return
