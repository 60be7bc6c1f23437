"""Whose purchases simulated campaigns are judged by: a real retailer's year, and small shops where few buy and some spend much."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import Final

from local.demo.households import data_folder
from regulars.domain.measure.figures import Metric
from regulars.domain.measure.paired import MOST_LARGE, Pair, Paired, paired

Purchases = Sequence[float]
"""What one person had spent in all when each day began."""

SMALL_SHOP: Final = 3_000
BUYERS: Final = 0.03
WINDOW: Final = 14
YEAR: Final = 365
"""Days."""


@dataclass(frozen=True, eq=False)  # as good as no other, so that what was made of it is known by it
class Campaign:
    """Both groups, and the day of the message."""

    treated: Sequence[Purchases]
    control: Sequence[Purchases]
    day: int

    def groups(self, metric: Metric, days: int = WINDOW) -> tuple[Paired, Paired]:
        """Treated and control as a report knows them, so many `days` after the message, beside as long a past as the window."""
        return _groups(self, metric, days)


def retailer() -> Sequence[Purchases]:
    """Of 2,469 households in 2017."""
    import duckdb

    statement = """SELECT household_id, date_diff('day', DATE '2017-01-01', CAST(transaction_timestamp AS DATE)), sum(sales_value)
        FROM read_parquet($1) GROUP BY ALL ORDER BY ALL"""
    spent = dict[int, list[float]]()
    with duckdb.connect() as connection:
        for household, day, money in connection.execute(statement, [str(data_folder() / "transactions.parquet")]).fetchall():
            if day < YEAR:
                spent.setdefault(household, [0.0] * YEAR)[day] = money
    return [_totals(days) for days in spent.values()]


def small_shop(chance: random.Random, *, sigma: float, buyers: float = BUYERS, people: int = SMALL_SHOP) -> Sequence[Purchases]:
    """Four weeks, in each half of which about `buyers` of all buy, for 33 as a median; one in six for exp(sigma) times as much or more."""
    nothing = _totals([0.0] * (2 * WINDOW))
    shop = [nothing] * people
    for person in range(people):
        spent = [0.0] * (2 * WINDOW)
        for first in (0, WINDOW):
            if chance.random() < buyers:
                spent[first + chance.randrange(WINDOW)] = chance.lognormvariate(3.5, sigma)
        if any(spent):
            shop[person] = _totals(spent)
    return shop


def split(people: Sequence[Purchases], chance: random.Random, *, control: float, day: int) -> Campaign:
    """A message that changes nothing: who is in the `control` share is drawn by lot."""
    drawn = chance.sample(people, len(people))
    held_back = round(control * len(people))
    return Campaign(drawn[held_back:], drawn[:held_back], day)


def _totals(spent: Iterable[float]) -> Purchases:
    return list(accumulate(spent, initial=0.0))


@lru_cache(maxsize=2 * WINDOW)  # several ways judge the same campaign
def _groups(campaign: Campaign, metric: Metric, days: int) -> tuple[Paired, Paired]:
    return _group(campaign.treated, metric, campaign.day, days), _group(campaign.control, metric, campaign.day, days)


def _group(people: Sequence[Purchases], metric: Metric, day: int, days: int) -> Paired:
    start, end = day - WINDOW, day + days
    pairs = [(totals[end] - totals[day], totals[day] - totals[start]) for totals in people if totals[end] > totals[start]]
    if metric == "conversion":
        pairs = [(float(after > 0), float(before > 0)) for after, before in pairs]
    known = paired(tuple(pairs)) + Paired(len(people) - len(pairs))
    return replace(known, largest=() if metric == "conversion" else _largest(pairs))


def _largest(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    return tuple(sorted(pairs, key=lambda pair: max(map(abs, pair)), reverse=True)[:MOST_LARGE])
