"""The figures of an overview, as `regulars overview --json` shows them (docs/measure.md). None is what can't be known, and a note says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.measure.figures import AdjustedFigures, Bounds, JudgedBy, Method, Metric, Verdict


@dataclass(frozen=True)
class MonthFigures:
    """Visitors: `converted` are those who ordered, `engaged` those whose order was not their first. `revenue` is that of all orders."""

    month: str
    unfinished: bool
    reached: int
    acted: int
    converted: int
    engaged: int
    orders: int
    revenue: float | None


@dataclass(frozen=True)
class FlowFigures:
    """Customers: who came (`new`), came back (`won_back`) and was lost (`lapsed`) in the month, and how they all stand at its end, where
    `customers` are `active`, `at_risk` and `gone` together."""

    month: str
    unfinished: bool
    new: int
    won_back: int
    lapsed: int
    customers: int
    active: int
    at_risk: int
    gone: int


@dataclass(frozen=True)
class CohortMonth:
    """`after` so many months: those who ordered in it, their `share` of the cohort, and what they spent in it."""

    after: int
    unfinished: bool
    people: int
    share: float
    revenue: float | None


@dataclass(frozen=True)
class Cohort:
    """The `people` whose first order was in the month."""

    month: str
    people: int
    months: Sequence[CohortMonth]


@dataclass(frozen=True)
class ProgrammeEffect:
    """Those whom messages may reach minus the group. `low`, `high` and `p` are the plain estimate's, of one look.

    The verdict is `judged_by` one of the estimates, while the quarter is unfinished by `anytime`, which has no p. `caused` is for all of the former,
    by the adjusted one where that is it, else by the plain one.
    """

    metric: Metric
    method: Method
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    verdict: Verdict | None
    adjusted: AdjustedFigures | None
    anytime: Bounds | None
    judged_by: JudgedBy | None
    caused: float | None
    note: str | None


@dataclass(frozen=True)
class QuarterFigures:
    """`percent` of all people were held out since then. A rate is of people who ordered, a value what they spent a head."""

    quarter: str
    since: datetime
    unfinished: bool
    percent: float
    held_out: int
    messaged: int
    rate_held_out: float | None
    rate_messaged: float | None
    value_held_out: float | None
    value_messaged: float | None
    effect: Sequence[ProgrammeEffect]


@dataclass(frozen=True)
class Total:
    """A sum of effects, with the bounds of its 95 % interval."""

    sum: float
    low: float
    high: float


@dataclass(frozen=True)
class CampaignFigures:
    """Of a campaign's runs whose window closed in the months, or of all campaigns' (`campaign` is None). What was `caused` is known of those that
    were `measured`: they had a control group, and enough people."""

    campaign: str | None
    runs: int
    measured: int
    people: int
    sent: int
    caused: Total | None
    caused_value: Total | None
    currency: str | None
    cost_usd: float
