"""The environment of each function, read on first use and never at import. `template.yaml` sets every name that is read here."""

import os
from collections.abc import Collection, Mapping
from datetime import timedelta


class Config:
    """Typed views of environment variables. A missing one is named at the first call that needs it."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment

    def _need(self, name: str) -> str:
        value = self._environment.get(name, "")
        if not value:
            raise RuntimeError(f"the environment variable {name} is not set: template.yaml must set it for this function")
        return value

    def _pairs(self, name: str) -> Mapping[str, str]:
        """`collect=a,load=b` as a mapping."""
        return dict(pair.split("=", 1) for pair in self._need(name).split(","))

    @property
    def sources_table(self) -> str:
        return self._need("SOURCES_TABLE")

    @property
    def service(self) -> str:
        """The function's stem."""
        return self._need("POWERTOOLS_SERVICE_NAME")

    @property
    def queue_url(self) -> str:
        return self._need("QUEUE_URL")

    @property
    def import_queue_url(self) -> str:
        return self._need("IMPORT_QUEUE_URL")

    @property
    def import_bucket(self) -> str:
        """Another bucket than the lake's that imports may read. Empty where there is none."""
        return self._environment.get("IMPORT_BUCKET", "")

    @property
    def imports_table(self) -> str:
        return self._need("IMPORTS_TABLE")

    @property
    def queue_settle_seconds(self) -> int:
        """How long the queue's counts may lag behind."""
        return int(self._need("QUEUE_SETTLE_SECONDS"))

    @property
    def lake_bucket(self) -> str:
        return self._need("LAKE_BUCKET")

    @property
    def profiles_table(self) -> str:
        return self._need("PROFILES_TABLE")

    @property
    def devices_table(self) -> str:
        return self._need("DEVICES_TABLE")

    @property
    def definitions_table(self) -> str:
        return self._need("DEFINITIONS_TABLE")

    @property
    def runs_table(self) -> str:
        return self._need("RUNS_TABLE")

    @property
    def evaluations_table(self) -> str:
        return self._need("EVALUATIONS_TABLE")

    @property
    def export_bucket(self) -> str:
        """The bucket beside the lake's that an export may be written to. Empty where there is none."""
        return self._environment.get("EXPORT_BUCKET", "")

    @property
    def content_table(self) -> str:
        return self._need("CONTENT_TABLE")

    @property
    def feed_schedules(self) -> Mapping[str, str]:
        """`group` of EventBridge Scheduler, and the ARNs of `function` and `role` of the schedules in it, which have feeds polled."""
        return self._pairs("FEED_SCHEDULES")

    @property
    def private_hosts(self) -> Collection[str]:
        """Hosts that feeds may come from whatever their address is. Empty on AWS."""
        return [host for host in self._environment.get("PRIVATE_HOSTS", "").split(",") if host]

    @property
    def announce_function(self) -> str:
        return self._need("ANNOUNCE_FUNCTION")

    @property
    def poll_feeds_function(self) -> str:
        return self._pairs("FUNCTIONS")["poll_feeds"]

    @property
    def claims_table(self) -> str:
        return self._need("CLAIMS_TABLE")

    @property
    def presences_table(self) -> str:
        return self._need("PRESENCES_TABLE")

    @property
    def contacts_table(self) -> str:
        return self._need("CONTACTS_TABLE")

    @property
    def journeys_table(self) -> str:
        return self._need("JOURNEYS_TABLE")

    @property
    def journey_queue_url(self) -> str:
        return self._need("JOURNEY_QUEUE_URL")

    @property
    def journey_timers_url(self) -> str:
        return self._need("JOURNEY_TIMERS_URL")

    @property
    def load_window_seconds(self) -> int:
        """How long an event may wait for others before `load` takes it."""
        return int(self._need("LOAD_WINDOW_SECONDS"))

    @property
    def heartbeat(self) -> Mapping[str, str]:
        """`group` of EventBridge Scheduler, the ARNs of `function` and `role` of the schedule in it, and the UUIDs of the event source mappings of
        `advance` and `remind`."""
        return self._pairs("HEARTBEAT")

    @property
    def wake_function(self) -> str:
        return self._pairs("FUNCTIONS")["wake"]

    @property
    def state_table(self) -> str:
        return self._need("STATE_TABLE")

    @property
    def event_names_per_source(self) -> int:
        """How many names of events a source has partitions for."""
        return int(self._need("EVENT_NAMES_PER_SOURCE"))

    @property
    def placeholder_ids(self) -> str:
        """Ids that are nobody's beyond the built-in ones, separated by commas; may be empty."""
        return self._environment.get("PLACEHOLDER_IDS", "")

    @property
    def home_country(self) -> str:
        """Where people are at home who do not say (ISO 3166 alpha-2); may be empty."""
        return self._environment.get("HOME_COUNTRY", "")

    @property
    def database(self) -> str:
        return self._need("DATABASE")

    @property
    def work_group(self) -> str:
        return self._need("WORK_GROUP")

    @property
    def schema_dir(self) -> str:
        return self._need("SCHEMA_DIR")

    @property
    def console_dir(self) -> str:
        """Where the console's files lie: beside its page."""
        return self._need("CONSOLE_PAGE").rpartition("/")[0]

    @property
    def console_url(self) -> str:
        """Where sign-in may come back to. Empty until the second deploy of an installation says it."""
        return self._environment.get("CONSOLE_URL", "")

    @property
    def campaign_state_machine(self) -> str:
        return self._need("CAMPAIGN_STATE_MACHINE")

    @property
    def schedules(self) -> Mapping[str, str]:
        """`group` of EventBridge Scheduler, and the ARNs of `function`, `role` and `dead_letters` of the schedules in it."""
        return self._pairs("SCHEDULES")

    @property
    def curate_function(self) -> str:
        return self._pairs("FUNCTIONS")["curate"]

    @property
    def preflight_function(self) -> str:
        return self._pairs("FUNCTIONS")["preflight"]

    @property
    def refresh_function(self) -> str:
        return self._pairs("FUNCTIONS")["refresh"]

    @property
    def look_back_state_machine(self) -> str:
        return self._need("LOOK_BACK_STATE_MACHINE")

    @property
    def query_function(self) -> str:
        return self._pairs("FUNCTIONS")["query"]

    @property
    def bytes_per_query(self) -> int:
        """Where Athena stops a query."""
        return int(self._need("BYTES_PER_QUERY"))

    @property
    def check_message_function(self) -> str:
        return self._pairs("FUNCTIONS")["check_message"]

    @property
    def sign_in_url(self) -> str:
        """The user pool's address, without a path."""
        return self._need("SIGN_IN_URL")

    @property
    def operator_client(self) -> str:
        """The id of the user pool's client for programs."""
        return self._need("OPERATOR_CLIENT")

    @property
    def browser_client(self) -> str:
        """The id of the user pool's client for people."""
        return self._need("BROWSER_CLIENT")

    @property
    def rows_per_statement(self) -> int:
        """About how many rows one INSERT of curate may take."""
        return int(self._need("ROWS_PER_STATEMENT"))

    @property
    def log_groups(self) -> Mapping[str, str]:
        """The log group of each function, by the function's stem."""
        folder, _, stems = self._need("LOG_GROUPS").partition(":")
        return {stem: f"{folder}{stem}" for stem in stems.split(",")}

    @property
    def alarm_prefix(self) -> str:
        """How the names of the platform's alarms begin: as CloudFormation makes them."""
        return self._need("ALARM_PREFIX")

    @property
    def dead_letter_queues(self) -> Mapping[str, str]:
        """The URL of each dead-letter queue, by what it is for."""
        return self._pairs("DEAD_LETTER_QUEUES")

    @property
    def fcm_base_url(self) -> str:
        return self._need("FCM_BASE_URL")

    @property
    def fcm_secret(self) -> str:
        return self._need("FCM_SECRET")

    @property
    def fcm_key_believed(self) -> timedelta:
        """For how long the key is not read again. Not at all, unless the function says so."""
        return timedelta(seconds=int(self._environment.get("FCM_KEY_SECONDS", "0")))

    @property
    def pushes_per_second(self) -> int:
        """Of all who send, together."""
        return int(self._need("PUSHES_PER_SECOND"))

    @property
    def fcm_ca_bundle(self) -> str:
        """The CA file to trust instead of the system's: the double's. Empty on AWS."""
        return self._environment.get("FCM_CA_BUNDLE", "")
