"""What stands in a feed: RSS, Atom and RDF by feedparser, JSON Feed by `json_feed`. Whatever is odd about one entry costs no other.

feedparser 6.0.14 is for its patience: of real feeds, one in some is not well-formed, says the wrong charset, or writes dates as nobody else does
(docs/decisions, "Feeds").
"""

import calendar
import html
import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urljoin

import feedparser

from regulars.domain.content.feed import Feed
from regulars.domain.content.item import MAX_AUTHOR, MAX_ID, MAX_TAG, MAX_TAGS, MAX_TITLE, Item, is_web_address
from regulars.domain.content.json_feed import is_json, json_entries
from regulars.domain.errors import UnreadableFeedError
from regulars.domain.language import says_something

MAX_ENTRIES: Final = 200
"""Of one feed, the first: those behind them are older."""

_ENTITY: Final = tuple("<!ENTITY".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_END: Final = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_ITEM: Final = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
_UNFIT: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")


def read_feed(body: bytes, feed: Feed, *, content_type: str = "", base: str = "") -> Sequence[Item]:
    """The newest item first, where they say when they were published. `base` is the address that it was read from.

    Raises UnreadableFeedError for what is no feed; for what is cut off, of which nobody knows what else was in it, nor how its last title went on;
    and for what defines entities of its own: those can stand for more than fits into any memory
    (https://cwe.mitre.org/data/definitions/776.html), and no feed needs them.
    """
    entries = list(json_entries(body)) if is_json(body, content_type) else _entries(body, content_type)
    found = [item for entry in entries[:MAX_ENTRIES] if (item := _item(entry, feed, base or feed.url))]
    return sorted(found, key=lambda item: item.published.timestamp() if item.published else float("inf"), reverse=True)


def _entries(body: bytes, content_type: str) -> Sequence[Mapping[str, Any]]:
    if any(each in body for each in _ENTITY):
        raise UnreadableFeedError("it defines entities of its own (<!ENTITY), which a feed has no need of")
    headers = {"content-type": content_type} if content_type else {}
    try:
        parsed = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # whatever a stranger's text does to a parser is that text's fault
        raise UnreadableFeedError(f"it cannot be parsed: {error!r}"[:300]) from error
    if not parsed.get("version") and not parsed.entries:
        why = f": {parsed.bozo_exception}" if parsed.bozo else ""
        raise UnreadableFeedError(f"neither RSS nor Atom nor a JSON feed{why}"[:300])
    if parsed.bozo and _is_cut_off(body.decode(parsed.get("encoding") or "utf-8", "replace")):
        raise UnreadableFeedError("it ends in the middle: its server, or something on the way, has cut it off")
    return [_entry(each) for each in parsed.entries]


def _is_cut_off(text: str) -> bool:
    """Of what is not well-formed: whether an item follows the last end of a feed, or there is none. Much else is wrong in feeds, and harmless."""
    end = max((found.end() for found in _END.finditer(text)), default=None)
    return end is None or _ITEM.search(text, end) is not None


def _entry(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "id": entry.get("id"),
        "title": entry.get("title"),
        "url": entry.get("link"),
        "author": entry.get("author"),
        "tags": [each.get("term") for each in entry.get("tags", ())],
        "image": _image(entry),
        "published": _moment(entry.get("published_parsed") or entry.get("updated_parsed")),
    }


def _image(entry: Mapping[str, Any]) -> str | None:
    """An enclosure that is one, or what Media RSS shows (https://www.rssboard.org/media-rss)."""
    enclosed = [each.get("href") for each in entry.get("enclosures", ()) if str(each.get("type", "")).startswith("image/")]
    shown = [each.get("url") for each in (*entry.get("media_content", ()), *entry.get("media_thumbnail", ())) if _is_picture(each)]
    return next(filter(None, (*enclosed, *shown)), None)


def _is_picture(media: Mapping[str, Any]) -> bool:
    return media.get("medium", "image") == "image" and str(media.get("type", "image/")).startswith("image/")


def _moment(parts: Any) -> datetime | None:
    """feedparser's struct_time is in UTC, and may name a day that there is not."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parts), UTC) if parts else None
    except (ValueError, OverflowError, OSError):
        return None


def _item(entry: Mapping[str, Any], feed: Feed, base: str) -> Item | None:
    """None for what has no id and no address, or no title: nobody could be told of it."""
    url, title, given = _address(entry["url"], base), _plain(entry["title"], MAX_TITLE), _plain(entry["id"], MAX_ID)
    if not title or not (url or given):
        return None
    tags = dict.fromkeys(tag for each in (*feed.tags, *entry["tags"]) if (tag := _plain(each, MAX_TAG)))
    moment = entry["published"]
    return Item(feed.id, given, title, url, _plain(entry["author"], MAX_AUTHOR), tuple(tags)[:MAX_TAGS], _address(entry["image"], base), moment)


def _plain(text: object, limit: int) -> str:
    """Without markup, on one line, and no longer than it may be; empty where nobody would see anything of it."""
    if not isinstance(text, str):
        return ""
    bare = html.unescape(_TAG.sub("", text))
    line = " ".join(_UNFIT.sub(" ", bare).split())[:limit].rstrip()
    return line if says_something(line) else ""


def _address(text: object, base: str) -> str:
    """Whole, or empty for what is no web address."""
    if not isinstance(text, str) or not text.strip():
        return ""
    try:
        whole = urljoin(base, text.strip())
    except ValueError:
        return ""
    return whole if is_web_address(whole) else ""
