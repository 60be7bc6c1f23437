"""The poll_feeds handler over its real payloads."""

import json
from pathlib import Path
from typing import Any

import pytest

from functions.poll_feeds.handler import lambda_handler
from regulars import wiring
from regulars.domain.errors import UnreadableFeedError
from tests.usecases.test_poll_feeds import URL, World

EVENTS = Path(__file__).parents[2] / "events/poll_feeds"


def polled(world: World, payload: str) -> dict[str, Any]:
    stores = {"feeds": world.feeds, "feed_schedules": world.schedules, "feed_fetcher": world.fetcher, "content_ledger": world.ledger}
    wiring.install(**stores, event_queue=world.queue, announce_trigger=world.announcer, clock=world.clock)
    try:
        return lambda_handler(json.loads((EVENTS / f"{payload}.json").read_text()), None)  # type: ignore[arg-type]
    finally:
        wiring.install()


def test_whoever_put_a_feed_has_its_schedule_made_and_the_schedule_has_it_read() -> None:
    world = World()
    world.shows("1")
    assert polled(world, "asked")["looked"] and world.schedules.kept
    world.later()
    world.shows("2", "1")
    assert polled(world, "schedule")["published"] == 1 and world.told == ["2"]


def test_a_feed_that_cannot_be_read_fails_no_call_and_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    world.fetcher.answers[URL] = UnreadableFeedError("its server answered 500")
    assert polled(world, "schedule")["error"] == "its server answered 500"
    assert '"FeedsUnread": 1' in capsys.readouterr().out
