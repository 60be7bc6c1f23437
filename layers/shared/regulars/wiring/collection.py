"""Events on their way in: collect, load and imports."""

from functools import lru_cache
from typing import TYPE_CHECKING

from regulars import ports
from regulars.wiring.installed import clock, port

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from regulars.domain.cleaning.standards import Standards
    from regulars.domain.tracking.plan import Plan


def event_queue() -> ports.EventQueue:
    from regulars.adapters.sqs_queue import SqsQueue

    return port("event_queue", lambda c: SqsQueue(c.queue_url))


def sources() -> ports.SourceStore:
    from regulars.adapters.dynamo_sources import DynamoSources

    return port("sources", lambda c: DynamoSources(c.sources_table))


def write_keys() -> ports.WriteKeys:
    return port("write_keys", lambda c: _write_keys(c.sources_table))


@lru_cache(maxsize=2)
def _write_keys(table: str) -> ports.WriteKeys:
    """Kept with what it has read."""
    from regulars.adapters.dynamo_write_keys import DynamoWriteKeys

    return DynamoWriteKeys(table, clock=clock())


def event_names() -> ports.EventNames:
    return port("event_names", lambda c: _event_names(c.state_table, c.event_names_per_source))


@lru_cache(maxsize=2)
def _event_names(table: str, limit: int) -> ports.EventNames:
    """Kept with what it has read."""
    from regulars.adapters.dynamo_event_names import DynamoEventNames

    return DynamoEventNames(table, limit=limit)


def standards() -> "Standards":
    return port("standards", lambda c: _standards(c.placeholder_ids, c.home_country))


@lru_cache(maxsize=2)
def _standards(placeholder_ids: str, home_country: str) -> "Standards":
    from regulars.domain.cleaning.standards import Standards

    return Standards.of(placeholder_ids, home_country)


def current_plans() -> "Callable[[], Sequence[Plan]]":
    return port("current_plans", lambda c: _current_plans(c.definitions_table, c.service))


@lru_cache(maxsize=4)
def _current_plans(table: str, service: str) -> "Callable[[], Sequence[Plan]]":
    """Kept with what it has read, by each function for itself: the local cloud runs several in a process."""
    from regulars.adapters.dynamo_definitions import DynamoDefinitions
    from regulars.usecases.current_plans import CurrentPlans

    return CurrentPlans(DynamoDefinitions(table), clock())


def import_queue() -> ports.EventQueue:
    from regulars.adapters.sqs_queue import SqsQueue

    return port("import_queue", lambda c: SqsQueue(c.import_queue_url))


def imports() -> ports.ImportStore:
    from regulars.adapters.dynamo_imports import DynamoImports

    return port("imports", lambda c: DynamoImports(c.imports_table))
