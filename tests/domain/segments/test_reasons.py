"""Why somebody is in a segment or not: every part of a rule with its verdict and what decided it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from regulars.domain.segments import parse_rule, parse_segment, reachable_segments
from regulars.domain.segments.evaluate import Evidence, PersonHistory, Reason, evaluate, reasons
from tests.domain.segments.lake import Row
from tests.domain.segments.people import histories as histories_of
from tests.domain.segments.rules import AS_OF, SEGMENTS, histories, rules
from tests.drawn import drawn

DAY = timedelta(days=1)
BOUGHT: dict[str, Any] = {"event": "Order Completed"}


def event(name: str, ago: timedelta, message_id: str = "m", **properties: Any) -> Row:
    return {"user_id": "ann", "event_name": name, "event_ts": AS_OF - ago, "message_id": message_id, "properties": properties}


def identify(ago: timedelta, message_id: str, **traits: Any) -> Row:
    return {"user_id": "ann", "event_name": "identify", "type": "identify", "event_ts": AS_OF - ago, "message_id": message_id, "traits": traits}


ANN = [
    identify(9 * DAY, "i1", plan="free", address={"city": "Lyon"}),
    identify(3 * DAY, "i2", plan="pro"),
    event("Order Completed", DAY, "o1", revenue=10.5, shop="Lyon"),
    event("Order Completed", 2 * DAY, "o2", revenue="4.50", shop="Paris"),
    event("Order Completed", 40 * DAY, "o3", shop="Lyon"),
]
PUSHES = [{"user_id": "ann", "run_id": f"r{n}", "campaign_id": "spring", "outcome": "sent", "delivered_ts": AS_OF - n * DAY} for n in range(1, 13)]


def told(rule: Any, rows: list[Row] = ANN, pushes: list[Row] = PUSHES, **segments: Any) -> list[Reason]:
    known = reachable_segments(segments, {name: {"id": name, "name": name, "rule": inner} for name, inner in segments.items()})
    return list(reasons(parse_rule(rule), histories_of(rows, pushes, AS_OF)["ann"], AS_OF, known))


def texts(rule: Any, rows: list[Row] = ANN) -> list[str]:
    """What is said of the only clause."""
    return [evidence.text for evidence in told(rule, rows)[-1].because]


def test_every_part_of_a_rule_has_its_path_its_sentence_and_its_verdict() -> None:
    rule = {"all": [BOUGHT, {"not": {"any": [{"trait": "plan", "eq": "pro"}, {"trait": "age", "gt": 7}]}}]}
    assert [(reason.path, reason.verdict) for reason in told(rule)] == [
        ("rule", False),
        ("rule.all[0]", True),
        ("rule.all[1]", False),
        ("rule.all[1].not", True),
        ("rule.all[1].not.any[0]", True),
        ("rule.all[1].not.any[1]", None),
    ]
    assert told(rule)[0].sentence == 'did "Order Completed" at least once and not (trait plan is "pro" or trait age is more than 7)'


def test_a_segment_is_explained_inside_the_rule_that_names_it() -> None:
    found = told({"all": [{"segment": "buyers"}]}, buyers={"all": [BOUGHT]})
    assert [(reason.path, reason.verdict, len(reason.because)) for reason in found][1:] == [
        ("rule.all[0]", True, 0),
        ("rule.all[0].segment", True, 0),
        ("rule.all[0].segment.all[0]", True, 4),
    ]


def test_the_events_that_count_are_shown_and_of_the_others_how_many_and_why() -> None:
    rule = {**BOUGHT, "within": "30d", "where": [{"property": "shop", "eq": "Lyon"}], "sum": "revenue", "gte": 10}
    assert told(rule)[0].because == (
        Evidence("the sum of revenue is 10.5 in 1 event"),
        Evidence('"Order Completed" at 2017-09-30T00:00:00Z: revenue 10.5, shop "Lyon"', "o1", AS_OF - DAY, "10.5"),
        Evidence('1 other does not count: where[0] is false, as of the newest, at 2017-09-29T00:00:00Z: shop "Paris"', "o2", AS_OF - 2 * DAY),
        Evidence("1 other does not count: outside the period, the newest at 2017-08-22T00:00:00Z", "o3", AS_OF - 40 * DAY),
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"everyone": True}, ["first seen at 2017-08-22T00:00:00Z"]),
        ({"users": ["bob", "cyd"]}, ['"ann" is not one of the 2']),
        ({"bucket": {"salt": "s", "from": 0, "to": 9}}, ["their bucket is 7794"]),
        ({"trait": "plan", "eq": "free"}, ['plan is "pro", told at 2017-09-28T00:00:00Z by i2']),
        ({"trait": "address.zip", "eq": "1"}, ["address.zip is absent, told at 2017-09-22T00:00:00Z by i1"]),
        ({"trait": "address", "exists": True}, ["address is an object, told at 2017-09-22T00:00:00Z by i1"]),
        ({"trait": "age", "gt": 7}, ["no identify call told age"]),
        ({"event": "Product Viewed"}, ["0 events counted"]),
        ({"event": "Product Viewed", "max": "price", "gt": 1}, ["no number at price in 0 events"]),
        ({"event": "Product Viewed", "first": {"within": "7d"}}, ["there is no such event"]),
        ({**BOUGHT, "before": "2017-09-01", "first": {"within": "7d"}}, ["the first of 1 event is at 2017-08-22T00:00:00Z"]),
        ({**BOUGHT, "before": "2017-09-01", "distinct": "day", "gte": 1}, ["1 different days in 1 event"]),
        ({"consent": "marketing"}, ["no identify call told any of the traits that would say so"]),
        ({"message": "failed"}, ["failed in 0 runs"]),
        ({"sequence": [{"event": "Product Viewed"}, BOUGHT]}, ["no event came to the last step in time"]),
        (
            {"sequence": [BOUGHT, BOUGHT], "within": "2d", "then_not": {"event": "Product Viewed"}},
            [
                "0 of 1 ways through the steps count; the newest, which does not:",
                '"Order Completed" at 2017-09-29T00:00:00Z',
                '"Order Completed" at 2017-09-30T00:00:00Z',
                'nobody can say yet whether "Product Viewed" follows within 2 days',
            ],
        ),
    ],
)
def test_what_decided_is_said(rule: Any, said: list[str]) -> None:
    assert texts(rule)[: len(said)] == said


def test_what_somebody_agreed_to_is_said_by_the_traits_that_were_told() -> None:
    rows = [identify(DAY, "i1", marketing_opt_in=True), identify(DAY, "i2", unsubscribed="true")]
    assert texts({"consent": "marketing"}, rows) == [
        'unsubscribed is "true", told at 2017-09-30T00:00:00Z by i2',
        "marketing_opt_in is true, told at 2017-09-30T00:00:00Z by i1",
    ]


def test_an_explanation_stays_short_however_much_somebody_did() -> None:
    rows = [event("Order Completed", n * DAY, f"o{n:03d}", note="x" * 5_000) for n in range(1, 400)]
    because = told({**BOUGHT, "distinct": "note", "gte": 1}, rows)[0].because
    assert len(because) == 12
    assert because[-1].text == f"and 389 more that count, the oldest at {(AS_OF - 399 * DAY):%Y-%m-%dT%H:%M:%SZ}"
    assert max(len(evidence.text) for evidence in because) < 400
    assert len(told({"message": "sent"})[0].because) == 12


def test_of_somebody_unknown_nothing_is_known() -> None:
    found = reasons(parse_rule({"all": [{"everyone": True}]}), PersonHistory("zoe", None), AS_OF, {})
    assert [reason.verdict for reason in found] == [None, None]
    assert found[0].because == (Evidence("nobody of this id was seen before 2017-10-01T00:00:00Z"),)


@drawn(50)
@given(histories(), rules)
def test_an_explanation_says_what_evaluate_says(rows: list[Row], rule: Any) -> None:
    segments = {name: parse_segment(document) for name, document in SEGMENTS.items()}
    tree = parse_rule(rule)
    for history in histories_of(rows, [], AS_OF).values():
        assert reasons(tree, history, AS_OF, segments)[0].verdict is evaluate(tree, history, AS_OF, segments)


def test_a_moment_needs_its_zone() -> None:
    history = PersonHistory("ann", datetime(2017, 1, 1, tzinfo=UTC))
    for reading in (evaluate, reasons):
        with pytest.raises(ValueError, match="time zone"):
            reading(parse_rule(BOUGHT), history, datetime(2017, 1, 1), {})  # type: ignore[operator]
