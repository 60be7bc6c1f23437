"""The figures of an overview, as `regulars overview --json` shows them (docs/measure.md). None is what can't be known, and a note says why."""

from collections.abc import Sequence
from dataclasses import dataclass


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
