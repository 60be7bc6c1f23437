"""Many requests to FCM at once over few HTTP/2 connections, with libcurl's multi interface (https://curl.se/libcurl/c/libcurl-multi.html).

Knows how to move bytes and what became of each request; what an answer means is `domain.delivery`'s.
"""

import io
import time
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import pycurl

from regulars.domain.delivery.pace import Parallelism

CONNECT_TIMEOUT_MS = 3000
BRIEFLY = 0.001
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_NEVER_CONNECTED = frozenset(
    {
        pycurl.E_COULDNT_CONNECT,
        pycurl.E_COULDNT_RESOLVE_HOST,
        pycurl.E_COULDNT_RESOLVE_PROXY,
        pycurl.E_SSL_CONNECT_ERROR,
        pycurl.E_PEER_FAILED_VERIFICATION,
    }
)

Tag = TypeVar("Tag")


class Fate(Enum):
    ANSWERED = "answered"
    UNSENT = "unsent"
    """Nothing of the body has left, so the server cannot have acted on it."""
    UNSURE = "unsure"
    """The body had begun to leave when the connection broke or the time was over."""


@dataclass(frozen=True)
class Reply(Generic[Tag]):
    """What became of one request. Seconds; `retry_after` is 0 where the server gave none."""

    tag: Tag
    fate: Fate
    status: int = 0
    body: bytes = b""
    retry_after: float = 0.0
    seconds: float = 0.0
    error: str = ""


class Transport(Generic[Tag]):
    """Requests to one URL. Connections stay open from call to call. Not for more than one thread at a time."""

    def __init__(self, url: str, *, ca_bundle: str = "", timeout: float = 15.0) -> None:
        self._url, self._ca_bundle, self._timeout = url, ca_bundle, timeout
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        self._idle: list[_Request] = []
        self._running: dict[pycurl.Curl, tuple[_Request, Tag]] = {}
        self._limit = 0

    @property
    def in_flight(self) -> int:
        return len(self._running)

    @property
    def has_room(self) -> bool:
        return len(self._running) < self._limit

    def resize(self, parallelism: Parallelism) -> None:
        self._limit = parallelism.streams
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, parallelism.connections)

    def start(self, tag: Tag, body: bytes, authorization: str) -> None:
        """`tag` comes back with the reply."""
        request = self._idle.pop() if self._idle else _Request(self._url, self._ca_bundle, self._timeout)
        request.load(body, authorization)
        self._running[request.curl] = (request, tag)
        self._multi.add_handle(request.curl)

    def poll(self, seconds: float) -> list[Reply[Tag]]:
        """Moves what can be moved, waiting up to `seconds` for something to happen, and gives the requests that ended."""
        self._multi.perform()
        replies = self._ended()
        if not replies and seconds > 0:
            if self._multi.select(seconds) < 0:  # libcurl has nothing to wait on yet
                time.sleep(BRIEFLY)
            self._multi.perform()
            replies = self._ended()
        return replies

    def abandon(self) -> None:
        """Drops what is under way; what it had done by then is not known."""
        for curl, (request, _) in list(self._running.items()):
            self._multi.remove_handle(curl)
            request.curl.close()
        self._running.clear()

    def _ended(self) -> list[Reply[Tag]]:
        replies = []
        queued = 1
        while queued:
            queued, succeeded, failed = self._multi.info_read()
            for curl in succeeded:
                request, tag = self._take_back(curl)
                replies.append(request.reply(tag))
            for curl, code, text in failed:
                request, tag = self._take_back(curl)
                replies.append(request.failure(tag, code, text))
                if code == pycurl.E_SEND_FAIL_REWIND:
                    # Such a handle fails for ever after: https://github.com/curl/curl/issues/18206
                    self._idle.remove(request)
                    curl.close()
        return replies

    def _take_back(self, curl: pycurl.Curl) -> tuple["_Request", Tag]:
        self._multi.remove_handle(curl)
        request, tag = self._running.pop(curl)
        self._idle.append(request)
        return request, tag


class _Request:
    """One libcurl easy handle, set up once and used again and again."""

    def __init__(self, url: str, ca_bundle: str, timeout: float) -> None:
        self.curl = curl = pycurl.Curl()
        self._answer = bytearray()
        self._authorization = ""
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        curl.setopt(pycurl.PIPEWAIT, 1)
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.POST, 1)
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS)
        curl.setopt(pycurl.TIMEOUT_MS, int(timeout * 1000))
        curl.setopt(pycurl.WRITEFUNCTION, self._answer.extend)
        trust(curl, url, ca_bundle)

    def load(self, body: bytes, authorization: str) -> None:
        self._answer.clear()
        if authorization != self._authorization:
            self._authorization = authorization
            headers = [f"authorization: {authorization}", "content-type: application/json", "expect:"]
            self.curl.setopt(pycurl.HTTPHEADER, headers)
        # A read function without a seek function, where POSTFIELDS would be shorter: libcurl silently repeats a request whose reused connection
        # died before an answer came, unless the body that has left can't be rewound. A repeated push is a second notification.
        # https://github.com/curl/curl/pull/18417
        self.curl.setopt(pycurl.READFUNCTION, io.BytesIO(body).read)
        self.curl.setopt(pycurl.POSTFIELDSIZE_LARGE, len(body))

    def reply(self, tag: Tag) -> Reply[Tag]:
        curl = self.curl
        return Reply(
            tag,
            Fate.ANSWERED,
            curl.getinfo(pycurl.RESPONSE_CODE),
            bytes(self._answer),
            curl.getinfo(pycurl.RETRY_AFTER),
            curl.getinfo(pycurl.TOTAL_TIME),
        )

    def failure(self, tag: Tag, code: int, text: str) -> Reply[Tag]:
        unsent = code in _NEVER_CONNECTED or self.curl.getinfo(pycurl.SIZE_UPLOAD) == 0
        return Reply(tag, Fate.UNSENT if unsent else Fate.UNSURE, error=f"{text} (libcurl {code})")


def trust(curl: pycurl.Curl, url: str, ca_bundle: str) -> None:
    """Trusts the authorities in `ca_bundle` (a path), if any, in place of the system's file; no proxy to this machine itself."""
    if ca_bundle:
        curl.setopt(pycurl.CAINFO, ca_bundle)
    if urlsplit(url).hostname in LOOPBACK:
        curl.setopt(pycurl.PROXY, "")
