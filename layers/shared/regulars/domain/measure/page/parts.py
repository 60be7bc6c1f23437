"""What the page is put together from."""

from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element

from regulars.domain.markup import element

Content = Element | str

_NARROW = 3
"""So many columns fit on a phone."""


def card(title: str, *content: Content, classes: str = "") -> Element:
    return element("section", element("h2", title), *content, class_=f"card {classes}".strip())


def paragraph(*content: Content, classes: str = "soft") -> Element:
    return element("p", *content, class_=classes)


def name(text: str) -> Element:
    """What somebody called something: its direction is its own (https://html.spec.whatwg.org/#the-bdi-element)."""
    return element("bdi", text)


def tag(text: str, mood: str = "") -> Element:
    """A word in a pill; `mood` is ok, warn, bad, or none."""
    return element("span", text, class_=f"tag {mood}".strip())


def facts(pairs: Iterable[tuple[str, Sequence[Content]]]) -> Element:
    """Terms, each with what is to be said of it."""
    rows = [element("div", element("dt", term), element("dd", *said, class_="num")) for term, said in pairs]
    return element("dl", *rows, class_="facts")


def figure_box(title: Sequence[Content], value: str, below: str) -> Element:
    """One large figure, with what it is above and how sure it is below."""
    return element(
        "div",
        element("p", *title, class_="sm soft"),
        element("p", value, class_="kpi num"),
        element("p", below, class_="sm soft num"),
    )


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[Content]], *, words: int = 1) -> Element:
    """The first column heads its row; from the column `words` on, they are figures. On a phone each row of a wide one becomes a list of its cells,
    which stays a table to whoever hears it: the style sheet would take that from it, so every part says its role."""
    looks = ["w" if number < words else "n" for number in range(len(columns))]
    head = [element("th", title, scope="col", role="columnheader", class_=look) for title, look in zip(columns, looks, strict=True)]
    body = [element("tr", *_row(cells, columns, looks), role="row") for cells in rows]
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *head, role="row"), role="rowgroup"),
        element("tbody", *body, role="rowgroup"),
        role="table",
        class_="wide" if len(columns) > _NARROW else "narrow",
    )


def _row(cells: Sequence[Content], columns: Sequence[str], looks: Sequence[str]) -> Iterator[Element]:
    for number, (cell, title, look) in enumerate(zip(cells, columns, looks, strict=True)):
        if number:
            yield element("td", cell, role="cell", class_=look, data_name=title)
        else:
            yield element("th", cell, scope="row", role="rowheader", class_=look)


def listed(items: Iterable[Content]) -> Element:
    return element("ul", *(element("li", item) for item in items), class_="notes")
