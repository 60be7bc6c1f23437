"""Logs and metrics: the table of every metric that a function may count.

| metric | unit | counted by |
|---|---|---|
| EventsAccepted, RequestsRefused | count | collect |
| EventsLoaded, EventsQuarantined | count | load |
| RowsCurated | count | curate |
| PushesSent, PushesFailed, PushesUnknown, PeopleSkipped | count | deliver |
| RunsSucceeded, RunsFailed | count | conclude |

Logs carry ids, never traits, tokens or keys.
"""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

NAMESPACE = "Regulars"
METRICS = frozenset(
    {
        "EventsAccepted",
        "RequestsRefused",
        "EventsLoaded",
        "EventsQuarantined",
        "RowsCurated",
        "PushesSent",
        "PushesFailed",
        "PushesUnknown",
        "PeopleSkipped",
        "RunsSucceeded",
        "RunsFailed",
    }
)


def logger(service: str) -> Logger:
    """A structured logger of this function; its lines are JSON with the service's name."""
    return Logger(service=service)


def count(service: str, **counts: int) -> None:
    """Emits metrics in CloudWatch's embedded format; zeros are left out. Raises ValueError on a name outside METRICS."""
    unknown = set(counts) - METRICS
    if unknown:
        raise ValueError(f"unknown metrics {sorted(unknown)}; the table in {__name__} lists them all")
    metrics = Metrics(namespace=NAMESPACE, service=service)
    metrics.clear_metrics()
    for name, value in counts.items():
        if value:
            metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
    if any(counts.values()):
        metrics.flush_metrics()
        metrics.clear_metrics()
