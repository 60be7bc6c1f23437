"""How the polling of a feed stands, and what each poll makes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.content.feed import EVERY, LONGEST_PAUSE, Feed, Polling, parse_feed
from regulars.domain.errors import InvalidRequestError

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
FEED = Feed("news", "https://example.com/feed.xml")
NEW = Polling(FEED, NOW)


def test_a_feed_is_read_from_its_document() -> None:
    assert parse_feed({"id": "news", "url": FEED.url}) == FEED
    assert parse_feed({"id": "n", "url": FEED.url, "every": "1h", "tags": ["a"]}) == Feed("n", FEED.url, timedelta(hours=1), ("a",))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "feed.xml"}, "url"),
        ({"url": "https://ada:pw@example.com/"}, "url"),
        ({"every": "1m"}, "every"),
        ({"every": "2d"}, "every"),
        ({"every": 15}, "every"),
        ({"tags": ["a", "a"]}, "tags[1]"),
        ({"id": "a b"}, "id"),
        ({"evry": "1h"}, "evry"),
    ],
)
def test_what_is_wrong_is_said_with_its_path(change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        parse_feed({"id": "news", "url": FEED.url, **change})
    assert refused.value.field == field


def test_a_feed_is_due_at_once_and_then_every_so_often() -> None:
    assert NEW.is_due(NOW)
    read = NEW.read(NOW, etag="e", last_modified="", published=0, note="")
    assert not read.is_due(NOW + timedelta(minutes=5)) and read.is_due(NOW + EVERY)
    assert (read.etag, read.learned_at, read.changed_at) == ("e", NOW, NOW)


def test_a_feed_that_fails_is_left_in_peace_for_longer_and_longer() -> None:
    polling, now, pauses = NEW, NOW, []
    for _ in range(8):
        polling = polling.failed(now, "its server answered 500")
        assert polling.next_at is not None
        pauses.append(polling.next_at - now)
        now = polling.next_at
    assert pauses[:3] == [EVERY, 2 * EVERY, 4 * EVERY] and pauses[-1] == LONGEST_PAUSE
    assert (polling.failures, polling.failing_since, polling.error) == (8, NOW, "its server answered 500")


def test_whoever_has_failed_for_a_day_is_silent_until_it_is_read_again() -> None:
    failed = NEW.failed(NOW, "no")
    assert not failed.is_silent(NOW + timedelta(hours=23)) and failed.is_silent(NOW + timedelta(days=1))
    mended = failed.unchanged(NOW + timedelta(days=2))
    assert (mended.failures, mended.error, mended.is_silent(NOW + timedelta(days=9))) == (0, "", False)


def test_what_the_server_asks_for_is_kept_up_to_a_day() -> None:
    asked = NEW.failed(NOW, "429", not_before=NOW + timedelta(hours=3))
    assert asked.next_at == NOW + timedelta(hours=3)
    assert NEW.failed(NOW, "429", not_before=NOW + timedelta(days=400)).next_at == NOW + timedelta(days=1)


def test_of_another_address_nothing_is_known() -> None:
    read = NEW.read(NOW, etag="e", last_modified="m", published=3, note="")
    assert read.changed(replace(FEED, every=timedelta(hours=1))) == replace(read, feed=replace(FEED, every=timedelta(hours=1)))
    assert read.changed(replace(FEED, url="https://example.com/other")) == Polling(replace(FEED, url="https://example.com/other"), NOW)
