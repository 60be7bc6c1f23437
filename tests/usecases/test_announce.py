"""Whom items are brought to, and what becomes of it when something is cut off."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from regulars.domain.content.announcement import Announcement
from regulars.domain.errors import QueryFailedError
from regulars.domain.journeys.book import Standing
from regulars.domain.journeys.inputs import Trigger
from regulars.usecases.announce import Announced, announce
from tests.domain.journeys.documents import book, small
from tests.domain.journeys.test_step import say
from tests.fakes.journeys import MemoryJourneyQueue
from tests.fakes.services import MemoryAnnounceTrigger, ScriptedQueries
from tests.fakes.stores import MemoryDefinitions

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
ITEM = {"id": "1", "title": "Rain", "author": "Ada", "tags": ["weather"]}
FOLLOWERS = {"trait": "follows[]", "eq": {"content": "author"}}


def content(identity: str, entry: dict[str, Any], standing: Standing = "live") -> Any:
    return book({**small({"m": say()}, entry=entry), "id": identity}, standing=standing)


class World:
    """Of the journey `news` are the followers of the author."""

    def __init__(self) -> None:
        self.books = {"news": content("news", {"content": {}, "if": FOLLOWERS})}
        self.definitions, self.queue, self.trigger = MemoryDefinitions(), MemoryJourneyQueue(), MemoryAnnounceTrigger()
        self.queries = ScriptedQueries({"": self.people("ann", "ben", "cem")})
        self.time_left = timedelta(minutes=10)

    @staticmethod
    def people(*ids: str) -> Sequence[dict[str, str | None]]:
        return [{"user_id": each} for each in ids]

    def announce(self, this: Announcement | None = None) -> Announced:
        parts: dict[str, Any] = {"definitions": self.definitions, "queries": self.queries, "queue": self.queue, "trigger": self.trigger}
        return announce(this or Announcement("content-1", AT, ITEM), books=self.books, time_left=lambda: self.time_left, **parts)

    def run(self) -> None:
        """Until nobody calls any more."""
        self.announce()
        while self.trigger.started:
            self.announce(self.trigger.started.pop())

    @property
    def told(self) -> list[tuple[str, str]]:
        assert all(isinstance(each, Trigger) and each.kind == "content" for each in self.queue.sent)
        return [(each.name, each.user_id) for each in self.queue.sent if isinstance(each, Trigger)]


def test_each_person_of_the_audience_is_an_input_of_the_journey_once_however_often_it_is_done() -> None:
    world = World()
    world.run()
    world.run()
    assert world.told == [("news", "ann"), ("news", "ben"), ("news", "cem")]
    first = world.queue.sent[0]
    assert isinstance(first, Trigger) and (first.at, first.id) == (AT, "content-1") and orjson.loads(first.properties or "") == ITEM
    (sql,) = world.queries.ran
    assert "'Ada'" in sql and "2026-11-21 10:00:00" in sql


def test_every_journey_has_its_own_audience_and_a_call_of_its_own() -> None:
    world = World()
    world.books["weather"] = content("weather", {"content": {"where": [{"property": "tags[]", "eq": "weather"}]}})
    world.books["sports"] = content("sports", {"content": {"where": [{"property": "tags[]", "eq": "sports"}]}})
    world.books["over"] = content("over", {"content": {}}, standing="stopped")
    world.books["paused"] = content("paused", {"content": {}}, standing="paused")
    world.books["carts"] = content("carts", {"event": "Product Added"})
    assert list(world.announce().journeys) == ["news", "weather", "paused"]
    assert [each.journey_id for each in world.trigger.started] == ["news", "weather", "paused"] and not world.queries.ran


def test_where_no_journey_begins_with_content_nothing_is_asked() -> None:
    world = World()
    world.books = {}
    world.run()
    assert not world.queries.ran and not world.told


def test_a_call_that_runs_short_of_time_has_the_next_go_on_from_its_page() -> None:
    world = World()
    world.time_left = timedelta(seconds=10)
    done = world.announce(Announcement("content-1", AT, ITEM, "news"))
    assert done.goes_on and done.people == 2 and [each.page for each in world.trigger.started] == ["2"]
    world.announce(world.trigger.started.pop())
    assert [user for _, user in world.told] == ["ann", "ben", "cem"] and len(world.queries.ran) == 1


def test_a_question_that_takes_long_is_asked_after_by_the_next_call() -> None:
    world = World()
    world.queries.state = "running"
    assert world.announce(Announcement("content-1", AT, ITEM, "news")).goes_on
    world.queries.state = "succeeded"
    world.announce(world.trigger.started.pop())
    assert len(world.told) == 3 and len(world.queries.ran) == 1


def test_a_question_that_fails_is_asked_again_and_a_rule_that_does_not_fit_the_item_is_not() -> None:
    world = World()
    world.queries.answers = {"": QueryFailedError("out of memory")}
    with pytest.raises(QueryFailedError, match="out of memory"):
        world.announce(Announcement("content-1", AT, ITEM, "news"))
    world.books["news"] = content("news", {"content": {}, "if": {"trait": "since", "before": {"content": "published"}}})
    odd = world.announce(Announcement("content-1", AT, {**ITEM, "published": "yesterday"}, "news"))
    assert "a moment" in odd.refused and not world.told


def test_what_corrects_an_item_goes_to_journeys_in_which_somebody_may_wait_for_it() -> None:
    world = World()
    steps = {"gather": {"collect": {"content": {}}, "for": "6h", "then": "m"}, "m": say()}
    world.books["daily"] = book({**small(steps, entry={"content": {}}), "id": "daily"})
    assert list(world.announce(Announcement("content-1", AT, ITEM, corrects=True)).journeys) == ["daily"]
    (start,) = world.trigger.started
    assert (start.journey_id, start.corrects) == ("daily", True)


LIKES = {"event": "Article Read", "where": [{"property": "category", "in": {"content": "tags"}}], "within": "90d"}


def test_everybody_is_told_of_an_item_with_how_much_of_what_they_do_is_like_it() -> None:
    world = World()
    world.books["news"] = content("news", {"content": {}, "affinity": LIKES})
    world.queries.answers = {
        "": [
            {"user_id": "ann", "these": "10", "alike": "4"},
            {"user_id": "ben", "these": "4", "alike": "4"},  # too few to know
            {"user_id": "cem", "these": None, "alike": None},
        ]
    }
    world.run()
    found = {each.user_id: orjson.loads(each.properties or "") for each in world.queue.sent if isinstance(each, Trigger)}
    assert found == {"ann": {**ITEM, "affinity": 0.4}, "ben": ITEM, "cem": ITEM}
    (sql,) = world.queries.ran
    assert "'weather'" in sql and "AS alike" in sql and ">= 5" not in sql


def test_who_likes_it_too_little_is_left_out_by_the_question_itself() -> None:
    world = World()
    world.books["news"] = content("news", {"content": {}, "affinity": {**LIKES, "gte": 0.3}})
    world.announce(Announcement("content-1", AT, ITEM, "news"))
    (sql,) = world.queries.ran
    assert "reading.these >= 5" in sql and ">= 0.3e0" in sql


def test_an_item_that_says_nothing_of_what_is_liked_is_for_nobody_and_nothing_is_asked() -> None:
    world = World()
    world.books["news"] = content("news", {"content": {}, "affinity": {**LIKES, "gte": 0.3}})
    assert world.announce(Announcement("content-1", AT, {"id": "1", "title": "Rain"}, "news")) == Announced(["news"])
    assert not world.queries.ran and not world.told


def test_a_journey_that_was_stopped_meanwhile_takes_nobody_in() -> None:
    world = World()
    world.books["news"] = content("news", {"content": {}, "if": FOLLOWERS}, standing="stopped")
    assert world.announce(Announcement("content-1", AT, ITEM, "news")) == Announced(())


def test_segments_of_the_rule_are_those_of_now() -> None:
    world = World()
    world.definitions.put("segment", "readers", {"id": "readers", "name": "R", "rule": {"trait": "reads", "eq": True}}, at=AT, by="ada")
    world.books["news"] = content("news", {"content": {}, "if": {"segment": "readers"}})
    world.run()
    assert "reads" in world.queries.ran[0] and len(world.told) == 3
