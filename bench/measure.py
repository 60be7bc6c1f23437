"""A report on 1,000,000 assigned people and ten million events, against one evaluation of a segment in the same lake, in the local Athena.

The segment is the one of three clauses that `segments` measures, too: orders of 30 days, taps of 7, and what people said of themselves ever; and the
same with what the orders came to in place of how many there were, because a report reads money, too. The report's goal is an order within a week with
its revenue, and it reads as long before. Bytes and time as in `segments`.
"""

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench import shop, shop_lake
from bench.segments import Cost, least_costs, members_sql
from bench.shop_questions import BOUGHT, SPENT
from bench.table import BenchRow
from regulars.domain.campaigns.arms import arm_of
from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.lake.sql import printed
from regulars.domain.measure.arm import read_arms
from regulars.domain.measure.query import outcomes

if TYPE_CHECKING:
    from regulars.adapters.athena_queries import AthenaQueries

SIZE: Final = shop.Size(events=10_000_000, people=1_000_000)
TURNS: Final = 5
ROWS_AT_ONCE: Final = 250_000

CAMPAIGN: Final = parse_campaign(
    {
        "id": "weekly",
        "audience": {"include": ["bought"]},
        "message": {"push": {"body": "Hello"}},
        "goal": {"event": "Order Completed", "within": "7d", "value": "revenue", "currency": "EUR"},
        "delivery": {"purpose": "marketing"},
    }
)
OWNERS: Final = (
    "SELECT count(kind) AS kinds, count(id) AS ids, count(user_id) AS people, max(since_ts) AS since, max(until_ts) AS until FROM identities"
)
PLANNED: Final = shop.AS_OF - timedelta(days=7) + timedelta(hours=9)
RUN: Final = f"weekly-{PLANNED:%Y%m%dT%H%M%S}-a1b2c3"
"""As the pushes of that week name it (`shop`)."""


def rows(size: shop.Size = SIZE) -> list[BenchRow]:
    with tempfile.TemporaryDirectory(prefix="regulars-report-") as folder:
        metadata = shop_lake.make(Path(folder), size, by_day=False)
        with shop_lake.opened(Path(folder), metadata) as queries:
            _assign(size.people)
            asked = outcomes(RUN, CAMPAIGN, planned_at=PLANNED, launched_at=PLANNED, as_of=shop.AS_OF + timedelta(days=7))
            found = least_costs(
                queries, {"report": printed(asked), "segment": members_sql(BOUGHT), "spent": members_sql(SPENT), "owners": OWNERS}, TURNS
            )
            return _rows(found, _counted(queries, found["report"], size))


def _rows(found: Mapping[str, Cost], of: str) -> list[BenchRow]:
    """Athena reads whose ids are whose wherever a statement asks for it, the local engine once: the report asks once, the segment for each of
    its three scans."""
    report, segment, spent = found["report"], found["segment"], found["spent"]
    ours, theirs = report.read, segment.read + 2 * found["owners"].read
    return [
        BenchRow("report: read", report.read / 1e6, segment.read / 1e6, report.read / segment.read, "MB", f"a segment of three clauses; {of}"),
        BenchRow(
            "report: read, identities wherever they are named", ours / 1e6, theirs / 1e6, ours / theirs, "MB", "the same, as Athena reads a WITH"
        ),
        BenchRow("report: CPU", report.seconds * 1e3, segment.seconds * 1e3, report.seconds / segment.seconds, "ms", "the same segment"),
        BenchRow("report: read", report.read / 1e6, spent.read / 1e6, report.read / spent.read, "MB", "that segment, with a sum of money"),
        BenchRow("report: CPU", report.seconds * 1e3, spent.seconds * 1e3, report.seconds / spent.seconds, "ms", "that segment, with a sum of money"),
    ]


def _counted(queries: "AthenaQueries", report: Cost, size: shop.Size) -> str:
    """That it has found what there is."""
    arms = read_arms((), queries.fetched(report.query_id))
    total, converted, opened = (sum(getattr(arm, figure) for arm in arms) for figure in ("people", "converted", "opened"))
    if total != size.people or not converted or not opened:
        raise AssertionError(f"the report is of {total:,} people, of whom {converted:,} converted and {opened:,} opened")
    return f"{total:,} people, {converted:,} of whom converted, and {size.events:,} events"


def _assign(number: int) -> None:
    """Everybody who ever did anything, in their arms; all who are treated were sent a push."""
    for first in range(0, number, ROWS_AT_ONCE):
        users = [f"u{100_000 + each}" for each in range(first, min(first + ROWS_AT_ONCE, number))]
        people = [{"run_id": RUN, "campaign_id": CAMPAIGN.id, "user_id": user, "arm": arm_of(CAMPAIGN, user)} for user in users]
        planned = {"bucket": 0, "planned_ts": PLANNED.replace(tzinfo=None)}
        sent = {"device_id": "a-phone", "outcome": "sent", "reason": None, "delivered_ts": PLANNED.replace(tzinfo=None)}
        shop_lake.append("assignments", [person | planned for person in people])
        treated = (person for person in people if person["arm"] != CONTROL)
        shop_lake.append("deliveries", [person | sent | {"message_id": f"m-{person['user_id']}"} for person in treated])
