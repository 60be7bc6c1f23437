"""Content that is published, and places that people come to."""

from functools import lru_cache
from typing import TYPE_CHECKING

from regulars import ports
from regulars.wiring.installed import clock, port

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from regulars.domain.places.place import Place
    from regulars.usecases.match_places import PlaceMatcher


def content_ledger() -> ports.ContentLedger:
    from regulars.adapters.dynamo_content import DynamoContentLedger

    return port("content_ledger", lambda c: DynamoContentLedger(c.content_table))


def signing_secrets() -> ports.SigningSecrets:
    from regulars.adapters.dynamo_content import DynamoSigningSecrets

    return port("signing_secrets", lambda c: DynamoSigningSecrets(c.content_table))


def feeds() -> ports.FeedStore:
    from regulars.adapters.dynamo_content import DynamoFeeds

    return port("feeds", lambda c: DynamoFeeds(c.content_table))


def feed_fetcher() -> ports.FeedFetcher:
    from regulars.adapters.http_feeds import HttpFeeds

    return port("feed_fetcher", lambda c: HttpFeeds(private_hosts=c.private_hosts))


def feed_schedules() -> ports.FeedSchedules:
    from regulars.adapters.eventbridge_feed_schedules import EventBridgeFeedSchedules

    return port("feed_schedules", lambda c: EventBridgeFeedSchedules(**c.feed_schedules))


def announce_trigger() -> ports.AnnounceTrigger:
    from regulars.adapters.lambda_trigger import LambdaAnnounceTrigger

    return port("announce_trigger", lambda c: LambdaAnnounceTrigger(c.announce_function))


def poll_trigger() -> ports.PollTrigger:
    from regulars.adapters.lambda_trigger import LambdaPollTrigger

    return port("poll_trigger", lambda c: LambdaPollTrigger(c.poll_feeds_function))


def current_places() -> "Callable[[], Sequence[Place]]":
    return port("current_places", lambda c: _current_places(c.definitions_table))


@lru_cache(maxsize=2)
def _current_places(table: str) -> "Callable[[], Sequence[Place]]":
    """Kept with what it has read."""
    from regulars.adapters.dynamo_definitions import DynamoDefinitions
    from regulars.usecases.find_places import CurrentPlaces

    return CurrentPlaces(DynamoDefinitions(table), clock())


def place_matcher() -> "PlaceMatcher":
    return port("place_matcher", lambda c: _place_matcher(c.definitions_table, c.profiles_table, c.presences_table, c.queue_url))


@lru_cache(maxsize=2)
def _place_matcher(definitions_table: str, profiles_table: str, presences_table: str, queue_url: str) -> "PlaceMatcher":
    """Kept with what it has read."""
    from regulars.adapters.dynamo_definitions import DynamoDefinitions
    from regulars.adapters.dynamo_presences import DynamoPresences
    from regulars.adapters.dynamo_profiles import DynamoProfiles
    from regulars.adapters.sqs_queue import SqsQueue
    from regulars.usecases.match_places import PlaceMatcher

    stores = DynamoDefinitions(definitions_table), DynamoProfiles(profiles_table), DynamoPresences(presences_table)
    return PlaceMatcher(*stores, SqsQueue(queue_url), clock())
