"""The sheet that every picture is drawn on: 480 units wide, so that a phone shows its letters small but not tiny."""

from xml.etree.ElementTree import Element

from regulars.domain.markup import element

WIDTH = 480
LETTER = 17
"""The largest size of letters that the style sheet gives a picture (on a phone), in units: room is kept for that."""

_LETTER_WIDTH = 0.56
"""Of its size, of a system's sans-serif on the average of figures and small letters; wider than Arial's figures (0.556)."""


def picture(title: str, words: str, height: float, *parts: Element) -> Element:
    """`title` names it, and `words` says to whoever can't see it what it shows."""
    return element(
        "svg",
        element("title", title),
        element("desc", words),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height:g}",
        role="img",
        class_="chart",
    )


def text_width(text: str) -> float:
    """In units, about, at the largest size of letters."""
    return len(text) * LETTER * _LETTER_WIDTH


def label(text: str, x: float, y: float, classes: str) -> Element:
    """`classes`: `start`, `mid` or `end` is where x lies in it."""
    return element("text", text, x=x, y=y, class_=classes)


def line(x1: float, y1: float, x2: float, y2: float, classes: str) -> Element:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=classes)


def rounded(x: float, y: float, width: float, height: float, radius: float, classes: str) -> Element:
    return element("rect", x=x, y=y, width=max(width, 0), height=height, rx=min(radius, max(width, 0) / 2), class_=classes)
