"""What a campaign can show, in figures and in words."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.measure.history import Past, Sizes, windows
from regulars.domain.measure.power import POWER, detectable_amount, power_of_shares
from regulars.domain.measure.power_figures import AskedEffect, PowerFigures, power_figures
from regulars.domain.measure.power_sentence import power_notes, power_sentence
from tests.examples import definition

AT = datetime(2026, 11, 26, tzinfo=UTC)
SPAN = timedelta(days=28)
TEN_PERCENT = AskedEffect(lift=0.1)
RATES = (100, 180, 220, 410, 700, 1_200)
"""Of ten thousand people, within 1, 2, 3, 7, 14 and 28 days."""


def figures(
    did: Sequence[int] = RATES, audience: int = 12_000, asked: AskedEffect = TEN_PERCENT, past_people: int = 10_000, **campaign: Any
) -> PowerFigures:
    goal = {"event": "Paid", "within": "7d", "value": "revenue"}
    document = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"body": "x"}}, "goal": goal, **campaign}
    parsed = parse_campaign(document)
    assert parsed.goal is not None
    past = Past(SPAN, past_people, list(zip(windows(parsed.goal, SPAN), did, strict=True)), 4.2, 400.0, 500, 10)
    sizes = Sizes(audience, audience * parsed.control_buckets // 10_000, 30)
    return power_figures(definition("campaign", document), parsed.goal, past, sizes, asked, as_of=AT)


def test_what_is_detectable_is_told_in_points_by_what_it_would_be_and_a_head() -> None:
    found = figures()
    shown = found.detectable
    assert (found.audience, found.control, found.treated, found.rate, found.value_a_head) == (12_000, 1_200, 10_800, 0.041, 4.2)
    assert shown.conversion and shown.relative and shown.value
    assert power_of_shares(0.041 + shown.conversion, 0.041, 10_800, 1_200) == pytest.approx(POWER)
    assert shown.relative == pytest.approx(shown.conversion / 0.041)
    assert shown.value == detectable_amount(4.2, 400.0, 10_800, 1_200)


def test_an_effect_that_this_control_group_shows_needs_no_more_people_than_there_are() -> None:
    found = figures(audience=300_000)
    assert found.effect.people_needed and found.effect.people_needed <= 300_000
    assert power_sentence(found).endswith(f"A lift of 10 % (0.41 points) can be seen: it needs {found.effect.people_needed:,} people.")


def test_an_effect_that_is_too_small_is_told_with_the_control_group_and_the_window_that_would_do() -> None:
    larger = figures(asked=AskedEffect(difference=0.0120)).effect
    assert larger.people_needed and larger.people_needed > 12_000
    assert larger.control_percent and 10 < larger.control_percent < 50
    longer = figures((100, 180, 220, 410, 3_000, 6_000)).effect
    assert (longer.difference, longer.control_percent, longer.days) == (pytest.approx(0.0041), None, 28)
    assert "no control group is large enough" in power_sentence(figures(audience=200))


def test_the_curve_has_a_point_a_window_and_more_days_find_smaller_lifts() -> None:
    curve = figures().curve
    assert [point.days for point in curve] == [1, 2, 3, 7, 14, 28]
    relative = [point.relative or 0 for point in curve]
    assert relative == sorted(relative, reverse=True)
    needed = [point.people_needed or 0 for point in curve]
    assert needed == sorted(needed, reverse=True)


def test_where_nobody_did_it_a_lift_cannot_be_known_and_points_can() -> None:
    found = figures((0,) * 6)
    assert (found.rate, found.effect.people_needed, found.effect.control_percent, found.detectable.relative) == (0.0, None, None, None)
    assert "nobody did Paid within 7 days, so what a lift would be cannot be known: below 0.03 % may" in power_sentence(found)
    assert figures((0,) * 6, asked=AskedEffect(difference=0.02)).effect.people_needed


def test_where_nobody_was_there_nothing_is_known() -> None:
    found = figures((0,) * 6, past_people=0)
    assert (found.rate, found.value_a_head, found.detectable.conversion, found.curve) == (None, None, None, [])
    assert "Nobody was in the audience at 2026-10-29" in power_sentence(found)
    assert power_sentence(figures(audience=0)) == "Nobody is in the audience."


def test_without_a_control_group_nothing_is_seen() -> None:
    found = figures(control={"percent": 0})
    assert (found.detectable.conversion, found.effect.people_needed) == (None, None)
    assert "Nobody is held back, so no effect can be seen." in power_sentence(found)
    assert found.effect.control_percent == figures().effect.control_percent


def test_of_several_variants_the_smallest_is_what_counts() -> None:
    one, two = figures(), figures(variants=[{"id": "a", "weight": 9}, {"id": "b", "weight": 1}])
    assert one.detectable.conversion and two.detectable.conversion and two.detectable.conversion > one.detectable.conversion
    assert (two.effect.people_needed or 0) > (one.effect.people_needed or 0)
    assert any("2 variants" in note for note in power_notes(two, variants=2))


def test_how_far_to_trust_it_is_noted() -> None:
    notes = list(power_notes(figures((1, 1, 1, 2, 3, 4), past_people=40), variants=1))
    assert notes == [
        "only 40 people were in the audience then: the figures are rough",
        "of 500 times Paid, 10 had no readable value, and are left out",
        "30 people more are held out of all campaigns",
    ]
