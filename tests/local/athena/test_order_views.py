"""The views of orders and customers, as infra/migrations makes them: they say what an overview says."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlglot

from regulars.domain.lake.buckets import bucket_of
from regulars.domain.lake.migration_files import migrations
from regulars.domain.lake.sql import text, timestamp
from regulars.domain.overview.calendar import Month, Months
from regulars.domain.overview.views import months_view, orders_view, programme_view
from regulars.domain.purchase import USUAL, Purchase
from tests.domain.overview.histories import Claim, Did, Shop

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

FILES = {path.name: path.read_text() for path in (Path(__file__).parents[3] / "infra/migrations").glob("*.sql")}
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
MONTHS = Months(NOW, 30)
DAY = timedelta(days=1)
_READ = ("events", "people", "identities", "results", "VIEW")
KNOWN = ("regular", "back", "risky", "gone", "newest", "crawler")


def order(days_ago: float, user: str | None, browser: str | None = None, amount: object = 10) -> Did:
    return Did(user, browser, "Order Completed", "track", NOW - days_ago * DAY, amount)


DONE = [
    *[order(days, "regular") for days in (200.5, 160.5, 120.5, 80.5, 40.5, 20.5)],
    *[order(days, "back") for days in (700.5, 400.5, 10.5)],
    *[order(days, "risky", amount=20) for days in (150.5, 100.5)],
    order(300.5, "gone", amount='"NaN"'),
    order(5.5, "newest", amount='"2.5"'),
    order(5.4, None, "a1"),
    order(90.5, None, "a2"),
    Did(None, "a3", "page", "page", NOW - 3.5 * DAY),
    Did("gone", None, "Reviewed", "track", NOW - 3.5 * DAY),
    Did("gone", None, "Product Viewed", "track", NOW - 35.5 * DAY),
    Did("crawler", None, "Order Completed", "track", NOW - 2.5 * DAY, 1000, "bot"),
]
CLAIMED = [Claim("a1", "newest", NOW - 1.5 * DAY)]
SHOP = Shop(DONE, CLAIMED, NOW)


@pytest.fixture(scope="module")
def lake(shared: "Athena") -> "Athena":
    for migration in migrations(FILES):
        for statement in migration.statements:
            if any(name in statement.text.split("(")[0].split() for name in _READ):
                shared.run(statement.text.replace("${LakeBucket}", f"lake/{shared.database}"))
    tables = {
        "events": [did.row(number) for number, did in enumerate(DONE)],
        "identities": [claim.row() for claim in CLAIMED],
        "people": [{"user_id": user, "first_seen_ts": (NOW - 800 * DAY).replace(tzinfo=None)} for user in KNOWN],
    }
    for table, rows in tables.items():
        columns = list(rows[0])
        values = ", ".join("(" + ", ".join(_literal(row[column]) for column in columns) + ")" for row in rows)
        shared.run(f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}")
    return shared


def _literal(value: object) -> str:
    if isinstance(value, datetime):
        return timestamp(value.replace(tzinfo=UTC)).sql("athena")
    return "CAST(NULL AS varchar)" if value is None else text(str(value)).sql("athena")


def by_month(lake: "Athena", sql: str) -> dict[str, Sequence[str | None]]:
    return {str(row[0])[:7]: row[1:] for row in lake.rows(sql)}


def as_texts(figures: Sequence[object]) -> list[str | None]:
    return [None if figure is None else str(figure) for figure in figures]


def test_the_migration_has_the_views_as_they_are_printed() -> None:
    known = [statement.text for migration in migrations(FILES) for statement in migration.statements]
    for made in (orders_view(USUAL), months_view(), programme_view([])):
        head = made.splitlines()[0]
        (text,) = [text for text in known if head in text.splitlines()]
        assert sqlglot.parse_one(made, read="athena") == sqlglot.parse_one(text, read="athena")


def test_months_are_those_of_an_overview(lake: "Athena") -> None:
    found = by_month(lake, "SELECT month, reached, acted, converted, engaged, orders, revenue FROM months")
    assert found == {str(month): as_texts(figures) for month in MONTHS if (figures := SHOP.month(month))[0]}


def test_the_flow_is_that_of_an_overview(lake: "Athena") -> None:
    found = by_month(lake, "SELECT month, new, won_back, lapsed, customers, active, at_risk, gone FROM flow_by_month")
    assert found == {month: as_texts(SHOP.flow(Month(int(month[:4]), int(month[5:])))) for month in found}
    assert sum(int(row[2] or 0) for row in found.values()) == 3


def test_cohorts_are_those_of_an_overview(lake: "Athena") -> None:
    rows = lake.rows("SELECT cohort, months_since, people, active, share FROM cohorts")
    expected = {}
    for first in MONTHS:
        people = SHOP.cohort(first, MONTHS)
        expected |= {(str(first), after): (people[0], there) for after, there in enumerate(people) if there}
    found = {(str(cohort)[:7], int(after or 0)): (int(people or 0), int(active or 0)) for cohort, after, people, active, _ in rows}
    assert found == expected
    assert all(float(share or 0) == int(active or 0) / int(people or 1) for _, _, people, active, share in rows)


def test_customers_are_in_the_stage_of_their_ready_made_segment(lake: "Athena") -> None:
    found = lake.rows("SELECT user_id, orders, spent, stage FROM customers ORDER BY user_id")
    assert found == [
        ["back", "3", "30.0", "won back"],
        ["gone", "1", None, "lapsed"],
        ["newest", "2", "12.5", "new"],
        ["regular", "6", "60.0", "active"],
        ["risky", "2", "40.0", "at risk"],
    ]


def test_guests_have_orders_and_are_no_customers_until_somebody_claims_the_browser(lake: "Athena") -> None:
    assert lake.rows("SELECT user_id, visitor FROM orders WHERE user_id IS NULL") == [[None, "anonymous:a2"]]
    assert lake.value("SELECT count(*) FROM orders WHERE visitor = 'user:newest'") == "2"


def test_the_settings_names_make_the_view_anew_and_views_that_read_it_stay_valid(lake: "Athena") -> None:
    try:
        lake.run(orders_view(Purchase("Reviewed", None)))
        assert lake.rows("SELECT user_id, value FROM orders") == [["gone", None]]
        assert lake.rows("SELECT user_id, orders FROM customers") == [["gone", "1"]]
    finally:
        lake.run(orders_view(USUAL))


def quarter_of(moment: datetime) -> tuple[int, int]:
    return moment.year, (moment.month + 2) // 3


def test_the_programme_compares_known_people_by_their_bucket_of_the_quarter(lake: "Athena") -> None:
    assert lake.rows("SELECT * FROM programme") == []
    lake.run(programme_view([(NOW - 790 * DAY, 100), (NOW - 780 * DAY, 5_000)]))
    expected = Counter[tuple[str, str, str]]()
    bought = {person: Counter(map(quarter_of, moments)) for (person, _), moments in SHOP.orders.items() if person}
    for year, number in {quarter_of(did.moment) for did in SHOP.seen if did.name == "Order Completed"}:
        for user in KNOWN:
            key = f"{year}-{3 * number - 2:02d}-01", str(bucket_of(user, f"global-control-{year}Q{number}") < 5_000).lower()
            expected += Counter({(*key, "people"): 1, (*key, "orders"): bought.get(user, {}).get((year, number), 0)})
    rows = lake.rows("SELECT quarter, held_out, people, orders FROM programme")
    found = Counter(
        {(str(row[0]), str(row[1]), name): int(count or 0) for row in rows for name, count in zip(("people", "orders"), row[2:], strict=True)}
    )
    assert +found == expected
