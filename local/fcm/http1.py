"""One client's connection of HTTP/1.1, as far as the clients of FCM speak it: https://www.rfc-editor.org/rfc/rfc9112"""

from http import HTTPStatus
from typing import Protocol

from local.fcm.answers import Answer
from local.fcm.requests import Request

MAX_HEAD_BYTES = 1 << 16


class Host(Protocol):
    """What a connection asks of whoever holds it."""

    def take(self, stream: int, request: Request) -> None:
        """A request is complete; the stream is always 0."""


class Http1:
    """One request after the other. `receive` what came; write `outgoing`; `over` once there is nothing more to say."""

    def __init__(self, host: Host) -> None:
        self.outgoing = bytearray()
        self.over = False
        self._host = host
        self._came = bytearray()
        self._answering = self._last = False
        self._continued = False

    def receive(self, data: bytes) -> None:
        self._came += data
        self._go_on()

    def answer(self, stream: int, answer: Answer) -> None:
        self._answering, self.over = False, self._last
        retry_after = "" if answer.retry_after is None else f"retry-after: {answer.retry_after}\r\n"
        self.outgoing += (
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\ncontent-type: application/json; charset=UTF-8\r\n"
            f"content-length: {len(answer.body)}\r\n{retry_after}{'connection: close' if self._last else 'connection: keep-alive'}\r\n\r\n"
        ).encode()
        self.outgoing += answer.body
        self._go_on()

    def _go_on(self) -> None:
        end = self._came.find(b"\r\n\r\n")
        if self._answering or self.over or end < 0:
            self.over = self.over or (end < 0 and len(self._came) > MAX_HEAD_BYTES)
            return
        request_line, *lines = self._came[:end].decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        method, _, rest = request_line.partition(" ")
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal():
            self._refuse()
            return
        begin = end + 4
        if len(self._came) - begin < int(length):
            self._ask_for_the_body(headers)
            return
        body = bytes(self._came[begin : begin + int(length)])
        del self._came[: begin + int(length)]
        self._answering, self._continued = True, False
        self._last = headers.get("connection", "").lower() == "close"
        path, _, query = rest.partition(" ")[0].partition("?")
        self._host.take(0, Request(method, path, query, headers, body))

    def _ask_for_the_body(self, headers: dict[str, str]) -> None:
        if headers.get("expect", "").lower() == "100-continue" and not self._continued:
            self._continued = True
            self.outgoing += b"HTTP/1.1 100 Continue\r\n\r\n"

    def _refuse(self) -> None:
        self._last = True
        self.answer(0, Answer(HTTPStatus.LENGTH_REQUIRED, b'{"code": "length_required", "message": "a body needs its Content-Length"}'))
