"""What an item of content says, in the places of a document that name it: `{"content": "author"}`."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from regulars.domain.documents import JsonObject
from regulars.domain.language import Problems, Value, unknown

CONTENT: Final = "content"
"""What a value of the item stands under."""

_SAMPLE: Final[Mapping[str, str | list[str]]] = {
    **dict.fromkeys(("id", "title", "author", "origin"), "sample"),
    **dict.fromkeys(("url", "image"), "https://example.com/"),
    "tags": ["sample"],
    "published": "2026-01-01T00:00:00Z",
}
"""Of each field that an item has, what stands there while a document is read."""

_LISTS: Final = ("in", "nin")
"""The operators that take a list, be it of one."""


def sampled(value: Value, problems: Problems, key: str = "") -> Any:
    """The value with samples in it, so that it can be read whatever items will say. A problem for each field that no item has."""
    raw = value.raw
    if field := _field(raw):
        if field not in _SAMPLE:
            problems.note(f"{value.path}.{CONTENT}", unknown(field, _SAMPLE))
        found = _SAMPLE.get(field, "sample")
        return [found] if key in _LISTS and isinstance(found, str) else found
    if isinstance(raw, dict):
        return {name: sampled(value.at(str(name), inner), problems, str(name)) for name, inner in raw.items()}
    if isinstance(raw, list):
        return [sampled(Value(inner, value.error, f"{value.path}[{index}]"), problems) for index, inner in enumerate(raw)]
    return raw


def filled(raw: Any, item: JsonObject, key: str = "") -> Any:
    """With what the item says, which has all that is named."""
    if field := _field(raw):
        found = item[field]
        return [found] if key in _LISTS and not isinstance(found, list) else found
    if isinstance(raw, dict):
        return {name: filled(inner, item, name) for name, inner in raw.items()}
    return [filled(inner, item) for inner in raw] if isinstance(raw, list) else raw


def is_said(raw: Any, item: JsonObject) -> bool:
    """Whether the item says all that is named anywhere in it."""
    return not any(item.get(field) in (None, "", []) for field in fields(raw))


def fields(raw: Any) -> Iterator[str]:
    """The fields of the item that are named anywhere in it."""
    if field := _field(raw):
        yield field
    elif isinstance(raw, dict | list):
        for inner in raw.values() if isinstance(raw, dict) else raw:
            yield from fields(inner)


def _field(raw: Any) -> str:
    """The field that a value stands for; empty where it is itself."""
    return raw[CONTENT] if isinstance(raw, dict) and list(raw) == [CONTENT] and isinstance(raw[CONTENT], str) else ""
