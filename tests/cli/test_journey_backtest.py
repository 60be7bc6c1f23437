"""`journey backtest`: on the terminal, as JSON, and what it asks for."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import FakeApi, Run

BEGUN = {"ticket": "t1", "state": "queued", "hindsight": None, "beside": []}
SENT = {"at": "2026-08-01T12:00:00Z", "step": "soft", "fate": "sent", "sent_at": "2026-08-01T12:00:00Z"}
SHOWN = {**SENT, "title": "", "body": "", "fails": "", "because": ""}
CART: dict[str, Any] = {
    "journey_id": "cart",
    "version": 2,
    "since": "2026-08-01T00:00:00Z",
    "until": "2026-08-03T00:00:00Z",
    "sample": 0.05,
    "events": 900,
    "people": 40,
    "entries": 44,
    "held_out": 4,
    "messages": {"soft": 30, "last": 12},
    "others": {},
    "fates": {"sent": 35, "capped": 7},
    "alone": {},
    "exits": {"done": 40},
    "notes": {},
    "moves": 120,
    "steps": 160,
    "by_arrival": 40,
    "peak_minute": 3,
    "peak_at": "2026-08-01T12:00:00Z",
    "goal": {"treated": {"people": 40, "reached": 10}, "control": {"people": 4, "reached": 1}},
    "days": [{"day": "2026-08-01", "entered": 20, "messages": 20, "inside": 9}, {"day": "2026-08-02", "entered": 24, "messages": 15, "inside": 11}],
    "shown": [
        {**SHOWN, "user_id": "ann", "title": "Still there?", "body": "Your cart is"},
        {**SHOWN, "user_id": "bob", "fails": "render_failed", "because": "steps.soft.message.push.title: line 1: can't divide by 0"},
    ],
    "unmade": [
        {
            "step": "soft",
            "reason": "render_failed",
            "field": "steps.soft.message.push.title",
            "because": "line 1: can't divide by 0",
            "people": 23,
            "messages": 25,
        }
    ],
    "texts_of": 1.0,
    "cannot_know": ["Nobody can say what people would have done."],
    "bytes_scanned": 2_000_000,
    "cost_usd": 0.00015,
    "cost": {"athena": 0.0001, "lambdas": 0.00004, "step_functions": 0.00001, "s3": 0.0},
    "running": {"inputs": 300, "moves": 120, "messages": 42, "usd": 0.0014, "usd_per_million_moves": 11.7},
}
WELCOME = {**CART, "journey_id": "welcome", "fates": {"sent": 20, "capped": 22}, "alone": {"sent": 40, "capped": 2}}
RANGE = ("--from", "2026-08-01", "--to", "2026-08-03")


@pytest.fixture
def answering(api: FakeApi) -> FakeApi:
    api.on("POST", "/admin/journeys/cart/backtests", BEGUN, status=202)
    api.on("GET", "/admin/journey-backtests/t1", BEGUN, {**BEGUN, "state": "succeeded", "hindsight": CART, "beside": [WELCOME]})
    return api


def test_the_terminal_says_what_it_would_have_done_and_what_both_cost(answering: FakeApi, regulars: Run) -> None:
    shown = regulars("journey", "backtest", "cart", *RANGE).stdout
    for told in (
        "journey cart, version 2",
        "of a sample of 0.05",
        "42 messages, at most 3 in a minute",
        "by when things arrived, and not by when they happened: 40 messages",
        "treated: 10 of 40 reached the goal",
        "120 moves of people and 42 messages, $0.001400 at most",
        "23 people would have got nothing from step soft: title: line 1: can't divide by 0",
        "Still there?: Your cart is",
        "nothing: title: line 1: can't divide by 0",
        "Nobody can say",
        "2.00 MB scanned, $0.000150 (athena $0.000100, lambdas $0.000040, step functions $0.000010)",
    ):
        assert told in shown, told


@pytest.mark.parametrize(("messages", "by_arrival", "is_said"), [({}, 2, True), ({}, 0, False), ({"soft": 2}, 0, True), ({"soft": 200}, 201, False)])
def test_it_says_what_would_really_have_been_sent_where_that_is_another_number(
    api: FakeApi, regulars: Run, messages: dict[str, int], by_arrival: int, is_said: bool
) -> None:
    found = {**CART, "messages": messages, "by_arrival": by_arrival}
    api.on("POST", "/admin/journeys/cart/backtests", BEGUN, status=202)
    api.on("GET", "/admin/journey-backtests/t1", {**BEGUN, "state": "succeeded", "hindsight": found})
    shown = regulars("journey", "backtest", "cart", *RANGE).stdout
    assert (f"by when things arrived, and not by when they happened: {by_arrival} messages" in shown) is is_said


def test_of_somebody_who_would_have_got_nothing_it_says_so(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/journeys/cart/backtests", BEGUN, status=202)
    api.on("GET", "/admin/journey-backtests/t1", {**BEGUN, "state": "succeeded", "hindsight": {**CART, "shown": [], "unmade": []}})
    assert (
        "nobody would have got nothing: they did not do what it begins with"
        in regulars("journey", "backtest", "cart", *RANGE, "--user", "nobody").stdout
    )
    assert "would have got nothing" not in regulars("journey", "backtest", "cart", *RANGE).stdout


def test_of_journeys_that_send_to_the_same_people_it_says_what_the_others_took(answering: FakeApi, regulars: Run) -> None:
    shown = regulars("journey", "backtest", "cart", *RANGE, "--with", "welcome", "--with", "other", "--sample", "5%", "--user", "ann").stdout
    assert "journey welcome, version 2" in shown and "capped: 22 together with the others, 2 without them" in shown
    (asked,) = (body for method, _, body in answering.asked if method == "POST")
    assert asked == {
        "from": "2026-08-01T00:00:00+00:00",
        "to": "2026-08-03T00:00:00+00:00",
        "sample": 5.0,
        "user_id": "ann",
        "with": ["welcome", "other"],
    }


def test_json_is_the_journeys_answer_with_those_beside_it(answering: FakeApi, regulars: Run, tmp_path: Path) -> None:
    file = tmp_path / "idea.json"
    file.write_text(json.dumps({"id": "cart"}))
    assert json.loads(regulars("journey", "backtest", str(file), *RANGE, "--json").stdout) == {**CART, "beside": [WELCOME]}
    (asked,) = (body for method, _, body in answering.asked if method == "POST")
    assert asked["document"] == {"id": "cart"}


def test_it_says_of_how_many_people_texts_were_made(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/journeys/cart/backtests", BEGUN, status=202)
    api.on("GET", "/admin/journey-backtests/t1", {**BEGUN, "state": "succeeded", "hindsight": {**CART, "texts_of": 0.125}})
    shown = regulars("journey", "backtest", "cart", *RANGE).stdout
    assert "of 12.5 % of the people, whose texts were made, 23 would have got nothing from step soft" in shown


@pytest.mark.parametrize("wrong", [("--sample", "0%"), ("--sample", "all"), ("--to", "tomorrow")])
def test_what_is_no_share_and_no_moment_is_refused(wrong: tuple[str, str], answering: FakeApi, regulars: Run) -> None:
    assert regulars("journey", "backtest", "cart", "--from", "2026-08-01", *wrong).exit_code != 0
    assert not answering.asked
