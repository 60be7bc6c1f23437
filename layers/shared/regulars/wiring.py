"""The one place that chooses adapters. Everything is made on first use: a function imports only the adapters that it asks for.

Adapters are cheap to make and read their function's own environment; what is dear (SDK clients, connections to FCM) is kept by the adapters' modules.
`install` puts fakes in their place, for tests of handlers.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from regulars import ports
from regulars.config import Config

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.domain.cleaning.standards import Standards
    from regulars.domain.places.place import Place
    from regulars.domain.tracking.plan import Plan
    from regulars.usecases.live_journeys import LiveJourneys
    from regulars.usecases.match_places import PlaceMatcher

_installed: dict[str, Any] = {}

T = TypeVar("T")


def install(**fakes: Any) -> None:
    """Uses these instead of the real ports from now on, by the name of the function below; `install()` alone takes all of them out again."""
    _installed.clear()
    _installed.update(fakes)


def _port(name: str, make: Callable[[Config], T]) -> T:
    return cast(T, _installed[name]) if name in _installed else make(config())


def config() -> Config:
    return cast(Config, _installed.get("config")) or Config()


def clock() -> ports.Clock:
    from regulars.adapters.system_clock import SystemClock

    return _port("clock", lambda _: SystemClock())


def event_queue() -> ports.EventQueue:
    from regulars.adapters.sqs_queue import SqsQueue

    return _port("event_queue", lambda c: SqsQueue(c.queue_url))


def sources() -> ports.SourceStore:
    from regulars.adapters.dynamo_sources import DynamoSources

    return _port("sources", lambda c: DynamoSources(c.sources_table))


def write_keys() -> ports.WriteKeys:
    return _port("write_keys", lambda c: _write_keys(c.sources_table))


@lru_cache(maxsize=2)
def _write_keys(table: str) -> ports.WriteKeys:
    """Kept with what it has read."""
    from regulars.adapters.dynamo_write_keys import DynamoWriteKeys

    return DynamoWriteKeys(table, clock=clock())


def lake() -> ports.ObjectStore:
    from regulars.adapters.s3_objects import S3Objects

    return _port("lake", lambda c: S3Objects(c.lake_bucket))


def bucket(name: str) -> ports.ObjectStore:
    """One that an import reads: the lake's own, or the one that the template allows."""
    from regulars.adapters.s3_objects import S3Objects

    return _port("bucket", lambda _: S3Objects(name))


def import_queue() -> ports.EventQueue:
    from regulars.adapters.sqs_queue import SqsQueue

    return _port("import_queue", lambda c: SqsQueue(c.import_queue_url))


def imports() -> ports.ImportStore:
    from regulars.adapters.dynamo_imports import DynamoImports

    return _port("imports", lambda c: DynamoImports(c.imports_table))


def profiles() -> ports.ProfileStore:
    from regulars.adapters.dynamo_profiles import DynamoProfiles

    return _port("profiles", lambda c: DynamoProfiles(c.profiles_table))


def devices() -> ports.DeviceStore:
    from regulars.adapters.dynamo_devices import DynamoDevices

    return _port("devices", lambda c: DynamoDevices(c.devices_table))


def event_names() -> ports.EventNames:
    return _port("event_names", lambda c: _event_names(c.state_table, c.event_names_per_source))


def standards() -> "Standards":
    return _port("standards", lambda c: _standards(c.placeholder_ids, c.home_country))


@lru_cache(maxsize=2)
def _standards(placeholder_ids: str, home_country: str) -> "Standards":
    from regulars.domain.cleaning.standards import Standards

    return Standards.of(placeholder_ids, home_country)


@lru_cache(maxsize=2)
def _event_names(table: str, limit: int) -> ports.EventNames:
    """Kept with what it has read."""
    from regulars.adapters.dynamo_event_names import DynamoEventNames

    return DynamoEventNames(table, limit=limit)


def definitions() -> ports.DefinitionStore:
    from regulars.adapters.dynamo_definitions import DynamoDefinitions

    return _port("definitions", lambda c: DynamoDefinitions(c.definitions_table))


def current_plans() -> "Callable[[], Sequence[Plan]]":
    return _port("current_plans", lambda c: _current_plans(c.definitions_table, c.service))


@lru_cache(maxsize=4)
def _current_plans(table: str, service: str) -> "Callable[[], Sequence[Plan]]":
    """Kept with what it has read, by each function for itself: the local cloud runs several in a process."""
    from regulars.adapters.dynamo_definitions import DynamoDefinitions
    from regulars.usecases.current_plans import CurrentPlans

    return CurrentPlans(DynamoDefinitions(table), clock())


def current_places() -> "Callable[[], Sequence[Place]]":
    return _port("current_places", lambda c: _current_places(c.definitions_table))


@lru_cache(maxsize=2)
def _current_places(table: str) -> "Callable[[], Sequence[Place]]":
    """Kept with what it has read."""
    from regulars.adapters.dynamo_definitions import DynamoDefinitions
    from regulars.usecases.find_places import CurrentPlaces

    return CurrentPlaces(DynamoDefinitions(table), clock())


def place_matcher() -> "PlaceMatcher":
    return _port("place_matcher", lambda c: _place_matcher(c.definitions_table, c.profiles_table, c.presences_table, c.queue_url))


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


def runs() -> ports.RunStore:
    from regulars.adapters.dynamo_runs import DynamoRuns

    return _port("runs", lambda c: DynamoRuns(c.runs_table))


def evaluations() -> ports.EvaluationStore:
    from regulars.adapters.dynamo_evaluations import DynamoEvaluations

    return _port("evaluations", lambda c: DynamoEvaluations(c.evaluations_table))


def refreshes() -> ports.RefreshStore:
    from regulars.adapters.dynamo_refreshes import DynamoRefreshes

    return _port("refreshes", lambda c: DynamoRefreshes(c.state_table))


def content_ledger() -> ports.ContentLedger:
    from regulars.adapters.dynamo_content import DynamoContentLedger

    return _port("content_ledger", lambda c: DynamoContentLedger(c.content_table))


def signing_secrets() -> ports.SigningSecrets:
    from regulars.adapters.dynamo_content import DynamoSigningSecrets

    return _port("signing_secrets", lambda c: DynamoSigningSecrets(c.content_table))


def feeds() -> ports.FeedStore:
    from regulars.adapters.dynamo_content import DynamoFeeds

    return _port("feeds", lambda c: DynamoFeeds(c.content_table))


def feed_fetcher() -> ports.FeedFetcher:
    from regulars.adapters.http_feeds import HttpFeeds

    return _port("feed_fetcher", lambda c: HttpFeeds(private_hosts=c.private_hosts))


def feed_schedules() -> ports.FeedSchedules:
    from regulars.adapters.eventbridge_feed_schedules import EventBridgeFeedSchedules

    return _port("feed_schedules", lambda c: EventBridgeFeedSchedules(**c.feed_schedules))


def announce_trigger() -> ports.AnnounceTrigger:
    from regulars.adapters.lambda_trigger import LambdaAnnounceTrigger

    return _port("announce_trigger", lambda c: LambdaAnnounceTrigger(c.announce_function))


def poll_trigger() -> ports.PollTrigger:
    from regulars.adapters.lambda_trigger import LambdaPollTrigger

    return _port("poll_trigger", lambda c: LambdaPollTrigger(c.poll_feeds_function))


def claims() -> ports.ClaimStore:
    from regulars.adapters.dynamo_claims import DynamoClaims

    return _port("claims", lambda c: DynamoClaims(c.claims_table))


def progress() -> ports.ProgressStore:
    from regulars.adapters.dynamo_progress import DynamoProgress

    return _port("progress", lambda c: DynamoProgress(c.claims_table))


def contacts() -> ports.ContactStore:
    from regulars.adapters.dynamo_contacts import DynamoContacts

    return _port("contacts", lambda c: DynamoContacts(c.contacts_table))


def journey_registry() -> ports.JourneyRegistry:
    from regulars.adapters.dynamo_journey_registry import DynamoJourneyRegistry

    return _port("journey_registry", lambda c: DynamoJourneyRegistry(c.journeys_table))


def journeys() -> ports.JourneyStore:
    from regulars.adapters.dynamo_journeys import DynamoJourneys

    return _port("journeys", lambda c: DynamoJourneys(c.journeys_table))


def journey_queue() -> ports.JourneyQueue:
    from regulars.adapters.sqs_journey_queue import SqsJourneyQueue

    return _port("journey_queue", lambda c: SqsJourneyQueue(c.journey_queue_url))


def journey_timers() -> ports.JourneyTimers:
    from regulars.adapters.sqs_journey_queue import SqsJourneyTimers

    return _port("journey_timers", lambda c: SqsJourneyTimers(c.journey_timers_url, clock()))


def heartbeat() -> ports.Heartbeat:
    from regulars.adapters.journey_heartbeat import JourneyHeartbeat

    def made(c: Config) -> JourneyHeartbeat:
        told = c.heartbeat
        return JourneyHeartbeat(group=told["group"], function=told["function"], role=told["role"], mappings=(told["advance"], told["remind"]))

    return _port("heartbeat", made)


def wake_trigger() -> ports.WakeTrigger:
    from regulars.adapters.lambda_trigger import LambdaWakeTrigger

    return _port("wake_trigger", lambda c: LambdaWakeTrigger(c.wake_function))


def live_journeys() -> "LiveJourneys":
    return _port("live_journeys", lambda c: _live_journeys(c.journeys_table, c.lake_bucket, c.service))


@lru_cache(maxsize=8)
def _live_journeys(table: str, bucket: str, service: str) -> "LiveJourneys":
    """Kept with what it has read, by each function for itself, as `_current_plans`."""
    from regulars.adapters.dynamo_journey_registry import DynamoJourneyRegistry
    from regulars.adapters.s3_objects import S3Objects
    from regulars.usecases.live_journeys import LiveJourneys

    return LiveJourneys(DynamoJourneyRegistry(table), S3Objects(bucket), clock())


def webhooks() -> ports.WebhookCaller:
    from regulars.adapters.http_webhooks import HttpWebhooks

    return _port("webhooks", lambda c: HttpWebhooks(private_hosts=c.private_hosts))


def curate_state() -> ports.CurateStateStore:
    from regulars.adapters.dynamo_curate_state import DynamoCurateState

    return _port("curate_state", lambda c: DynamoCurateState(c.state_table, before=c.runs_table))


def queries() -> ports.QueryEngine:
    from regulars.adapters.athena_queries import AthenaQueries

    return _port("queries", lambda c: AthenaQueries(database=c.database, work_group=c.work_group))


def query_history() -> ports.QueryHistory:
    from regulars.adapters.athena_history import AthenaHistory

    return _port("query_history", lambda c: AthenaHistory(c.work_group))


def campaign_runner() -> ports.CampaignRunner:
    from regulars.adapters.step_functions import StepFunctionsRunner

    return _port("campaign_runner", lambda c: StepFunctionsRunner(c.campaign_state_machine))


def campaign_scheduler() -> ports.CampaignScheduler:
    from regulars.adapters.eventbridge_scheduler import EventBridgeScheduler

    return _port("campaign_scheduler", lambda c: EventBridgeScheduler(**c.schedules))


def curate_trigger() -> ports.CurateTrigger:
    from regulars.adapters.lambda_trigger import LambdaCurateTrigger

    return _port("curate_trigger", lambda c: LambdaCurateTrigger(c.curate_function))


def preflight_trigger() -> ports.PreflightTrigger:
    from regulars.adapters.lambda_trigger import LambdaPreflightTrigger

    return _port("preflight_trigger", lambda c: LambdaPreflightTrigger(c.preflight_function))


def look_back_runner() -> ports.LookBackRunner:
    from regulars.adapters.step_functions import StepFunctionsLookBacks

    return _port("look_back_runner", lambda c: StepFunctionsLookBacks(c.look_back_state_machine))


def refresh_trigger() -> ports.RefreshTrigger:
    from regulars.adapters.lambda_trigger import LambdaRefreshTrigger

    return _port("refresh_trigger", lambda c: LambdaRefreshTrigger(c.refresh_function))


def message_checks() -> ports.MessageChecks:
    from regulars.adapters.lambda_message_checks import LambdaMessageChecks

    return _port("message_checks", lambda c: LambdaMessageChecks(c.check_message_function))


def topic_changes() -> ports.TopicChanges:
    from regulars.adapters.lambda_message_checks import LambdaTopicChanges

    return _port("topic_changes", lambda c: LambdaTopicChanges(c.check_message_function))


def lake_analyst() -> ports.LakeAnalyst:
    from regulars.adapters.lambda_lake_analyst import LambdaLakeAnalyst

    return _port("lake_analyst", lambda c: LambdaLakeAnalyst(c.query_function))


def fcm_admin() -> ports.FcmAdmin:
    from regulars.adapters.secrets import secret_text

    return _port("fcm_admin", lambda c: _fcm_admin(secret_text(c.fcm_secret), c.fcm_base_url, c.fcm_ca_bundle))


@lru_cache(maxsize=2)
def _fcm_admin(account: str, base_url: str, ca_bundle: str) -> ports.FcmAdmin:
    """Kept for as long as the secret says the same: a mended one is used at once."""
    from regulars.adapters.firebase import FirebaseFcmAdmin

    return FirebaseFcmAdmin.of_key(account, base_url=base_url, ca_bundle=ca_bundle)


def push_sender() -> ports.PushSender:
    from regulars.adapters.fcm_of_secret import FcmOfSecret

    def made(c: Config) -> FcmOfSecret:
        at = {"base_url": c.fcm_base_url, "ca_bundle": c.fcm_ca_bundle, "rate_table": c.state_table}
        return FcmOfSecret(c.fcm_secret, limit=c.pushes_per_second, believed=c.fcm_key_believed, **at)

    return _port("push_sender", made)


def migration_files() -> Mapping[str, str]:
    from regulars.adapters.schema_files import migration_files as files_in

    return _port("migration_files", lambda c: files_in(c.schema_dir))


def console_files() -> Mapping[str, bytes]:
    from regulars.adapters.console_files import ConsoleFiles

    return _port("console_files", lambda c: ConsoleFiles(c.console_dir))


def migration_log() -> ports.MigrationLog:
    from regulars.adapters.dynamo_migrations import DynamoMigrations

    return _port("migration_log", lambda c: DynamoMigrations(c.state_table))


def table_catalog() -> ports.TableCatalog:
    from regulars.adapters.glue_tables import GlueTables

    return _port("table_catalog", lambda c: GlueTables(c.database))


def logs() -> ports.LogReader:
    from regulars.adapters.cloudwatch_logs import CloudWatchLogs

    return _port("logs", lambda c: CloudWatchLogs(c.log_groups))


def alarms() -> ports.AlarmReader:
    from regulars.adapters.cloudwatch_alarms import CloudWatchAlarms

    return _port("alarms", lambda c: CloudWatchAlarms(c.alarm_prefix))


def dead_letters() -> Mapping[str, ports.DeadLetterQueue]:
    from regulars.adapters.sqs_dead_letters import SqsDeadLetters

    return _port("dead_letters", lambda c: {name: SqsDeadLetters(url) for name, url in c.dead_letter_queues.items()})


def origins() -> Mapping[str, ports.EventQueue]:
    """Where the dead letters go back to that go back."""
    from regulars.adapters.sqs_journey_queue import SqsJourneyLetters

    journeys_again = _port("journey_letters", lambda c: SqsJourneyLetters(c.journey_queue_url))
    return {"events": event_queue(), "imports": import_queue(), "journeys": journeys_again}


def queue_ages() -> ports.QueueAges:
    """Of the queues that dead letters go back to."""
    from regulars.adapters.cloudwatch_queue_ages import CloudWatchQueueAges

    return _port("queue_ages", lambda c: CloudWatchQueueAges({"events": c.queue_url, "imports": c.import_queue_url, "journeys": c.journey_queue_url}))


def answer_cloudformation(event: Mapping[str, Any], *, succeeded: bool, reason: str, data: Mapping[str, str]) -> None:
    from regulars.adapters.cloudformation import answer

    answer(event, succeeded=succeeded, reason=reason, data=data)
