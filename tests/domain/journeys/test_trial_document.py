"""What is wrong with a file that tests journeys: all of it at once, each with its path."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.trial_document import read_trial
from tests.domain.journeys.documents import PUSH, small

HI = {"message": PUSH, "then": None}
SPLIT = {"split": [{"id": "tips", "then": "hi"}, {"id": "none", "then": None}]}


def journey(**more: Any) -> Journey:
    return parse_journey({**small({"try": SPLIT, "hi": HI}), **more})


def problems(*journeys: Journey | None, people: Any = ({"id": "ann", "expect": []},), **more: Any) -> dict[str, str]:
    named = [(each.id if each else "broken", each) for each in journeys]
    _, found = read_trial({"journeys": [], "people": list(people), **more}, named)
    return {each.path: each.message for each in found}


def person(*expect: Any, **more: Any) -> dict[str, Any]:
    return {"id": "ann", "expect": list(expect), **more}


def test_what_is_expected_names_a_step_that_does_it() -> None:
    wrong = person({"at": "0", "message": "hii"}, {"at": "0", "webhook": "hi"}, {"at": "0", "message": "hi"}, {"at": "0", "exit": "done"})
    found = problems(journey(), people=[wrong])
    assert found["people[0].expect[0].message"] == "`hii` is not known here (did you mean `hi`?); known: `hi`"
    assert list(found) == ["people[0].expect[0].message", "people[0].expect[1].webhook"]


def test_a_way_that_somebody_goes_is_one_of_a_step_that_splits() -> None:
    found = problems(journey(), people=[person(arms={"try": "tipps", "hi": "x"}), person(id="bob", arms={"try": "none"})])
    assert "did you mean `tips`?" in found["people[0].arms.try"] and found["people[0].arms.hi"] == "`hi` splits nobody"
    assert len(found) == 2


def test_what_somebody_comes_into_or_near_begins_a_journey() -> None:
    events = [{"segment": "vips"}, {"segment": "no"}, {"near": "shops"}, {"event": "Anything"}, {"event": "Place Entered"}]
    found = problems(journey(entry={"segment": "vips"}), people=[person(events=events)])
    assert found == {
        "people[0].events[1].segment": "no journey here begins with `no`",
        "people[0].events[2].near": "no journey here begins with `shops`",
        "people[0].events[4].event": "who comes to a place begins a journey by `near`; nothing else hears of Place Entered",
    }


def test_each_person_and_each_journey_is_there_once() -> None:
    assert list(problems(journey(), journey(), people=[person(), person()])) == ["journeys[1]", "people[1].id"]


def test_each_segment_that_a_rule_names_is_there() -> None:
    ruled = journey(entry={"event": "A", "if": {"all": [{"segment": "a"}, {"segment": "b"}]}})
    assert problems(ruled, segments=[{"id": "b", "name": "B", "rule": {"everyone": True}}])["segments"] == "there is no `a`, which a rule names"
    assert "segments[0].rule.evryone" in problems(ruled, segments=[{"id": "a", "name": "A", "rule": {"evryone": True}}])


def test_a_moment_that_is_none_says_what_one_is() -> None:
    found = problems(journey(), people=[person(events=[{"event": "A", "at": "tomorrow"}, {"event": "A", "at": "4 h"}, {"event": "A", "at": 7}])])
    assert {said for path, said in found.items() if path.endswith("at")} == {
        "a moment, or how long after `begin`, is needed, as in 2026-01-05T09:00:00Z, 4h, 1d 4h, 50s or 0"
    }


def test_what_somebody_does_is_kept_as_collection_keeps_it() -> None:
    begin, reported = datetime(2026, 11, 2, 9, tzinfo=UTC), {"title": "25,00"}
    done = [{"at": "1m 50s", "event": " Added  ", "properties": {"price": "25,00", "title": "25,00"}}, {"event": "identify", "properties": reported}]
    trial, found = read_trial({"begin": begin.isoformat(), "people": [person(events=done)]}, [("small", journey())])
    assert trial is not None and not found
    added, told = trial.people[0].doings
    assert (added.at, added.name, orjson.loads(added.properties or "")) == (
        begin + timedelta(seconds=110),
        "Added",
        {"price": 25.0, "title": "25,00"},
    )
    assert (told.name, orjson.loads(told.properties or "")) == ("identify", reported)


def test_what_collection_refuses_is_told_and_so_is_an_end_before_the_beginning() -> None:
    found = problems(
        journey(),
        begin="2026-11-02T09:00:00Z",
        until="2026-11-01T09:00:00Z",
        people=[person(events=[{"event": "A", "properties": {"a": "y" * 33_000}}])],
    )
    assert found == {
        "people[0].events[0]": found["people[0].events[0]"],
        "until": "is before `begin`: nothing would happen",
    }
    assert "collection refuses it: the event is 33,1" in found["people[0].events[0]"]


def test_what_a_broken_journey_has_is_not_asked() -> None:
    wrong = person({"at": "0", "message": "hii"}, arms={"x": "y"}, events=[{"segment": "no"}])
    assert not problems(None, people=[wrong])
