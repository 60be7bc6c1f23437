"""The draws are what dividing the people anew gives, whatever of them is known one by one."""

import math
import random
from collections.abc import Sequence
from itertools import combinations

import pytest
from scipy import stats

from regulars.domain.measure.intervals import Sample
from regulars.domain.measure.permutation import DRAWS, Group, Permuted, permuted


def group(values: Sequence[float], known: int | None = None) -> Group:
    total = Sample()
    for value in values:
        total += Sample(1, value)
    return Group(total, tuple(sorted(values, key=abs, reverse=True)[:known]))


def spending(source: random.Random, people: int, buyers: float, sigma: float = 1.0) -> list[float]:
    return [source.lognormvariate(3.5, sigma) if source.random() < buyers else 0.0 for _ in range(people)]


def test_all_divisions_of_a_few_people_are_met_as_often_as_there_are_such_divisions() -> None:
    values = [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0]
    exact = []
    for small in combinations(range(7), 3):
        others = [values[i] for i in range(7) if i not in small]
        exact.append(stats.ttest_ind(others, [values[i] for i in small], equal_var=False).statistic)
    found = permuted(group(values[3:]), group(values[:3]), seed="x").draws
    for t in exact:
        expected = sum(other <= t + 1e-9 for other in exact) / len(exact)
        assert sum(draw <= t + 1e-9 for draw in found) / DRAWS == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("control", [300, 1_500])
def test_those_of_whom_only_the_moments_are_known_change_little(control: int) -> None:
    source = random.Random(4)
    treated, held_back = spending(source, 3_000, 0.5), spending(source, control, 0.5)
    whole = permuted(group(treated), group(held_back), seed="x")
    part = permuted(group(treated, 200), group(held_back, 200), seed="x")
    for probability in (0.025, 0.5, 0.975):
        assert part.quantile(probability) == pytest.approx(whole.quantile(probability), abs=0.15)


def test_where_the_larger_group_is_the_control_group_the_draws_are_mirrored() -> None:
    source = random.Random(4)
    large, small = group(spending(source, 2_700, 0.03)), group(spending(source, 300, 0.03))
    one, other = permuted(large, small, seed="x"), permuted(small, large, seed="x")
    assert list(one.draws) == pytest.approx([-t for t in reversed(other.draws)])
    assert (one.above, one.below, *one.stretch) == pytest.approx((other.below, other.above, *reversed(other.stretch)))


def test_welch_holds_where_means_are_about_normal_and_not_where_a_small_control_group_has_nine_buyers() -> None:
    source = random.Random(6)
    even = permuted(group(spending(source, 5_000, 0.3)), group(spending(source, 5_000, 0.3)), seed="x")
    uneven = permuted(group(spending(source, 2_700, 0.03)), group(spending(source, 300, 0.03)), seed="x")
    assert even.welch_holds
    assert not uneven.welch_holds
    assert uneven.above > 0.1 and uneven.below < 0.01


def test_a_difference_is_rarer_than_five_percent_exactly_where_it_is_beyond_the_quantiles() -> None:
    draws = permuted(group(spending(random.Random(1), 900, 0.1)), group(spending(random.Random(2), 100, 0.1)), seed="x")
    for t in (draws.quantile(0.975), draws.quantile(0.025)):
        inside, outside = math.nextafter(t, 0.0), t + math.copysign(1e-6, t)
        assert draws.p(inside) > 0.05 > draws.p(outside)
    assert draws.p(0.0) > 0.5
    assert draws.p(1e9) == draws.p(-1e9) == 2 / (DRAWS + 1)


def test_where_everybody_pays_one_price_splits_that_are_the_same_are_none_of_them_beyond_the_others() -> None:
    draws = Permuted([-1.0] * 300 + [2.0] * 700, 0.0, 0.0, (1.0, 1.0))
    assert draws.p(2.0 + 1e-12) == draws.p(2.0 - 1e-12) == 1.0
    assert draws.quantile(0.975) > 2.0


def test_the_same_seed_gives_the_same_draws() -> None:
    groups = group(spending(random.Random(1), 300, 0.2)), group(spending(random.Random(2), 100, 0.2))
    permuted.cache_clear()
    first = permuted(*groups, seed="run-1")
    permuted.cache_clear()
    assert permuted(*groups, seed="run-1") == first
    assert permuted(*groups, seed="run-2").draws != first.draws
