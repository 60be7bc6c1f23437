"""What is wrong with messages and webhooks, all of it at once and whatever else is wrong."""

from typing import Any

import pytest

from regulars.domain.journeys.acceptance import accepted
from tests.domain.journeys.documents import EXAMPLES, small

TOO_MANY: dict[str, Any] = {
    "e": {
        "message": {
            "push": {
                "title": "Hi {{ person.trait.name }} {{ foo | bar }}",
                "body": "{% if %}",
                "deep_link": "app://{{ event.id | upcase: 1 }} x",
                "data": {"run_id": "x", "offer": 7},
                "ttl": "1d",
                "android": {"priority": "urgent", "notification": {"colour": "x", "image": "x"}},
                "locales": {"de": {"title": "{{ nobody }}", "ttl": "1s"}, "xx yy": {"body": " "}},
                "colour": 1,
            }
        },
        "then": "h",
    },
    "h": {"webhook": {"url": "https://example.com/x", "body": {"a": "{% if %}", "b": [{"c": "{% iff %}"}], "d": "{{ event.x }}"}}, "then": "nowhere"},
    "x": {"exit": "never"},
}
FOUND = [
    "steps.e.message.push.colour",
    "steps.e.message.push.data.run_id",
    "steps.e.message.push.data.offer",
    "steps.e.message.push.ttl",
    "steps.e.message.push.locales.de.ttl",
    "steps.e.message.push.locales.xx yy",
    "steps.h.then",
    "steps.e.message.push.android.notification.colour",
    "steps.e.message.push.android.priority",
    "steps.e.message.push.android.notification.image",
    "steps.e.message.push.deep_link",
    "steps.e.message.push.locales.xx yy.body",
    "steps.e.message.push.title",
    "steps.e.message.push.body",
    "steps.e.message.push.locales.de.title",
    "steps.h.webhook.body.a",
    "steps.h.webhook.body.b[0].c",
    "unknown",
]


def paths(document: Any) -> list[str]:
    return [each.path for each in accepted(document).errors]


def test_everything_that_is_wrong_is_in_the_first_answer() -> None:
    assert set(paths(small(TOO_MANY, unknown=1))) == set(FOUND)


def test_all_that_is_wrong_with_one_text_is_told() -> None:
    said = [each.message for each in accepted(small(TOO_MANY)).errors if each.path == "steps.e.message.push.title"]
    assert [each.split("`")[1] for each in said] == ["bar", "trait", "foo"]
    assert [each.split(" is ")[0] for each in said] == ["the filter `bar`", "in person.trait, `trait`", "the name `foo`"]


def test_each_problem_is_told_once() -> None:
    found = accepted(small(TOO_MANY)).errors
    assert len(set(found)) == len(found)


def test_texts_are_looked_at_where_a_step_leads_nowhere_and_where_nobody_gets_to_one() -> None:
    document = small({"a": {"wait": "1d", "then": None}, "b": {"message": {"push": {"title": "{{ x }}"}}, "then": None}})
    assert paths(document) == ["steps.b", "steps.b.message.push.title"]


@pytest.mark.parametrize("steps", [None, 7, [], {"a": None}, {"a": {"message": None}}, {"a": {"message": {"push": None}}}, {"a": {"webhook": []}}])
def test_what_is_no_message_has_its_problem_of_form_alone(steps: Any) -> None:
    document = {**small({"a": {"exit": "x"}}), "steps": steps}
    assert len(paths(document)) == len(set(paths(document))) >= 1


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_could_be_put(name: str) -> None:
    assert accepted(EXAMPLES[name]).journey
