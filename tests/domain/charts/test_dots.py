from collections.abc import Sequence
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.charts import EffectPicture, dots, sides
from tests.drawn import drawn

EFFECTS = st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=20, max_size=20)


def picture(values: Sequence[float], more_is: str = "good") -> Element:
    low, high = min(values), max(values)
    return dots(EffectPicture("Effect", "words", sum(values) / len(values), low, high, tuple(values), more_is))  # type: ignore[arg-type]


def circles(svg: Element) -> list[tuple[float, float, float, str]]:
    found = [each for each in svg.iter("circle") if each.get("class", "").startswith("dot")]
    return [(*(float(each.get(name, "")) for name in ("cx", "cy", "r")), each.get("class", "")) for each in found]  # type: ignore[misc]


def none_at(svg: Element) -> float:
    return float(next(each for each in svg.iter("line") if each.get("class") == "none").get("x1", ""))


@drawn(50)
@given(EFFECTS)
def test_every_value_is_a_dot_on_its_own_side_of_no_effect_and_none_is_across_it(values: list[float]) -> None:
    svg = picture(values)
    drawn, zero = circles(svg), none_at(svg)
    assert len(drawn) == 20
    assert sum(x - r >= zero - 0.2 for x, _, r, _ in drawn) == 20 - sides(values).below
    assert sum(x + r <= zero + 0.2 for x, _, r, _ in drawn) == sides(values).below


@drawn(50)
@given(EFFECTS)
def test_no_dot_leaves_the_picture_or_lies_on_another(values: list[float]) -> None:
    drawn = circles(picture(values))
    assert all(x - r >= 0 and x + r <= 480 and y - r >= 20 and y + r <= 140 for x, y, r, _ in drawn)
    assert len({(x, y) for x, y, *_ in drawn}) == 20


@pytest.mark.parametrize(("more_is", "above"), [("good", "dot good"), ("bad", "dot bad")])
def test_what_is_above_no_effect_looks_good_or_bad_as_more_of_it_is(more_is: str, above: str) -> None:
    svg = picture([-1.0] * 5 + [2.0] * 15, more_is)
    zero = none_at(svg)
    assert {look for x, _, _, look in circles(svg) if x > zero} == {above}
    assert {look for x, _, _, look in circles(svg) if x < zero} == {"dot good", "dot bad"} - {above}


def test_values_that_are_no_effect_exactly_are_neither_good_nor_bad() -> None:
    assert [look for *_, look in circles(picture([0.0] * 3 + [1.0] * 17))].count("dot") == 3
    assert (sides([0.0, -0.0, 1.0, -2.0]).at, sides([0.0, -0.0, 1.0, -2.0]).above) == (2, 1)


def test_a_picture_says_what_it_shows_to_whoever_cannot_see_it() -> None:
    svg = picture([1.0] * 20)
    assert (svg.get("role"), [each.tag for each in svg][:2]) == ("img", ["title", "desc"])
    assert not any(each.get("style") for each in svg.iter())
