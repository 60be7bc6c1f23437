"""Campaigns that change nothing, over the purchases of a real retailer and of small shops: an effect is found as often as promised, 2.5 % a side.

With fixed seeds, and with room for a chance of one in a thousand; the usual ways leave that room far behind, so each test can fail. The same with a
thousand campaigns and more draws is `make bench ARGS=effects`.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from scipy import stats

from bench import effects
from bench.effects import Side, of_retailer, of_small_shops, tally
from regulars.domain.measure import permutation

PROMISED = 0.05


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever their number, p is right; with fewer it is only less fine."""
    monkeypatch.setattr(permutation, "DRAWS", 200)
    permutation.permuted.cache_clear()
    yield
    permutation.permuted.cache_clear()


def keeps_its_promise(sides: Counter[Side]) -> bool:
    return no_more_than_promised(sides) and sides["above"] + sides["below"] >= stats.binom.ppf(0.001, sides.total(), PROMISED)


def no_more_than_promised(sides: Counter[Side]) -> bool:
    campaigns, once = sides.total(), {side: stats.binom.ppf(0.999, sides.total(), PROMISED / 2) for side in ("above", "below")}
    return all(sides[side] <= most for side, most in once.items()) and sides["above"] + sides["below"] <= stats.binom.ppf(0.999, campaigns, PROMISED)


def test_a_small_shop_where_some_spend_much() -> None:
    ways = [effects.by_conversion, effects.by_value, effects.by_adjusted_value, effects.by_welch]
    *ours, welch = tally(of_small_shops(200, sigma=1.0), ways)
    assert all(map(keeps_its_promise, ours))
    assert not no_more_than_promised(welch)


def test_a_real_retailer() -> None:
    conversion, value = tally(of_retailer(50), [effects.by_conversion, effects.by_value])
    assert keeps_its_promise(conversion)
    assert keeps_its_promise(value)


def test_whoever_looks_every_day_at_conversion() -> None:
    ways = [effects.daily("conversion"), effects.daily_by(effects.usual_conversion, "conversion")]
    ours, usual = tally(of_small_shops(150, sigma=1.0), ways)
    assert no_more_than_promised(ours)
    assert not no_more_than_promised(usual)


def test_whoever_looks_every_day_at_money() -> None:
    ways = [effects.daily("value"), effects.daily_by(effects.usual_value, "value")]
    ours, usual = tally(of_small_shops(20, sigma=1.5), ways)
    assert no_more_than_promised(ours)
    assert not no_more_than_promised(usual)
