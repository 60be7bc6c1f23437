"""What the steps of a journey come to together."""

from typing import Any

import pytest

from regulars.domain.journeys.parse import examined
from tests.domain.journeys.documents import EXAMPLES, PUSH, example, small
from tests.domain.journeys.test_parse import problems


def warned(document: Any) -> dict[str, str]:
    return {warning.path: warning.message for warning in examined(document).warnings}


def say(then: str | None) -> dict[str, Any]:
    return {"message": PUSH, "then": then}


def test_a_circle_in_which_nobody_waits_is_named_step_by_step() -> None:
    found = problems(small({"worth": {"branch": [{"if": {"everyone": True}, "then": "soft"}], "else": None}, "soft": say("worth")}))
    assert found == {"steps.worth": "goes round for ever, because nobody waits on the way: worth -> soft -> worth"}


def test_the_opposite_of_what_is_not_known_lets_nobody_in_and_that_is_warned_of() -> None:
    no = {"not": {"trait": "no_reviews", "eq": True}}
    entry = {"event": "A", "if": {"all": [no, {"trait": "plan", "eq": "pro"}]}}
    assert "nobody comes in of whom `no_reviews` is not known" in warned(small({"s": say(None)}, entry=entry))["entry.if.all[0]"]
    minded = {"any": [no, {"trait": "no_reviews", "exists": False}]}
    assert "entry.if.any[0]" not in warned(small({"s": say(None)}, entry={"event": "A", "if": minded}))
    branch = {"branch": [{"if": {"not": {"entry": "price", "gte": 7}}, "then": None}, {"if": no, "then": None}], "else": None}
    assert [path for path, said in warned(small({"s": branch})).items() if "goes this way" in said] == ["steps.s.branch[1].if"]


def test_a_loop_through_a_wait_needs_max_hops() -> None:
    loop = {"day": {"wait": "1d", "then": "tell"}, "tell": say("day")}
    assert "day -> tell -> day" in problems(small(loop))["max_hops"]
    assert not problems(small(loop, max_hops=20))


def test_both_are_told() -> None:
    document = example("abandoned-cart")
    document["steps"]["soft"]["then"] = "worth"
    document["steps"]["last"]["then"] = "day"
    assert set(problems(document)) == {"steps.worth", "max_hops"}


def test_a_step_that_nobody_can_get_to() -> None:
    assert problems(small({"s": say(None), "t": say("u"), "u": say(None)})) == {
        "steps.t": "nobody can get here: no step leads to it",
        "steps.u": "nobody can get here: `t` leads to it, and nobody gets there",
    }


def test_a_misspelt_target_does_not_make_the_one_that_was_meant_unreachable() -> None:
    assert list(problems(small({"first": say("secnd"), "second": say(None)}))) == ["steps.first.then"]


def test_a_circle_beside_the_way_is_led_to_by_itself_alone() -> None:
    found = problems(small({"s": say(None), "t": {"wait": "1d", "then": "u"}, "u": {"wait": "1d", "then": "t"}}, max_hops=9))
    assert found["steps.t"] == "nobody can get here: `u` leads to it, and nobody gets there"


@pytest.mark.parametrize(
    ("step", "path"),
    [
        ({"message": PUSH, "then": 7}, "steps.s.then"),
        ({"message": PUSH, "then": "elsewhere"}, "steps.s.then"),
        ({"mesage": PUSH, "then": "t"}, "steps.s.mesage"),
        ({"branch": {}, "else": None}, "steps.s.branch"),
        ({"branch": [None], "else": None}, "steps.s.branch[0]"),
        ({"split": [{"id": "a", "then": []}]}, "steps.s.split[0].then"),
    ],
)
def test_where_it_cannot_be_read_how_people_go_on_nobody_is_called_unreachable(step: dict[str, Any], path: str) -> None:
    assert list(problems(small({"s": step, "t": say(None)}))) == [path]


def test_what_cannot_be_read_elsewhere_does_not_make_a_step_reachable() -> None:
    assert set(problems(small({"s": say(None), "t": say("nowhere")}))) == {"steps.t.then", "steps.t"}


@pytest.mark.parametrize(
    ("end", "is_shadowed"),
    [
        ({"event": "B"}, True),
        ({"event": "B", "where": [{"property": "x", "eq": 1}]}, True),
        ({"event": "B", "where": [{"property": "x", "eq": 2}]}, False),
        ({"event": "B", "same": "cart"}, False),
        ({"event": "C"}, False),
    ],
)
def test_a_wait_for_what_ends_the_journey_before(end: dict[str, Any], is_shadowed: bool) -> None:
    wait = {"wait_for": {"event": "B", "where": [{"property": "x", "eq": 1}, {"property": "y", "eq": 1}]}, "within": "1d", "then": None, "else": None}
    assert ("steps.s.wait_for.event" in problems(small({"s": wait}, exit=[end]))) is is_shadowed


@pytest.mark.parametrize(
    ("entry", "reentry", "is_refused"),
    [
        ({"event": "Message Sent"}, {"while_in": "restart"}, True),
        ({"event": "Journey Step", "where": [{"property": "step", "eq": "s"}]}, {"after": "1d"}, True),
        ({"event": "Webhook Failed", "where": [{"property": "journey", "ne": "another"}]}, {"after": "1d"}, True),
        ({"event": "Message Sent", "where": [{"property": "journey", "exists": True}]}, {"after": "1d"}, True),
        ({"event": "Message Sent", "where": [{"property": "journey", "in": ["welcome", "cart"]}]}, {"after": "1d"}, False),
        ({"event": "Message Sent", "where": [{"property": "journey", "ne": "small"}]}, {"after": "1d"}, False),
        ({"event": "Message Sent"}, {}, False),
        ({"event": "Segment Entered"}, {"after": "1d"}, False),
    ],
)
def test_a_journey_does_not_begin_by_what_is_told_of_itself(entry: dict[str, Any], reentry: dict[str, Any], is_refused: bool) -> None:
    found = problems(small({"s": say(None)}, entry=entry, **({"reentry": reentry} if reentry else {})))
    assert list(found) == (["entry.event"] if is_refused else [])


def test_who_is_moved_has_to_wait() -> None:
    document = small({"s": say("t"), "t": {"wait": "1d", "then": None}}, version=2, migrate={"from": [1], "map": {"old": "s", "older": "t"}})
    assert list(problems(document)) == ["migrate.map.old"]


def test_warnings_stand_apart_from_errors() -> None:
    found = examined(small({"s": {"wait": "1d", "then": None}}, entry={"segment": "lapsing"}, goal={"event": "B", "within": "1d"}))
    assert found.journey and not found.errors
    assert {warning.path for warning in found.warnings} == {"holdout", "goal.event", "reentry", "steps"}


def test_what_is_odd_and_can_be_honoured() -> None:
    assert "nobody is held out" in warned(example("welcome"))["holdout"]
    assert "everybody is held out" in warned(small({"s": say(None)}, holdout={"percent": 100}))["holdout.percent"]
    assert "at the same second" in warned(small({"s": {"wait_until": {"time": "09:00"}, "then": None}}))["steps.s.wait_until"]
    assert "a `wait` says so" in warned(small({"s": {"wait_for": {"event": "B"}, "within": "1d", "then": None, "else": None}}))["steps.s"]
    assert "`after` says nothing" in warned(small({"s": say(None)}, reentry={"after": "1d", "max": 1}))["reentry.max"]
    hooks = {host: warned(small({"s": {"webhook": {"url": f"https://{host}/x"}, "then": None}})) for host in ("127.0.0.1:8443", "[::1]", "x.example")}
    assert [host for host, found in hooks.items() if "steps.s.webhook.url" in found] == ["127.0.0.1:8443", "[::1]"]
    assert "begins anew" in warned(small({"s": say(None)}, reentry={"while_in": "restart"}))["reentry.while_in"]


@pytest.mark.parametrize("name", ["abandoned-cart", "welcome", "win-back", "digest"])
def test_a_good_example_is_warned_of_nothing(name: str) -> None:
    assert not warned(EXAMPLES[name])


def test_a_rule_that_only_the_lake_can_answer_is_named() -> None:
    branch = {"branch": [{"if": {"all": [{"trait": "plan", "eq": "pro"}, {"not": {"event": "B", "within": "7d"}}]}, "then": None}], "else": None}
    found = warned(small({"s": branch}, entry={"event": "A", "if": {"message": "opened"}}))
    assert [path for path, said in found.items() if "did before" in said] == ["entry.if", "steps.s.branch[0].if.all[1].not"]
