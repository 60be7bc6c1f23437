"""A journey over the past: the statement over a lake, and what is counted of its rows."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import pytest

from regulars.domain.errors import InvalidRequestError
from regulars.domain.journeys.hindsight import Hindsight, Span, hindsight
from regulars.domain.journeys.looking import Looking
from regulars.domain.journeys.past import Past, PastRow, past_of
from regulars.domain.journeys.past_sql import MAX_SHARDS, ROWS_PER_SHARD, how_many_sql, past_sql, shards_for
from regulars.domain.journeys.tally import Arms, Tallies, WouldGet
from regulars.domain.lake import sql
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.settings import Settings
from tests.domain.campaigns.lake import Lake
from tests.domain.journeys.documents import book, example, small

DAY = datetime(2026, 11, 2, tzinfo=UTC)
END = DAY + timedelta(days=30)
DEFAULTS = Settings()
PUSH = {"push": {"title": "Hi"}}
NIGHT = {"quiet_hours": {"from": "22:00", "to": "08:00", "otherwise": "hold"}}


class Did(NamedTuple):
    user_id: str
    row: PastRow


def did(user: str, name: str, hours: float, *, late: float = 0, traits: Any = None, **properties: Any) -> Did:
    at = DAY + timedelta(hours=hours)
    told = json.dumps(traits) if traits else None
    said = json.dumps(properties) if properties else None
    return Did(user, PastRow(at, name, f"{name} {hours}", at + timedelta(hours=late), False, said, told))


def people(rows: Iterable[Did]) -> Iterator[Past]:
    for user_id, theirs in groupby(sorted(rows, key=lambda each: (each.user_id, each.row.at)), key=lambda each: each.user_id):
        yield Past(user_id, [each.row for each in theirs])


def tallied(documents: Sequence[dict[str, Any]], rows: Iterable[Did], user: str = "", settings: Settings = DEFAULTS) -> Tallies:
    books = {document["id"]: book(document) for document in documents}
    return Looking(books, settings, DAY, END, user_id=user).over(people(rows))


def looked(document: dict[str, Any], rows: Iterable[Did], user: str = "") -> Hindsight:
    return hindsight(book(document).latest, Span(DAY, END), tallied([document], rows, user))


def nudge(**more: Any) -> dict[str, Any]:
    steps = {
        "wait": {"wait_for": {"event": "B"}, "within": "1d", "then": None, "else": "nudge"},
        "nudge": {"message": PUSH, "then": None},
    }
    return small(steps, **more)


def test_who_would_have_got_what_when_and_who_left_why() -> None:
    rows = [did("ann", "A", 1), did("bob", "A", 2), did("bob", "B", 3), did("cy", "B", 1)]
    found = looked(nudge(), rows)
    assert found.shown == [WouldGet("ann", DAY + timedelta(hours=25), "nudge", "sent", DAY + timedelta(hours=25), "Hi")]
    assert (found.people, found.entries, found.messages, found.exits, found.by_arrival) == (2, 2, {"nudge": 1}, {"done": 2}, 1)
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


def test_on_the_last_day_those_are_inside_who_still_are_when_it_is_cut_off() -> None:
    found = looked(small({"w": {"wait": "300d", "then": None}}), [did("ann", "A", 1), did("bob", "A", 30)])
    assert [each.inside for each in found.days[:2]] == [1, 2] and found.days[-1].inside == 2


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
    """The telephone tells of the entry when the wait is over that it begins; the shop told at once of what ended it."""
    rows = [did("ann", "A", 1, late=0.9), did("ann", "B", 1.001)]
    assert (looked(nudge(), rows).all_messages, looked(nudge(), rows).by_arrival) == (0, 0)
    later = [did("ann", "A", 1, late=0.9), did("ann", "B", 1.95)]
    assert (looked(nudge(), later).all_messages, looked(nudge(), later).by_arrival) == (0, 0)
    other = [did("ann", "A", 1, late=0.9), did("ann", "C", 1.001)]
    assert (looked(nudge(), other).all_messages, looked(nudge(), other).by_arrival) == (1, 1)


def test_the_journeys_own_quiet_hours_and_cap_are_applied_in_the_order_of_time() -> None:
    twice = small({"first": {"message": PUSH, "then": "rest"}, "rest": {"wait": "1h", "then": "last"}, "last": {"message": PUSH, "then": None}})
    quiet = {"from": "22:00", "to": "08:00", "otherwise": "hold"}
    rows = [did("ann", "A", 23), did("ann", "identify", -9, traits={"timezone": "Europe/Berlin"}), did("bob", "A", 12)]
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


def past(lake: Lake, document: dict[str, Any], sample: int = BUCKETS, shards: int = 1) -> dict[int, list[Past]]:
    found: dict[int, list[Past]] = {}
    for row in lake.run(sql.printed(past_sql({"small": book(document)}, DAY, END, sample_buckets=sample, shards=shards))):
        shard = row.pop("shard")
        found.setdefault(shard, []).append(past_of(json.dumps(row).encode()))
    return found


def whole(lake: Lake, document: dict[str, Any], sample: int = BUCKETS) -> list[Past]:
    return sorted(past(lake, document, sample).get(0, []))


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
    ann, bob = whole(lake, nudge())
    assert (ann.user_id, [row.name for row in ann.rows], bob.user_id, [row.name for row in bob.rows]) == ("ann", ["A", "B"], "bob", ["A"])
    assert ann.rows[0].at == ann.rows[0].received == DAY + timedelta(hours=1)
    asking = {**nudge(), "entry": {"event": "A", "if": {"trait": "plan", "eq": "pro"}}}
    ann, bob = whole(lake, asking)
    assert [row.name for row in ann.rows] == ["identify", "A", "B"]
    assert ann.rows[0].traits == '{"plan": "pro"}'
    assert Looking({"small": book(asking)}, DEFAULTS, DAY, END).over([ann, bob]).of["small"].entries == 1


def test_what_events_say_is_read_of_those_of_which_a_journey_asks_it() -> None:
    lake = lake_of(event("ann", "A", 1, properties='{"x": 1}'), event("ann", "B", 3, properties='{"x": 2}'))
    steps = {"wait": {"wait_for": {"event": "B", "same": "x"}, "within": "1d", "then": None, "else": None}}
    for document, said in (
        (nudge(), [None, None]),
        (nudge(entry={"event": "A", "where": [{"property": "x", "eq": 1}]}), ['{"x": 1}', None]),
        (nudge(exit=[{"event": "B", "where": [{"property": "x", "eq": 1}]}]), [None, '{"x": 2}']),
        (small(steps), ['{"x": 1}', '{"x": 2}']),
    ):
        (ann,) = whole(lake, document)
        assert [row.properties for row in ann.rows] == said


def test_a_window_that_closes_by_peoples_own_clock_closes_so_in_the_past() -> None:
    gather = {"collect": {"event": "B"}, "until": {"time": "18:00", "timezone": "user"}, "then": "m"}
    document = small({"gather": gather, "m": {"message": PUSH, "then": None}})
    told = event("ann", "identify", -500, type="identify", traits='{"timezone": "America/New_York"}')
    lived = whole(lake_of(told, event("ann", "A", 1), event("ann", "B", 2)), document)
    found = Looking({"small": book(document)}, DEFAULTS, DAY, END).over(lived)
    assert [each.at for each in found.of["small"].shown] == [DAY + timedelta(hours=23)]


def test_where_the_device_used_last_says_it_is_goes_before_the_trait_also_in_the_past() -> None:
    lake = lake_of(
        event("ann", "A", 1), event("ann", "identify", -500, type="identify", traits='{"timezone": "America/New_York"}'), event("bob", "A", 1)
    )
    used = [("d1", "Asia/Tokyo", 5), ("d2", "Europe/Rome", 6), ("d3", None, 7)]
    lake.fill(
        "devices",
        [
            {"device_id": one, "user_id": "ann", "timezone": zone, "last_seen_ts": (DAY + timedelta(hours=hours)).replace(tzinfo=None)}
            for one, zone, hours in used
        ],
    )
    by_clock = small({"s": {"wait_until": {"time": "09:00", "timezone": "user"}, "then": "m"}, "m": {"message": PUSH, "then": None}})
    found = Looking({"small": book(by_clock)}, DEFAULTS, DAY, END).over(whole(lake, by_clock)).of["small"]
    assert [(each.user_id, each.at) for each in found.shown] == [("ann", DAY + timedelta(hours=8)), ("bob", DAY + timedelta(hours=9))]
    assert [one.zone for one in whole(lake, {**nudge(), "delivery": NIGHT})] == ["Europe/Rome", ""]
    assert "devices" not in sql.printed(past_sql({"small": book(nudge())}, DAY, END))


def test_a_sample_is_the_same_people_every_time_and_a_larger_one_has_them_all() -> None:
    lake = lake_of(*(event(f"u{n}", "A", 1) for n in range(300)))
    tenth, half, everybody = ({one.user_id for one in whole(lake, nudge(), share)} for share in (1_000, 5_000, BUCKETS))
    assert tenth < half < everybody and 10 <= len(tenth) <= 60 and len(everybody) == 300


def test_everybody_is_in_one_shard() -> None:
    lake = lake_of(*(event(f"u{n}", "A", hours) for n in range(300) for hours in (1, 2)))
    shards = past(lake, nudge(), shards=4)
    assert sorted(shards) == [0, 1, 2, 3] and min(len(those) for those in shards.values()) > 40
    assert sorted(one.user_id for those in shards.values() for one in those) == sorted(f"u{n}" for n in range(300))


def test_there_are_as_many_shards_as_there_is_to_read_and_no_more_than_unload_writes() -> None:
    lake = lake_of(event("ann", "A", 1), event("ann", "B", 2), event("cy", "B", 3), event("cy", "C", 3), event("cy", "A", -3))
    assert lake.run(how_many_sql({"small": book(nudge())}, DAY, END)) == [{"events": 3}]
    assert [shards_for(events) for events in (0, ROWS_PER_SHARD, ROWS_PER_SHARD + 1, 10**9)] == [1, 1, 2, MAX_SHARDS]


def test_a_journey_whose_beginning_the_lake_does_not_keep_is_refused() -> None:
    books = {"small": book({**nudge(), "entry": {"api": True}}), "other": book({**nudge(), "id": "other"})}
    for statement in (past_sql, how_many_sql):
        with pytest.raises(InvalidRequestError, match="api"):
            statement(books, DAY, END)


def test_the_examples_can_be_looked_back_at_together() -> None:
    books = {name: book(example(name)) for name in ("abandoned-cart", "welcome", "win-back")}
    assert "Signed Up" in sql.printed(past_sql(books, DAY, END))


def test_what_shards_counted_adds_up_to_what_is_counted_of_all() -> None:
    draw = random.Random(5)
    rows = [
        did(f"u{draw.randrange(40)}", draw.choice("AABC"), draw.randrange(24 * 28) + draw.random(), late=draw.choice((0, 0, 0.01, 30)))
        for _ in range(600)
    ]
    documents = [nudge(reentry={"after": "1d"}, goal={"event": "B", "within": "2d"}, holdout={"percent": 20}), {**nudge(), "id": "other"}]
    together, total = tallied(documents, rows), Tallies({})
    for shard in range(3):
        total.add(tallied(documents, [each for each in rows if int(each.user_id[1:]) % 3 == shard]))
    for each in documents:
        journey = book(each).latest
        assert hindsight(journey, Span(DAY, END), total) == hindsight(journey, Span(DAY, END), together)
    assert together.of["small"].messages.total() > 50


def test_who_is_shown_does_not_depend_on_who_is_looked_at_first() -> None:
    rows = [did(f"u{n:04}", "A", 1) for n in range(2_500)]
    found = Looking({"small": book(nudge())}, DEFAULTS, DAY, END).over(reversed(list(people(rows))))
    assert [each.user_id for each in hindsight(book(nudge()).latest, Span(DAY, END), found).shown] == [f"u{n:04}" for n in range(1_000)]


def promised(identity: str, priority: int, **delivery: Any) -> dict[str, Any]:
    steps = {"rest": {"wait": "1h", "then": "tell"}, "tell": {"message": PUSH, "then": None}}
    return {**small(steps), "id": identity, "delivery": {"priority": priority, **delivery}}


def test_of_journeys_that_share_a_cap_the_one_of_higher_priority_has_the_room_and_the_other_says_what_that_cost_it() -> None:
    cap = {"cap": {"count": 1, "within": "1d"}}
    found = tallied([promised("low", 2, **cap), promised("high", 8, **cap)], [did("ann", "A", 1), did("bob", "A", 2)])
    assert (found.of["high"].fates, found.of["high"].alone) == ({"sent": 2}, {"sent": 2})
    assert (found.of["low"].fates, found.of["low"].alone) == ({"capped": 2}, {"sent": 2})


def test_a_journey_that_promises_nothing_would_have_sent_the_same_alone() -> None:
    found = tallied([promised("free", 2), promised("other", 8, cap={"count": 1, "within": "1d"})], [did("ann", "A", 1), did("bob", "A", 2)])
    assert (found.of["free"].fates, found.of["free"].alone) == ({"sent": 2}, {"sent": 2})


def test_quiet_hours_are_each_journeys_own_and_what_they_hold_counts_when_it_goes_out() -> None:
    cap = {"cap": {"count": 1, "within": "6h"}}
    quiet = {"quiet_hours": {"from": "22:00", "to": "08:00", "otherwise": "hold"}}
    found = tallied([promised("night", 9, **cap), promised("day", 2, **cap, **quiet)], [did("ann", "A", 22)])
    assert (found.of["night"].fates, found.of["day"].fates) == ({"sent": 1}, {"held": 1})


@pytest.mark.parametrize(
    ("more", "fate"),
    [
        ({"exit": [{"event": "B"}]}, "exited"),
        ({"steps": {"tell": {"message": PUSH, "then": None}}, "start": "tell", "exit": [{"event": "B"}]}, "exited"),
        ({"then": "bought"}, "exited"),
        ({"then": None}, "held"),
        ({"exit": [{"event": "C"}]}, "held"),
    ],
    ids=["an exit", "an exit from what is over", "a way to an exit", "the end of the way", "nothing"],
)
def test_what_quiet_hours_hold_is_called_off_by_an_exit_as_it_would_be(more: dict[str, Any], fate: str) -> None:
    then = more.pop("then", "bought")
    waits = {"wait_for": {"event": "B"}, "within": "9d", "then": then, "else": None} if "exit" not in more else {"wait": "9d", "then": None}
    steps = {"tell": {"message": PUSH, "then": "rest"}, "rest": waits, **({"bought": {"exit": "bought"}} if waits.get("then") == "bought" else {})}
    document = {**small(steps, delivery=NIGHT), **more}
    assert looked(document, [did("ann", "A", 23), did("ann", "B", 26)]).fates == {fate: 1}
    assert looked(document, [did("ann", "A", 23), did("ann", "B", 33)]).fates == {"held": 1}


def test_what_quiet_hours_hold_of_one_run_goes_out_as_far_apart_as_it_was_meant_to() -> None:
    waits = {f"w{n}": {"wait": "1h", "then": f"m{n + 1}"} for n in range(2)}
    steps = {"m0": {"message": PUSH, "then": "w0"}, **waits, "m1": {"message": PUSH, "then": "w1"}, "m2": {"message": PUSH, "then": None}}
    found = looked(small(steps, delivery=NIGHT), [did("ann", "A", 23), did("bob", "A", 20.5)])
    sent = {who: [each.sent_at for each in found.shown if each.user_id == who] for who in ("ann", "bob")}
    assert sent == {
        "ann": [DAY + timedelta(hours=hours) for hours in (32, 33, 34)],
        "bob": [DAY + timedelta(hours=hours) for hours in (20.5, 21.5, 32)],
    }


def test_a_zone_that_is_told_at_the_very_moment_counts_at_that_moment() -> None:
    document = small({"tell": {"message": PUSH, "then": None}}, delivery=NIGHT)
    rows = [did("ann", "A", 14), did("ann", "identify", 14, traits={"timezone": "Asia/Tokyo"})]
    assert looked(document, rows).fates == {"held": 1}
    assert looked(document, rows[:1]).fates == {"sent": 1}


def test_what_was_imported_arrived_when_it_happened_and_robots_and_tests_have_no_past() -> None:
    received = (DAY + timedelta(days=90)).replace(tzinfo=None)
    lake = lake_of(
        event("ann", "A", 1, source="import", received_ts=received),
        event("ann", "B", 2, source="shop", received_ts=received),
        event("bob", "A", 1, traffic="bot"),
        event("cy", "A", 1, traffic="test"),
    )
    (ann,) = whole(lake, nudge())
    assert [row.received.replace(tzinfo=None) for row in ann.rows] == [(DAY + timedelta(hours=1)).replace(tzinfo=None), received]


def test_what_is_transactional_neither_waits_for_a_limit_nor_takes_room_from_others() -> None:
    settings = Settings(daily_limit=1)
    others = [promised("news", 5), promised("order", 9, purpose="transactional")]
    found = tallied(others, [did("ann", "A", 1)], settings=settings)
    assert (found.of["news"].fates, found.of["order"].fates) == ({"sent": 1}, {"sent": 1})
    found = tallied([promised("news", 5), promised("more", 9)], [did("ann", "A", 1)], settings=settings)
    assert (found.of["news"].fates, found.of["news"].alone, found.of["more"].fates) == ({"daily_limit": 1}, {"sent": 1}, {"sent": 1})


def test_whoever_came_into_another_segment_is_not_read() -> None:
    def came(user: str, segment: str) -> dict[str, Any]:
        return event(user, "Segment Entered", 1, source="regulars", properties=json.dumps({"segment_id": segment}))

    document = nudge(entry={"segment": "lapsing"}, reentry={"after": "1d"})
    lake = lake_of(came("ann", "lapsing"), event("ann", "B", 200), came("bob", "loyal"), event("bob", "B", 2))
    (ann,) = whole(lake, document)
    found = Looking({"small": book(document)}, DEFAULTS, DAY, END).over([ann]).of["small"]
    assert (ann.user_id, found.people, found.entries) == ("ann", 1, 1)


def test_a_journey_that_another_starts_is_looked_at_beside_it() -> None:
    first = small({"go": {"start": "other", "then": None}}, reentry={"after": "1d"})
    steps = {"large": {"branch": [{"if": {"entry": "price", "gte": 100}, "then": "tell"}], "else": None}, "tell": {"message": PUSH, "then": None}}
    other = {**small(steps), "id": "other", "entry": {"api": True}, "reentry": {"after": "1d"}}
    lake = lake_of(
        *(
            event(user, "A", hours, properties=json.dumps({"price": price}))
            for user, hours, price in (("ann", 1, 150), ("ann", 30, 120), ("bob", 2, 5))
        )
    )
    books = {"small": book(first), "other": book(other)}
    rows = lake.run(sql.printed(past_sql(books, DAY, END)))
    found = Looking(books, DEFAULTS, DAY, END).over(past_of(json.dumps({**row, "shard": 0}).encode()) for row in rows)
    assert (found.of["other"].people, found.of["other"].entries, found.of["other"].messages) == (2, 3, {"tell": 2})
    assert found.of["small"].others == {"start": 3}


def test_journeys_that_only_start_each_other_have_nobody() -> None:
    one, other = (small({"go": {"start": each, "then": None}}, entry={"api": True}) for each in ("other", "small"))
    with pytest.raises(InvalidRequestError, match="start"):
        Looking({"small": book(one), "other": book({**other, "id": "other"})}, DEFAULTS, DAY, END)
