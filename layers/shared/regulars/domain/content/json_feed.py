"""What stands in a JSON Feed (https://www.jsonfeed.org/version/1.1/), which feedparser 6.0 does not read."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from regulars.domain.errors import UnreadableFeedError


def is_json(body: bytes, content_type: str) -> bool:
    return "json" in content_type.lower() or body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def json_entries(body: bytes) -> Iterator[Mapping[str, Any]]:
    """Raises UnreadableFeedError."""
    try:
        document = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise UnreadableFeedError(f"it says that it is JSON, and is not: {error}"[:300]) from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise UnreadableFeedError("it is JSON without `items`, so no JSON feed")
    for item in items:
        if isinstance(item, dict):
            yield _entry(item)


def _entry(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """An id may be a number in what 1.0 allowed."""
    given = item.get("id")
    authors = item.get("authors") or [item.get("author")]
    first = authors[0] if isinstance(authors, list) and authors else None
    tags = item.get("tags")
    return {
        "id": str(given) if isinstance(given, int | float) and not isinstance(given, bool) else given,
        "title": item.get("title") or item.get("summary"),
        "url": item.get("url") or item.get("external_url"),
        "author": first.get("name") if isinstance(first, dict) else None,
        "tags": tags if isinstance(tags, list) else [],
        "image": item.get("image") or item.get("banner_image"),
        "published": _moment(item.get("date_published") or item.get("date_modified")),
    }


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
