import base64
from typing import Any

import pytest

from regulars.domain.collection.keys import masked, remove_keys, stated_keys


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "body"),
    [
        (basic("wk:"), {}),
        (basic("wk"), {}),
        (basic("wk:secret"), {}),
        (basic("wk:").replace("=", ""), {}),
        (basic("wk:").replace("Basic", "basic"), {}),
        ("", {"writeKey": "wk"}),
        ("", {"api_key": "wk"}),
        ("Bearer abcdef", {"writeKey": "wk"}),
        (basic(":"), {"writeKey": "wk"}),
        ("Basic §§§", {"writeKey": "wk"}),
        ("Basic /w==", {"writeKey": "wk"}),
        (basic("a key with spaces"), {"writeKey": "wk"}),
        ("", {"batch": [None, {"type": "track"}, {"writeKey": "wk"}]}),
        ("", {"writeKey": ["not", "text"], "batch": [{"api_key": "wk"}]}),
        ("", {"batch": [{"writeKey": "wk"}, {"writeKey": "another"}]}),
        (basic("wk:"), {"writeKey": "wk", "batch": [{"writeKey": "wk"}]}),
    ],
)
def test_the_write_key_is_found_wherever_a_client_puts_it(authorization: str, body: dict[str, Any]) -> None:
    assert stated_keys(authorization, {}, body) == ["wk"]


def test_a_beacon_has_its_key_in_the_query() -> None:
    assert stated_keys("", {"writeKey": "wk", "p": "cdn"}, {"batch": []}) == ["wk"]


def test_the_header_comes_before_the_body_and_the_body_before_the_query() -> None:
    body = {"writeKey": "body", "batch": [{"writeKey": "event"}]}
    assert stated_keys(basic("header:"), {"writeKey": "query"}, body) == ["header", "body", "event", "query"]


@pytest.mark.parametrize(("authorization", "body"), [("", {"batch": [{}]}), ("Bearer wk", {}), ("", {"writeKey": ""}), ("", {"writeKey": "x" * 129})])
def test_what_can_be_no_key_is_none(authorization: str, body: dict[str, Any]) -> None:
    assert stated_keys(authorization, {}, body) == []


def test_write_keys_are_taken_out_at_any_depth() -> None:
    event = {"writeKey": "wk", "context": {"api_key": "wk", "page": {"url": "u"}}, "_metadata": [{"writeKey": "wk"}, 1], "properties": {"keep": 1}}
    remove_keys(event)
    assert event == {"context": {"page": {"url": "u"}}, "_metadata": [{}, 1], "properties": {"keep": 1}}


@pytest.mark.parametrize(
    "text",
    [
        '{"writeKey":"%s","batch":[',
        "{'api_key': '%s', 'event': NaN}",
        r'{"payload":"{\"writeKey\": \"%s\"}"',
        "p=cdn&writeKey=%s&v=3",
        '{"writeKey" : "%s',
    ],
)
def test_keys_in_what_cannot_be_parsed_are_masked_and_the_rest_stays(text: str) -> None:
    assert masked(text % "Wk.1~_-") == text % "***"
