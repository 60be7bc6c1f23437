"""A journey over the past: the statement over a lake, and what is counted of its rows."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidRequestError
from regulars.domain.journeys.hindsight import Arms, Hindsight, Looking, WouldGet
from regulars.domain.journeys.past import PastRow, past_rows, past_sql
from regulars.domain.lake.buckets import BUCKETS
from tests.domain.campaigns.lake import Lake
from tests.domain.journeys.documents import book, example, small

DAY = datetime(2026, 11, 2, tzinfo=UTC)
END = DAY + timedelta(days=30)
PUSH = {"push": {"title": "Hi"}}


def did(user: str, name: str, hours: float, *, late: float = 0, traits: Any = None, **properties: Any) -> PastRow:
    at = DAY + timedelta(hours=hours)
    told = json.dumps(traits) if traits else None
    return PastRow(user, name, at, at + timedelta(hours=late), f"{name} {hours}", "shop", json.dumps(properties) if properties else None, told)


def looked(document: dict[str, Any], rows: Iterable[PastRow], user: str = "") -> Hindsight:
    return Looking(book(document), Hindsight(document["id"], 1, DAY, END, 1.0), user_id=user).over(rows)


def nudge(**more: Any) -> dict[str, Any]:
    steps = {
        "wait": {"wait_for": {"event": "B"}, "within": "1d", "then": None, "else": "nudge"},
        "nudge": {"message": PUSH, "then": None},
    }
    return small(steps, **more)


def test_who_would_have_got_what_when_and_who_left_why() -> None:
    rows = [did("ann", "A", 1), did("bob", "A", 2), did("bob", "B", 3), did("cy", "B", 1)]
    found = looked(nudge(), rows)
    assert found.shown == [WouldGet("ann", DAY + timedelta(hours=25), "nudge", "sent", DAY + timedelta(hours=25))]
    assert (found.people, found.entries, found.messages, found.exits, found.by_arrival) == (3, 2, {"nudge": 1}, {"done": 2}, 1)
    assert [(each.day, each.entered, each.messages, each.inside) for each in found.days[:2]] == [
        (date(2026, 11, 2), 2, 0, 1),
        (date(2026, 11, 3), 0, 1, 0),
    ]


@pytest.mark.parametrize(
    ("more", "inside"),
    [({"reentry": {"while_in": "restart"}}, [1, 0, 0]), ({"entry": {"event": "A", "key": "order"}}, [2, 0, 0])],
    ids=["who begins anew is inside once", "each order has a run of its own"],
)
def test_who_is_inside_at_the_end_of_each_day(more: dict[str, Any], inside: list[int]) -> None:
    found = looked(nudge(**more), [did("ann", "A", 1, order="o1"), did("ann", "A", 20, order="o2")])
    assert (found.entries, [each.inside for each in found.days[:3]]) == (2, inside)


def test_messages_go_by_when_things_happened_and_it_is_said_what_they_would_go_by_arrival() -> None:
    found = looked(nudge(), [did("ann", "A", 1), did("ann", "B", 20, late=12)])
    assert (found.all_messages, found.by_arrival) == (0, 1)


@pytest.mark.parametrize(("late", "by_arrival"), [(0.02, 0), (0.03, 1)])
def test_what_arrives_in_the_grace_of_a_wait_arrives_at_once(late: float, by_arrival: int) -> None:
    assert looked(nudge(), [did("ann", "A", 1), did("ann", "B", 25, late=late)]).by_arrival == by_arrival


def test_an_exit_that_arrives_after_a_wait_is_over_prevents_nothing_by_arrival() -> None:
    steps = {"rest": {"wait": "1d", "then": "nudge"}, "nudge": {"message": PUSH, "then": None}}
    found = looked(small(steps, exit=[{"event": "B"}]), [did("ann", "A", 1), did("ann", "B", 24.99, late=0.02)])
    assert (found.all_messages, found.by_arrival) == (0, 1)


def test_what_arrives_in_another_order_is_looked_at_by_both_clocks() -> None:
    """The entry comes after what would have ended the wait."""
    rows = [did("ann", "A", 1, late=0.02), did("ann", "B", 1.001)]
    assert (looked(nudge(), rows).all_messages, looked(nudge(), rows).by_arrival) == (0, 1)


def test_the_journeys_own_quiet_hours_and_cap_are_applied_in_the_order_of_time() -> None:
    twice = small({"first": {"message": PUSH, "then": "rest"}, "rest": {"wait": "1h", "then": "last"}, "last": {"message": PUSH, "then": None}})
    quiet = {"from": "22:00", "to": "08:00", "otherwise": "hold"}
    rows = [did("ann", "A", 23), did("ann", "identify", -9, traits={"timezone": "Europe/Berlin"}), did("bob", "A", 12)]
    rows.sort(key=lambda row: (row.user_id, row.at))
    found = looked({**twice, "delivery": {"quiet_hours": quiet, "cap": {"count": 1, "within": "1d"}}}, rows)
    assert found.fates == {"held": 1, "capped": 2, "sent": 1}
    assert found.shown[0].sent_at == DAY + timedelta(days=1, hours=7)
    assert looked({**twice, "delivery": {"quiet_hours": {**quiet, "otherwise": "drop"}}}, rows).fates == {"quiet_hours": 2, "sent": 2}


def test_the_goal_is_counted_for_both_arms_as_it_happened() -> None:
    rows = [row for n in range(200) for row in (did(f"u{n:03}", "A", 1), did(f"u{n:03}", "B", 2))]
    found = looked(nudge(goal={"event": "B", "within": "1d"}, holdout={"percent": 50}), rows)
    assert found.goal["treated"].reached == found.goal["treated"].people == 200 - found.held_out
    assert found.goal["control"] == Arms(found.held_out, found.held_out) and 60 < found.held_out < 140


def test_of_one_person_what_they_would_have_got_is_shown() -> None:
    rows = [did(f"u{n:04}", "A", 1) for n in range(1_100)]
    assert len(looked(nudge(), rows).shown) == 1_000
    assert [each.user_id for each in looked(nudge(), rows, "u1099").shown] == ["u1099"]


def lake_of(*rows: dict[str, Any]) -> Lake:
    lake = Lake()
    lake.fill("events", [{"type": "track", "source": "shop", "received_ts": row["event_ts"], **row} for row in rows])
    return lake


def event(user: str, name: str, hours: float, **more: Any) -> dict[str, Any]:
    at = (DAY + timedelta(hours=hours)).replace(tzinfo=None)
    return {"user_id": user, "event_name": name, "event_ts": at, "message_id": f"{user} {name} {hours}", **more}


def past(lake: Lake, document: dict[str, Any], sample: int = BUCKETS) -> list[PastRow]:
    rows = lake.run(past_sql(book(document), DAY, END, sample))
    names = ("user_id", "name", "event_ts", "received_ts", "message_id", "source", "properties", "traits")
    return list(past_rows([None if row[name] is None else str(row[name]) for name in names] for row in rows))


def test_the_statement_gives_what_people_did_whom_it_would_have_taken_in_in_order() -> None:
    lake = lake_of(
        event("bob", "A", 5),
        event("ann", "B", 3, properties='{"x": 1}'),
        event("ann", "A", 1),
        event("ann", "C", 2),
        event("cy", "B", 1),
        event("dee", "A", -1),
        event("dee", "B", 1),
        event("eve", "A", 24 * 40),
        event("ann", "identify", -500, type="identify", traits='{"plan": "pro"}'),
    )
    found = past(lake, nudge())
    assert [(row.user_id, row.name) for row in found] == [("ann", "A"), ("ann", "B"), ("bob", "A")]
    assert found[1].properties == '{"x": 1}' and found[0].at == DAY + timedelta(hours=1)
    asking = past(lake, {**nudge(), "entry": {"event": "A", "if": {"trait": "plan", "eq": "pro"}}})
    assert [(row.user_id, row.name) for row in asking] == [("ann", "identify"), ("ann", "A"), ("ann", "B"), ("bob", "A")]
    assert looked({**nudge(), "entry": {"event": "A", "if": {"trait": "plan", "eq": "pro"}}}, asking).entries == 1


def test_a_window_that_closes_by_peoples_own_clock_closes_so_in_the_past() -> None:
    gather = {"collect": {"event": "B"}, "until": {"time": "18:00", "timezone": "user"}, "then": "m"}
    document = small({"gather": gather, "m": {"message": PUSH, "then": None}})
    told = event("ann", "identify", -500, type="identify", traits='{"timezone": "America/New_York"}')
    rows = past(lake_of(told, event("ann", "A", 1), event("ann", "B", 2)), document)
    assert [each.at for each in looked(document, rows).shown] == [DAY + timedelta(hours=23)]


def test_a_sample_is_the_same_people_every_time_and_a_larger_one_has_them_all() -> None:
    lake = lake_of(*(event(f"u{n}", "A", 1) for n in range(300)))
    tenth, half, whole = (({row.user_id for row in past(lake, nudge(), share)}) for share in (1_000, 5_000, BUCKETS))
    assert tenth < half < whole and 10 <= len(tenth) <= 60 and len(whole) == 300


def test_a_journey_whose_beginning_the_lake_does_not_keep_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="api"):
        past_sql(book({**nudge(), "entry": {"api": True}}), DAY, END)


def test_the_examples_can_be_looked_back_at() -> None:
    for name in ("abandoned-cart", "welcome", "win-back"):
        assert "ORDER BY" in past_sql(book(example(name)), DAY, END)
