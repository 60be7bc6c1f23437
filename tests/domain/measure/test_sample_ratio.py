"""Arms that have too many people or too few, against scipy's tests."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regulars.domain.measure.sample_ratio import MISMATCH, sample_ratio

TENTH = (("control", 1_000), ("treated", 10_000))
THREE = (("control", 1_000), ("a", 4_000), ("b", 10_000))


@pytest.mark.parametrize(
    ("people", "bounds"),
    [
        ((1_000, 9_000), TENTH),
        ((1_090, 8_910), TENTH),
        ((1_100, 8_900), TENTH),
        ((6_400, 19_300, 38_300), THREE),
        ((6_700, 19_000, 38_300), THREE),
        ((50, 0), (("control", 5_000), ("treated", 10_000))),
    ],
)
def test_many_people_are_compared_by_scipys_chi_square(people: tuple[int, ...], bounds: tuple[tuple[str, int], ...]) -> None:
    found = sample_ratio(dict(zip((arm for arm, _ in bounds), people, strict=True)), bounds)
    expected = stats.chisquare(people, list(found.expected.values()))
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)
    assert found.ok == (expected.pvalue >= 0.001)


@pytest.mark.parametrize("control", [0, 1, 4, 9, 12, 40])
def test_few_people_are_compared_exactly(control: int) -> None:
    found = sample_ratio({"control": control, "treated": 40 - control}, TENTH)
    tails = stats.binom.cdf(control, 40, 0.1), stats.binom.sf(control - 1, 40, 0.1)
    assert found.p == pytest.approx(min(1, 2 * min(tails)), rel=1e-9)


def test_of_few_people_in_three_arms_each_is_compared_with_the_others() -> None:
    found = sample_ratio({"control": 14, "a": 10, "b": 16}, THREE)
    assert found.p == pytest.approx(3 * 2 * stats.binom.sf(13, 40, 0.1), rel=1e-9) and not found.ok
    assert sample_ratio({"control": 4, "a": 12, "b": 24}, THREE).p == 1


def test_what_is_expected_is_what_the_buckets_promise() -> None:
    assert sample_ratio({"control": 90, "a": 310, "b": 600}, THREE).expected == pytest.approx({"control": 100, "a": 300, "b": 600})


def test_one_arm_alone_and_nobody_at_all_cannot_be_out_of_proportion() -> None:
    assert sample_ratio({"treated": 700}, (("treated", 10_000),)) == sample_ratio({"treated": 700, "control": 0}, (("treated", 10_000),))
    assert (sample_ratio({"treated": 700}, (("treated", 10_000),)).p, sample_ratio({}, TENTH).p) == (None, None)
    assert sample_ratio({}, TENTH).ok


def test_an_arm_without_buckets_is_promised_nobody() -> None:
    bounds = (("control", 1_000), ("tiny", 1_000), ("b", 10_000))
    without = sample_ratio({"control": 100, "b": 900}, bounds)
    assert (without.p, without.expected["tiny"]) == (1, 0)
    somebody = sample_ratio({"control": 100, "tiny": 1, "b": 900}, bounds)
    assert (somebody.p, somebody.ok) == (0, False)


def test_people_of_an_arm_that_the_campaign_does_not_have_are_a_mismatch() -> None:
    assert not sample_ratio({"control": 100, "treated": 900, "gone": 3}, TENTH).ok


def test_chance_alone_is_called_a_mismatch_no_more_often_than_promised() -> None:
    source = random.Random(20)
    for size in (25, 600):
        counts = [sum(source.random() < 0.1 for _ in range(size)) for _ in range(2_000)]
        wrong = sum(not sample_ratio({"control": count, "treated": size - count}, TENTH).ok for count in counts)
        assert wrong <= stats.binom.ppf(0.999, 2_000, MISMATCH), size


@given(st.lists(st.integers(0, 3_000), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_arms_is_of_no_matter(people: list[int], source: random.Random) -> None:
    arms = [(f"arm{place}", count, 100 * (place + 1)) for place, count in enumerate(people)]

    def p(order: list[tuple[str, int, int]]) -> float | None:
        end, bounds = 0, []
        for name, _, weight in order[:-1]:
            end += weight
            bounds.append((name, end))
        bounds.append((order[-1][0], 10_000))
        return sample_ratio({name: count for name, count, _ in order}, bounds).p

    shuffled = [*source.sample(arms[:-1], len(arms) - 1), arms[-1]]
    assert (p(shuffled) or 0) == pytest.approx(p(arms) or 0, rel=1e-9, abs=1e-200)
