"""What use cases need from the world, as protocols. Real ones live in `adapters`; tests hand in fakes that pass the same contract suites."""

from regulars.ports.push import Push, PushResult, PushSender, PushSession
from regulars.ports.services import AlarmReader, CampaignRunner, Clock, CurateTrigger, EventQueue, LogReader, QueryEngine, TableCatalog
from regulars.ports.stores import (
    ClaimStore,
    CurateStateStore,
    DefinitionStore,
    DeviceStore,
    EvaluationStore,
    EventNames,
    ImportStore,
    MigrationLog,
    ObjectStore,
    ProfileStore,
    RunStore,
    SourceStore,
    Stored,
    WriteKeys,
)

__all__ = [
    "AlarmReader",
    "CampaignRunner",
    "ClaimStore",
    "Clock",
    "CurateStateStore",
    "CurateTrigger",
    "DefinitionStore",
    "DeviceStore",
    "EvaluationStore",
    "EventNames",
    "EventQueue",
    "ImportStore",
    "LogReader",
    "MigrationLog",
    "ObjectStore",
    "ProfileStore",
    "Push",
    "PushResult",
    "PushSender",
    "PushSession",
    "QueryEngine",
    "RunStore",
    "SourceStore",
    "Stored",
    "TableCatalog",
    "WriteKeys",
]
