"""Log groups and alarms, in moto's CloudWatch; `local.runtime.logs` and `local.runtime.alarms` bring them to life."""

from typing import Any

from local.resources.site import ACCOUNT, REGION, Existing, Resource, Site, arn
from local.template.intrinsics import Values, as_text

_NUMBERS = {"DatapointsToAlarm": int, "EvaluationPeriods": int, "Period": int, "Threshold": float}
_TEXTS = ("ComparisonOperator", "MetricName", "Namespace", "Statistic", "TreatMissingData", "AlarmDescription", "Unit")
_LISTS = ("AlarmActions", "OKActions", "InsufficientDataActions", "Dimensions")


def log_group(resource: Resource, site: Site) -> Values:
    """Made past the API: its client alone would take as long as all the rest of the queues and tables."""
    from moto.logs.models import logs_backends

    name = site.name(resource, "LogGroupName")
    logs_backends[ACCOUNT][REGION].create_log_group(name, {})
    _retain(resource, name)
    return Values(name, {"Arn": arn("logs", f"log-group:{name}:*")})


def update_log_group(resource: Resource, existing: Existing, site: Site) -> Values:
    _retain(resource, existing.values.reference)
    return existing.values


def _retain(resource: Resource, name: str) -> None:
    from moto.logs.models import logs_backends

    if "RetentionInDays" in resource.properties:
        logs_backends[ACCOUNT][REGION].put_retention_policy(name, str(resource.integer("RetentionInDays", 0)))


def alarm(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "AlarmName")
    request: dict[str, Any] = {key: as_text(value) for key, value in resource.some(*_TEXTS).items()}
    request |= {key: kind(resource.properties[key]) for key, kind in _NUMBERS.items() if key in resource.properties}
    request |= resource.some(*_LISTS)
    client = site.client("cloudwatch")
    client.put_metric_alarm(AlarmName=name, ActionsEnabled=as_text(resource.properties.get("ActionsEnabled", True)) == "true", **request)
    client.set_alarm_state(AlarmName=name, StateValue="INSUFFICIENT_DATA", StateReason="Unchecked: Initial alarm creation")
    return Values(name, {"Arn": arn("cloudwatch", f"alarm:{name}")})
