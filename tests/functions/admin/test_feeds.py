"""Feeds and signing secrets by the admin API."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from regulars import wiring
from regulars.domain.collection.source import Source, digest_of
from tests.fakes.clock import MovableClock
from tests.fakes.content import MemoryFeeds, MemorySigningSecrets
from tests.fakes.services import MemoryPollTrigger
from tests.fakes.stores import MemorySources
from tests.functions.admin.api import request

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
FEED = {"url": "https://example.com/feed.xml", "every": "1h", "tags": ["press"]}


@pytest.fixture
def trigger() -> Iterator[MemoryPollTrigger]:
    trigger = MemoryPollTrigger()
    sources = MemorySources(Source.created("cms", digest_of("k"), at=NOW))
    wiring.install(feeds=MemoryFeeds(), poll_trigger=trigger, signing_secrets=MemorySigningSecrets(), sources=sources, clock=MovableClock(NOW))
    yield trigger
    wiring.install()


def test_a_feed_is_put_shown_listed_polled_and_removed(trigger: MemoryPollTrigger) -> None:
    status, put = request("PUT", "/admin/feeds/news", FEED)
    assert (status, put["every_s"], put["tags"], put["polled_at"]) == (200, 3600, ["press"], None)
    assert request("GET", "/admin/feeds/news") == (200, put)
    assert request("GET", "/admin/feeds") == (200, {"feeds": [put]})
    assert request("POST", "/admin/feeds/news/poll", {})[0] == 200
    assert request("POST", "/admin/feeds/news/remove", {})[0] == 200
    assert request("GET", "/admin/feeds/news")[0] == 404
    assert trigger.started == ["news"] * 3


def test_what_is_wrong_with_a_feed_is_said_with_its_path(trigger: MemoryPollTrigger) -> None:
    status, answer = request("PUT", "/admin/feeds/news", {**FEED, "every": "10s"})
    assert (status, answer["message"]) == (400, "every: a span, as in 90m, 12h, 30d or 2w, is needed")
    assert request("POST", "/admin/feeds/other/poll", {})[0] == 404
    assert trigger.started == []


def test_a_secret_is_told_when_it_is_made_and_the_one_before_goes_on(trigger: MemoryPollTrigger) -> None:
    _, first = request("POST", "/admin/sources/cms/secret", {})
    _, second = request("POST", "/admin/sources/cms/secret", {})
    assert len(first["secret"]) == 64 and first["before_ends_at"] is None
    assert second["secret"] != first["secret"] and second["before_ends_at"].startswith("2026-11-22T10:00:00")
    assert request("POST", "/admin/sources/nobody/secret", {})[0] == 404
