"""When a feed's schedule is due, or somebody has put, changed or removed it: what is new in it."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import count, logger
from regulars.usecases.poll_feeds import poll_feeds

log = logger("poll_feeds")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    polled = poll_feeds(
        event["feed_id"],
        asked=not event.get("scheduled"),
        feeds=wiring.feeds(),
        schedules=wiring.feed_schedules(),
        fetcher=wiring.feed_fetcher(),
        ledger=wiring.content_ledger(),
        queue=wiring.event_queue(),
        announcer=wiring.announce_trigger(),
        clock=wiring.clock(),
    )
    told = asdict(polled)
    log.info("polled", extra=told)
    count("poll_feeds", ItemsPublished=polled.published, FeedsUnread=int(bool(polled.error)), FeedsSilent=int(polled.is_silent))
    return told
