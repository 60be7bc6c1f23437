"""What a person did, asked of a lake."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from regulars.domain.person.activity import Activity, SeenEvent, activity_of, activity_sql
from tests.domain.campaigns.lake import Lake

EVER = datetime(1970, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def event(name: str, day: int, *, user: str | None = "ada", anonymous: str | None = None, **properties: Any) -> dict[str, Any]:
    told = {"event_name": name, "event_ts": datetime(2026, 11, day), "source": "shop", "properties": orjson.dumps(properties).decode()}
    arrived = {"received_ts": datetime(2026, 11, day), "message_id": f"{name} {user} {day}"}
    return {"user_id": user, "anonymous_id": anonymous, **told, **arrived}


def claim(kind: str, identity: str, user: str) -> dict[str, Any]:
    # Of an anonymous id whole, as curate keeps it: it holds from when it was claimed, for what came before as well.
    return {"kind": kind, "id": identity, "user_id": user, "since_ts": datetime(2026, 11, 5)}


def seen(lake: Lake, *, since: datetime = EVER, events: int = 20) -> Activity:
    return activity_of(lake.answers(activity_sql("ada", since, NOON, events)))


VISITS = [event("Looked", 4, user=None, anonymous="a1"), event("Bought", 5, anonymous="a1"), event("Looked", 6, user=None, anonymous="a1")]


@pytest.mark.parametrize("arrived", [VISITS, VISITS[::-1]])
def test_an_anonymous_visit_before_and_after_login_is_theirs_in_either_order(arrived: list[dict[str, Any]]) -> None:
    lake = Lake()
    lake.fill("identities", [claim("anonymous", "a1", "ada")])
    lake.fill("events", [*arrived, event("Looked", 7, user=None, anonymous="a2"), event("Looked", 7, user="bob")])
    view = seen(lake)
    assert [(each.name, each.at.day) for each in view.events] == [("Looked", 6), ("Bought", 5), ("Looked", 4)]
    assert [(each.name, each.count, each.days, each.first.day, each.last.day) for each in view.counters] == [
        ("Looked", 2, 2, 4, 6),
        ("Bought", 1, 1, 5, 5),
    ]


def test_events_of_one_moment_are_in_their_order() -> None:
    lake = Lake()
    lake.fill("events", [{**event(name, 4), "place": place} for name, place in (("First", 0), ("Last", 11), ("Second", 2))])
    assert [each.name for each in seen(lake).events] == ["Last", "Second", "First"]


def test_revenue_is_of_orders_and_only_the_newest_events_are_shown() -> None:
    lake = Lake()
    lake.fill("events", [event("Order Completed", 1, revenue=7.5), event("Order Completed", 1, revenue="2"), event("Refunded", 3, revenue=9)])
    view = seen(lake, events=1)
    assert [(each.name, each.days, each.revenue) for each in view.counters] == [("Order Completed", 1, 9.5), ("Refunded", 1, None)]
    assert view.events == (SeenEvent("Refunded", datetime(2026, 11, 3, tzinfo=UTC), "shop", {"revenue": 9}),)
    assert [each.name for each in seen(lake, since=datetime(2026, 11, 2, tzinfo=UTC)).counters] == ["Refunded"]


def test_what_was_done_as_somebody_who_became_them_is_theirs_and_no_longer_that_ones() -> None:
    lake = Lake()
    lake.fill("identities", [claim("user", "old", "ada"), claim("anonymous", "a1", "old")])
    lake.fill("events", [event("Looked", 4, user="old"), event("Bought", 6, user=None, anonymous="a1"), event("Looked", 7)])
    assert [(each.name, each.at.day) for each in seen(lake).events] == [("Looked", 7), ("Bought", 6), ("Looked", 4)]
    assert activity_of(lake.answers(activity_sql("old", EVER, NOON, 20))) == Activity()
