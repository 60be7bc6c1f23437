"""Elements of HTML and SVG as a tree, which is written when it is whole: text stays text, whatever is in it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

_SPACES = re.compile(r"[\t\n\r\f]")
_BROKEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Controls, which HTML has no way to write, and halves of characters, which UTF-8 has none for."""
_OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of the text after it (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters): names may be written
from right to left, and need none of these for it."""


@dataclass(frozen=True)
class Markup:
    """An element for whoever draws it by themselves, and may put no HTML into a page: `content` has its texts and elements in their order."""

    tag: str
    attributes: Mapping[str, str]
    content: Sequence["Markup | str"]


def element(tag: str, *content: Element | str, **attributes: str | float) -> Element:
    """An element with its children and its text, in their order. An attribute's name loses a `_` at its end, and has `-` for any other; numbers have
    one decimal at most (`tenths`)."""
    made = Element(tag, {_attribute(name): _value(value) for name, value in attributes.items()})
    for part in content:
        add(made, part)
    return made


def add(parent: Element, part: Element | str) -> None:
    """Puts one more child, or more text, behind what is there."""
    if isinstance(part, Element):
        parent.append(part)
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + legible(part)
    else:
        parent.text = (parent.text or "") + legible(part)


def legible(text: str) -> str:
    """The text without what would break a page, or turn the words around it."""
    return _OVERRIDES.sub("", _BROKEN.sub("\N{REPLACEMENT CHARACTER}", _SPACES.sub(" ", text)))


def written(tree: Element) -> str:
    """As HTML, which is also how SVG is written inside of it."""
    return tostring(tree, encoding="unicode", method="html")


def unwritten(tree: Element) -> Markup:
    """The same as `written`, as it is before that."""
    return Markup(tree.tag, tree.attrib, list(_content(tree)))


def _content(tree: Element) -> Iterator[Markup | str]:
    if tree.text:
        yield tree.text
    for child in tree:
        yield unwritten(child)
        if child.tail:
            yield child.tail


def tenths(number: float) -> str:
    """`12.3`, `12`: half a tenth goes up, so that a port to another language writes the same letters."""
    whole, rest = divmod(int(abs(number) * 10 + 0.5), 10)
    sign = "-" if number < 0 and (whole or rest) else ""
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def _attribute(name: str) -> str:
    return name.removesuffix("_").replace("_", "-")


def _value(value: str | float) -> str:
    return legible(value) if isinstance(value, str) else tenths(value)
