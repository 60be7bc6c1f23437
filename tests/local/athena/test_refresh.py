"""Refreshed segments over the local Athena: the hours between read what was counted once and what came since, and find whom the whole lake has."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from regulars.adapters.glue_tables import GlueTables
from regulars.adapters.s3_objects import S3Objects
from regulars.domain.collection.message import QueueMessage
from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule
from regulars.usecases.load import load
from regulars.usecases.refresh import Refreshed, refresh
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryDefinitions, MemoryDevices, MemoryEvaluations, MemoryEventNames, MemoryProfiles, MemoryRefreshes
from tests.local.athena.curation import CuratedLake, curated_lake

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

HOUR = timedelta(hours=1)
RULE: Final[dict[str, Any]] = {
    "all": [{"event": "Bought", "within": "3d", "count": {"gte": 2}}, {"not": {"event": "Opened", "within": "2h"}}, {"trait": "plan", "eq": "pro"}]
}


class Shop:
    """A lake that is curated and looked at each hour."""

    def __init__(self, lake: CuratedLake) -> None:
        self.lake, self.objects, self.queue = lake, S3Objects(lake.bucket), MemoryQueue()
        self.definitions, self.evaluations, self.refreshes = MemoryDefinitions(), MemoryEvaluations(), MemoryRefreshes()
        self.definitions.put("segment", "pros", {"id": "pros", "name": "Pros", "rule": RULE, "refresh": "1h"}, at=datetime.now(UTC), by="ann")

    def land(self, user: str | None, name: str, ago: timedelta = timedelta(), **more: Any) -> None:
        happened = self.lake.clock.moment - ago
        row = {
            "message_id": f"{user}{name}{happened}{len(self.queue.bodies)}",
            "user_id": user,
            "event_name": name,
            "event_ts": f"{happened:%Y-%m-%d %H:%M:%S}.000",
        }
        self.lake.land(row | more)

    def identify(self, user: str, **more: Any) -> None:
        self.land(user, "identify", type="identify", **more)

    def hour(self) -> Refreshed:
        self.lake.clock.advance(timedelta(minutes=45))
        self.lake.curate()
        return refresh(
            time_left=lambda: HOUR,
            bucket=self.lake.bucket,
            definitions=self.definitions,
            evaluations=self.evaluations,
            refreshes=self.refreshes,
            curate_state=self.lake.state,
            queries=self.lake.queries,
            catalog=GlueTables(self.lake.athena.database),
            lake=self.objects,
            queue=self.queue,
            clock=MovableClock(datetime.now(UTC) + timedelta(seconds=1)),
        )

    def seen(self) -> list[list[str | None]]:
        return self.lake.athena.rows("SELECT user_id, last_seen_ts FROM people ORDER BY user_id")

    def everybody(self) -> list[str]:
        """By a full evaluation at the moment of the last look."""
        listed = self.refreshes.get("pros").value.listed
        assert listed is not None
        sql = printed(audience_sql(parse_rule(RULE), listed.as_of, {}))
        people = sorted(str(row[0]) for row in self.lake.athena.rows(sql))
        assert listed.count == len(people)
        return people


@pytest.fixture
def shop(athena: "Athena") -> Shop:
    return Shop(curated_lake(athena))


def test_hour_by_hour_it_finds_whom_the_whole_lake_has_and_tells_who_came_and_went(shop: Shop) -> None:
    for user, plan in (("ann", "pro"), ("bob", "pro"), ("cyd", "free"), ("dan", "pro")):
        shop.identify(user, traits={"plan": plan})
        shop.land(user, "Bought", HOUR)
    shop.land("ann", "Bought")
    shop.land("bob", "Opened")
    assert (shop.hour(), shop.everybody()) == (Refreshed(refreshed=["pros"]), ["ann"])
    shop.land("bob", "Bought")
    shop.land(None, "Bought", 2 * HOUR, anonymous_id="a1")
    shop.land("cyd", "Bought")
    assert (shop.hour(), shop.everybody()) == (Refreshed(refreshed=["pros"]), ["ann"])
    shop.identify("cyd", traits={"plan": "pro"})
    shop.identify("dan", anonymous_id="a1", traits={})
    assert (shop.hour(), shop.everybody()) == (Refreshed(refreshed=["pros"], entered=3), ["ann", "bob", "cyd", "dan"])
    shop.identify("ann", traits={"plan": "free"})
    shop.land("cyd", "Opened", 2 * HOUR)
    assert (shop.hour(), shop.everybody()) == (Refreshed(refreshed=["pros"], exited=1), ["bob", "cyd", "dan"])
    asked = [sql for sql in shop.lake.queries.started if "COUNT(*) OVER ()" in sql or sql.startswith("UNLOAD")]
    assert ["segment_bases WHERE" in sql for sql in asked] == [False, False, True, True, True]


def test_what_is_told_counts_once_nobody_was_seen_by_it_and_who_becomes_another_has_not_exited(shop: Shop) -> None:
    for user in ("ann", "bob"):
        shop.identify(user, traits={"plan": "pro"})
        shop.land(user, "Bought", HOUR)
        shop.land(user, "Bought")
    shop.hour()
    shop.land("zoe", "alias", type="alias", properties={"previousId": "ann"})
    shop.land("bob", "Opened")
    assert (shop.hour(), shop.everybody()) == (Refreshed(refreshed=["pros"], entered=1, exited=1), ["zoe"])
    seen = shop.seen()
    _load([QueueMessage(str(number), body) for number, body in enumerate(shop.queue.bodies * 2)], shop)
    shop.lake.curate()
    told = "SELECT event_name, user_id, source, json_extract_scalar(properties, '$.segment_id') AS s FROM events WHERE source = 'regulars' ORDER BY 1"
    assert shop.lake.athena.rows(told) == [["Segment Entered", "zoe", "regulars", "pros"], ["Segment Exited", "bob", "regulars", "pros"]]
    assert shop.seen() == seen


def _load(messages: list[QueueMessage], shop: Shop) -> None:
    loaded = load(
        messages,
        objects=shop.objects,
        profiles=MemoryProfiles(),
        devices=MemoryDevices(),
        names=MemoryEventNames(),
        queue=shop.queue,
        clock=shop.lake.clock,
    )
    assert (loaded.quarantined, loaded.undone) == ({}, ())
