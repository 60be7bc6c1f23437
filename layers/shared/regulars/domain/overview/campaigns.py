"""What campaigns changed, added up: of the runs whose window closed in the months shown, out of the lake's table `results`.

A sum of differences has an interval, too: the distances of its bounds are added as variances are (G. Y. Zou and A. Donner, Statistics in Medicine 27
(2008) 1693-1702, equations 4 and 5), which asks the runs to be independent. Variants of one run share its control group and are not: their distances
are added as they are. What that can't mend is that one purchase may lie in the windows of two campaigns, and count for both.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from sqlglot import exp

from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.lake.sql import statement, text, timestamp
from regulars.domain.overview.calendar import Months
from regulars.domain.overview.figures import CampaignFigures, Total
from regulars.domain.queries import ResultRow

_RESULTS: Final = """
SELECT campaign_id, run_id, people, sent, cost_usd, currency,
  caused, conversion_low * people AS caused_low, conversion_high * people AS caused_high,
  caused_value, value_low * people AS caused_value_low, value_high * people AS caused_value_high
FROM results
WHERE window_end_ts >= :start AND window_end_ts <= :as_of AND as_of_ts >= window_end_ts AND NOT rehearsal AND arm <> :control
"""


def campaigns_query(months: Months) -> exp.Select:
    """One row a treated arm of a run that sent, and whose window had closed by the moment."""
    values = {"start": timestamp(months.start), "as_of": timestamp(months.as_of), "control": text(CONTROL)}
    return cast(exp.Select, statement(_RESULTS, values))


@dataclass(frozen=True)
class _Caused:
    """By one arm, for all of its people; the bounds are of its 95 % interval."""

    run_id: str
    much: float
    low: float
    high: float


def campaign_figures(rows: Iterable[ResultRow]) -> list[CampaignFigures]:
    """By the campaign's id, and all of them together at the end (`campaign` is None), where there are any."""
    by_campaign = defaultdict[str, list[ResultRow]](list)
    for row in rows:
        by_campaign[row["campaign_id"] or ""].append(row)
    found = [_figures(campaign, by_campaign[campaign]) for campaign in sorted(by_campaign)]
    every = [row for campaign in by_campaign.values() for row in campaign]
    return [*found, _figures(None, every)] if every else []


def _figures(campaign: str | None, rows: Sequence[ResultRow]) -> CampaignFigures:
    caused, spent = _caused(rows, "caused"), _caused(rows, "caused_value")
    currencies = {row["currency"] for row in rows if row["caused_value"] is not None}  # None is one: of money whose currency nobody told
    costs = {row["run_id"]: float(row["cost_usd"] or 0) for row in rows}
    return CampaignFigures(
        campaign=campaign,
        runs=len(costs),
        measured=len({each.run_id for each in caused}),
        people=sum(int(row["people"] or 0) for row in rows),
        sent=sum(int(row["sent"] or 0) for row in rows),
        caused=_total(caused),
        caused_value=_total(spent) if len(currencies) <= 1 else None,
        currency=next(iter(currencies)) if len(currencies) == 1 else None,
        cost_usd=sum(costs.values()),
    )


def _caused(rows: Iterable[ResultRow], figure: str) -> list[_Caused]:
    """Of those arms of which it is known with an interval."""
    told = ((row["run_id"] or "", [row[name] for name in (figure, f"{figure}_low", f"{figure}_high")]) for row in rows)
    return [_Caused(run_id, *(float(bound or 0) for bound in bounds)) for run_id, bounds in told if None not in bounds]


def _total(caused: Sequence[_Caused]) -> Total | None:
    if not caused:
        return None
    down, up = defaultdict[str, float](float), defaultdict[str, float](float)
    for each in caused:
        down[each.run_id] += each.much - each.low
        up[each.run_id] += each.high - each.much
    much = sum(each.much for each in caused)
    return Total(much, much - math.hypot(*down.values()), much + math.hypot(*up.values()))
