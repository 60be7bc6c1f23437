"""Many items, one message: what a `collect` of content keeps, and of that what is told in which order."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.errand import Kept
from regulars.domain.journeys.moving import forgotten_at
from regulars.domain.journeys.parse import examined
from regulars.domain.journeys.state import Clock, Happened
from regulars.domain.journeys.step import step
from tests.domain.journeys.documents import ANN, BEGIN, PUSH, after, book, clock, lived, small
from tests.domain.journeys.lives import Played
from tests.drawn import drawn

LIKES = {"event": "Article Read", "where": [{"property": "category", "in": {"content": "tags"}}], "within": "90d"}
MINUTE = timedelta(minutes=1)


def digest(entry: dict[str, Any] | None = None, **gather: Any) -> dict[str, Any]:
    """It closes at 18:00 UTC, nine hours after BEGIN."""
    steps = {"gather": {"collect": {"content": {}}, "until": {"time": "18:00"}, "then": "tell", **gather}, "tell": {"message": PUSH, "then": None}}
    return small(steps, entry={"content": {}, "affinity": LIKES, **(entry or {})}, reentry={"after": "1m"})


def running(document: dict[str, Any] | None = None) -> Book:
    return book(document or digest(top=3), zone=UTC)


def item(name: str, at: datetime = BEGIN, likes: float | None = None, **more: Any) -> Happened:
    said = {"id": name, "title": name, "origin": "news", **({} if likes is None else {"affinity": likes}), **more}
    return Happened("content", "small", at, f"content-{name}", ANN, json.dumps(said))


def digests(journey: Book, *inputs: Happened | Clock) -> list[tuple[datetime, list[str]]]:
    """When they were told, and of which items in which order."""
    told = lived(journey, *inputs, clock(after(9)))
    actions = [action for outcome in told.outcomes for action in outcome.actions]
    return [(action.at, [json.loads(each.properties or "")["id"] for each in action.collected]) for action in actions]


def test_the_best_are_told_best_first_and_the_item_that_began_it_is_one_of_them() -> None:
    items = [item("a", likes=0.2), item("b", after(1), 0.1), item("c", after(2), 0.9), item("d", after(3)), item("e", after(4), 0.5)]
    assert digests(running(), *items) == [(after(9), ["c", "e", "a"])]
    assert digests(running(), item("x", likes=0.05), *[each._replace(at=each.at + MINUTE) for each in items]) == [(after(9), ["c", "e", "a"])]


def test_of_items_that_are_liked_alike_the_first_come_first() -> None:
    assert digests(running(), *(item(name, after(n), 0.5) for n, name in enumerate("dbac"))) == [(after(9), ["d", "b", "a"])]
    assert digests(running(), *(item(name, after(n)) for n, name in enumerate("dbac"))) == [(after(9), ["d", "b", "a"])]


def test_without_top_they_are_told_in_the_order_in_which_they_were_published() -> None:
    assert digests(running(digest()), item("a", likes=0.1), item("b", after(1), 0.9)) == [(after(9), ["a", "b"])]


def test_as_many_as_max_close_it_and_the_best_of_those_are_told() -> None:
    items = [item(name, after(n), likes) for n, (name, likes) in enumerate([("a", 0.1), ("b", 0.2), ("c", 0.9)])]
    assert digests(running(digest(top=2, max=3)), *items) == [(after(2), ["c", "b"])]
    assert digests(running(digest(top=2, max=4)), *items) == [(after(9), ["c", "b"])]


def test_a_thousand_items_are_one_digest_and_nobodys_state_grows() -> None:
    journey, items = running(), [item(f"{n:04}", BEGIN + n * timedelta(seconds=1), (n * 37 % 1000) / 1000) for n in range(1000)]
    state, written = None, 0
    for this in items:
        outcome = step(journey, state, this, this.at)
        written += outcome.state is not state
        state = outcome.state
        assert state and len(state.collected) <= 3
    assert written < 40, "who likes it less than what they have costs no write"
    assert digests(journey, *items) == [(after(9), ["0027", "0054", "0081"])]


def test_what_is_published_after_the_window_closed_is_for_the_next_one() -> None:
    told = digests(running(), item("a", after(8)), item("b", after(9.5)), clock(after(9 + 24)))
    assert told == [(after(9), ["a"]), (after(9 + 24), ["b"])]


def test_items_of_one_moment_are_all_in_it_whichever_comes_first() -> None:
    """A feed tells what is new in it at one moment; the lake is asked for each, and answers when it does."""
    for order in ("abc", "cba", "bac"):
        assert digests(running(), *(item(name, likes=ord(name) / 1000) for name in order)) == [(after(9), ["c", "b", "a"])]
    assert digests(running(), item("b", after(0.05)), item("a")) == [(after(9), ["a", "b"])]
    assert digests(running(), item("b", after(0.1)), item("a")) == [(after(9), ["b"])], "five minutes, and six are too late"


def test_an_item_comes_into_the_run_of_its_own_key_alone() -> None:
    journey = running(digest({"key": "origin"}))
    state = step(journey, None, item("a"), BEGIN).state
    assert state and state.key == "news"
    assert step(journey, state, item("b", after(1), origin="sport"), after(1)).state is state
    assert len(step(journey, state, item("b", after(1)), after(1)).state.collected) == 2  # type: ignore[union-attr]


def test_items_that_the_collection_does_not_want_are_not_in_it_not_even_the_first() -> None:
    journey = running(digest(collect={"content": {"where": [{"property": "affinity", "gte": 0.5}]}}))
    assert digests(journey, item("a", likes=0.1), item("b", after(1), 0.6), item("c", after(2), 0.4)) == [(after(9), ["b"])]


def test_long_items_are_told_whole() -> None:
    long = "x" * 3_000
    told = lived(running(), item("a", image=long), clock(after(9)))
    (action,) = told.outcomes[-1].actions
    assert json.loads(action.collected[0].properties or "")["image"] == long


def test_a_collection_after_another_wait_begins_empty() -> None:
    steps = {
        "rest": {"wait": "1h", "then": "gather"},
        "gather": {"collect": {"content": {}}, "for": "2h", "then": "tell"},
        "tell": {"message": PUSH, "then": None},
    }
    journey = running(small(steps, entry={"content": {}}))
    assert digests(journey, item("a"), item("b", after(0.5)), item("c", after(2))) == [(after(3), ["c"])]


def test_who_waits_when_the_order_is_changed_is_told_by_the_new_one() -> None:
    first = {**digest(), "version": 1}
    second = {**digest(top=1), "version": 2, "migrate": {"from": [1]}}
    state = lived(book(first, zone=UTC), item("a", likes=0.1), item("b", after(1), 0.9)).state
    outcome = step(book(first, second, zone=UTC), state, clock(after(9)), after(9))
    assert [[each.moment.id for each in action.collected] for action in outcome.actions] == [["content-b"]]
    assert outcome.actions[0].at == after(9), "and they keep the moment that they wait for"


def test_what_was_corrected_is_told_as_it_is_now_and_a_copy_of_what_it_was_changes_nothing() -> None:
    journey = running()
    first, second = item("a", likes=0.9), item("b", after(1), 0.5)
    corrected = item("a", likes=0.4, title="A2", corrected="2026-11-02T11:00:00.000Z")
    state = lived(journey, first, second).state
    for this in (corrected, corrected, first):
        state = step(journey, state, this, after(2)).state
    outcome = step(journey, state, clock(after(9)), after(9))
    assert [json.loads(each.properties or "")["title"] for each in outcome.actions[0].collected] == ["b", "A2"]
    assert json.loads(outcome.actions[0].context or "")["title"] == "A2"


def test_what_corrects_begins_nothing_and_joins_nothing() -> None:
    journey = running()
    corrected = item("a", corrected="2026-11-02T11:00:00.000Z")
    assert step(journey, None, corrected, after(2)).state is None
    state = lived(journey, item("b")).state
    assert step(journey, state, corrected, after(2)).state is state
    told = lived(journey, item("a"), clock(after(9))).state
    assert step(journey, told, corrected, after(10)).state is told


_ITEMS = st.lists(st.tuples(st.integers(0, 4), st.sampled_from([None, 0.0, 0.3, 0.3, 0.7])), min_size=1, max_size=8)


@drawn(60)
@given(drawn_items=_ITEMS, top=st.integers(1, 3), data=st.data())
def test_in_whatever_order_and_however_often_they_arrive_the_same_is_told(
    drawn_items: list[tuple[int, float | None]], top: int, data: st.DataObject
) -> None:
    items = [item(f"i{number}", BEGIN + minutes * MINUTE, likes) for number, (minutes, likes) in enumerate(drawn_items)]
    best = sorted(items, key=lambda each: (-json.loads(each.properties or "").get("affinity", -1), each.at, each.id))[:top]
    arriving = data.draw(st.permutations([*items, *items[:3]]))
    told = digests(running(digest(top=top)), *arriving)
    assert told == [(after(9), [each.id.removeprefix("content-") for each in best])]


@drawn(60)
@given(drawn_items=_ITEMS, gather=st.sampled_from([{"top": 2}, {"top": 2, "max": 3}, {"max": 3}, {"top": 1, "for": "3h"}]), data=st.data())
def test_live_is_replay_of_items_as_well(drawn_items: list[tuple[int, float | None]], gather: dict[str, Any], data: st.DataObject) -> None:
    items = [item(f"i{number}", after(number + minutes), likes) for number, (minutes, likes) in enumerate(drawn_items)]
    items.sort(key=lambda each: (each.at, each.id))
    journey = running(digest(**gather))
    live, ideal = Played(journey), Played(journey)
    for this in [*items, Clock(after(200), ANN)]:
        if data.draw(st.booleans()):
            swept = this.at - MINUTE
            live.play(Clock(swept, ANN), swept)
        live.play(this, this.at)
        ideal.on_time(this.at)
        ideal.play(this, this.at)
    assert [(action.key, action.at, action.collected) for action in live.actions] == [
        (action.key, action.at, action.collected) for action in ideal.actions
    ]
    assert live.state == ideal.state


@pytest.mark.parametrize(
    ("document", "path", "said"),
    [
        (digest(top=0), "steps.gather.top", "from 1 to 10"),
        (digest(top=11), "steps.gather.top", "from 1 to 10"),
        (digest(max=1), "steps.gather.max", "from 2 to 10"),
        (digest(collect={"event": "B"}, top=3), "steps.gather.top", "only items are liked"),
        ({**digest(top=3), "entry": {"content": {}}}, "steps.gather.top", "say `affinity` in `entry`"),
        ({**digest(), "entry": {"event": "A"}}, "steps.gather.collect.content", "a journey that begins with `content`"),
        ({**digest(), "entry": {"event": "A", "affinity": LIKES}}, "entry.affinity", "known: `event`"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_path(document: dict[str, Any], path: str, said: str) -> None:
    assert [problem.message for problem in examined(document).errors if problem.path == path and said in problem.message], examined(document).errors


def test_who_would_get_one_digest_ever_is_warned_of() -> None:
    def warned(document: dict[str, Any]) -> dict[str, str]:
        return {each.path: each.message for each in examined(document).warnings}

    once = digest()
    del once["reentry"]
    assert "one digest, ever" in warned(once)["reentry"] and "reentry" not in warned(digest())
    assert "a hundred" in warned(once)["delivery.cap"]
    assert "delivery.cap" not in warned({**once, "delivery": {"cap": {"count": 2, "within": "1d"}}})


def test_a_run_of_one_item_is_forgotten_when_it_can_not_be_told_again_and_a_digest_that_comes_once_never() -> None:
    entered = after(1)
    for entry, known_until in (({"content": {}, "max_age": "2d"}, entered + timedelta(days=32)), ({"content": {}, "key": "origin"}, None)):
        journey = book(small({"tell": {"message": PUSH, "then": None}}, entry=entry))
        state = step(journey, None, item("a", entered), entered).state
        assert state and not state.inside and forgotten_at(Kept("small", state), {"small": journey}) == known_until
