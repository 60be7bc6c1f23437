"""Looks at a feed: what was told, once, and how the polling stands afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.collection.message import QueueMessage, unpacked
from regulars.domain.content.feed import MOST_AT_ONCE, Polling
from regulars.domain.content.item import Item
from regulars.domain.errors import InvalidRequestError, NotFoundError, QueueUnavailableError, UnreadableFeedError
from regulars.ports import Fetched, Known
from regulars.usecases.poll_feeds import Polled, poll_feeds
from regulars.usecases.put_feed import put_feed, remove_feed
from tests.fakes.clock import MovableClock
from tests.fakes.content import MemoryContentLedger, MemoryFeeds, MemoryFeedSchedules, MemoryFetcher
from tests.fakes.services import MemoryAnnounceTrigger, MemoryPollTrigger, MemoryQueue
from tests.feed_server import rss

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
URL = "https://example.com/feed.xml"


class World:
    """One feed, `news`, which has been put."""

    def __init__(self) -> None:
        self.feeds, self.schedules, self.fetcher, self.ledger = MemoryFeeds(), MemoryFeedSchedules(), MemoryFetcher(), MemoryContentLedger()
        self.queue, self.trigger, self.clock = MemoryQueue(), MemoryPollTrigger(), MovableClock(NOW)
        self.announcer = MemoryAnnounceTrigger()
        self.put()

    def put(self, **changes: Any) -> None:
        put_feed({"id": "news", "url": URL, **changes}, feeds=self.feeds, trigger=self.trigger, clock=self.clock)

    def shows(self, *ids: str, body: bytes = b"", etag: str = "") -> None:
        self.fetcher.answers[URL] = Fetched(URL, body or rss(*ids), etag=etag)

    def poll(self, *, asked: bool = False) -> Polled:
        parts = {"feeds": self.feeds, "schedules": self.schedules, "fetcher": self.fetcher, "ledger": self.ledger}
        return poll_feeds("news", asked=asked, **parts, queue=self.queue, announcer=self.announcer, clock=self.clock)  # type: ignore[arg-type]

    def later(self, after: timedelta = timedelta(minutes=15)) -> None:
        self.clock.advance(after)

    @property
    def told(self) -> list[str]:
        deliveries = [unpacked(QueueMessage("id", body)) for body in self.queue.bodies]
        assert all(each.source == "regulars" for each in deliveries)
        return [event["properties"]["id"] for each in deliveries for event in each.document["batch"]]

    @property
    def polling(self) -> Polling:
        return self.feeds.get("news").value


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def learned(world: World) -> World:
    world.shows("1", "2")
    world.poll(asked=True)
    world.later()
    return world


def test_the_first_look_only_learns_and_makes_the_schedule(world: World) -> None:
    world.shows("1", "2")
    assert world.poll(asked=True) == Polled("news")
    assert world.told == [] and world.schedules.kept == {"news": timedelta(minutes=15)}
    assert (world.polling.learned_at, world.polling.published) == (NOW, 0)


def test_what_comes_after_that_is_told_once(learned: World) -> None:
    learned.shows("3", "1", "2")
    assert learned.poll().published == 1
    learned.later()
    assert learned.poll().published == 0
    assert learned.told == ["3"] and learned.polling.published == 1
    (announced,) = learned.announcer.started
    assert (announced.at, announced.item["id"]) == (NOW + timedelta(minutes=15), "3")


def test_an_item_that_changes_its_id_or_its_address_is_not_told_again(learned: World) -> None:
    learned.shows(body=rss("1", "2").replace(b"<guid>1</guid>", b"<guid>urn:one</guid>").replace(b"example.com/2", b"example.com/2026/2"))
    learned.poll()
    learned.later()
    learned.shows(body=rss("1", "2").replace(b"<guid>1</guid>", b"<guid>urn:one</guid>").replace(b"example.com/1", b"example.com/2026/1"))
    learned.poll()
    assert learned.told == []


def renamed(body: bytes, before: bytes, after: bytes) -> bytes:
    assert before in body
    return body.replace(before, after)


def test_an_item_that_is_corrected_is_told_to_whoever_waits_for_it_and_to_nobody_anew(learned: World) -> None:
    learned.shows("3", "1", "2")
    learned.poll()
    first = learned.announcer.started.pop()
    learned.later()
    learned.shows(body=renamed(rss("3", "1", "2"), b"Title 3", b"Title 3, corrected"))
    learned.poll()
    (again,) = learned.announcer.started
    assert (again.id, again.at, again.corrects, again.item["title"]) == (first.id, first.at, True, "Title 3, corrected")
    assert again.item["corrected"] == "2026-11-21T10:30:00.000Z" and "corrected" not in first.item
    learned.later()
    learned.poll()
    assert len(learned.announcer.started) == 1 and learned.told == ["3"]


def test_what_was_only_learned_and_what_is_old_is_not_corrected(learned: World) -> None:
    learned.shows("3", "1", "2")
    learned.poll()
    learned.shows(body=renamed(rss("3", "1", "2"), b"Title 1", b"Other"))
    learned.later()
    learned.poll()
    learned.shows(body=renamed(rss("3", "1", "2"), b"Title 3", b"Other"))
    learned.later(timedelta(days=1))
    learned.poll()
    assert [each.item["id"] for each in learned.announcer.started] == ["3"] and not learned.announcer.started[0].corrects


def test_a_feed_that_changes_everything_corrects_a_part_of_it_at_a_time(learned: World) -> None:
    learned.ledger.settle([item_key(str(number)) for number in range(100, 125)], Known(NOW, "what it said"))
    learned.shows(*map(str, range(100, 125)))
    learned.poll()
    assert [each.corrects for each in learned.announcer.started] == [True] * MOST_AT_ONCE
    learned.later()
    learned.poll()
    assert len(learned.announcer.started) == 25


def item_key(identity: str) -> str:
    return Item("news", identity, "").keys[0]


def test_the_same_page_in_two_feeds_is_told_once(learned: World) -> None:
    learned.ledger.settle(["x"], Known(NOW))
    learned.shows(body=rss("3", "1", "2").replace(b"</channel>", rss("9").partition(b"</title>")[2].replace(b"example.com/9", b"example.com/3")))
    learned.poll()
    assert len(learned.told) == 1


def test_an_answer_without_news_costs_nothing_but_the_question(world: World) -> None:
    world.shows("1", etag='"1"')
    world.poll(asked=True)
    world.later()
    before = replace(world.polling)
    world.poll()
    assert world.fetcher.asked == [(URL, "", ""), (URL, '"1"', "")]
    assert world.polling == replace(before, polled_at=world.clock.now(), next_at=world.clock.now() + timedelta(minutes=15))


def test_a_feed_that_was_cut_off_is_not_learned_and_nothing_of_it_is_told(world: World) -> None:
    world.shows(body=rss("1", "2")[:-60], etag='"1"')
    assert "ends in the middle" in world.poll(asked=True).error
    assert (world.polling.learned_at, world.polling.etag, world.polling.failures) == (None, "", 1)
    world.later()
    world.shows("1", "2")
    assert world.poll().published == 0 and world.polling.learned_at
    world.later()
    world.shows(body=rss("3", "1", "2")[:-60])
    world.poll()
    assert world.told == [] and world.polling.failing_since == world.clock.now()
    world.later()
    world.shows("3", "1", "2")
    world.poll()
    assert world.told == ["3"] and world.polling.failing_since is None


def test_a_whole_archive_at_once_is_learned_and_said(learned: World) -> None:
    learned.shows(*map(str, range(100, 101 + MOST_AT_ONCE)))
    assert learned.poll().published == 0
    assert learned.told == [] and "21 new items at once were learned" in learned.polling.note
    learned.later()
    learned.shows("3", *map(str, range(100, 120)))
    assert learned.poll().published == 1 and learned.polling.note == ""


def test_a_feed_that_fails_says_why_and_is_left_in_peace(learned: World) -> None:
    learned.fetcher.answers[URL] = UnreadableFeedError("its server answered 500")
    assert learned.poll().error == "its server answered 500"
    learned.later()
    assert learned.poll().looked  # its first pause is over
    learned.later()
    assert not learned.poll().looked
    assert (learned.polling.failures, learned.polling.error) == (2, "its server answered 500")
    assert learned.poll(asked=True).looked


def test_after_a_day_of_failures_somebody_hears_of_it(learned: World) -> None:
    learned.shows(body=b"<html></html>")
    assert not learned.poll().is_silent
    learned.later(timedelta(days=1))
    assert learned.poll().is_silent
    learned.shows("3", "1", "2")
    assert not learned.poll(asked=True).is_silent and learned.told == ["3"]


def test_whoever_dies_after_an_item_was_taken_leaves_the_same_event_to_the_next(learned: World) -> None:
    learned.shows("4", "3", "1", "2")
    learned.queue = MemoryQueue(fail_after=1)
    with pytest.raises(QueueUnavailableError):
        learned.poll()
    (first,) = learned.told
    kept, learned.queue = learned.queue.bodies, MemoryQueue()
    learned.later()
    learned.poll()
    assert {first, *learned.told} == {"3", "4"} and len(learned.told) == 1
    event = unpacked(QueueMessage("id", learned.queue.bodies[0])).document["batch"][0]
    assert event["timestamp"] == "2026-11-21T10:15:00.000Z" and kept


def test_a_removed_feed_loses_its_schedule_and_is_known_again_when_it_is_put_again(learned: World) -> None:
    assert remove_feed("news", feeds=learned.feeds, trigger=learned.trigger).published == 0
    assert not learned.poll(asked=True).looked and learned.schedules.kept == {}
    with pytest.raises(NotFoundError):
        remove_feed("news", feeds=learned.feeds, trigger=learned.trigger)
    learned.put()
    learned.poll(asked=True)
    learned.later()
    learned.poll()
    assert learned.told == [] and learned.schedules.kept != {}


def test_another_address_is_learned_anew_and_another_interval_is_not(learned: World) -> None:
    learned.put(every="1h")
    assert learned.polling.learned_at == NOW
    learned.put(url="https://example.com/other")
    assert learned.polling.learned_at is None
    assert learned.trigger.started == ["news"] * 3


def test_a_feed_that_is_none_is_refused_before_anything_is_kept(world: World) -> None:
    with pytest.raises(InvalidRequestError):
        world.put(url="news")
    assert world.trigger.started == ["news"]
