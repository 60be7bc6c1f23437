"""What every FeedStore does, real or fake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.adapters.dynamo_content import DynamoFeeds
from regulars.domain.content.feed import Feed, Polling
from regulars.domain.errors import ConflictError, NotFoundError
from regulars.ports import FeedStore
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.content import MemoryFeeds

NOW = datetime(2026, 11, 21, 10, 0, 0, 7, tzinfo=UTC)
NEWS = Polling(Feed("news", "https://example.com/feed.xml", timedelta(minutes=90), ("a", "b")), NOW)
WHOLE = replace(NEWS.read(NOW, etag='"e"', last_modified="m", published=3, note="odd").failed(NOW, "its server answered 500"), note="odd")


@pytest.fixture
def dynamo(table: Tables) -> FeedStore:
    return DynamoFeeds(table("ContentTable"))


feeds = suite(FeedStore, adapter="dynamo", fake=MemoryFeeds)


@pytest.mark.parametrize("kept", [NEWS, WHOLE])
def test_how_it_stands_comes_back_as_it_was(feeds: FeedStore, kept: Polling) -> None:
    feeds.put(kept, expected=0)
    found = feeds.get("news")
    assert (found.value, found.version) == (kept, 1)


def test_of_two_puts_on_one_version_the_second_loses(feeds: FeedStore) -> None:
    feeds.put(NEWS, expected=0)
    for stale in (0, 2):
        with pytest.raises(ConflictError):
            feeds.put(WHOLE, expected=stale)
    feeds.put(WHOLE, expected=1)
    assert feeds.get("news").version == 2


def test_all_are_listed_by_id_until_they_are_removed(feeds: FeedStore) -> None:
    for feed_id in ("b", "a"):
        feeds.put(replace(NEWS, feed=replace(NEWS.feed, id=feed_id)), expected=0)
    assert [each.feed.id for each in feeds.all()] == ["a", "b"]
    for _ in range(2):
        feeds.remove("a")
    assert [each.feed.id for each in feeds.all()] == ["b"]
    with pytest.raises(NotFoundError):
        feeds.get("a")


def test_whoever_polled_one_that_was_removed_does_not_bring_it_back(feeds: FeedStore) -> None:
    feeds.put(NEWS, expected=0)
    feeds.remove("news")
    with pytest.raises(ConflictError):
        feeds.put(WHOLE, expected=1)
