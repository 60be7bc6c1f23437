"""CUPED, against a regression and against what its paper derives. The paper has no worked example: its figures are of experiments on Bing whose data
it does not show."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regulars.domain.measure.cuped import dependence_of
from regulars.domain.measure.intervals import Sample
from regulars.domain.measure.paired import Pair, Paired, paired


def people(size: int, gain: float = 0.0, seed: int = 5) -> tuple[Pair, ...]:
    source = random.Random(seed)
    befores = [source.gauss(100, 20) for _ in range(size)]
    return tuple((0.8 * before + source.gauss(10, 12) + gain, before) for before in befores)


def test_the_slope_and_what_it_explains_are_those_of_a_regression() -> None:
    pairs = people(500)
    past = dependence_of(paired(pairs))
    expected = stats.linregress([before for _, before in pairs], [outcome for outcome, _ in pairs])
    assert past is not None
    assert (past.slope, past.explained) == pytest.approx((expected.slope, expected.rvalue**2), rel=1e-9)


def test_the_variance_is_less_by_the_squared_correlation() -> None:
    """Equation 6 of the paper: var(Y_cv) = var(Y) (1 - rho^2)."""
    whole = paired(people(500))
    past = dependence_of(whole)
    assert past is not None
    assert past.taken_out_of(whole).sample.deviations == pytest.approx(whole.deviations * (1 - past.explained), rel=1e-9)


def test_a_group_is_what_its_people_are_one_by_one_less_what_their_past_leads_to_expect() -> None:
    treated, control = paired(people(300, gain=4, seed=1)), paired(people(100, seed=2))
    past = dependence_of(treated + control)
    assert past is not None
    for group in (treated, control):
        found = past.taken_out_of(group)
        expected = [outcome - past.slope * (before - (treated + control).before) for outcome, before in group.largest]
        assert found.largest == pytest.approx(expected)
        assert found.sample.mean == pytest.approx(sum(expected) / group.size)
        assert found.sample.variance == pytest.approx(stats.tvar(expected), rel=1e-9)


@given(st.integers(1, 60), st.data())
def test_people_who_did_it_or_not_are_known_from_their_counts(size: int, data: st.DataObject) -> None:
    pairs = tuple(data.draw(st.lists(st.tuples(st.sampled_from((0.0, 1.0)), st.sampled_from((0.0, 1.0))), min_size=size, max_size=size)))
    whole = paired(pairs)
    past = dependence_of(whole)
    if past is None:
        return
    counted = past.taken_out_of(Paired(whole.size, whole.mean, whole.deviations, whole.before, whole.before_deviations, whole.together))
    known = [value for value, pair in zip(past.taken_out_of(whole).largest, pairs, strict=True) if any(pair)]
    assert sorted(counted.largest) == pytest.approx(sorted(known))


@pytest.mark.parametrize(
    "pairs",
    [
        ((1.0, 0.0), (2.0, 0.0), (5.0, 0.0)),
        ((2.0, 1.0), (2.0, 5.0)),
        ((1.0, 10.0), (2.0, 20.0), (5.0, 50.0)),
        ((1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)),
    ],
    ids=["nobody has a past", "nobody differs", "the past says all", "the past says nothing"],
)
def test_there_is_nothing_to_take_out(pairs: tuple[Pair, ...]) -> None:
    assert dependence_of(paired(pairs)) is None


def test_an_empty_group_has_nothing_taken_out() -> None:
    past = dependence_of(paired(people(50)))
    assert past is not None
    found = past.taken_out_of(Paired(20))
    assert (found.sample.size, found.largest) == (20, ())
    assert math.isfinite(found.sample.mean) and isinstance(found.sample, Sample)
