"""Why somebody is where they are in a journey, or never came in: each answer, of a lake and of what is kept."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.errand import Errand, Kept, OfPerson, PutOff, run_id
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.state import Moment, State
from regulars.domain.journeys.told import read_told, told_sql
from regulars.domain.journeys.whereabouts import JourneyWhereabouts, Later, begun_by, whereabouts
from regulars.domain.lake.sql import printed
from regulars.domain.segments.evaluate import Reason
from tests.domain.campaigns.lake import Lake

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOBODY = OfPerson()


JOURNEY_STEPS: dict[str, Any] = {
    "pause": {"wait_for": {"event": "Order Completed"}, "within": "2h", "then": None, "else": "remind"},
    "remind": {"message": {"push": {"body": "x"}}, "then": None},
}


def journey(**changes: Any) -> Any:
    document = {
        "id": "cart",
        "entry": {"event": "Product Added", "where": [{"property": "price", "gte": 10}]},
        "holdout": {"percent": 10},
        "start": "pause",
        "steps": JOURNEY_STEPS,
    }
    return parse_journey({**document, **changes})


JOURNEY = journey()
RUN = run_id("cart", "ann", "", Moment(NOW - timedelta(hours=1)))


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def happened(name: str, at: datetime, *, after: timedelta = timedelta(), source: str = "web", **said: Any) -> dict[str, Any]:
    moments = {"event_ts": at.replace(tzinfo=None), "received_ts": (at + after).replace(tzinfo=None)}
    return {"user_id": "ann", "event_name": name, "message_id": f"{name}{at}", "source": source, "properties": json.dumps(said), **moments}


def told(name: str, at: datetime, **said: Any) -> dict[str, Any]:
    return happened(name, at, source="regulars", **{"journey": "cart", **said})


def added(at: datetime, price: float = 20, **more: Any) -> dict[str, Any]:
    return happened("Product Added", at, price=price, **more)


def state(status: Any = "in", step: str = "pause", due: datetime | None = NOW + timedelta(hours=1)) -> OfPerson:
    entered = Moment(ago(hours=1))
    kept = State("ann", "", 1, entered, step, entered, due, status, 1)
    return OfPerson(((Kept("cart", kept), 1),))


def asked(*events: dict[str, Any], of: OfPerson = NOBODY, asks: Any = JOURNEY, standing: Any = "live", clauses: Any = ()) -> JourneyWhereabouts:
    lake = Lake()
    if events:
        lake.fill("events", events)
    rows = read_told(lake.answers(printed(told_sql(asks, "ann", since=ago(days=400), as_of=NOW))))
    book = Book.of([asks], standing=standing) if standing else None
    return whereabouts("ann", asks, book, of, rows, clauses)


def test_whoever_is_inside_is_told_since_when_at_which_step_and_what_they_wait_for() -> None:
    found = asked(
        told("Journey Entered", ago(hours=1), run=RUN), told("Journey Step", ago(hours=1), run=RUN, step="pause", because="entered"), of=state()
    )
    assert (found.where, found.reason) == ("inside", "pause")
    assert found.because == "inside since 2026-11-21T11:00:00Z, at the step pause"
    (run,) = found.runs
    assert (run.waits_for, run.until) == ("Order Completed, or the time to be over", NOW + timedelta(hours=1))
    assert sorted((entry.event, entry.step, entry.because) for entry in found.trail) == [
        ("Journey Entered", "", ""),
        ("Journey Step", "pause", "entered"),
    ]


def test_what_was_not_sent_is_told_in_the_words_of_campaigns() -> None:
    skipped = told("Message Skipped", ago(minutes=5), run="r", step="remind", reason="no_device")
    (entry,) = asked(skipped, of=state("out", "remind", due=None)).trail
    assert (entry.event, entry.because) == ("Message Skipped", "no_device") and "device" in entry.meaning


def errand(journey_id: str, step: str, until: datetime) -> PutOff:
    return PutOff(Errand(journey_id, f"{step}/1", "ann", NOW, 1, step, "", Moment(ago(hours=1))), until)


def test_what_was_put_off_says_what_it_is_and_until_when() -> None:
    later = NOW + timedelta(hours=9)
    of = OfPerson(state().kept, (errand("cart", "remind", later), errand("other", "remind", NOW)))
    found = asked(of=of)
    assert found.put_off == [later]
    assert found.later == [Later("remind", "message", later)]


def test_what_a_journey_that_is_paused_would_tell_or_call_waits_for_it_to_be_resumed() -> None:
    calls = journey(
        steps={
            **JOURNEY_STEPS,
            "call": {"webhook": {"url": "https://example.com"}, "then": None},
            "remind": {**JOURNEY_STEPS["remind"], "then": "call"},
        }
    )
    of = OfPerson(state().kept, (errand("cart", "remind", ago(minutes=1)), errand("cart", "call", NOW)))
    assert asked(of=of, asks=calls, standing="paused").later == [Later("remind", "message", None), Later("call", "webhook", None)]
    assert [each.until for each in asked(of=of, asks=calls).later] == [ago(minutes=1), NOW]


def test_whoever_left_is_told_why_and_whether_they_may_come_in_again() -> None:
    left = told("Journey Left", ago(minutes=10), step="pause", because="exit", run=RUN)
    found = asked(left, of=state("out", due=None))
    assert (found.where, found.reason) == ("left", "exit")
    assert found.because == "left at 2026-11-21T11:50:00Z (exit); nobody comes in a second time"
    again = journey(reentry={"after": "30d"})
    assert asked(left, of=state("out", due=None), asks=again).because.endswith("they may come in again from 2026-12-21T11:00:00Z")
    assert asked(left).where == "left", "also where what was kept of them is forgotten"


def test_whoever_left_a_moment_ago_is_told_when_the_rest_is_known_and_not_why_they_left_the_run_before() -> None:
    before = told("Journey Left", ago(days=2), step="pause", because="exit", run="another")
    found = asked(before, of=state("out", due=None))
    assert (found.where, found.reason) == ("left", "")
    soon = "why, and what was sent, is told once the lake has it, within a quarter of an hour"
    assert found.because == f"left at 2026-11-21T11:00:00Z; {soon}; nobody comes in a second time"


def test_a_wait_for_an_event_goes_on_when_what_happened_in_time_has_had_its_time_to_come() -> None:
    (run,) = asked(of=state()).runs
    assert (run.until, run.goes_on_at) == (NOW + timedelta(hours=1), NOW + timedelta(hours=1, seconds=90))


def test_what_was_done_in_one_moment_is_told_in_the_order_in_which_it_was_done() -> None:
    at = ago(minutes=5)
    steps = [
        ("Journey Left", {"step": "c", "order": 3}),
        ("Journey Step", {"step": "a"}),
        ("Journey Entered", {}),
        ("Journey Step", {"step": "b", "order": 1}),
    ]
    found = asked(*(told(name, at, run=RUN, **said) for name, said in steps), of=state("out", due=None))
    assert [(entry.event, entry.step) for entry in found.trail] == [
        ("Journey Left", "c"),
        ("Journey Step", "b"),
        ("Journey Step", "a"),
        ("Journey Entered", ""),
    ]


def test_of_several_runs_each_says_which_it_is() -> None:
    kept = [Kept("cart", each.state._replace(key=key)) for (each, _), key in zip(state().kept * 2, ("k1", "k2"), strict=True)]
    found = asked(told("Journey Step", ago(hours=1), run="r", key="k1", step="pause"), of=OfPerson(tuple((each, 1) for each in kept)))
    assert [run.key for run in found.runs] == ["k1", "k2"] and [entry.key for entry in found.trail] == ["k1"]
    assert "inside, in 2 runs, the newest since 2026-11-21T11:00:00Z" in found.because


def test_whoever_is_held_out_is_told_so() -> None:
    found = asked(of=state("held", due=None))
    assert (found.where, found.because) == ("held_out", "of the 10 % who are held out: nothing is sent to them, so that the effect can be measured")


FALSE = Reason("entry.if", "plan is pro", False)


@pytest.mark.parametrize(
    ("events", "more", "reason", "because"),
    [
        ([], {"standing": None}, "not_launched", "never launched"),
        ([added(ago(hours=1))], {"standing": "stopped"}, "stopped", "nobody comes in"),
        ([], {}, "no_event", "they never did Product Added"),
        ([happened("Product Viewed", ago(hours=1))], {}, "no_event", "they never did"),
        ([added(ago(hours=1), price=5)], {}, "other_event", "was not like the one"),
        ([added(ago(days=3), after=timedelta(days=2))], {}, "too_late", "too late to enter"),
        ([added(ago(hours=1)), told("Journey Noted", ago(hours=1), because="too late to enter")], {}, "too_late", "too late to enter"),
        ([added(ago(hours=1))], {"clauses": [FALSE]}, "rule", "`entry.if` is false of them now: plan is pro"),
        ([added(ago(hours=1))], {"clauses": [Reason("entry.if", "plan is pro", None)]}, "rule", "unknown"),
        ([added(ago(hours=1))], {}, "not_told", "under way"),
        ([added(ago(hours=1))], {"asks": journey(entry={"event": "Product Added", "key": "cart_id"})}, "no_key", "has nothing at `cart_id`"),
        ([], {"asks": journey(entry={"segment": "vips"})}, "no_event", "they came into the segment vips"),
    ],
)
def test_whoever_never_came_in_is_told_what_was_in_the_way(events: list[Any], more: dict[str, Any], reason: str, because: str) -> None:
    found = asked(*events, **more)
    assert (found.where, found.reason) == ("never", reason) and because in found.because


def test_what_a_browser_did_before_they_were_known_counts_and_what_others_tell_of_journeys_does_not() -> None:
    lake = Lake()
    lake.fill("identities", [{"kind": "anonymous", "id": "a1", "user_id": "ann", "since_ts": ago(days=1).replace(tzinfo=None)}])
    lake.fill("events", [{**added(ago(hours=1)), "user_id": None, "anonymous_id": "a1"}, happened("Journey Left", ago(hours=2), journey="cart")])
    lake.fill("events", [told("Journey Left", ago(hours=2), journey="other"), {**added(ago(hours=1)), "user_id": "bob"}])
    (event,) = read_told(lake.answers(printed(told_sql(JOURNEY, "ann", since=ago(days=9), as_of=NOW))))
    assert begun_by(JOURNEY, [event]) is event
