"""JSON to an item, strictly: what a publisher's own program sends."""

from typing import Final

from regulars.domain.content.item import MAX_AUTHOR, MAX_ID, MAX_TAG, MAX_TAGS, MAX_TITLE, Item, is_web_address
from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import Fields, Problems, Value, read_moment, refusal

KEYS: Final = ("id", "title", "url", "author", "tags", "image", "published")


def parse_item(document: object, *, origin: str) -> Item:
    """Raises InvalidRequestError, whose field is the path of what is wrong first, with all problems."""
    problems = Problems()
    given = problems.fields(Value(document, InvalidRequestError), (*KEYS, "writeKey"))
    item = _item(given, origin, problems) if given is not None else None
    if item is None or problems.found:
        raise refusal(InvalidRequestError, problems.found)
    return item


def _item(given: Fields, origin: str, problems: Problems) -> Item:
    if "id" not in given and "url" not in given:
        problems.note("", "an item has an `id`, or a `url` that it is known by")
    return Item(
        origin,
        problems.optional(lambda it: it.visible_text(MAX_ID), given, "id", ""),
        problems.read(lambda it: it.visible_text(MAX_TITLE), given["title"]) or "",
        problems.optional(_address, given, "url", ""),
        problems.optional(lambda it: it.visible_text(MAX_AUTHOR), given, "author", ""),
        _tags(given["tags"], problems) if "tags" in given else (),
        problems.optional(_address, given, "image", ""),
        problems.read(read_moment, given["published"]) if "published" in given else None,
    )


def _tags(value: Value, problems: Problems) -> tuple[str, ...]:
    entries = problems.read(lambda it: it.items(MAX_TAGS, empty=True), value) or []
    tags = [problems.read(lambda it: it.visible_text(MAX_TAG), each) for each in entries]
    return tuple(dict.fromkeys(filter(None, tags)))


def _address(value: Value) -> str:
    text = value.text()
    if not is_web_address(text):
        value.refuse("a web address is needed, as in https://example.com/news/1")
    return text
