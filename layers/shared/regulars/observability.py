"""Logs and metrics. Logs carry ids, never traits, tokens or keys; metrics belong to one invocation, and none can fail it.

Of aws-lambda-powertools only the logger is used: its metrics are kept on a class (`Metrics._metrics`, aws_lambda_powertools/metrics/metrics.py),
so that two functions of one process count under each other's name and empty each other's set.
"""

import json
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, TypedDict, Unpack

from aws_lambda_powertools import Logger

NAMESPACE: Final = "Regulars"


class MetricCounts(TypedDict, total=False):
    """Every metric that a function may count, by who counts it. The unit of each is a count; a name outside this table is a type error."""

    # collect
    EventsAccepted: int
    RequestsRefused: int
    JourneyInputs: int
    # load
    EventsLoaded: int
    EventsQuarantined: int
    EventsNamedOther: int
    EventsAgainstPlan: int
    ValuesCorrected: int
    ValuesUnclear: int
    # announce
    PeopleAnnouncedTo: int
    AnnouncementsRefused: int
    # publish and poll_feeds
    ItemsPublished: int
    FeedsUnread: int
    FeedsSilent: int
    # curate
    RawRowsRead: int
    # deliver
    PushesSent: int
    PushesFailed: int
    PushesUnknown: int
    PeopleSkipped: int
    # start_occurrence; the missed ones that sweep finds are counted as its, too
    OccurrencesStarted: int
    OccurrencesMissed: int
    # advance
    InputsAdvanced: int
    InputsUndone: int
    JourneysEntered: int
    ErrandsPutOff: int
    FcmRefusals: int
    # wake; the lateness is in seconds
    InputsWoken: int
    SecondsLate: int
    # conclude
    RunsSucceeded: int
    RunsFailed: int
    # refresh
    SegmentsRefreshed: int
    SegmentsNotRefreshed: int
    PeopleEntered: int
    PeopleExited: int
    # measure
    RunsMeasured: int
    RunsNotMeasured: int
    # sweep
    OrphansStopping: int
    OrphansConcluded: int


def logger(service: str) -> Logger:
    """A structured logger of this function; its lines are JSON with the service's name."""
    return Logger(service=service)


def begin_request(log: Logger, **keys: str | None) -> None:
    """From here on the lines that this thread logs carry `keys`, and nothing of the request before.

    `Logger.append_keys` keeps them on the formatter instead, which all loggers of a name share: another thread's lines get them, too.
    """
    log.thread_safe_clear_keys()
    log.thread_safe_append_keys(**keys)


def count(service: str, **counts: Unpack[MetricCounts]) -> None:
    """Emits metrics in CloudWatch's embedded format, as one line; zeros are left out. Never raises, and keeps nothing."""
    counted = {name: value for name, value in counts.items() if value}
    if not counted:
        return
    with suppress(Exception):  # stdout may be gone: the request has done its work all the same
        sys.stdout.write(json.dumps(_embedded(service, counted)) + "\n")


def _embedded(service: str, counted: Mapping[str, object]) -> dict[str, object]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"""
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [["service"]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in counted],
    }
    return {"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}, "service": service, **counted}
