"""The tables of the lake with their columns, in the order of their DDL (infra/). `tests/domain/lake/test_tables.py` compares the two."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

ColumnType = Literal["string", "timestamp", "int", "bigint", "double", "boolean"]
"""Athena's names: https://docs.aws.amazon.com/athena/latest/ug/data-types.html"""


Transform = Literal["identity", "month", "day"]
"""Iceberg's names: https://iceberg.apache.org/spec/#partition-transforms"""


@dataclass(frozen=True, slots=True)
class PartitionField:
    """By what an Iceberg table parts its files: a column, or the month or day of one."""

    column: str
    transform: Transform = "identity"

    @property
    def name(self) -> str:
        """As the metadata table `$partitions` calls it."""
        return self.column if self.transform == "identity" else f"{self.column}_{self.transform}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns by name. `partitions` are those that a folder's name holds rather than the objects in it (external tables only);
    an Iceberg table says in `partitioned_by` how it parts its files, which is kept by upkeep."""

    name: str
    types: Mapping[str, ColumnType]
    partitions: Mapping[str, ColumnType] = field(default_factory=dict)
    iceberg: bool = False
    partitioned_by: tuple[PartitionField, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of what a row holds, without the partitions."""
        return tuple(self.types)


_IDENTITY_AND_TIME: Final[Mapping[str, ColumnType]] = {
    "message_id": "string",
    "user_id": "string",
    "anonymous_id": "string",
    "type": "string",
    "event_name": "string",
    "event_ts": "timestamp",
    "received_ts": "timestamp",
}

_CONTENT: Final[Mapping[str, ColumnType]] = {
    "properties": "string",
    "context": "string",
    "traits": "string",
    "device_id": "string",
    "device_token": "string",
    "platform": "string",
    "other_name": "string",
    "source": "string",
    "place": "int",
    "corrections": "string",
    "violations": "string",
    "traffic": "string",
    "historical": "boolean",
    "device_fid": "string",
}
"""`other_name` is the event's name where its `event_name` is `_other` (`event_names`). `source` is the name of a source, `place` the event's in its
request; the others after it are absent of nearly every event (`collection.event`). Rows of versions before have none of these seven."""

OWN_SOURCE: Final = "regulars"
"""The `source` of events that the platform itself tells: nobody did them, so nobody was seen."""

RAW_EVENTS: Final = Table("raw_events", {**_IDENTITY_AND_TIME, **_CONTENT}, {"dt": "string", "hh": "string"})

RAW_EVENTS_BY_MINUTE: Final = Table("raw_events_by_minute", RAW_EVENTS.types, {**RAW_EVENTS.partitions, "mm": "string"})

EVENTS: Final = Table(
    "events",
    {**_IDENTITY_AND_TIME, "curated_ts": "timestamp", **_CONTENT},
    iceberg=True,
    partitioned_by=(PartitionField("event_ts", "month"), PartitionField("event_name")),
)

KNOWN_MESSAGES: Final = Table(
    "known_messages", {"period": "string", "message_hash": "bigint"}, iceberg=True, partitioned_by=(PartitionField("period"),)
)

PEOPLE: Final = Table(
    "people",
    {"user_id": "string", "first_seen_ts": "timestamp", "last_seen_ts": "timestamp", "traits": "string", "trait_times": "string"},
    iceberg=True,
)

IDENTITIES: Final = Table(
    "identities",
    {
        "kind": "string",
        "id": "string",
        "user_id": "string",
        "since_ts": "timestamp",
        "until_ts": "timestamp",
        "claimed_order": "string",
        "claimed_ts": "timestamp",
        "message_id": "string",
        "event_type": "string",
    },
    iceberg=True,
    partitioned_by=(PartitionField("kind"),),
)

IDENTITY_DECISIONS: Final = Table(
    "identity_decisions",
    {
        "kind": "string",
        "id": "string",
        "user_id": "string",
        "decision": "string",
        "decided_ts": "timestamp",
        "decided_by": "string",
    },
)

DEVICES: Final = Table(
    "devices",
    {
        "device_id": "string",
        "user_id": "string",
        "token": "string",
        "platform": "string",
        "last_seen_ts": "timestamp",
        "last_message_id": "string",
        "fid": "string",
        "registered_by": "string",
        "locale": "string",
        "timezone": "string",
        "app_version": "string",
        "seen_order": "string",
        "registered_order": "string",
        "platform_order": "string",
        "locale_order": "string",
        "timezone_order": "string",
        "app_version_order": "string",
    },
    iceberg=True,
)

ASSIGNMENTS: Final = Table(
    "assignments",
    {"run_id": "string", "campaign_id": "string", "user_id": "string", "arm": "string", "bucket": "int", "planned_ts": "timestamp"},
    iceberg=True,
    partitioned_by=(PartitionField("run_id"),),
)

RAW_DELIVERIES: Final = Table(
    "raw_deliveries",
    {
        "campaign_id": "string",
        "user_id": "string",
        "device_id": "string",
        "arm": "string",
        "message_id": "string",
        "outcome": "string",
        "reason": "string",
        "delivered_ts": "timestamp",
    },
    {"run_id": "string"},
)

DELIVERIES: Final = Table("deliveries", {"run_id": "string", **RAW_DELIVERIES.types}, iceberg=True, partitioned_by=(PartitionField("run_id"),))

SEGMENT_BASES: Final = Table(
    "segment_bases",
    {
        "part": "string",
        "user_id": "string",
        "anonymous_id": "string",
        "slot": "int",
        "amount": "int",
        "said": "string",
        "told": "string",
    },
    {"base": "string"},
)

RESULTS: Final = Table(
    "results",
    {
        "run_id": "string",
        "campaign_id": "string",
        "arm": "string",
        "state": "string",
        "rehearsal": "boolean",
        "planned_ts": "timestamp",
        "launched_ts": "timestamp",
        "as_of_ts": "timestamp",
        "window_end_ts": "timestamp",
        "final": "boolean",
        "people": "bigint",
        "sent": "bigint",
        "received": "bigint",
        "opened": "bigint",
        "direct": "bigint",
        "converted": "bigint",
        "goal_events": "bigint",
        "unreadable": "bigint",
        "value": "double",
        "currency": "string",
        "conversion_difference": "double",
        "conversion_low": "double",
        "conversion_high": "double",
        "conversion_method": "string",
        "conversion_verdict": "string",
        "caused": "double",
        "value_difference": "double",
        "value_low": "double",
        "value_high": "double",
        "value_method": "string",
        "value_verdict": "string",
        "caused_value": "double",
        "unsubscribed": "bigint",
        "uninstalled": "bigint",
        "complained": "bigint",
        "cost_usd": "double",
    },
)
"""An object a run, with an arm in each line (`measure.results`)."""

QUARANTINED_EVENTS: Final = Table(
    "quarantined_events",
    {
        "id": "string",
        "at": "string",
        "source": "string",
        "reason": "string",
        "message": "string",
        "event_name": "string",
        "place": "int",
        "text": "string",
        "event": "string",
        "raw": "string",
        "historical": "boolean",
    },
    {"dt": "string"},
)
"""The event is in `text`; in what an earlier version wrote, in `event`."""

QUARANTINE_REPLAYS: Final = Table(
    "quarantine_replays",
    {"id": "string", "replay": "string", "state": "string", "at": "string", "by_whom": "string", "repair": "string"},
    {"dt": "string"},
)

TABLES: Final = (
    RAW_EVENTS,
    RAW_EVENTS_BY_MINUTE,
    EVENTS,
    KNOWN_MESSAGES,
    PEOPLE,
    IDENTITIES,
    IDENTITY_DECISIONS,
    DEVICES,
    ASSIGNMENTS,
    RAW_DELIVERIES,
    DELIVERIES,
    RESULTS,
    SEGMENT_BASES,
    QUARANTINED_EVENTS,
    QUARANTINE_REPLAYS,
)
