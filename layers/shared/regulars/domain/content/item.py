"""One item of content, and the event that tells of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from regulars.domain.collection.moments import iso
from regulars.domain.documents import JsonObject
from regulars.domain.lake.event_names import CONTENT_PUBLISHED

NOBODY: Final = "content"
"""In the place of who did it, as an anonymous id: an event has an id, and this one of the platform's own makes nobody known (`curation.merges`)."""

MAX_TITLE: Final = 500
MAX_URL: Final = 2_000
MAX_TAGS: Final = 30
MAX_TAG: Final = 100
MAX_AUTHOR: Final = 200
MAX_ID: Final = 1_000

CORRECTED: Final = "corrected"
"""The property by which what is told of an item again says since when: it tells nobody anew, and changes what waits to be told."""

CORRECTED_WITHIN: Final = timedelta(days=1)
"""So long after it was published an item is told again where it is another: later nobody waits for it."""

_PORTS: Final = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class Item:
    """`origin` is the feed or the source that tells of it; `given_id` what that calls it, empty where it does not say: then it has a `url`.
    `published` is when, as far as it says so."""

    origin: str
    given_id: str
    title: str
    url: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    image: str = ""
    published: datetime | None = None

    @property
    def id(self) -> str:
        """What journeys and reports know it by."""
        return self.given_id or _hashed(canonical_url(self.url))

    @property
    def keys(self) -> Sequence[str]:
        """Whoever shares one of these is the same item: a feed that changes its ids keeps its addresses, and the other way round; and of a page that
        several feeds tell, people hear once."""
        by_id = [_hashed(f"{self.origin}\n{self.given_id}")] if self.given_id else []
        by_url = [_hashed(canonical_url(self.url))] if self.url else []
        return [*by_id, *by_url]

    @property
    def properties(self) -> JsonObject:
        """What its event says; what is not known is not there."""
        said = {"url": self.url, "author": self.author, "tags": list(self.tags), "image": self.image}
        known = {name: value for name, value in said.items() if value}
        moment = {"published": iso(self.published)} if self.published else {}
        return {"id": self.id, "title": self.title, **known, **moment, "origin": self.origin}

    @property
    def said(self) -> str:
        """The same as long as people would read the same and get to the same place: its title and its address."""
        return _hashed(f"{self.title}\n{canonical_url(self.url) if self.url else ''}")


def message_id(item: Item, at: datetime) -> str:
    """That of the same item at the same moment, however often it is told."""
    return f"content-{_hashed(f'{item.keys[0]}{chr(10)}{iso(at)}')}"


def published_event(item: Item, at: datetime) -> JsonObject:
    """`Content Published`, as a client would send it."""
    return {
        "type": "track",
        "event": CONTENT_PUBLISHED,
        "anonymousId": NOBODY,
        "messageId": message_id(item, at),
        "timestamp": iso(at),
        "properties": item.properties,
    }


def is_web_address(text: str) -> bool:
    """Whether it is an http or https URL with a host, and no longer than MAX_URL."""
    try:
        parts = urlsplit(text)
        port = parts.port  # asked for, because only that tells a port that is none
    except ValueError:
        return False
    return len(text) <= MAX_URL and text.isprintable() and parts.scheme in _PORTS and bool(parts.hostname) and port != 0


def canonical_url(url: str) -> str:
    """The same for addresses that differ in what changes nothing: the case of scheme and host, a default port, a fragment, an empty path, and what
    newsletters and networks add to count clicks (`utm_...`). `url` is a web address."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    port = f":{parts.port}" if parts.port and str(parts.port) != _PORTS.get(parts.scheme) else ""
    query = "&".join(each for each in parts.query.split("&") if each and not each.lower().startswith("utm_"))
    return urlunsplit((parts.scheme, host + port, parts.path or "/", query, ""))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
