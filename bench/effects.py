"""How often a report finds an effect where there is none: a thousand campaigns that change nothing, over the purchases of a real retailer and of
small shops. 5 % is promised, half of it a side. Beside each way to judge stands the usual one, over the same people: Welch's interval for money, and
what is seen by whoever looks every day at an interval that holds for one look."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Literal

from bench.purchases import WINDOW, YEAR, Campaign, retailer, small_shop, split
from bench.table import BenchRow
from regulars.domain.measure import permutation
from regulars.domain.measure.estimate import Estimate, adjusted_estimate, anytime, conversion_estimate, value_estimate
from regulars.domain.measure.figures import Metric
from regulars.domain.measure.intervals import Interval, means, newcombe, welch
from regulars.domain.measure.paired import Paired

CAMPAIGNS: Final = 1_000
CONTROL: Final = 0.1
PROMISED: Final = 5.0
DRAWS: Final = 400
"""A tenth of a report's: p is right with any number, only less fine."""

Side = Literal["above", "below", "neither"]
"""Of zero: where the interval lies."""
Way = Callable[[Campaign, str], Side]
"""Judges a campaign by a seed."""


def of_retailer(campaigns: int, *, control: float = CONTROL) -> Iterator[Campaign]:
    """Each on another day, with another control group."""
    people = retailer()
    for number in range(campaigns):
        chance = random.Random(number)
        yield split(people, chance, control=control, day=chance.randrange(WINDOW, YEAR - WINDOW))


def of_small_shops(campaigns: int, *, sigma: float, control: float = CONTROL) -> Iterator[Campaign]:
    """Each of another shop."""
    for number in range(campaigns):
        chance = random.Random(f"{sigma} {number}")
        yield split(small_shop(chance, sigma=sigma), chance, control=control, day=WINDOW)


def by_conversion(campaign: Campaign, seed: str) -> Side:
    return _side(conversion_estimate(*campaign.groups("conversion")))


def by_value(campaign: Campaign, seed: str) -> Side:
    found = value_estimate(*campaign.groups("value"), seed=seed)
    return _side(found) if isinstance(found, Estimate) else "neither"


def by_adjusted_value(campaign: Campaign, seed: str) -> Side:
    return _side(adjusted_estimate(*campaign.groups("value"), seed=seed))


def by_welch(campaign: Campaign, seed: str) -> Side:
    return _side(usual_value(*campaign.groups("value")))


def daily(metric: Metric) -> Way:
    """By the interval that is made for it."""
    return lambda campaign, seed: _first_side(_side(anytime(*groups, metric=metric, seed=seed)) for groups in _each_day(campaign, metric))


def daily_by(usual: Callable[[Paired, Paired], Interval], metric: Metric) -> Way:
    return lambda campaign, seed: _first_side(_side(usual(*groups)) for groups in _each_day(campaign, metric))


def usual_conversion(treated: Paired, control: Paired) -> Interval:
    return newcombe(round(treated.mean * treated.size), treated.size, round(control.mean * control.size), control.size)


def usual_value(treated: Paired, control: Paired) -> Interval:
    return means(treated.outcome, control.outcome, welch(treated.outcome, control.outcome))


JUDGED: Final[Sequence[tuple[str, Way, Way]]] = (
    ("conversion", by_conversion, by_conversion),
    ("money", by_value, by_welch),
    ("money, its past taken out", by_adjusted_value, by_welch),
    ("conversion, looked at every day", daily("conversion"), daily_by(usual_conversion, "conversion")),
    ("money, looked at every day", daily("value"), daily_by(usual_value, "value")),
)
"""Each way, and the usual one."""


def tally(campaigns: Iterable[Campaign], ways: Sequence[Way]) -> list[Counter[Side]]:
    """How often the interval lay where, for each way. Campaigns are told apart by their number, which is the seed."""
    found = [Counter[Side]() for _ in ways]
    for number, campaign in enumerate(campaigns):
        for way, sides in zip(ways, found, strict=True):
            sides[way(campaign, str(number))] += 1
    return found


def rows() -> list[BenchRow]:
    permutation.DRAWS = DRAWS
    shops = {
        "retailer": of_retailer(CAMPAIGNS),
        "small shop": of_small_shops(CAMPAIGNS, sigma=1.0),
        "small shop, some spend much": of_small_shops(CAMPAIGNS, sigma=1.5),
    }
    found = []
    for name, campaigns in shops.items():
        sides = tally(campaigns, [way for _, *both in JUDGED for way in both])
        for place, (what, _, _) in enumerate(JUDGED):
            found.append(_row(f"{name}: {what}", sides[2 * place], sides[2 * place + 1]))
    return found


def _row(name: str, ours: Counter[Side], usual: Counter[Side]) -> BenchRow:
    share = _share(ours, "above") + _share(ours, "below")
    return BenchRow(name, share, PROMISED, share / PROMISED, "% of campaigns", f"promised; ours {_sides(ours)}; usually {_sides(usual)}")


def _sides(sides: Counter[Side]) -> str:
    return f"{_share(sides, 'above'):.1f} above, {_share(sides, 'below'):.1f} below"


def _share(sides: Counter[Side], side: Side) -> float:
    return 100 * sides[side] / sides.total()


def _each_day(campaign: Campaign, metric: Metric) -> Iterator[tuple[Paired, Paired]]:
    """From the first on which anybody did anything."""
    looks = (campaign.groups(metric, days) for days in range(1, WINDOW + 1))
    return (groups for groups in looks if any(group.deviations for group in groups))


def _first_side(sides: Iterable[Side]) -> Side:
    """Who looks every day stops at the first."""
    return next((side for side in sides if side != "neither"), "neither")


def _side(found: Interval | Estimate | None) -> Side:
    if found is None or found.low <= 0 <= found.high:
        return "neither"
    return "above" if found.low > 0 else "below"
