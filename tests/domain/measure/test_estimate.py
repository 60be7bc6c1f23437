"""Which method an estimate is by, and that its figures agree with each other."""

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regulars.domain.measure.estimate import (
    ALL_ALIKE,
    TOO_LARGE,
    TOO_SMALL,
    TOO_TINY,
    Estimate,
    Unknown,
    adjusted_estimate,
    anytime,
    conversion_estimate,
    value_estimate,
)
from regulars.domain.measure.intervals import newcombe
from regulars.domain.measure.paired import Pair, Paired, paired
from tests.drawn import drawn


def did(people: int, share: float, before: float = 0.0, seed: int = 1) -> Paired:
    source = random.Random(seed)
    return paired(tuple((float(source.random() < share), float(source.random() < before)) for _ in range(people)))


def spent(people: int, buyers: float, seed: int, *, gain: float = 0.0, loyalty: float = 0.0) -> Paired:
    """Each who buys spends about 50; of `loyalty` is the part of what they spend that they had spent before."""
    source = random.Random(seed)
    pairs: list[Pair] = []
    for _ in range(people):
        before = source.lognormvariate(3.5, 1) if source.random() < buyers else 0.0
        other = source.lognormvariate(3.5, 1) if source.random() < buyers else 0.0
        outcome = loyalty * before + (1 - loyalty) * other
        pairs.append((outcome + gain if outcome else 0.0, before))
    return paired(tuple(pairs))


def assert_of_one_piece(found: Estimate) -> None:
    assert found.low <= found.difference <= found.high
    assert (found.p < 0.05) == (found.low > 0 or found.high < 0)
    assert len(found.quantiles) == 20
    assert all(one <= other for one, other in pairwise(found.quantiles))
    assert (found.quantiles[0], found.quantiles[-1]) == pytest.approx((found.low, found.high))
    if found.relative:
        assert found.relative.excludes_zero == (found.low > 0 or found.high < 0)


def test_conversion_is_newcombes() -> None:
    treated, control = did(900, 0.12), did(100, 0.05, seed=2)
    found = conversion_estimate(treated, control)
    assert found.method == "newcombe"
    assert (found.low, found.high) == pytest.approx(
        (lambda each: (each.low, each.high))(newcombe(round(treated.mean * 900), 900, round(control.mean * 100), 100))
    )
    assert_of_one_piece(found)


def test_of_a_control_group_where_nobody_did_it_there_is_no_lift() -> None:
    found = conversion_estimate(did(900, 0.12), did(100, 0))
    assert (found.relative, found.note) == (None, "nobody in the control group did it, so there is no lift")


def test_value_is_scipys_welch_where_that_holds() -> None:
    treated, control = spent(4_000, 0.4, 1, gain=3), spent(4_000, 0.4, 2)
    found = value_estimate(treated, control, seed="run-1")
    expected = stats.ttest_ind([one for one, _ in treated.largest], [one for one, _ in control.largest], equal_var=False)
    assert isinstance(found, Estimate)
    assert (found.method, found.note) == ("welch", "")
    interval = expected.confidence_interval(0.95)
    assert (found.low, found.high, found.p) == pytest.approx((interval.low, interval.high, expected.pvalue), rel=1e-9)
    assert_of_one_piece(found)


def test_value_of_a_small_shop_is_by_dividing_its_people_anew_and_the_same_each_time() -> None:
    treated, control = spent(2_700, 0.04, 1), spent(300, 0.03, 2)
    found = value_estimate(treated, control, seed="run-1")
    assert isinstance(found, Estimate)
    assert found.method == "permutation"
    assert_of_one_piece(found)
    assert found == value_estimate(treated, control, seed="run-1")


def test_what_the_past_explains_makes_the_interval_narrower() -> None:
    treated, control = spent(4_000, 0.4, 1, gain=3, loyalty=0.8), spent(4_000, 0.4, 2, loyalty=0.8)
    plain, found = value_estimate(treated, control, seed="run-1"), adjusted_estimate(treated, control, seed="run-1")
    assert isinstance(plain, Estimate) and found is not None
    assert found.explained > 0.8
    assert found.high - found.low < 0.5 * (plain.high - plain.low)
    assert found.low < 3 * 0.64 < found.high  # who has spent anything, before or after
    assert_of_one_piece(found)


def test_a_conversion_can_be_adjusted_for_the_same_before() -> None:
    treated, control = did(2_700, 0.1, 0.1, seed=3), did(300, 0.1, 0.1, seed=4)
    counts = [Paired(g.size, g.mean, g.deviations, g.before, g.before_deviations, g.together) for g in (treated, control)]
    found = adjusted_estimate(*counts, seed="run-1")
    assert found is not None
    assert found.difference == pytest.approx(treated.mean - control.mean, abs=0.01)
    assert_of_one_piece(found)


def test_nothing_is_adjusted_for_people_without_a_past() -> None:
    assert adjusted_estimate(did(900, 0.1), did(100, 0.1), seed="run-1") is None


@pytest.mark.parametrize(
    ("treated", "control", "note"),
    [
        (((1.0, 0.0),), ((1.0, 0.0), (2.0, 0.0)), TOO_SMALL),
        (((2.0, 0.0),) * 40, ((1.0, 0.0),) * 40, ALL_ALIKE),
        (((1e-320, 0.0),) * 15 + ((0.0, 0.0),) * 9, ((1e-320, 0.0),) * 25, TOO_TINY),
        (((7.0, 0.0),) * 15 + ((0.0, 0.0),) * 900, ((0.0, 0.0),) * 100, "only 15 people of both groups have any value"),
        (((1e200, 0.0),) * 15 + ((0.0, 0.0),) * 9, ((1e200, 0.0),) * 8 + ((0.0, 0.0),) * 9, TOO_LARGE),
    ],
)
def test_where_no_method_holds_it_says_why(treated: tuple[Pair, ...], control: tuple[Pair, ...], note: str) -> None:
    groups = [
        _scaled(paired(tuple((one / 1e150, past) for one, past in pairs)), 1e150) if note == TOO_LARGE else paired(pairs)
        for pairs in (treated, control)
    ]
    found = value_estimate(*groups, seed="run-1")
    assert isinstance(found, Unknown)
    assert found.note.startswith(note)
    assert adjusted_estimate(*groups, seed="run-1") is None
    assert anytime(*groups, metric="value", seed="run-1") is None


def _scaled(group: Paired, scale: float) -> Paired:
    """Squares of the largest numbers are infinite, as a query answers them."""
    squares = group.deviations * scale * scale
    return Paired(group.size, group.mean * scale, squares, 0.0, 0.0, 0.0, tuple((one * scale, past) for one, past in group.largest))


def test_looking_at_any_time_needs_a_past_that_says_how_much_money_to_expect() -> None:
    treated, control = spent(900, 0.3, 1), spent(100, 0.3, 2)
    assert anytime(treated, control, metric="value", seed="run-1") is not None
    without = [paired(tuple((one, 0.0) for one, _ in group.largest)) for group in (treated, control)]
    assert anytime(*without, metric="value", seed="run-1") is None
    assert anytime(did(900, 0.1), did(100, 0.1), metric="conversion", seed="run-1") is not None
    assert anytime(did(900, 0.0), did(100, 0.0), metric="conversion", seed="run-1") is None


def test_an_interval_for_all_looks_is_wider_than_that_for_one() -> None:
    treated, control = spent(4_000, 0.4, 1), spent(4_000, 0.4, 2)
    once, always = value_estimate(treated, control, seed="run-1"), anytime(treated, control, metric="value", seed="run-1")
    assert isinstance(once, Estimate) and always is not None
    assert 1.4 < (always.high - always.low) / (once.high - once.low) < 1.8


_AMOUNTS = st.one_of(st.just(0.0), st.floats(-1e100, 1e100, allow_subnormal=True))
_PEOPLE = st.lists(st.tuples(_AMOUNTS, _AMOUNTS), min_size=2, max_size=40).map(lambda pairs: paired(tuple(pairs)))


@drawn(60)
@given(_PEOPLE, _PEOPLE, st.sampled_from((1, 30)))
def test_no_finite_amounts_break_anything(treated: Paired, control: Paired, times: int) -> None:
    for _ in range(times - 1):
        treated += Paired(
            treated.size, treated.mean, treated.deviations, treated.before, treated.before_deviations, treated.together, treated.largest
        )
        if treated.size > 500:
            break
    value = value_estimate(treated, control, seed="run-1")
    if isinstance(value, Estimate):
        assert all(map(math.isfinite, (value.difference, value.low, value.high, value.p, *value.quantiles)))
        assert value.relative is None or all(map(math.isfinite, (value.relative.low, value.relative.high)))
    adjusted = adjusted_estimate(treated, control, seed="run-1")
    assert adjusted is None or all(map(math.isfinite, (adjusted.difference, adjusted.low, adjusted.high, adjusted.p, adjusted.explained)))
    always = anytime(treated, control, metric="value", seed="run-1")
    assert always is None or all(map(math.isfinite, (always.low, always.high, always.p)))
