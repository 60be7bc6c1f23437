"""What the last days cost, as far as that is told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from regulars.domain.costs import COUNTED, NOT_COUNTED, DayCost, Statement, costs_by_day
from regulars.domain.prices import AS_OF, REGION
from regulars.ports import Clock, QueryHistory

LONGEST: Final = timedelta(seconds=15)
"""API Gateway waits for 30 (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html)."""


@dataclass(frozen=True)
class Costs:
    """`days` are of UTC, the newest first; the first is not over. Of `counted` services everything is in them since `since`; `complete` says whether
    that is all that was asked for: days of which nothing is known are left out. `not_counted` are services that are in none. At the prices of
    `prices_as_of` in `region`."""

    days: Sequence[DayCost]
    since: datetime
    complete: bool
    counted: Sequence[str]
    not_counted: Sequence[str]
    prices_as_of: date
    region: str


def count_costs(days: int, *, history: QueryHistory, clock: Clock) -> Costs:
    """Asks Athena for each statement of these days, for as long as whoever asked may wait. Raises StoreUnavailableError."""
    now = clock.now()
    wanted = [(now - timedelta(days=place)).date() for place in range(days)]
    since = datetime.combine(wanted[-1], time(), now.tzinfo)
    found, complete = list[Statement](), False
    for each in _until(now + LONGEST, history, clock):
        complete = each is None or each.at < since
        if each is None or complete:
            break
        found.append(each)
    told = since if complete else min((each.at for each in found), default=now)
    days_told = [day for day in wanted if day >= told.date()]
    return Costs(costs_by_day(found, days_told), told, complete, COUNTED, NOT_COUNTED, AS_OF, REGION)


def _until(end: datetime, history: QueryHistory, clock: Clock) -> Iterator[Statement | None]:
    """The statements, the newest first, then None; ends without None where the time does."""
    for each in history.statements():
        yield each
        if clock.now() > end:
            return
    yield None
