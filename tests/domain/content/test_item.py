"""What makes two items the same, and the event that tells of one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from regulars.domain.content.item import Item, canonical_url, is_web_address, published_event
from regulars.domain.content.parse import parse_item
from regulars.domain.errors import InvalidRequestError

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
ITEM = Item("news", "42", "Rain", "https://example.com/rain", "Ada", ("weather",), "https://example.com/rain.jpg", AT)


def shared(one: Item, other: Item) -> bool:
    return not set(one.keys).isdisjoint(other.keys)


def test_an_item_is_known_again_by_its_id_or_by_its_address() -> None:
    assert shared(ITEM, replace(ITEM, given_id="urn:42", title="Rain, again"))
    assert shared(ITEM, replace(ITEM, url="https://example.com/2026/rain"))
    assert not shared(ITEM, replace(ITEM, given_id="43", url="https://example.com/snow"))


def test_an_id_is_one_of_its_feeds_own_and_an_address_is_everybodys() -> None:
    assert not shared(replace(ITEM, url=""), replace(ITEM, url="", origin="sports"))
    assert shared(ITEM, replace(ITEM, given_id="7", origin="sports"))


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("HTTPS://Example.COM:443/a#top", "https://example.com/a"),
        ("http://example.com", "http://example.com/"),
        ("https://example.com/a?utm_source=x&b=1&UTM_Medium=y", "https://example.com/a?b=1"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
    ],
)
def test_addresses_that_differ_in_what_changes_nothing_are_one(written: str, same: str) -> None:
    assert canonical_url(written) == same
    assert canonical_url(same) == same


@pytest.mark.parametrize(
    "text", ["", "example.com", "ftp://example.com/", "https://", "javascript:alert(1)", "https://a:99999/", "https://[::1", "https://a/\n"]
)
def test_what_is_no_web_address(text: str) -> None:
    assert not is_web_address(text)


def test_an_item_without_an_id_of_its_own_has_one_of_its_address() -> None:
    assert replace(ITEM, given_id="").id == replace(ITEM, given_id="", url="https://EXAMPLE.com/rain?utm_source=x").id != ITEM.id


def test_the_event_is_the_same_however_often_it_is_told_and_is_nobodys() -> None:
    event = published_event(ITEM, AT)
    assert event == published_event(replace(ITEM), AT) and "userId" not in event
    assert event["event"] == "Content Published" and event["timestamp"] == "2026-11-21T10:00:00.000Z"
    assert event["properties"] == {
        "id": "42",
        "title": "Rain",
        "url": "https://example.com/rain",
        "author": "Ada",
        "tags": ["weather"],
        "image": "https://example.com/rain.jpg",
        "published": "2026-11-21T10:00:00.000Z",
        "origin": "news",
    }
    assert published_event(ITEM, AT.replace(hour=11))["messageId"] != event["messageId"]
    assert published_event(Item("news", "1", "Bare"), AT)["properties"] == {"id": "1", "title": "Bare", "origin": "news"}


def test_what_a_program_sends_is_read_strictly() -> None:
    document = {
        "id": "42",
        "title": "Rain",
        "url": "https://example.com/rain",
        "tags": ["weather", "weather"],
        "published": "2026-11-21T11:00:00+01:00",
    }
    item = parse_item(document, origin="cms")
    assert (item.origin, item.tags, item.published) == ("cms", ("weather",), AT)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": None}, "title"),
        ({"url": "/rain"}, "url"),
        ({"tags": "weather"}, "tags"),
        ({"tags": [1]}, "tags[0]"),
        ({"published": "yesterday"}, "published"),
        ({"autor": "Ada"}, "autor"),
        ({"image": "rain.jpg"}, "image"),
        ({"title": " "}, "title"),
        ({"title": "\u200b \ufeff"}, "title"),
        ({"id": " "}, "id"),
        ({"author": "\u2060"}, "author"),
        ({"tags": ["weather", "\t"]}, "tags[1]"),
    ],
)
def test_what_is_wrong_is_said_with_its_path(change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        parse_item({"id": "42", "title": "Rain", **change}, origin="cms")
    assert refused.value.field == field


def test_all_that_is_wrong_with_an_item_is_told_at_once() -> None:
    wrong = {"title": "x" * 501, "tags": ["a", 1, " "], "author": 5, "image": "x", "foo": 1, "published": "soon"}
    with pytest.raises(InvalidRequestError) as refused:
        parse_item(wrong, origin="cms")
    assert [path for path, _ in refused.value.problems] == ["foo", "", "title", "author", "tags[1]", "tags[2]", "image", "published"]


def test_an_item_that_nothing_names_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="`id`, or a `url`"):
        parse_item({"title": "Rain"}, origin="cms")
