"""What an overview counts: against the same counted without SQL, and at the borders of its words."""

import json
import os
from collections.abc import Iterable
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from sqlglot import exp

from local.demo.households import batches
from regulars.domain.lake.owners import OWNERS
from regulars.domain.lake.sql import printed
from regulars.domain.overview.calendar import Month, Months, month_of, read_month
from regulars.domain.overview.customers import Customers, read_customers
from regulars.domain.overview.customers_query import customers_query
from regulars.domain.overview.figures import MonthFigures
from regulars.domain.overview.months import month_figures, no_money, notes
from regulars.domain.overview.visits import visits_query
from regulars.domain.purchase import USUAL
from tests.domain.campaigns.lake import Lake
from tests.domain.overview.histories import AS_OF, MONTHS, Claim, Did, Shop, claims, events
from tests.drawn import drawn

LAKE = Lake()
DAY = timedelta(days=1)
QUERIES = {"customers": customers_query(USUAL, MONTHS), "visits": visits_query(MONTHS)}


def figures(done: Iterable[Did], claimed: Iterable[Claim] = ()) -> tuple[list[MonthFigures], Customers]:
    LAKE.clear("events", "identities")
    for table, rows in (("events", [did.row(number) for number, did in enumerate(done)]), ("identities", [claim.row() for claim in claimed])):
        if rows:
            LAKE.fill(table, rows)
    customers = read_customers(LAKE.answers(printed(QUERIES["customers"])), MONTHS)
    return month_figures(MONTHS, LAKE.answers(printed(QUERIES["visits"])), customers), customers


def order(days_ago: float, user: str | None = "ada", browser: str | None = None, amount: object = 10) -> Did:
    return Did(user, browser, "Order Completed", "track", AS_OF - days_ago * DAY, amount)


@pytest.mark.parametrize("name", QUERIES)
def test_the_sql_is_as_written_down(name: str) -> None:
    tree = QUERIES[name].copy()
    next(part for part in tree.find_all(exp.CTE) if part.alias == OWNERS).set("this", exp.var("…"))
    readable, expected = printed(tree, pretty=True) + "\n", Path(__file__).parent / f"{name}.sql"
    if os.environ.get("WRITE_GOLDEN"):
        expected.write_text(readable)
    assert readable == expected.read_text()


@drawn(25)
@given(events, claims)
def test_the_figures_are_those_that_are_counted_without_sql(done: list[Did], claimed: list[Claim]) -> None:
    shop = Shop(done, claimed)
    months, customers = figures(done, claimed)
    assert [astuple(month)[2:] for month in months] == [shop.month(month) for month in MONTHS]
    assert [astuple(flow)[2:] for flow in customers.flow()] == [shop.flow(month) for month in MONTHS]
    found = {cohort.month: [month.people for month in cohort.months] for cohort in customers.cohorts()}
    assert found == {str(month): people for month in MONTHS if (people := shop.cohort(month))[0]}


def test_the_month_under_way_is_unfinished_and_at_midnight_of_the_first_none_is() -> None:
    months, _ = figures([])
    assert [(month.month, month.unfinished) for month in months] == [("2017-07", False), ("2017-08", False), ("2017-09", False), ("2017-10", True)]
    midnight = Months(datetime(2017, 10, 1, tzinfo=UTC), 2)
    assert [(str(month), midnight.unfinished(month)) for month in midnight] == [("2017-08", False), ("2017-09", False)]


def test_months_are_counted_across_years() -> None:
    assert Month(2018, 1).later(-1) == Month(2017, 12) == read_month("2017-12") == month_of(datetime(2017, 12, 31, 23, tzinfo=UTC))
    assert (Month(2018, 2).after(Month(2016, 11)), Month(2017, 12).end) == (15, datetime(2018, 1, 1, tzinfo=UTC))


def test_a_second_order_in_the_first_month_is_engagement() -> None:
    months, _ = figures([order(5), order(4, user="bob"), order(3, user="bob")])
    assert (months[-1].converted, months[-1].engaged, months[-1].orders, months[-1].revenue) == (2, 1, 3, 30.0)


@pytest.mark.parametrize(("gap", "won_back"), [(179.99, 0), (180, 1), (181, 1)])
def test_who_comes_back_after_180_days_is_won_back_and_had_lapsed(gap: float, won_back: int) -> None:
    _, customers = figures([order(5 + gap), order(5)])
    october = customers.flow()[-1]
    assert (october.won_back, october.lapsed, october.customers, october.active, october.gone) == (won_back, won_back, 1, 1, 0)


def test_who_buys_as_a_guest_is_a_visitor_and_no_customer_until_somebody_claims_the_browser() -> None:
    guest = order(5, user=None, browser="a1")
    months, customers = figures([guest])
    assert (months[-1].reached, months[-1].converted, months[-1].revenue, customers.flow()[-1].customers) == (1, 1, 10.0, 0)
    _, customers = figures([guest, order(40)], [Claim("a1", "ada", AS_OF - DAY)])
    assert [cohort.month for cohort in customers.cohorts()] == ["2017-09"]


@pytest.mark.parametrize(
    ("name", "acts"),
    [
        ("Product Viewed", False),
        ("page_view", False),
        ("ViewItem", False),
        ("Application Opened", False),
        ("app_open", False),
        ("Session Started", False),
        ("Review Submitted", True),
        ("Interview Booked", True),
        ("Session Booked", True),
        ("Product Added", True),
    ],
)
def test_to_look_is_not_to_act(name: str, acts: bool) -> None:
    months, _ = figures([Did("ada", None, name, "track", AS_OF - DAY)])
    assert (months[-1].reached, months[-1].acted) == (1, int(acts))


@pytest.mark.parametrize(("name", "kind"), [("Push Notification Received", "track"), ("identify", "identify"), ("alias", "alias")])
def test_what_happens_without_anybody_there_is_no_visit(name: str, kind: str) -> None:
    months, _ = figures([Did("ada", None, name, kind, AS_OF - DAY)])
    assert months[-1].reached == 0


def test_money_of_several_currencies_is_not_added_up_and_that_is_said() -> None:
    LAKE.clear("events", "identities")
    rows = [{**order(days).row(days), "properties": f'{{"revenue": 10, "currency": "{currency}"}}'} for days, currency in ((3, "EUR"), (50, "USD"))]
    LAKE.fill("events", rows)
    customers = read_customers(LAKE.answers(printed(QUERIES["customers"])), MONTHS)
    months = month_figures(MONTHS, [], customers)
    assert (customers.currency, [month.revenue for month in months]) == (None, [None] * 4)
    assert [note for note in notes(months, customers) if "EUR and USD" in note]


@pytest.mark.parametrize("none", ["", " ", "??", "euros"])
def test_what_is_no_currency_is_none_of_several(none: str) -> None:
    LAKE.clear("events", "identities")
    rows = [{**order(days).row(days), "properties": f'{{"revenue": 10, "currency": "{name}"}}'} for days, name in ((3, none), (4, "eur"))]
    LAKE.fill("events", rows)
    customers = read_customers(LAKE.answers(printed(QUERIES["customers"])), MONTHS)
    assert (customers.currency, month_figures(MONTHS, [], customers)[-1].revenue) == ("EUR", 20)


@pytest.mark.parametrize(("amounts", "said"), [((None, '"x"'), 1), ((None, 10), 0), ((), 0)])
def test_where_no_order_says_what_it_came_to_that_is_said_and_money_is_not_nothing(amounts: tuple[object, ...], said: int) -> None:
    months, customers = figures([order(1 + number, amount=amount) for number, amount in enumerate(amounts)])
    assert len([note for note in notes(months, customers) if "`purchase.value`" in note]) == bool(no_money(customers)) == said
    assert months[-1].revenue == (10 if 10 in amounts else None)


def test_money_is_read_of_the_months_shown_alone() -> None:
    reads = [part.sql("athena") for part in QUERIES["customers"].find_all(exp.Union)]
    before, since = reads[0].split(" UNION ALL ")
    assert "properties" not in before and "properties" in since


def test_a_retailers_year_is_counted_as_it_is_without_sql() -> None:
    calls = [call for _, body in batches(20) for call in json.loads(body)["batch"] if call["type"] == "track"]
    done = [
        Did(call["userId"], None, call["event"], "track", datetime.fromisoformat(call["timestamp"]), call["properties"]["revenue"]) for call in calls
    ]
    assert len(done) > 500
    shop = Shop(done)
    months, customers = figures(done)
    # What money comes to is a sum of doubles, in whatever order.
    expected = [shop.month(month) for month in MONTHS]
    assert [astuple(month)[2:-1] for month in months] == [month[:-1] for month in expected]
    assert [month.revenue for month in months] == pytest.approx([month[-1] for month in expected])
    assert [astuple(flow)[2:] for flow in customers.flow()] == [shop.flow(month) for month in MONTHS]
    assert customers.flow()[-1].customers == 20
