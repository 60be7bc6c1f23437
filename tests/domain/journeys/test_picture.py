"""A journey as SVG."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.picture import Present, as_file, picture
from tests.domain.journeys.documents import EXAMPLES, PUSH, small

NINE = datetime(2026, 11, 5, 9, tzinfo=UTC)


def titles(document: object, **present: Present) -> list[str]:
    return [found.text or "" for found in picture(parse_journey(document), present).iterfind("g/title")]


def test_a_box_says_its_steps_name_and_sentence_and_who_waits_there_until_when() -> None:
    document = small({"settle": {"wait": "1d", "then": "tell"}, "tell": {"message": PUSH, "then": None}})
    assert titles(document, settle=Present(12_403, NINE)) == [
        "It begins: A",
        "settle: wait 1d; 12,403 wait, next 5 Nov 09:00 UTC",
        "tell: push: Hi",
        "out of the journey, from tell",
    ]
    assert titles(document, settle=Present(0))[1] == "settle: wait 1d; 0 wait"


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_step_of_an_example_has_a_box_of_its_name(name: str) -> None:
    tree = picture(parse_journey(EXAMPLES[name]))
    assert {found.get("data-step") for found in tree.iterfind("g[@data-step]")} == set(EXAMPLES[name]["steps"])


def test_two_ways_between_the_same_steps_are_one_line_that_says_both() -> None:
    either = [{"if": {"trait": "plan", "eq": plan}, "then": "tell"} for plan in ("a", "b")]
    tree = picture(parse_journey(small({"ask": {"branch": either, "else": None}, "tell": {"message": PUSH, "then": None}})))
    said = ["".join(found.itertext()) for found in tree.iterfind("g[@class='way']")]
    assert len(said) == 4 and 'trait plan is "a" /trait plan is "b"' in said


def test_a_long_text_is_cut_in_the_box_and_whole_in_its_title() -> None:
    push = {"push": {"title": "Three things that everybody should try before the year is over, and a fourth"}}
    tree = picture(parse_journey(small({"tell": {"message": push, "then": None}})))
    (box,) = tree.iterfind("g[@data-step='tell']")
    assert push["push"]["title"] in str(box.get("aria-label"))
    assert [text.text for text in box.iterfind("text")] == ["tell", "push: Three things that", "everybody should try before…"]


def test_a_file_is_xml_with_its_colours_whatever_stands_in_a_text() -> None:
    document = small({"tell": {"message": {"push": {"title": '</svg><script>"&'}}, "then": None}}, name="Ünder <b>")
    written = ElementTree.fromstring(as_file(picture(parse_journey(document))))
    assert written.findtext("{*}title") == "Ünder <b>" and written.find("{*}style") is not None
    assert written.find(".//{*}script") is None
