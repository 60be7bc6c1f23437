"""The months of an overview: visitors beside orders."""

from collections.abc import Iterable

from regulars.domain.overview.calendar import Months
from regulars.domain.overview.customers import Customers
from regulars.domain.overview.figures import MonthFigures
from regulars.domain.queries import ResultRow


def month_figures(months: Months, visits: Iterable[ResultRow], customers: Customers) -> list[MonthFigures]:
    """`visits` are the rows of `visits_query`. A server tells of orders without any visit: whoever ordered was there, and did something."""
    there = {row["month"]: row for row in visits}
    found = []
    for month in months:
        row, converted = there.get(str(month), {}), customers.converted_in(month)
        reached, acted = (max(int(row.get(name) or 0), converted) for name in ("reached", "acted"))
        bought = (converted, customers.engaged_in(month), customers.orders_in(month), customers.revenue_in(month))
        found.append(MonthFigures(str(month), months.unfinished(month), reached, acted, *bought))
    return found


def notes(months: list[MonthFigures], customers: Customers) -> list[str]:
    """What the figures do not say by themselves."""
    told = []
    if not any(month.reached for month in months):
        told.append("nobody was here in these months: send what people do to the collection API, or `regulars import` what they did")
    elif not any(month.orders for month in months):
        told.append("nobody bought anything in these months")
    if why := no_money(customers):
        told.append(why)
    return told


def no_money(customers: Customers) -> str:
    """Why there is no money to be told of, where people ordered; else empty."""
    if len(customers.currencies) > 1:
        names = " and ".join(customers.currencies)
        return f"orders are in {names}: money of several currencies is not added up; `orders` in the lake has each order's own"
    if customers.ordered and not customers.readable:
        return "no order in these months has a number for what it came to: `purchase.value` in the settings says where that is"
    return ""
