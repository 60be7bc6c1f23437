"""FeedFetcher by HTTP: with patience, but not with too much."""

import time
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

import urllib3

from regulars.adapters.public_addresses import NotPublicError, UnknownHostError
from regulars.adapters.public_web import asked
from regulars.domain.content.item import is_web_address
from regulars.domain.errors import UnreadableFeedError
from regulars.ports import Fetched

MAX_BYTES: Final = 5_000_000
"""Of an inflated body. The largest feeds of newspapers have one or two million."""
PATIENCE: Final = 20.0
"""Seconds for one answer, from the first look-up to its last byte."""
MAX_REDIRECTS: Final = 5

_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_HEADERS: Final = {
    "user-agent": "Regulars",
    "accept": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.9, */*;q=0.1",
    "accept-encoding": "gzip, deflate",
}
_PIECE: Final = 65_536


class HttpFeeds:
    """`private_hosts` may have addresses that are not public: the local cloud's own."""

    def __init__(self, *, private_hosts: Collection[str] = (), patience: float = PATIENCE) -> None:
        self._private_hosts, self._patience = private_hosts, patience

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """A permanent redirect is followed each time anew: whoever registered the feed decides where it is."""
        since = {name: value for name, value in (("if-none-match", etag), ("if-modified-since", last_modified)) if value}
        deadline = time.monotonic() + self._patience
        for _ in range(MAX_REDIRECTS + 1):
            answered = False
            seconds = deadline - time.monotonic()
            try:
                with asked("GET", url, headers={**_HEADERS, **since}, seconds=seconds, private_hosts=self._private_hosts) as answer:
                    answered = True
                    if answer.status not in _MOVED:
                        return _read(url, answer, deadline)
                    url = _next_address(url, answer)
            except (NotPublicError, UnknownHostError) as error:
                raise UnreadableFeedError(str(error)) from error
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                trouble = "its answer was cut off" if answered else f"{(urlsplit(url).hostname or '')[:100]} does not answer"
                raise UnreadableFeedError(f"{trouble}: {error}"[:300]) from error
        raise UnreadableFeedError(f"more than {MAX_REDIRECTS} redirects, the last to {url[:200]}")


def _next_address(url: str, answer: urllib3.BaseHTTPResponse) -> str:
    told = urljoin(url, answer.headers.get("location", ""))
    if not is_web_address(told) or told == url:
        raise UnreadableFeedError(f"its server sends us to {told[:200]!r}, which is no other web address")
    return told


def _read(url: str, answer: urllib3.BaseHTTPResponse, deadline: float) -> Fetched:
    etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    if answer.status == 304:
        return Fetched(url, b"", etag=etag, last_modified=modified, not_modified=True)
    if answer.status != 200:
        raise UnreadableFeedError(f"its server answered {answer.status}", not_before=_not_before(answer.headers.get("retry-after", "")))
    body = bytearray()
    for piece in answer.stream(_PIECE, decode_content=True):
        body += piece
        if len(body) > MAX_BYTES:
            raise UnreadableFeedError(f"it has more than {MAX_BYTES:,} bytes")
        if time.monotonic() > deadline:
            raise UnreadableFeedError("its server is too slow")
    return Fetched(url, bytes(body), answer.headers.get("content-type", ""), etag[:500], modified[:100])


def _not_before(retry_after: str) -> datetime | None:
    """Seconds or a date (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after)."""
    if retry_after.isascii() and retry_after.isdecimal() and len(retry_after) < 8:
        return datetime.now(UTC) + timedelta(seconds=int(retry_after))
    try:
        moment = parsedate_to_datetime(retry_after)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None
