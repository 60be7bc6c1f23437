"""Documents: what is read, and everything that is wrong with one at once, each with its path."""

import copy
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidJourneyError
from regulars.domain.journeys.journey import Entry, Reentry
from regulars.domain.journeys.parse import ROOT, examined, parse_journey
from regulars.domain.journeys.parse_steps import KINDS
from regulars.domain.journeys.steps import ClockTime, Collect, EventPattern, WaitUntil
from tests.domain.journeys.documents import EXAMPLES, PUSH, example, small

STAY = {"wait": "1d", "then": None}
BROKEN: dict[str, tuple[dict[str, Any], str, str]] = {
    "no entry": ({"entry": None}, "entry", "object"),
    "an entry of nothing": ({"entry": {}}, "entry", "`event`, `segment`, `near`, `content`, `api`"),
    "two entries": ({"entry": {"event": "A", "segment": "b"}}, "entry", "cannot stand together"),
    "a misspelt entry": ({"entry": {"evnt": "A"}}, "entry.evnt", "did you mean `event`?"),
    "an api entry that is not": ({"entry": {"api": "yes"}}, "entry.api", "only `true`"),
    "a rule of no sense": ({"entry": {"event": "A", "if": {"any": [{"everyone": True}, {"trat": "x"}]}}}, "entry.if.any[1].trat", "`trait`"),
    "a condition of no sense": ({"entry": {"event": "A", "where": [{"property": "x"}]}}, "entry.where[0]", "one operator"),
    "how near": ({"entry": {"near": {"places": "shops", "radius_m": 300}}}, "entry.near.radius_m", "is said by each place"),
    "for how long": ({"entry": {"near": {"places": "shops", "dwell": "2m"}}}, "entry.near.dwell", "by the telephone"),
    "a place as an event": ({"entry": {"event": "Place Entered"}}, "entry.event", "begins a journey by `near`"),
    "an exit by coming to a place": ({"exit": [{"event": "Place Entered"}]}, "exit[0].event", "nothing else hears of Place Entered"),
    "an old age": ({"entry": {"event": "A", "max_age": "400d"}}, "entry.max_age", "at most 366d"),
    "a start that is none": ({"start": "strat"}, "start", "known: `s`"),
    "a word for re-entry": ({"reentry": {"while_in": "again"}}, "reentry.while_in", "`ignore`, `restart`"),
    "nobody may enter": ({"reentry": {"max": 0}}, "reentry.max", "from 1"),
    "a holdout of more than all": ({"holdout": {"percent": 101}}, "holdout.percent", "from 0 to 100"),
    "an exit without an event": ({"exit": [{"as": "goal"}]}, "exit[0].event", "missing"),
    "an exit for another reason": ({"exit": [{"event": "B", "as": "gaol"}]}, "exit[0].as", "did you mean `goal`?"),
    "a goal without a span": ({"goal": {"event": "B"}}, "goal.within", "missing"),
    "a currency of nowhere": ({"goal": {"event": "B", "within": "1d", "value": "v", "currency": "euro"}}, "goal.currency", "ISO 4217"),
    "a weighty message": ({"delivery": {"priority": 11}}, "delivery.priority", "from 1 to 10"),
    "a speed of its own": ({"delivery": {"per_second": 5}}, "delivery.per_second", "a journey sends as things happen"),
    "hours without an end": ({"delivery": {"quiet_hours": {"from": "21:00"}}}, "delivery.quiet_hours.to", "missing"),
    "a hop too many": ({"max_hops": 0}, "max_hops", "from 1 to 1000"),
    "a campaign's word": ({"control": {"percent": 10}}, "control", "is called `holdout` here"),
    "a step beside the steps": ({"message": PUSH}, "message", "belongs into one of `steps`"),
    "no steps": ({"steps": {}}, "steps", "1 to 100 steps"),
    "a future version": ({"version": 2, "migrate": {"from": [2]}}, "migrate.from[0]", "an earlier version"),
    "a step that cannot be": ({"migrate": {"from": [1], "map": {"\ud800": "s"}}}, "migrate.map.\\ud800", "no step is called so"),
    "a lost step": ({"migrate": {"from": [1], "map": {"old": "t"}}}, "migrate.map.old", "known: `s`"),
    "an id with a space": ({"id": "a b"}, "id", "letters"),
}

BROKEN_STEPS: dict[str, tuple[dict[str, Any], str, str]] = {
    "of no kind": ({"then": None}, "steps.s", "`wait`"),
    "of two kinds": ({"wait": "1d", "message": PUSH, "then": None}, "steps.s", "`wait`, `message` cannot stand together"),
    "misspelt": ({"mesage": PUSH, "then": None}, "steps.s.mesage", "did you mean `message`?"),
    "with a stray key": ({**STAY, "else": None}, "steps.s.else", "known: `wait`, `then`"),
    "that leads nowhere": ({"wait": "1d"}, "steps.s.then", "null to leave"),
    "that leads to what is not there": ({"wait": "1d", "then": "t"}, "steps.s.then", "`t` is not known here"),
    "of no span": ({"wait": "soon", "then": None}, "steps.s.wait", "a span"),
    "of years": ({"wait": "2000d", "then": None}, "steps.s.wait", "at most 366d"),
    "for ever": ({"wait_for": {"event": "B"}, "then": None, "else": None}, "steps.s.within", "nobody waits for ever"),
    "without an else": ({"wait_for": {"event": "B"}, "within": "1d", "then": None}, "steps.s.else", "null to leave"),
    "for an event at a time": (
        {"wait_for": {"event": "B", "within": "1d"}, "within": "1d", "then": None, "else": None},
        "steps.s.wait_for.within",
        "known",
    ),
    "at 25 o'clock": ({"wait_until": {"time": "25:00"}, "then": None}, "steps.s.wait_until.time", "a time of day"),
    "on a moonday": ({"wait_until": {"time": "09:00", "days": ["moon"]}, "then": None}, "steps.s.wait_until.days[0]", "did you mean `mon`?"),
    "nowhere": ({"wait_until": {"time": "09:00", "timezone": "Berlin"}, "then": None}, "steps.s.wait_until.timezone", "`Europe/Berlin`"),
    "too wide": ({"wait_until": {"time": "09:00", "spread": "2d"}, "then": None}, "steps.s.wait_until.spread", "at most 12h"),
    "gathering for ever": ({"collect": {"event": "B"}, "then": None}, "steps.s.for", "`until` which time of day"),
    "until 25 o'clock": ({"collect": {"event": "B"}, "until": {"time": "25:00"}, "then": None}, "steps.s.until.time", "a time of day"),
    "until nowhere": ({"collect": {"event": "B"}, "until": {"time": "18:00", "zone": "user"}, "then": None}, "steps.s.until.zone", "`timezone`"),
    "of too many": ({"collect": {"event": "B"}, "for": "1h", "max": 11, "then": None}, "steps.s.max", "from 1 to 10"),
    "without choices": ({"branch": [], "else": None}, "steps.s.branch", "nothing in it"),
    "of no rule": ({"branch": [{"if": {"entry": "price", "gte": "x"}, "then": None}], "else": None}, "steps.s.branch[0].if.gte", "a number"),
    "without weight": ({"split": [{"id": "a", "weight": 0, "then": None}]}, "steps.s.split[0].weight", "from 1"),
    "twice the same": ({"split": [{"id": "a", "then": None}, {"id": "a", "then": None}]}, "steps.s.split[1].id", "named twice"),
    "that says nothing": ({"message": {"push": {}}, "then": None}, "steps.s.message.push", "a title, a body or data"),
    "with a bad field": ({"message": {"push": {"title": "Hi", "ttl": "1d"}}, "then": None}, "steps.s.message.push.ttl", "seconds"),
    "beside its push": ({"message": {"title": "Hi"}, "then": None}, "steps.s.message.title", "belongs into `push`"),
    "that sets what is in braces": ({"set": {"traits": {"a": 1, "b": {"c": "{{ event.x }}"}}}, "then": None}, "steps.s.set.traits.b", "as it stands"),
    "that sets nothing": ({"set": {"traits": {}}, "then": None}, "steps.s.set.traits", "no trait"),
    "by http": ({"webhook": {"url": "http://x"}, "then": None}, "steps.s.webhook.url", "only https"),
    "at a personal address": ({"webhook": {"url": "https://x.y/{{ event.id }}"}, "then": None}, "steps.s.webhook.url", "same for everybody"),
    "with a password": ({"webhook": {"url": "https://u:p@x.example/"}, "then": None}, "steps.s.webhook.url", "without a user name"),
    "in a circle": ({"start": "small", "then": None}, "steps.s.start", "does not start itself"),
    "without a reason": ({"exit": ""}, "steps.s.exit", "empty"),
}


def problems(document: Any) -> dict[str, str]:
    return {problem.path: problem.message for problem in examined(document).errors}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_a_journey_without_an_error(name: str) -> None:
    examination = examined(EXAMPLES[name])
    assert not examination.errors
    assert examination.journey and examination.journey.id == name


@pytest.mark.parametrize("what", BROKEN)
def test_a_document_is_refused_with_the_path_and_what_is_allowed(what: str) -> None:
    changed, path, said = BROKEN[what]
    assert said in problems({**small({"s": STAY}), **changed})[path]


@pytest.mark.parametrize("what", BROKEN_STEPS)
def test_a_step_is_refused_with_the_path_and_what_is_allowed(what: str) -> None:
    step, path, said = BROKEN_STEPS[what]
    found = problems(small({"s": step}))
    assert said in found[path]
    assert list(found) == [path]


def test_every_kind_of_step_and_every_key_is_in_an_example() -> None:
    steps = [step for document in EXAMPLES.values() for step in document["steps"].values()]
    assert {key for step in steps for key in step if key in KINDS} == set(KINDS)
    used = {key for document in EXAMPLES.values() for key in document}
    assert set(ROOT) - used == {"version", "migrate", "max_hops"}  # these are of a journey's later life, and in other tests


def test_all_problems_are_told_at_once() -> None:
    document = example("abandoned-cart")
    steps = document["steps"]
    steps["orphan"] = {"wait": "1d", "then": "nowhere"}
    del steps["buying"]["within"]
    steps["soft"]["colour"] = 1
    steps["worth"]["branch"][0]["if"] = {"all": [{"entry": "price", "gtee": 1}, {"trait": "x", "eq": [1]}, {"not": {"evnt": "y"}}]}
    steps["strong"]["message"]["push"] |= {"ttl": "x", "priority": "urgent"}
    document["delivery"] |= {"priority": 99, "per_second": 0}
    document["goal"]["withn"] = document["goal"].pop("within")
    document["colour"] = 1
    assert list(problems(document)) == [
        "colour",
        "steps.buying.within",
        "steps.worth.branch[0].if.all[0].gtee",
        "steps.worth.branch[0].if.all[1].eq",
        "steps.worth.branch[0].if.all[2].not.evnt",
        "steps.strong.message.push.ttl",
        "steps.strong.message.push.priority",
        "steps.soft.colour",
        "goal.withn",
        "delivery.per_second",
        "delivery.priority",
        "steps.orphan.then",
        "steps.orphan",
    ]


def test_all_that_is_wrong_with_what_campaigns_have_too_is_told_at_once() -> None:
    goal = {"event": "", "within": "0d", "value": "v", "currency": "euro"}
    delivery = {"purpose": "transactional", "quiet_hours": {"from": "8", "to": "25:00"}, "cap": {"count": 0, "within": "1m"}, "when_unsure": "resend"}
    told = problems(example("abandoned-cart") | {"goal": goal, "delivery": delivery})
    assert list(told) == [
        "goal.event",
        "goal.within",
        "goal.currency",
        "delivery.when_unsure",
        "delivery.quiet_hours.from",
        "delivery.quiet_hours.to",
        "delivery.cap.count",
        "delivery.cap.within",
        "delivery.quiet_hours",
        "delivery.cap",
    ]


def places(document: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each value's path, with what holds it and the key there."""
    keys: Any = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for key, inner in keys:
        here = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}" if path else key
        yield here, document, key
        yield from places(inner, here)


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_cannot_be_read_is_told_there_and_nothing_else_follows_from_it(name: str) -> None:
    document = copy.deepcopy(EXAMPLES[name])
    for path, holder, key in [place for place in places(document) if place[0] != "steps"]:
        for spoiled in ({"?": 0}, None, [], "", -1):
            was, holder[key] = holder[key], spoiled
            found = examined(document)
            elsewhere = [each.path for each in found.errors if each.path != path and not each.path.startswith((f"{path}.", f"{path}["))]
            holder[key] = was
            if len(elsewhere) < len(found.errors):
                assert not elsewhere and not found.warnings, (path, spoiled)


@pytest.mark.parametrize(
    ("changed", "paths"),
    [
        ({"id": "a ", "steps": {"s": {"start": "Bad Name", "then": None}}}, ["id", "steps.s.start"]),
        ({"max_hops": 0, "steps": {"s": {"wait": "1d", "then": "s"}}}, ["max_hops"]),
        ({"max_hops": 1_000_000, "steps": {"s": {"wait": "1d", "then": "s"}}}, ["max_hops"]),
        ({"steps": {f"s{number}": STAY for number in range(2000)}}, ["steps"]),
        ({"steps": None}, ["steps"]),
        ({"exit": [{"event": "B", "same": 7}], "steps": {"s": {"collect": {"event": "B"}, "for": "1d", "then": None}}}, ["exit[0].same"]),
        ({"migrate": {"from": [1], "map": {"old": "s"}}, "steps": {"s": {"wiat": "1d", "then": None}}}, ["steps.s.wiat"]),
    ],
)
def test_nothing_is_said_that_is_not_so(changed: dict[str, Any], paths: list[str]) -> None:
    assert list(problems({**small({"s": STAY}), **changed})) == paths


def test_an_error_names_the_first_problem_and_says_how_many_more() -> None:
    with pytest.raises(InvalidJourneyError, match=r"^id: .*\(and 1 more problem\)$"):
        parse_journey(small({"s": {"wait": "soon", "then": None}}, id="?"))


def test_a_collection_ends_by_a_span_a_time_of_day_or_both() -> None:
    until = {"time": "18:00", "timezone": "user"}
    for ends, span, hour in [
        ({"for": "6h"}, timedelta(hours=6), None),
        ({"until": until}, None, 18),
        ({"for": "1d", "until": until}, timedelta(days=1), 18),
    ]:
        gather = parse_journey(small({"s": {"collect": {"event": "B"}, **ends, "then": None}})).steps["s"]
        assert isinstance(gather, Collect) and (gather.span, gather.until and gather.until.time.hour) == (span, hour)


def test_what_is_read() -> None:
    journey = parse_journey(
        small(
            {
                "s": {"collect": {"event": "B", "same": "order.id"}, "for": "6h", "max": 2, "then": "t"},
                "t": {"wait_until": {"time": "18:30", "timezone": "Europe/Berlin", "days": ["fri", "mon"], "spread": "15m"}, "then": None},
            },
            entry={"near": {"places": "shops"}, "key": "place_id"},
            reentry={"while_in": "restart", "after": "1d", "max": 5},
        )
    )
    assert journey.entry == Entry("near", "shops", EventPattern(""), key=("place_id",))
    assert journey.reentry == Reentry(True, journey.reentry.after, 5)
    gather, evening = journey.steps.values()
    assert isinstance(gather, Collect) and gather.pattern == EventPattern("B", same=("order", "id")) and gather.most == 2
    assert isinstance(evening, WaitUntil) and evening.until == ClockTime(time(18, 30), "Europe/Berlin", (0, 4), timedelta(minutes=15))


@pytest.mark.parametrize(
    "entry", [{"content": {"where": [{"property": "tags[]", "eq": "shoes"}]}}, {"segment": "lapsing"}, {"api": True, "key": "id"}]
)
def test_what_else_may_begin_a_journey(entry: dict[str, Any]) -> None:
    assert parse_journey(small({"s": STAY}, entry=entry)).entry.kind in entry


def test_what_was_read_once_is_not_changed() -> None:
    document = copy.deepcopy(EXAMPLES["welcome"])
    examined(document)
    assert document == EXAMPLES["welcome"]
