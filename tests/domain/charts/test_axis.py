"""Names on axes: round figures, and none on another."""

import itertools
from xml.etree.ElementTree import Element

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.charts import Column, EffectPicture, Unit, columns, interval
from regulars.domain.charts.canvas import WIDTH, text_width
from regulars.domain.charts.funnel import figure
from regulars.domain.charts.scale import Scale, ticks
from tests.drawn import drawn


def names(svg: Element) -> list[tuple[float, float]]:
    """Where each name at the bottom begins and ends, from the left."""
    found = [each for each in svg.iter("text") if each.get("class", "").startswith("mid")]
    places = [(float(each.get("x", "")), text_width(each.text or "") / 2) for each in found]
    return sorted((x - half, x + half) for x, half in places)


@drawn(50)
@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.sampled_from(["", "€", "CHF "]))
def test_no_two_names_meet_and_none_is_cut_off(low: float, width: float, before: str) -> None:
    svg = interval(EffectPicture("Effect", "words", low, low, low + width, unit=Unit(before)))
    placed = names(svg)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(placed))
    assert all(start >= -0.1 and end <= WIDTH + 0.1 for start, end in placed)


def test_an_axis_names_round_figures_with_as_many_decimals_as_they_need() -> None:
    assert [tick.name for tick in ticks(Scale(-0.3, 0.7, 0, 480), Unit("€"))] == ["−€0.2", "€0.0", "+€0.2", "+€0.4", "+€0.6"]
    assert [tick.name for tick in ticks(Scale(-20_000, 20_000, 0, 480), Unit())] == ["−20,000", "−10,000", "0", "+10,000", "+20,000"]


def test_columns_leave_names_out_evenly_where_there_is_no_room() -> None:
    svg = columns("Orders", "words", [Column(f"Week {number}", number) for number in range(30)])
    shown = [int((each.text or "").split()[1]) for each in svg.iter("text") if each.get("class") == "mid"]
    assert len(shown) > 2
    assert len({later - earlier for earlier, later in itertools.pairwise(shown)}) == 1


def test_a_share_of_somebody_is_never_nothing_and_one_that_lacks_somebody_never_all() -> None:
    assert figure(1, 1_000_000) == "1 (0.1 %)"
    assert figure(999_999, 1_000_000) == "999,999 (99.9 %)"
    assert (figure(5, 5), figure(0, 5), figure(0, 0)) == ("5 (100.0 %)", "0 (0.0 %)", "0")
