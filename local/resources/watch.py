"""Log groups and alarms, in moto's CloudWatch; `local.runtime.logs` and `local.runtime.alarms` bring them to life."""

from typing import Any

from local.resources.site import ACCOUNT, REGION, Resource, Site, arn
from local.template.intrinsics import Values, as_text

_NUMBERS = {"DatapointsToAlarm": int, "EvaluationPeriods": int, "Period": int, "Threshold": float}
_TEXTS = ("ComparisonOperator", "MetricName", "Namespace", "Statistic", "TreatMissingData", "AlarmDescription", "Unit")
_LISTS = ("AlarmActions", "OKActions", "InsufficientDataActions", "Dimensions")


def log_group(resource: Resource, site: Site) -> Values:
    """Made past the API: its client alone would take as long as all the rest of the queues and tables."""
    from moto.logs.models import logs_backends

    name = site.name(resource, "LogGroupName")
    logs = logs_backends[ACCOUNT][REGION]
    logs.create_log_group(name, {})
    if "RetentionInDays" in resource.properties:
        logs.put_retention_policy(name, str(resource.integer("RetentionInDays", 0)))
    return Values(name, {"Arn": arn("logs", f"log-group:{name}:*")})


def alarm(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "AlarmName")
    request: dict[str, Any] = {key: as_text(value) for key, value in resource.some(*_TEXTS).items()}
    request |= {key: kind(resource.properties[key]) for key, kind in _NUMBERS.items() if key in resource.properties}
    request |= resource.some(*_LISTS)
    client = site.client("cloudwatch")
    client.put_metric_alarm(AlarmName=name, ActionsEnabled=as_text(resource.properties.get("ActionsEnabled", True)) == "true", **request)
    client.set_alarm_state(AlarmName=name, StateValue="INSUFFICIENT_DATA", StateReason="Unchecked: Initial alarm creation")
    return Values(name, {"Arn": arn("cloudwatch", f"alarm:{name}")})
