"""The engine, point by point: the rules that docs/journeys.md lists under "Inside a step"."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.journeys.context import shortened
from regulars.domain.journeys.state import Happened, Moment
from regulars.domain.journeys.step import step
from regulars.domain.lake.buckets import bucket_of
from regulars.domain.segments import parse_segment
from tests.domain.journeys.documents import BEGIN, PUSH, after, book, clock, event, example, lived, messages, person, small

CART = book(example("abandoned-cart"))
WELCOME = book(example("welcome"))


def wait_for(name: str, then: Any, otherwise: Any, within: str = "1h", **pattern: Any) -> dict[str, Any]:
    return {"wait_for": {"event": name, **pattern}, "within": within, "then": then, "else": otherwise}


def say(then: str | None = None) -> dict[str, Any]:
    return {"message": PUSH, "then": then}


# 1. The order inside a step.


def test_whoever_buys_nothing_hears_twice_at_logical_times() -> None:
    told = lived(CART, event("Product Added", BEGIN, price=30), clock(after(5)), clock(after(40)))
    assert told.actions == [("soft", after(4)), ("last", after(28))]
    assert told.because == ["done"]


def test_an_input_fires_what_was_due_before_it() -> None:
    told = lived(CART, event("Product Added", BEGIN, price=150), event("Order Completed", after(100)))
    assert told.actions == [("strong", after(4)), ("last", after(28))]


def test_a_timer_that_is_due_before_an_exit_comes_first() -> None:
    told = lived(WELCOME, event("Signed Up", BEGIN), event("Account Deleted", after(24 * 9)))
    assert told.because == ["done"]


def test_an_exit_comes_before_a_wait_for_the_same_event() -> None:
    wanted = {"property": "x", "eq": 1}
    journey = book(small({"s": wait_for("B", "m", None), "m": say()}, exit=[{"event": "B", "where": [wanted], "as": "goal"}]))
    assert lived(journey, event("A", BEGIN), event("B", after(0.5), x=1)).because == ["goal"]
    assert lived(journey, event("A", BEGIN), event("B", after(0.5), x=2)).actions == [("m", after(0.5))]


def test_an_exit_is_honoured_in_the_middle_of_a_long_wait() -> None:
    journey = book(small({"s": {"wait": "30d", "then": "m"}, "m": say()}, exit=[{"event": "B"}]))
    told = lived(journey, event("A", BEGIN), event("B", after(days=12)), clock(after(days=40)))
    assert (told.because, told.actions) == (["exit"], [])
    assert told.state and told.state.due is None


def test_a_late_exit_prevents_what_is_left() -> None:
    told = lived(WELCOME, event("Signed Up", BEGIN), clock(after(50)))
    told.then(event("Account Deleted", after(1)), now=after(51)).then(clock(after(900)))
    assert len(told.actions) == 2
    assert told.because == ["exit"]


def test_an_exit_that_is_older_than_the_run_is_not_its() -> None:
    told = lived(WELCOME, event("Signed Up", BEGIN), event("Account Deleted", after(-1)), now=BEGIN)
    assert told.state and told.state.inside


# 2. A deadline includes its moment.


@pytest.mark.parametrize(("seconds", "told_before"), [(-1, []), (0, []), (1, ["soft"])])
def test_an_event_at_the_deadline_is_in_time(seconds: int, told_before: list[str]) -> None:
    told = lived(CART, event("Product Added", BEGIN, price=30), event("Order Completed", after(4, seconds=seconds)))
    assert messages(told.actions) == told_before
    assert told.because == ["bought"]


# 3. An event that ends a run may start the next.

AGAIN = book(small({"s": wait_for("A", None, "m", "28d"), "m": say()}, reentry={"after": "7d"}))


def test_an_event_that_ends_a_run_may_start_the_next() -> None:
    told = lived(AGAIN, event("A", BEGIN), event("A", after(days=10)))
    assert told.state and (told.state.inside, told.state.entry.at, told.state.entries) == (True, after(days=10), 2)


def test_where_whoever_is_inside_begins_anew_it_does_not_matter_how_long_ago_the_last_entry_was() -> None:
    """Two orders in one minute: the silence is counted from the second."""
    document = small({"s": wait_for("A", None, "m", "28d"), "m": say()}, reentry={"while_in": "restart", "after": "7d"})
    told = lived(book(document), event("A", BEGIN), event("A", after(seconds=20)))
    assert told.state and (told.state.inside, told.state.entry.at) == (True, after(seconds=20))


def test_its_duplicate_ends_and_starts_nothing() -> None:
    twice = event("A", after(days=10))
    told = lived(AGAIN, event("A", BEGIN), twice)
    assert step(AGAIN, told.state, twice, twice.at).state is told.state


def test_an_entry_older_than_the_end_that_arrives_late_is_refused() -> None:
    journey = book(small({"s": wait_for("B", None, None, "28d")}, entry={"event": "A", "max_age": "30d"}, reentry={"after": "1h"}))
    told = lived(journey, event("A", BEGIN), event("B", after(days=10)))
    assert step(journey, told.state, event("A", after(days=9)), after(days=11)).state is told.state


def test_nor_may_one_begin_a_run_that_happened_before_something_was_done_already() -> None:
    steps = {"s": {"wait": "1h", "then": "m"}, "m": say("t"), "t": {"wait": "10h", "then": None}}
    journey = book(small(steps, reentry={"after": "1m"}, exit=[{"event": "B"}]))
    told = lived(journey, event("A", BEGIN), clock(after(1)))
    told.then(event("B", after(0.5)), event("A", after(0.7)), now=after(1.1))
    assert told.because == ["exit"]
    assert told.state and not told.state.inside


# 4. and 5. Old and future stamps.


def test_what_is_too_old_begins_nothing_and_the_trail_says_so() -> None:
    outcome = step(CART, None, event("Product Added", BEGIN, price=30), after(1, seconds=1))
    assert outcome.state is None
    assert [move.because for move in outcome.trail] == ["too late to enter"]


def test_what_happened_in_the_future_happens_now() -> None:
    outcome = step(CART, None, event("Product Added", after(500), price=30), BEGIN)
    assert outcome.state and outcome.state.entry.at == BEGIN


# 6. Grace.


def test_a_wait_for_an_event_is_looked_after_ninety_seconds_later() -> None:
    told = lived(CART, event("Product Added", BEGIN, price=30))
    assert told.state and CART.wakes_at(told.state) == after(4, seconds=90)
    told.then(event("Order Completed", after(3.9)), now=after(4, seconds=80))
    assert told.because == ["bought"]


def test_another_wait_is_looked_after_when_it_is_due() -> None:
    told = lived(WELCOME, event("Signed Up", BEGIN))
    assert told.state and WELCOME.wakes_at(told.state) == told.state.due == after(24)


def test_what_comes_after_the_grace_is_late_and_the_trail_says_so() -> None:
    told = lived(CART, event("Product Added", BEGIN, price=30), clock(after(5)))
    before = told.state
    told.then(event("Order Completed", after(3)), now=after(5))
    assert told.state is before
    assert told.because == ["late"]


# 7. Keys, and who is held out.


def test_a_key_says_whose_run_step_and_turn_it_is() -> None:
    told = lived(CART, event("Product Added", BEGIN, "p1", price=30), clock(after(99)))
    assert told.keys == ["abandoned-cart/ann//2026-11-02T09:00:00Z.p1/soft/3", "abandoned-cart/ann//2026-11-02T09:00:00Z.p1/last/5"]


def test_whoever_is_held_out_does_no_step_and_is_remembered() -> None:
    held = book({**example("abandoned-cart"), "holdout": {"percent": 100}})
    told = lived(held, event("Product Added", BEGIN, price=30), clock(after(99)), event("Order Completed", after(100)))
    assert told.state and (told.state.status, told.state.entry.at, told.actions) == ("held", BEGIN, [])
    assert told.because == ["held out"]


def test_a_holdout_holds_out_its_share_by_bucket() -> None:
    tenth = book({**example("abandoned-cart"), "holdout": {"percent": 10}})
    people = [person(f"p{number}") for number in range(400)]
    held = {who.user_id for who in people if lived(tenth, event("Product Added", BEGIN, who=who, price=30)).state.status == "held"}  # type: ignore[union-attr]
    assert held == {who.user_id for who in people if bucket_of(who.user_id, "journey/abandoned-cart") < 1_000}


# 8. Branches and splits.


def test_a_branch_reads_the_person_and_the_entry_as_of_its_moment() -> None:
    told = lived(CART, event("Product Added", BEGIN, price=100), clock(after(5)))
    assert messages(told.actions) == ["strong"]


def test_what_is_unknown_is_not_true() -> None:
    choices = [{"if": {"not": {"entry": "price", "lt": 10}}, "then": "m"}]
    journey = book(small({"s": {"branch": choices, "else": None}, "m": say()}))
    assert lived(journey, event("A", BEGIN)).actions == []
    assert messages(lived(journey, event("A", BEGIN, price=20)).actions) == ["m"]


def test_a_rule_may_name_segments() -> None:
    segments = {"pros": parse_segment({"id": "pros", "name": "Pros", "rule": {"trait": "plan", "eq": "pro"}})}
    journey = book(small({"m": say()}, entry={"event": "A", "if": {"segment": "pros"}}), segments=segments)
    assert lived(journey, event("A", BEGIN, who=person(traits={"plan": "pro"}))).actions
    assert not lived(journey, event("A", BEGIN, who=person(traits={"plan": "free"}))).actions


def test_a_split_is_fair_and_stays_for_a_person() -> None:
    journey = book(small({"s": {"split": [{"id": "a", "weight": 1, "then": "x"}, {"id": "b", "weight": 3, "then": "y"}]}, "x": say(), "y": say()}))
    went = [messages(lived(journey, event("A", BEGIN, who=person(f"p{number}"))).actions)[0] for number in range(2_000)]
    assert abs(went.count("x") / 2_000 - 0.25) < 0.03
    again = [messages(lived(journey, event("A", after(500), who=person(f"p{number}"))).actions)[0] for number in range(100)]
    assert again == went[:100]


# Re-entry.


def entries(reentry: dict[str, Any], *hours: float) -> list[datetime]:
    journey = book(small({"s": {"wait": "2h", "then": None}}, reentry=reentry) if reentry else small({"s": {"wait": "2h", "then": None}}))
    found: list[datetime] = []
    told = lived(journey)
    for each in hours:
        told.then(event("A", after(each)))
        assert told.state
        if told.state.entry.at not in found:
            found.append(told.state.entry.at)
    return found


def test_who_may_begin_again() -> None:
    assert entries({}, 0, 1, 50) == [BEGIN]
    assert entries({"after": "5h"}, 0, 1, 4, 5, 6, 11) == [BEGIN, after(5), after(11)]
    assert entries({"after": "5h", "max": 2}, 0, 5, 50) == [BEGIN, after(5)]
    assert entries({"while_in": "restart"}, 0, 1, 2.5, 50) == [BEGIN, after(1), after(2.5)]
    assert entries({"while_in": "restart", "max": 2}, 0, 1, 2) == [BEGIN, after(1)]


def test_a_restart_begins_the_wait_anew() -> None:
    told = lived(CART, event("Product Added", BEGIN, price=30), event("Product Added", after(3), price=30), clock(after(6.9)))
    assert told.actions == []
    assert told.because == ["restarted"]
    assert told.then(clock(after(8))).actions == [("soft", after(7))]


def test_each_order_has_a_run_of_its_own() -> None:
    journey = book(small({"s": {"wait": "1h", "then": "m"}, "m": say()}, entry={"event": "A", "key": "order"}))
    first = lived(journey, event("A", BEGIN, order="o1"))
    assert first.state and first.state.key == "o1"
    assert first.then(event("A", after(0.5), order="o2")).state.entry.at == BEGIN  # type: ignore[union-attr]
    assert lived(journey, event("A", BEGIN)).state is None


# Waits.


@pytest.mark.parametrize(("said", "again"), [(1, 1.0), (1.0, "1"), (12.50, 12.5), (10, 10.0), (True, "true")])
def test_a_number_is_the_same_however_it_is_spelled(said: Any, again: Any) -> None:
    journey = book(small({"s": {"wait_for": {"event": "B", "same": "order"}, "within": "1h", "then": "y", "else": None}, "y": say()}))
    keyed = book(small({"s": {"wait": "1h", "then": None}}, entry={"event": "A", "key": "order"}))
    assert lived(journey, event("A", after(0), order=said), event("B", after(0.5), order=again)).actions == [("y", after(0.5))]
    keys = [lived(keyed, event("A", after(0), order=each)).state for each in (said, again)]
    assert keys[0] and keys[1] and keys[0].key == keys[1].key


@pytest.mark.parametrize("other", [10, 100, 1.5, "1.0x", 1e300])
def test_another_number_is_another(other: Any) -> None:
    journey = book(small({"s": {"wait_for": {"event": "B", "same": "order"}, "within": "1h", "then": "y", "else": None}, "y": say()}))
    assert not lived(journey, event("A", after(0), order=1), event("B", after(0.5), order=other)).actions


def test_an_event_of_before_a_wait_does_not_end_it() -> None:
    journey = book(small({"d": {"wait": "1h", "then": "s"}, "s": wait_for("B", "m", None, "5h"), "m": say()}))
    told = lived(journey, event("A", BEGIN), event("B", after(0.5)), clock(after(1)), event("B", after(0.7)), now=after(1))
    assert told.actions == []
    assert told.then(event("B", after(2))).actions == [("m", after(2))]


def test_the_same_order_is_waited_for() -> None:
    journey = book(small({"s": wait_for("B", "m", None, same="order.id"), "m": say()}))
    began = event("A", BEGIN, order={"id": "o1", "rest": "x" * 2_000})
    assert lived(journey, began, event("B", after(0.5), order={"id": "o2"})).actions == []
    assert lived(journey, began, event("B", after(0.5))).actions == []
    assert lived(journey, began, event("B", after(0.5), order={"id": "o1"})).actions == [("m", after(0.5))]


def test_a_collection_is_one_message_with_each_event_once_in_whatever_order_they_come() -> None:
    journey = book(small({"s": {"collect": {"event": "B"}, "for": "6h", "max": 5, "then": "m"}, "m": say()}))
    late, early = event("B", after(2), "b2", n=2), event("B", after(1), "b1", n=1)
    told = lived(journey, event("A", BEGIN), late, early, late, clock(after(6)))
    assert told.actions == [("m", after(6))]
    (action,) = told.outcomes[-1].actions
    assert action.collected == ((Moment(early.at, "b1"), '{"n": 1}'), (Moment(late.at, "b2"), '{"n": 2}'))


def test_a_full_collection_does_not_wait() -> None:
    journey = book(small({"s": {"collect": {"event": "B"}, "for": "6h", "max": 2, "then": "m"}, "m": say()}))
    assert lived(journey, event("A", BEGIN), event("B", after(1)), event("B", after(2))).actions == [("m", after(2))]


@pytest.mark.parametrize(
    ("zone", "ends", "told_at"),
    [
        ("Europe/Berlin", {}, 8),  # 18:00 there is 17:00 UTC
        ("America/New_York", {}, 14),
        ("Europe/Berlin", {"for": "6h"}, 6),  # whichever comes first
        ("America/New_York", {"for": "20h"}, 14),
        ("Europe/Berlin", {"max": 2}, 2),
    ],
)
def test_a_window_closes_at_an_hour_of_each_persons_own_day_or_before(zone: str, ends: dict[str, Any], told_at: int) -> None:
    gather = {"collect": {"event": "B"}, "until": {"time": "18:00", "timezone": "user"}, **ends, "then": "m"}
    ann = person(traits={"timezone": zone})
    inputs = [event("A", BEGIN, who=ann), event("B", after(1), who=ann), event("B", after(2), who=ann), clock(after(40), ann)]
    assert lived(book(small({"s": gather, "m": say()})), *inputs).actions == [("m", after(told_at))]


def test_an_item_that_was_published_before_the_window_closed_is_in_time_though_it_comes_minutes_after() -> None:
    gather = {"collect": {"content": {}}, "until": {"time": "18:00"}, "then": "m"}
    journey = book(small({"s": gather, "m": say()}, entry={"content": {}, "key": "origin"}), zone=UTC)
    said = '{"id": "1", "origin": "news"}'
    state = lived(journey, Happened("content", "small", BEGIN, "c1", person(), said)).state
    assert state and state.due == after(9) and journey.wakes_at(state) == after(9, minutes=5)
    late = step(journey, state, Happened("content", "small", after(8.9), "c2", person(), said), after(9.05)).state
    assert late and [each.moment.id for each in late.collected] == ["c1", "c2"]


@pytest.mark.parametrize("long", ["x" * 31_000, "é" * 15_000, '"\\\n' * 5_000])
def test_what_is_kept_of_long_events_fits_and_that_something_is_left_out_is_noted(long: str) -> None:
    gather = {"collect": {"event": "B"}, "for": "1d", "max": 3, "then": "m"}
    push = {"push": {"title": "{{ event.s }} {{ event.n }} {% for each in collected %}{{ each.n }}{% endfor %}"}}
    journey = book(small({"s": gather, "m": {"message": push, "then": None}}))
    told = lived(journey, event("A", after(0), s=long, n=7), *(event("B", after(number), s=long, n=number) for number in (1, 2, 3)))
    (action,) = told.outcomes[-1].actions
    assert [json.loads(each.properties or "{}") for each in action.collected] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert json.loads(action.context or "{}") == {"n": 7}
    assert [move.because for outcome in told.outcomes for move in outcome.trail if move.kind == "noted"] == ["shortened"] * 4


def test_the_longest_of_what_an_event_says_is_left_out() -> None:
    said = {"a": "x" * 5_000, "b": "y" * 4_000, "c": 1}
    assert json.loads(shortened(json.dumps(said)) or "") == {"b": said["b"], "c": 1}
    short = '{"a": "' + "x" * 8_000 + '"}'
    assert shortened(short) is short and shortened(None) is None


def test_what_was_collected_at_the_last_moment_is_no_news_to_what_follows() -> None:
    steps = {"s": {"collect": {"event": "B"}, "for": "1h", "then": "t"}, "t": wait_for("B", "m", None), "m": say()}
    last = event("B", after(1))
    told = lived(book(small(steps)), event("A", BEGIN), last, clock(after(1)), last)
    assert told.state and (told.state.step, told.actions) == ("t", [])


def test_a_loop_ends_by_max_hops() -> None:
    journey = book(small({"d": {"wait": "1d", "then": "m"}, "m": say("d")}, max_hops=5))
    told = lived(journey, event("A", BEGIN), clock(after(days=99)))
    assert messages(told.actions) == ["m", "m"]
    assert told.because == ["too many steps"]


@pytest.mark.parametrize(
    ("zone", "reached", "due"),
    [
        ("Europe/Berlin", "2026-11-02T07:59:00Z", "2026-11-02T08:00:00Z"),
        ("Europe/Berlin", "2026-11-02T08:00:00Z", "2026-11-03T08:00:00Z"),
        ("America/New_York", "2026-11-01T05:00:00Z", "2026-11-01T14:00:00Z"),
        ("", "2026-11-02T08:59:59Z", "2026-11-02T09:00:00Z"),
        ("Nowhere/Land", "2026-11-02T08:59:59Z", "2026-11-02T09:00:00Z"),
    ],
)
def test_the_clock_is_each_persons_own(zone: str, reached: str, due: str) -> None:
    journey = book(small({"u": {"wait_until": {"time": "09:00", "timezone": "user"}, "then": None}}))
    told = lived(journey, event("A", datetime.fromisoformat(reached), who=person(traits={"timezone": zone})))
    assert told.state and told.state.due == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("time", "reached", "due"),
    [
        ("02:30", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),  # skipped: comes when the clocks have been put forward
        ("02:30", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),  # shown twice: the first counts,
        ("02:30", "2026-10-25T00:45:00Z", "2026-10-26T01:30:00Z"),  # and the second does not
    ],
)
def test_hours_that_clocks_skip_and_repeat(time: str, reached: str, due: str) -> None:
    journey = book(small({"u": {"wait_until": {"time": time, "timezone": "Europe/Berlin"}, "then": None}}))
    told = lived(journey, event("A", datetime.fromisoformat(reached)))
    assert told.state and told.state.due == datetime.fromisoformat(due)


def test_a_day_of_the_week_is_waited_for() -> None:
    journey = book(small({"u": {"wait_until": {"time": "09:00", "timezone": "UTC", "days": ["mon", "thu"]}, "then": None}}))
    found = [lived(journey, event("A", after(days=day))).state for day in range(4)]  # from a Monday at nine
    assert [state and state.due for state in found] == [after(days=3), after(days=3), after(days=3), after(days=7)]


def test_a_spread_gives_each_person_a_moment_of_their_own() -> None:
    journey = book(small({"u": {"wait_until": {"time": "09:00", "timezone": "UTC", "spread": "15m"}, "then": None}}))
    dues = [lived(journey, event("A", after(1), who=person(f"p{number}"))).state.due for number in range(200)]  # type: ignore[union-attr]
    assert min(dues) >= after(24) and max(dues) < after(24.25)  # type: ignore[type-var,operator]
    assert len(set(dues)) > 190


# 9. Versions, stopping and pausing.

V1 = small({"s": {"wait": "1d", "then": "m"}, "m": say()}, version=1)


def test_people_keep_the_version_that_they_came_in_by() -> None:
    second = small({"s": {"wait": "1d", "then": "n"}, "n": say()}, version=2)
    told = lived(book(V1), event("A", BEGIN))
    told.book = book(V1, second)
    assert messages(told.then(clock(after(25))).actions) == ["m"]
    assert messages(lived(told.book, event("A", BEGIN, who=person("bo")), clock(after(25))).actions) == ["n"]


def test_who_waits_is_moved_and_keeps_the_moment_they_wait_for() -> None:
    second = small({"t": {"wait": "9d", "then": "n"}, "n": say()}, version=2, migrate={"from": [1], "map": {"s": "t"}})
    told = lived(book(V1), event("A", BEGIN))
    told.book = book(V1, second)
    assert told.then(clock(after(25))).actions == [("n", after(24))]
    assert told.state and told.state.version == 2


def test_whose_step_is_gone_leaves() -> None:
    second = small({"t": {"wait": "9d", "then": None}}, version=2, migrate={"from": [1]})
    told = lived(book(V1), event("A", BEGIN))
    told.book = book(V1, second)
    told.then(clock(after(25)))
    assert (told.because, told.actions) == (["step gone"], [])


def test_a_version_that_is_in_no_book_any_more_lets_its_people_go() -> None:
    told = lived(book(V1), event("A", BEGIN))
    told.book = book(small({"s": {"wait": "1d", "then": None}}, version=3))
    assert told.then(clock(after(25))).because == ["step gone"]


def test_a_stopped_journey_lets_everybody_out_and_nobody_in() -> None:
    told = lived(CART, event("Product Added", BEGIN, price=30))
    told.book = book(example("abandoned-cart"), standing="stopped")
    told.then(event("Product Added", after(9), price=30))
    assert (told.because, told.actions) == (["stopped"], [])
    assert told.state and told.state.status == "out"
    assert lived(told.book, event("Product Added", BEGIN, price=30)).because == ["stopped"]


def test_in_a_paused_journey_people_go_on_as_they_would() -> None:
    paused = book(example("abandoned-cart"), standing="paused")
    told = lived(paused, event("Product Added", BEGIN, price=30), clock(after(5)))
    assert told.state and told.state.step == "day"
    assert told.actions == [("soft", after(4))]


def test_an_api_input_begins_the_journey_that_it_names() -> None:
    journey = book(small({"m": say()}, entry={"api": True}))
    assert lived(journey, Happened("api", "small", BEGIN, "1", person())).actions
    assert not lived(journey, Happened("api", "other", BEGIN, "1", person())).actions


def test_an_event_called_like_a_segment_is_none() -> None:
    journey = book(small({"m": say()}, entry={"segment": "lapsing"}))
    assert not lived(journey, event("lapsing", BEGIN)).actions
    assert lived(journey, Happened("segment", "lapsing", BEGIN, "1", person())).actions


def test_content_begins_a_run_for_each_item_once() -> None:
    journey = book(small({"m": say()}, entry={"content": {"where": [{"property": "tags[]", "eq": "shoes"}]}}))
    item = Happened("content", "small", BEGIN, "1", person(), '{"id": "c1", "tags": ["hats", "shoes"]}')
    told = lived(journey, item)
    assert told.state and told.state.key == "c1"
    assert not lived(journey, Happened("content", "small", BEGIN, "1", person(), '{"id": "c1", "tags": ["hats"]}')).actions


def test_what_a_run_keeps_of_a_long_entry_is_what_rules_and_texts_name() -> None:
    told = lived(CART, event("Product Added", BEGIN, price=30, product="Hat", noise="x" * 2_000))
    assert (told.state and told.state.context == '{"price":30,"product":"Hat"}') or told.state.context == '{"product":"Hat","price":30}'  # type: ignore[union-attr]


def test_what_happens_in_the_moment_in_which_a_wait_ends_belongs_to_the_wait() -> None:
    """Else its duplicate, which comes when the wait is over, would begin a run that the event itself did not."""
    journey = book(small({"s": {"wait": "1d", "then": None}}, reentry={"after": "1h"}))
    again = event("A", after(24))
    told = lived(journey, event("A", BEGIN), again, clock(after(24)))
    assert told.state and not told.state.inside
    assert step(journey, told.state, again, after(25)).state is told.state


def test_items_are_collected_into_one_message_and_a_duplicate_is_not() -> None:
    steps = {"gather": {"collect": {"content": {}}, "for": "9h", "max": 3, "then": "m"}, "m": say()}
    journey = book(small(steps, entry={"content": {}, "key": "origin"}))
    said = [f'{{"id": "c{number}", "origin": "news"}}' for number in range(4)]
    items = [Happened("content", "small", after(n + 1), f"c{n}", person(), properties) for n, properties in enumerate(said)]
    told = lived(journey, items[0], items[1], items[0], items[1], items[2])
    assert told.actions == [("m", items[2].at)]
    assert [each.moment.id for each in told.outcomes[-1].actions[0].collected] == ["c0", "c1", "c2"]


def test_a_place_of_the_list_that_is_asked_for_begins_a_run() -> None:
    journey = book(small({"m": say()}, entry={"near": {"places": "shops", "where": [{"property": "place_id", "eq": "soho"}]}}))
    for place, told in (("soho", 1), ("bank", 0)):
        came = Happened("near", "shops", BEGIN, "1", person(), f'{{"places": "shops", "place_id": "{place}"}}')
        assert len(lived(journey, came).actions) == told
