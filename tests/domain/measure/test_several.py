"""Holm's procedure against R, against its own definition, and on a published example."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.measure.several import holm
from tests.domain.measure.experiment import arm, made

PS = st.lists(st.floats(0, 1), max_size=12)


def test_adjusted_ps_are_rs() -> None:
    """`p.adjust(p, "holm")` and `mt.rawp2adjp` of R, as statsmodels' own tests quote them (statsmodels/stats/tests/test_multi.py)."""
    found = holm([0.838541367553, 0.177096952723, 5.23656777208e-5, 0.0202732688798, 2.8140506198e-4, 0.0149877310796, 0.64, 0.68, 0.71, 0.96])
    assert found[:6] == pytest.approx([1, 1, 5.23656777208e-4, 0.14191288215860, 2.53264555782e-3, 0.11990184863680], rel=1e-12)


def test_of_fifteen_published_ps_three_are_sure() -> None:
    """Y. Benjamini and Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289-300, section 4: of these fifteen comparisons the
    procedures that bound the chance of any error find three."""
    ps = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    found = holm(ps)
    assert [round(p, 4) for p in found[:4]] == [0.0015, 0.0056, 0.0247, 0.1140]
    assert sum(p <= 0.05 for p in found) == 3


@given(PS, st.floats(0.001, 0.2))
def test_what_is_sure_is_what_the_step_down_procedure_rejects(ps: list[float], level: float) -> None:
    """Holm's words: the smallest against level / n, the next against level / (n - 1), until the first that does not pass."""
    rejected = set()
    for rank, place in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        if ps[place] * (len(ps) - rank) > level:
            break
        rejected.add(place)
    assert {place for place, p in enumerate(holm(ps)) if p <= level} == rejected


@given(PS)
def test_adjusting_makes_nothing_surer_and_keeps_the_order(ps: list[float]) -> None:
    found = holm(ps)
    assert all(p <= adjusted <= 1 for p, adjusted in zip(ps, found, strict=True))
    assert [found[place] for place in sorted(range(len(ps)), key=ps.__getitem__)] == sorted(found)


def test_one_p_stays_as_it_is() -> None:
    assert (holm([0.03]), holm([])) == ([0.03], [])


VARIANTS: dict[str, Any] = {"variants": [{"id": "plain"}, {"id": "warm"}], "control": {"percent": 20}}


def test_a_winner_is_better_than_no_message_and_than_every_other_variant() -> None:
    told = made(arm("control", 2000, 200), arm("plain", 4000, 420), arm("warm", 4000, 600), **VARIANTS)
    assert (told.winner.variant, told.winner.because) == ("warm", "more people reached the goal after warm than after no message and plain")
    assert [(one.variant, one.against, one.metric, one.verdict) for one in told.comparisons if one.verdict] == [
        ("warm", "plain", "conversion", "more")
    ]


@pytest.mark.parametrize(
    ("plain", "warm", "because"),
    [
        (590, 600, "warm leads, but cannot be told from plain"),
        (400, 405, "warm leads, but cannot be told from no message and plain"),
        (300, 410, "warm leads, but cannot be told from no message"),
        (600, 590, "plain leads, but cannot be told from warm"),
    ],
)
def test_no_winner_is_named_that_is_not_one(plain: int, warm: int, because: str) -> None:
    told = made(arm("control", 2000, 200), arm("plain", 4000, plain), arm("warm", 4000, warm), **VARIANTS)
    assert (told.winner.variant, told.winner.because) == (None, because)


def test_whoever_brings_more_orders_and_less_money_has_not_won() -> None:
    told = made(arm("control", 2000, 200, 5.0, 90.0), arm("plain", 4000, 420, 7.0, 90.0), arm("warm", 4000, 600, 5.0, 90.0), **VARIANTS)
    assert (told.winner.variant, told.winner.because) == (None, "warm leads, but its value a head is less than that of plain")


def test_one_message_alone_wins_nothing() -> None:
    told = made(arm("control", 2000, 200), arm("treated", 2000, 600))
    assert (told.winner.variant, told.winner.because) == (None, "there is only one message, so there is nothing to choose between")


def test_each_variant_is_judged_among_all_of_them() -> None:
    """p = 0.030 alone is 0.06 of two."""
    told = made(arm("control", 2000, 200), arm("plain", 4000, 470), arm("warm", 4000, 404), **VARIANTS)
    plain = next(one for one in told.effect if one.variant == "plain" and one.metric == "conversion")
    assert plain.p is not None and plain.p < 0.05
    assert (plain.p_adjusted, plain.verdict) == (pytest.approx(2 * plain.p), "unclear")
