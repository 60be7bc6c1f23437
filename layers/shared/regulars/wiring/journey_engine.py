"""What journeys need, live and looking back."""

from functools import lru_cache
from typing import TYPE_CHECKING

from regulars import ports
from regulars.config import Config
from regulars.wiring.installed import clock, port

if TYPE_CHECKING:
    from regulars.usecases.live_journeys import LiveJourneys


def journey_registry() -> ports.JourneyRegistry:
    from regulars.adapters.dynamo_journey_registry import DynamoJourneyRegistry

    return port("journey_registry", lambda c: DynamoJourneyRegistry(c.journeys_table))


def journeys() -> ports.JourneyStore:
    from regulars.adapters.dynamo_journeys import DynamoJourneys

    return port("journeys", lambda c: DynamoJourneys(c.journeys_table))


def journey_queue() -> ports.JourneyQueue:
    from regulars.adapters.sqs_journey_queue import SqsJourneyQueue

    return port("journey_queue", lambda c: SqsJourneyQueue(c.journey_queue_url))


def journey_timers() -> ports.JourneyTimers:
    from regulars.adapters.sqs_journey_queue import SqsJourneyTimers

    return port("journey_timers", lambda c: SqsJourneyTimers(c.journey_timers_url, clock()))


def heartbeat() -> ports.Heartbeat:
    from regulars.adapters.journey_heartbeat import JourneyHeartbeat

    def made(c: Config) -> JourneyHeartbeat:
        told = c.heartbeat
        return JourneyHeartbeat(group=told["group"], function=told["function"], role=told["role"], mappings=(told["advance"], told["remind"]))

    return port("heartbeat", made)


def wake_trigger() -> ports.WakeTrigger:
    from regulars.adapters.lambda_trigger import LambdaWakeTrigger

    return port("wake_trigger", lambda c: LambdaWakeTrigger(c.wake_function))


def live_journeys() -> "LiveJourneys":
    return port("live_journeys", lambda c: _live_journeys(c.journeys_table, c.lake_bucket, c.service))


@lru_cache(maxsize=8)
def _live_journeys(table: str, bucket: str, service: str) -> "LiveJourneys":
    """Kept with what it has read, by each function for itself, as `_current_plans`."""
    from regulars.adapters.dynamo_journey_registry import DynamoJourneyRegistry
    from regulars.adapters.s3_objects import S3Objects
    from regulars.usecases.live_journeys import LiveJourneys

    return LiveJourneys(DynamoJourneyRegistry(table), S3Objects(bucket), clock())


def webhooks() -> ports.WebhookCaller:
    from regulars.adapters.http_webhooks import HttpWebhooks

    return port("webhooks", lambda c: HttpWebhooks(private_hosts=c.private_hosts))


def look_back_runner() -> ports.LookBackRunner:
    from regulars.adapters.step_functions import StepFunctionsLookBacks

    return port("look_back_runner", lambda c: StepFunctionsLookBacks(c.look_back_state_machine))
