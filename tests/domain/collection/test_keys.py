import base64
from typing import Any

import pytest

from regulars.domain.collection.keys import known_key, remove_keys, source_id
from regulars.domain.errors import UnknownWriteKeyError


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
        (basic("a proxy's"), {"writeKey": "wk"}),
        ("", {"batch": [None, {"type": "track"}, {"writeKey": "wk"}]}),
        ("", {"writeKey": ["not", "text"], "batch": [{"api_key": "wk"}]}),
    ],
)
def test_the_write_key_is_found_wherever_a_client_puts_it(authorization: str, body: dict[str, Any]) -> None:
    assert known_key(authorization, body, {"wk", "other"}) == "wk"


@pytest.mark.parametrize(("authorization", "body"), [(basic("nobody:"), {}), ("", {"writeKey": "nobody"}), ("Bearer wk", {})])
def test_a_key_that_is_not_ours_is_refused(authorization: str, body: dict[str, Any]) -> None:
    with pytest.raises(UnknownWriteKeyError):
        known_key(authorization, body, {"wk"})


def test_a_request_without_a_key_is_told_where_to_put_it() -> None:
    with pytest.raises(UnknownWriteKeyError, match="Basic user name, or as writeKey"):
        known_key("", {"batch": [{}]}, {"wk"})


def test_a_source_is_the_start_of_its_keys_digest() -> None:
    assert source_id("abc") == "ba7816bf"  # FIPS 180-2, appendix B.1


def test_write_keys_are_taken_out_at_any_depth() -> None:
    event = {"writeKey": "wk", "context": {"api_key": "wk", "page": {"url": "u"}}, "_metadata": [{"writeKey": "wk"}, 1], "properties": {"keep": 1}}
    remove_keys(event)
    assert event == {"context": {"page": {"url": "u"}}, "_metadata": [{}, 1], "properties": {"keep": 1}}
