"""What people of a trial read: compared where a trial says it, and never taken for sent where it would not be."""

from typing import Any

from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.trial import Verdict, tried
from regulars.domain.journeys.trial_document import read_trial
from tests.domain.journeys.documents import small

HI = "{{ person.traits.name }}: {{ event.what }}"


def verdict(push: dict[str, Any], *expect: dict[str, Any], traits: Any = None, steps: Any = None) -> Verdict:
    hi = {"message": {"push": push}, "then": None}
    journey = parse_journey(small({**(steps or {}), "hi": hi}))
    who = {"id": "ann", "traits": traits or {}, "events": [{"event": "A", "properties": {"what": "shoes"}}], "expect": list(expect)}
    trial, problems = read_trial({"journeys": [], "people": [who]}, [("small", journey)])
    assert trial, problems
    (found,) = tried(trial, [journey])
    return found


def hi(**says: str) -> dict[str, Any]:
    return {"at": "0", "message": "hi", **says}


def test_a_message_is_rendered_by_what_is_known_of_the_person_and_what_the_run_began_with() -> None:
    found = verdict({"title": HI, "body": "b"}, hi(title="Ann: shoes"), traits={"name": "Ann"})
    assert found.passed and dict(found.happened[0].says) == {"title": "Ann: shoes", "body": "b"}
    assert not verdict({"title": HI}, hi(title="Ann: boots"), traits={"name": "Ann"}).passed


def test_only_what_is_expected_of_a_text_is_compared() -> None:
    assert verdict({"title": HI, "body": "b"}, hi()).passed and verdict({"title": HI, "body": "b"}, hi(body="b")).passed


def test_what_the_journey_set_by_then_is_known() -> None:
    steps = {"name": {"set": {"traits": {"name": "Bo"}}, "then": "hi"}}
    assert verdict({"title": HI}, {"at": "0", "set": "name"}, hi(title="Bo: shoes"), traits={"name": "Ann"}, steps=steps).passed


def test_a_message_that_would_be_sent_to_nobody_is_not_what_was_expected() -> None:
    found = verdict({"title": "{{ event.nothing }}"}, hi())
    assert not found.passed and found.missing and dict(found.unexpected[0].says)["fails"] == "empty_message"
    assert verdict({"title": "{{ event.nothing }}"}, hi(fails="empty_message")).passed
    divided = verdict({"title": "{{ 1 | divided_by: event.zero }}"}, hi())
    assert dict(divided.unexpected[0].says)["fails"] == "render_failed" and "title" in dict(divided.unexpected[0].says)["because"]
