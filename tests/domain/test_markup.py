from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.markup import Markup, element, legible, tenths, unwritten, written
from tests.drawn import drawn


class Read(HTMLParser):
    """What a reader of HTML finds."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.titles: list[str | None] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.titles.append(dict(attrs).get("title"))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@drawn(50)
@given(st.text())
def test_text_stays_text_whatever_is_in_it(text: str) -> None:
    read = Read(written(element("p", element("bdi", text), title=text)))
    assert (read.tags, "".join(read.texts), read.titles[0]) == (["p", "bdi"], legible(text), legible(text))
    assert written(element("p", text)).encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\x00b\x1bc\x9d", "a\ufffdb\ufffdc\ufffd"),
        ("\ud83d", "\ufffd"),
        ("one\r\ntwo", "one  two"),
        ("שלום 👋🏽 a\u202egnp.exe", "שלום 👋🏽 agnp.exe"),
    ],
)
def test_what_would_break_a_page_or_turn_the_words_around_it_is_not_shown(text: str, shown: str) -> None:
    assert legible(text) == shown


def test_text_and_children_keep_their_order() -> None:
    assert written(element("p", "one ", element("b", "two"), " three", element("br"), "four")) == "<p>one <b>two</b> three<br>four</p>"


@pytest.mark.parametrize(("number", "told"), [(0.25, "0.3"), (-0.25, "-0.3"), (12.0, "12"), (-0.01, "0"), (7.96, "8"), (479.94, "479.9")])
def test_numbers_have_a_tenth_and_half_of_one_goes_away_from_nothing(number: float, told: str) -> None:
    assert tenths(number) == told


def test_what_is_not_written_has_its_texts_and_elements_in_their_order() -> None:
    tree = element("p", "Of ", element("b", "20"), " people, ", element("i"), "all", class_="num")
    assert unwritten(tree) == Markup("p", {"class": "num"}, ["Of ", Markup("b", {}, ["20"]), " people, ", Markup("i", {}, []), "all"])
