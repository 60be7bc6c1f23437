"""What campaigns changed, added up as far as it can be."""

import math
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from regulars.domain.lake.sql import printed
from regulars.domain.measure.intervals import newcombe
from regulars.domain.overview.calendar import Months
from regulars.domain.overview.campaigns import campaign_figures, campaigns_query
from regulars.domain.overview.figures import Total
from regulars.domain.queries import ResultRow
from tests.domain.campaigns.lake import Lake


def arm(
    run: str, caused: tuple[float, float, float] | None = None, *, campaign: str = "spring", currency: str | None = "EUR", **more: str
) -> ResultRow:
    bounds = [str(each) for each in caused] if caused else [None] * 3
    figures = dict(zip(("caused", "caused_low", "caused_high"), bounds, strict=True))
    money = {name.replace("caused", "caused_value"): value for name, value in figures.items()}
    return {"campaign_id": campaign, "run_id": run, "people": "900", "sent": "800", "cost_usd": "2", "currency": currency, **figures, **money, **more}


def test_runs_count_that_sent_and_whose_window_had_closed_by_the_moment() -> None:
    lake, closed = Lake(), datetime(2026, 10, 8)
    row = {"run_id": "r1", "campaign_id": "spring", "arm": "treated", "rehearsal": False, "window_end_ts": closed, "as_of_ts": closed, "people": 900}
    row |= {"caused": 9.0, "conversion_low": -0.01, "conversion_high": 0.03, "sent": 800, "cost_usd": 2.0}
    others: list[dict[str, Any]] = [
        {"arm": "control"},
        {"rehearsal": True},
        {"window_end_ts": closed + timedelta(days=60)},
        {"window_end_ts": None},
        {"window_end_ts": datetime(2026, 8, 31)},
        {"as_of_ts": closed - timedelta(days=1)},
    ]
    lake.fill("results", [row, *({**row, "run_id": f"other {number}", **other} for number, other in enumerate(others))])
    spring, _ = campaign_figures(lake.answers(printed(campaigns_query(Months(datetime(2026, 11, 21, tzinfo=UTC), 3)))))
    assert (spring.runs, spring.people, spring.caused, spring.caused_value) == (1, 900, Total(9, -9, 27), None)


def test_effects_of_runs_are_added_up_and_their_bounds_as_variances_are() -> None:
    spring, everything = campaign_figures([arm("r1", (10, 4, 17)), arm("r2", (20, 12, 44))])
    assert (spring.campaign, spring.runs, spring.measured, spring.people, spring.sent, spring.cost_usd) == ("spring", 2, 2, 1800, 1600, 4)
    assert spring.caused and (spring.caused.sum, spring.caused.low, spring.caused.high) == (30, 30 - math.hypot(6, 8), 30 + math.hypot(7, 24))
    assert (everything.campaign, everything.caused) == (None, spring.caused)


def test_variants_of_a_run_share_a_control_group_and_their_doubts_add_up() -> None:
    spring, _ = campaign_figures([arm("r1", (10, 4, 17)), arm("r1", (20, 12, 44))])
    assert (spring.runs, spring.cost_usd) == (1, 2)
    assert spring.caused and (spring.caused.low, spring.caused.high) == (30 - 14, 30 + 31)


def test_a_run_of_which_nothing_is_known_is_counted_and_not_measured() -> None:
    spring, _ = campaign_figures([arm("r1"), arm("r2", (10, 4, 17))])
    assert (spring.runs, spring.measured) == (2, 1)
    assert spring.caused and spring.caused.sum == 10
    autumn, _ = campaign_figures([arm("r3", campaign="autumn")])
    assert (autumn.measured, autumn.caused, autumn.caused_value) == (0, None, None)


def test_money_of_several_currencies_is_not_added_up() -> None:
    autumn, spring, everything = campaign_figures([arm("r1", (1, 0, 2)), arm("r2", (1, 0, 2), campaign="autumn", currency="USD")])
    assert (autumn.currency, spring.currency, everything.currency, everything.caused_value) == ("USD", "EUR", None, None)
    assert everything.caused and everything.caused.sum == 2


def test_no_campaign_no_row() -> None:
    assert campaign_figures([]) == []


def test_the_sum_of_ten_runs_covers_what_they_really_changed() -> None:
    rng, size, runs, covered = Random(3), 400, 10, 0
    for _ in range(200):
        rows = []
        for run in range(runs):
            treated, control = (sum(rng.random() < rate for _ in range(size)) for rate in (0.12, 0.10))
            found = newcombe(treated, size, control, size)
            rows.append(arm(str(run), (size * found.difference, size * found.low, size * found.high)))
        total = campaign_figures(rows)[-1].caused
        assert total
        covered += total.low <= runs * size * 0.02 <= total.high
    assert 0.91 * 200 <= covered <= 0.99 * 200


def test_money_of_which_nobody_told_the_currency_is_not_added_to_another() -> None:
    *_, everything = campaign_figures([arm("r1", (1, 0, 2)), arm("r2", (1, 0, 2), campaign="autumn", currency=None)])
    assert (everything.currency, everything.caused_value) == (None, None)
