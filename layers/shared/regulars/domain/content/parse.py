"""JSON to an item, strictly: what a publisher's own program sends."""

from typing import Final

from regulars.domain.content.item import MAX_AUTHOR, MAX_ID, MAX_TAG, MAX_TAGS, MAX_TITLE, Item, is_web_address
from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import Fields, Value, read_moment

KEYS: Final = ("id", "title", "url", "author", "tags", "image", "published")


def parse_item(document: object, *, origin: str) -> Item:
    """Raises InvalidRequestError, whose field is the path of what is wrong."""
    given = Fields(Value(document, InvalidRequestError)).only((*KEYS, "writeKey"))
    if "id" not in given and "url" not in given:
        given.value.refuse("an item has an `id`, or a `url` that it is known by")
    return Item(
        origin,
        given["id"].text(MAX_ID) if "id" in given else "",
        given["title"].text(MAX_TITLE),
        _address(given["url"]) if "url" in given else "",
        given["author"].text(MAX_AUTHOR) if "author" in given else "",
        tuple(dict.fromkeys(each.text(MAX_TAG) for each in given["tags"].items(MAX_TAGS, empty=True))) if "tags" in given else (),
        _address(given["image"]) if "image" in given else "",
        read_moment(given["published"]) if "published" in given else None,
    )


def _address(value: Value) -> str:
    text = value.text()
    if not is_web_address(text):
        value.refuse("a web address is needed, as in https://example.com/news/1")
    return text
